"""Random steps of a day: payments, refunds, and looks at money."""

from dataclasses import replace
from datetime import timedelta

from tests.system.whole_shop.balances import balance, live_invoice
from tests.system.whole_shop.book import WORKABLE
from tests.system.whole_shop.chance import Chance, named
from tests.system.whole_shop.invoices import is_open
from tests.system.whole_shop.money_rows import today
from tests.system.whole_shop.moves import must_be_invoiceable
from tests.system.whole_shop.order import Order
from tests.system.whole_shop.order_days import an_order
from tests.system.whole_shop.payments import paid_back, refundable
from tests.system.whole_shop.rows import Ticket
from tests.system.whole_shop.step import Name, Refused, Step

METHODS = ("cash", "card", "check", "transfer", "other")
CARD_NUMBER = "card 4111 1111 1111 1111"
BILLED = ("invoiced", "invoiced", "closed")


def a_bill_is_made(c: Chance) -> Step:
    """Return the invoice of a ticket that can have one, or first the move that makes it ready."""

    def can_have_one(ticket):
        try:
            must_be_invoiceable(c.book, ticket)
        except Refused:
            return False
        return bool(ticket.lines) and Order(c.book, ticket).price.total > 0

    ticket = an_order(c, can_have_one, ("ready", "open", "in_progress"))
    at = {"ticket": named(ticket, "ticket")}
    if ticket and ticket.status in WORKABLE:
        return Step("move", c.staff(), at, {"to": "completed"})
    days = c.whole(1, 60)
    said = c.facts(due_on=lambda: (today() + timedelta(days=days)).isoformat())
    return c.finished(Step("issue", c.staff(), at, said), ticket)


def a_ticket_is_paid(c: Chance) -> Step:
    """Return a payment, mostly for an invoice, else a deposit; all that is left, a part, or too much."""
    ticket = a_bill(c) if not c.once_in(4) else an_order(c, lambda each: each.lines)
    if c.once_in(20):
        ticket = c.row(c.book.tickets, lambda each: each.status == "cancelled")
    left = balance(c.book, ticket) if ticket else 100
    said = money(c, share_of(c, left)) | when(c)
    at = {"ticket": named(ticket, "ticket")}
    who = c.signed_in("customer") if c.once_in(15) else c.staff()
    return maybe_spoilt(c, c.finished(Step("pay", who, at, said), ticket))


def a_payment_is_paid_back(c: Chance) -> Step:
    """Return a refund of one of the latest payments; sometimes of a refund, or of too much."""
    latest = dict(list(c.book.payments.items())[-8:])
    payment = c.row(latest, lambda each: refundable(c.book, each) > 0, 4)
    begun = [each for each in latest.values() if paid_back(c.book, each)]
    if begun and c.once_in(3):
        payment = c.of(*begun)
    left = refundable(c.book, payment) if payment else 100
    all_of_it = payment and payment.amount > 0 and c.once_in(3)
    said = money(c, payment.amount if all_of_it else share_of(c, left))
    ticket = c.book.tickets[payment.ticket] if payment else None
    at = {"payment": named(payment, "payment")}
    who = c.staff() if c.once_in(6) else c.signed_in("manager")
    return maybe_spoilt(c, c.finished(Step("refund", who, at, said), ticket))


