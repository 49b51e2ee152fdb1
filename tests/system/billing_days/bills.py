"""Random billing: invoices, credit notes, payments, refunds, and the closing of tickets."""

from sqlalchemy import select

from app.database.session import db
from app.models import (
    Customer,
    Invoice,
    InvoiceLine,
    Payment,
    ServiceTicket,
    Shop,
)
from tests.system.billing_days.shop import Act, BillingShop
from tests.system.billing_days.work import HAS_PLANNED, HERE

LIVE = Invoice.voided_at.is_(None)
DUE = Invoice.total_cents - Invoice.credited_cents
OF_TICKET = (LIVE, Invoice.ticket_id == ServiceTicket.id)
OWES = ServiceTicket.id.in_(
    select(Invoice.ticket_id).where(*OF_TICKET, ServiceTicket.paid_cents < DUE)
)
IS_SETTLED = ServiceTicket.id.in_(
    select(Invoice.ticket_id).where(*OF_TICKET, ServiceTicket.paid_cents == DUE)
)
READY = ServiceTicket.status == "ready"
ANY_STATUS = ("open", "in_progress", "on_hold", "ready", "invoiced", "closed")


def an_invoice_is_issued(shop: BillingShop) -> Act | None:
    """Return the act of issuing, or the move that issues too; tickets of a void invoice come first."""
    again = ServiceTicket.id.in_(select(Invoice.ticket_id))
    ready = (READY, HAS_PLANNED if shop.once_in(6) else ~HAS_PLANNED)
    first = shop.recent(ServiceTicket, again, *ready)
    ticket = (not shop.once_in(4) and first) or shop.ticket("ready", where=ready)
    if ticket is None:
        return None
    kind = "invoiced again" if shop.ids(Invoice, Invoice.ticket_id == ticket) else "invoiced"
    if shop.once_in(3):
        path = f"/service-tickets/{ticket}/transitions"
        return Act(f"{kind} by a move", "POST", path, {"to": "invoiced"})
    has_vehicle = is_a(ticket), ServiceTicket.vehicle_id.is_not(None)
    said = {"odometer_out": shop.whole(1, 90_000), "override_reason": "Read at the gate"}
    said = said if shop.once_in(3) and shop.ids(ServiceTicket, *has_vehicle) else {}
    return Act(kind, "POST", f"/service-tickets/{ticket}/invoice", said)


def a_part_of_an_invoice_is_credited(shop: BillingShop) -> Act | None:
    """Return a credit of some lines: all that is left of them, a part, or rarely a cent too much."""
    remains = (InvoiceLine.net_cents > InvoiceLine.credited_cents, InvoiceLine.net_cents > 0)
    open_ = select(InvoiceLine.invoice_id).where(*remains)
    invoice = shop.recent(Invoice, LIVE, Invoice.id.in_(open_))
    lines = shop.ids(InvoiceLine, InvoiceLine.invoice_id == invoice, *remains)
    if not lines:
        return None
    chosen = sorted(shop.random.sample(lines, shop.whole(1, min(3, len(lines)))))
    left = select(InvoiceLine.net_cents - InvoiceLine.credited_cents)
    parts, allowed = [], None
    for line in chosen:
        rest = db.session.scalar(left.where(InvoiceLine.id == line))
        some = rest + 1 if shop.once_in(12) else max(1, shop.of(rest, rest // 2, rest // 3, 1))
        allowed = False if some > rest else allowed
        parts.append({"invoice_line_id": line, "net_cents": some})
    said = {"reason": shop.word(), "lines": parts}
    return Act("credit of a part", "POST", f"/invoices/{invoice}/credit-notes", said, allowed)


def an_invoice_is_taken_back(shop: BillingShop) -> Act | None:
    status = shop.of("invoiced", "invoiced", "invoiced", "closed")
    on = ServiceTicket.status == status
    invoice = shop.recent(Invoice, LIVE, Invoice.ticket_id.in_(select(ServiceTicket.id).where(on)))
    kind = "credit of all" if status == "invoiced" else "credit of all after closing"
    if shop.once_in(10):
        invoice = shop.recent(Invoice)
    allowed = bool(shop.ids(Invoice, LIVE, Invoice.id == invoice))
    path, said = f"/invoices/{invoice}/credit-notes", {"reason": shop.word(), "all": True}
    return invoice and Act(kind, "POST", path, said, allowed)


def money(shop, cents):
    method = shop.of("cash", "card", "check", "transfer", "other")
    return {"amount_cents": cents, "method": method, "note": shop.of(None, shop.word())}


def some_of(shop, balance):
    """Return an amount: all that is left, a part of it, or rarely a cent more."""
    most = max(1, balance)
    return shop.of(most, most, most // 2 or 1, most // 3 or 1, 1, most + shop.of(0, 0, 1))


def a_ticket_is_paid(shop: BillingShop) -> Act | None:
    """Return a payment: a deposit, money for an invoice, or what is paid after closing."""
    status = shop.of("invoiced", "closed", *ANY_STATUS)
    owes = status in ("invoiced", "closed") and not shop.once_in(8)
    ticket = shop.ticket(status, where=(OWES,) if owes else ())
    if ticket is None:
        return None
    totals = shop.see(f"/service-tickets/{ticket}/totals").json
    if totals["balance_cents"] <= 0 and not shop.once_in(4):
        return None
    paid = "payment" if shop.ids(Invoice, LIVE, Invoice.ticket_id == ticket) else "deposit"
    kind = "payment after closing" if status == "closed" else paid
    said = money(shop, some_of(shop, totals["balance_cents"]))
    allowed = said["amount_cents"] <= totals["balance_cents"] and not is_cancelled(shop, ticket)
    return Act(kind, "POST", f"/service-tickets/{ticket}/payments", said, allowed)


def is_cancelled(shop, ticket):
    return bool(shop.ids(ServiceTicket, is_a(ticket), ServiceTicket.status == "cancelled"))


def is_a(ticket):
    return ServiceTicket.id == ticket


def a_customer_pays(shop: BillingShop) -> Act | None:
    """Return one payment for several tickets, with or without saying how much is for which.

    Who was erased can't pay like this, but still for each ticket by itself.
    """
    owes = Customer.id.in_(select(ServiceTicket.customer_id).where(OWES))
    customer = shop.recent(Customer, owes, *(() if shop.once_in(10) else HERE))
    if customer is None:
        return None
    path = f"/customers/{customer}/payments"
    is_here = bool(shop.ids(Customer, *HERE, Customer.id == customer))
    its_own = ServiceTicket.customer_id == customer
    billed, latest = shop.ids(ServiceTicket, its_own, OWES), shop.ids(ServiceTicket, its_own)[-3:]
    left = {
        each: shop.see(f"/service-tickets/{each}/totals").json["balance_cents"]
        for each in sorted({*billed, *latest})
    }
    if shop.once_in(2):
        due = sum(left[each] for each in billed)
        said = money(shop, some_of(shop, due))
        return Act("batch", "POST", path, said, is_here and said["amount_cents"] <= due)
    parts = [
        {"ticket_id": each, "amount_cents": some_of(shop, cents)}
        for each, cents in left.items()
        if cents > 0
    ]
    said = money(shop, sum(each["amount_cents"] for each in parts)) | {"allocations": parts}
    is_right = all(each["amount_cents"] <= left[each["ticket_id"]] for each in parts)
    return parts and Act("divided batch", "POST", path, said, is_here and is_right)


def money_is_paid_back(shop: BillingShop) -> Act | None:
    payment = shop.recent(Payment, Payment.amount_cents > 0)
    if shop.once_in(15):
        payment = shop.recent(Payment)
    if payment is None:
        return None
    left = shop.see(f"/payments/{payment}").json["refundable_cents"]
    said = money(shop, some_of(shop, left))
    path, allowed = f"/payments/{payment}/refunds", said["amount_cents"] <= left
    return Act("refund", "POST", path, said, allowed)


def a_ticket_is_closed(shop: BillingShop) -> Act | None:
    """Return the closing of an invoiced ticket; if the policy is strict, mostly of one that is paid."""
    policy = db.session.scalar(select(Shop.closing_policy))
    invoiced, is_paid = ServiceTicket.status == "invoiced", policy == "strict"
    ticket = shop.recent(
        ServiceTicket, invoiced, *((IS_SETTLED,) if is_paid and not shop.once_in(3) else ())
    )
    allowed = not is_paid or bool(shop.ids(ServiceTicket, is_a(ticket), IS_SETTLED))
    return closed(f"closed, policy {policy}", ticket, allowed)


def a_ticket_is_closed_on_account(shop: BillingShop) -> Act | None:
    ticket = shop.recent(ServiceTicket, ServiceTicket.status == "invoiced", OWES)
    return closed("closed on account", ticket, allowed=True, on_account=True)


def a_ticket_is_closed_early(shop: BillingShop) -> Act | None:
    return closed("closed without an invoice", shop.recent(ServiceTicket, READY))


def closed(kind, ticket, allowed=None, **terms):
    path = f"/service-tickets/{ticket}/transitions"
    return ticket and Act(kind, "POST", path, {"to": "closed"} | terms, allowed)


def the_closing_policy_changes(shop: BillingShop) -> Act:
    policy = db.session.scalar(select(Shop.closing_policy))
    said = {"closing_policy": "off" if policy == "strict" else "strict"}
    return Act("closing policy", "PATCH", "/shop", said)


BILLS = {
    an_invoice_is_issued: 14,
    a_part_of_an_invoice_is_credited: 7,
    an_invoice_is_taken_back: 4,
    a_ticket_is_paid: 10,
    a_customer_pays: 5,
    money_is_paid_back: 6,
    a_ticket_is_closed: 6,
    a_ticket_is_closed_on_account: 1,
    a_ticket_is_closed_early: 2,
    the_closing_policy_changes: 3,
}
BILL_KINDS = (
    *("invoiced", "invoiced by a move", "invoiced again", "invoiced again by a move"),
    *("credit of a part", "credit of all", "credit of all after closing", "deposit", "payment"),
    *("payment after closing", "batch", "divided batch", "refund", "closing policy"),
    *("closed, policy off", "closed, policy strict", "closed on account"),
    "closed without an invoice",
)
REFUSALS = (
    *("above_balance", "above_invoice", "above_payment", "balance_due", "illegal_transition"),
    *("invoice_required", "ticket_closed", "tickets_open", "unused_parts"),
)