def a_customer_pays(c: Chance) -> Step:
    """Return one payment for several tickets of a customer: as it says, or by the days of their dues."""
    latest = [each for each in c.book.invoices.values() if not each.voided][-12:]
    unpaid = [each for each in latest if is_open(c.book, each)]
    payers = [each.customer for each in unpaid]
    several = [each for each in unpaid if payers.count(each.customer) > 1]
    among = c.of(several, several, unpaid, latest) or latest
    invoice = c.of(*among) if among else None
    customer = c.book.people[invoice.customer] if invoice and not c.once_in(10) else c.customer()
    theirs = [each for each in latest if customer and each.customer == customer.name]
    owed = [balance(c.book, c.book.tickets[each.ticket]) for each in theirs]
    said = money(c, share_of(c, sum(cents for cents in owed if cents > 0))) | when(c)
    if theirs and c.once_in(2):
        parts = [
            {"ticket_id": each.ticket, "amount_cents": max(1, cents - c.of(0, 0, 0, 0, 900, -1))}
            for each, cents in zip(theirs, owed, strict=True)
            if cents > 0 or c.once_in(4)
        ]
        if c.once_in(10):
            odd = c.of(named(c.any_ticket(), "ticket"), Name("ticket 0"))
            parts.append({"ticket_id": odd, "amount_cents": 1})
        parts = list({each["ticket_id"]: each for each in parts}.values())
        c.random.shuffle(parts)
        amount = sum(each["amount_cents"] for each in parts) + (1 if c.once_in(12) else 0)
        if parts:
            said |= {"allocations": parts, "amount_cents": amount}
    at = {"customer": named(customer, "customer")}
    who = c.signed_in("customer") if c.once_in(15) else c.staff()
    return maybe_spoilt(c, c.finished(Step("pay_for_customer", who, at, said)))


def somebody_looks_at_money(c: Chance) -> Step:
    """Return a step that reads payments or invoices, by someone who may or may not read them."""
    ticket = a_bill(c)
    payments = list(c.book.payments)[-3:]
    at = {
        "ticket": named(ticket, "ticket"),
        "payment": c.of(*payments, Name("payment 0")),
        "customer": ticket.owner if ticket else Name("customer 0"),
    }
    page = {"per_page": 100}
    act, kind, query = c.of(
        ("see_payments", "", page),
        ("see_payments", "", page | {"method": c.of(*METHODS)}),
        ("see_payments", "", page | {"customer_id": at["customer"]}),
        ("see_payments", "", page | {"ticket_id": at["ticket"]}),
        ("see_payments_of", "ticket", page),
        ("see_payment", "payment", {}),
        ("see_totals", "ticket", {}),
        ("see_invoices", "", page | {"open": c.of("true", "true", "false")}),
    )
    who = c.owner_or_staff(ticket and ticket.owner)
    return Step(act, who, {kind: at[kind]} if kind else {}, query=query)


def a_bill(c: Chance) -> Ticket | None:
    """Return mostly one of the latest tickets with an invoice on which something is left to pay."""

    def is_owed(ticket):
        invoice = live_invoice(c.book, ticket)
        return invoice is not None and balance(c.book, ticket) > 0

    return an_order(c, is_owed, BILLED)


def share_of(c: Chance, left: int) -> int:
    """Return an amount: mostly what is left or a part of it, sometimes a bit more."""
    part = c.whole(1, max(1, left))
    return max(1, c.of(left, left, left, part, part, left + 1))


def money(c: Chance, cents: int) -> dict:
    said = {"amount_cents": cents, "method": c.of(*METHODS)}
    return said | c.facts(reference=c.word, note=c.word)


def when(c: Chance) -> dict:
    """Return sometimes an earlier day on which the money came."""
    if not c.once_in(3):
        return {}
    day = today() - timedelta(days=c.whole(1, 30))
    return {"received_at": f"{day.isoformat()}T12:00:00Z"}


def maybe_spoilt(c: Chance, step: Step) -> Step:
    """Return a finished step, sometimes with a member that does not fit."""
    if not c.once_in(20):
        return step
    odd = c.of(
        {"amount_cents": c.of(0, -5, "100", 1.5)},
        {"method": "barter"},
        {"note": CARD_NUMBER},
        {"reference": CARD_NUMBER},
    )
    if "received_at" in step.said:
        day = today() + timedelta(days=c.of(-40, 2))
        odd = {"received_at": f"{day.isoformat()}T12:00:00Z"}
    return replace(step, said=step.said | odd, fits=False)
