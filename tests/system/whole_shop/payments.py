"""The expected effects of payments and refunds, and what reads of them show."""

from datetime import date

from tests.system.whole_shop.balances import balance, live_invoice, money
from tests.system.whole_shop.book import CLOSED, Book, heed, must_be, tidy
from tests.system.whole_shop.money_rows import Payment, today
from tests.system.whole_shop.order import number
from tests.system.whole_shop.rows import Ticket
from tests.system.whole_shop.step import INVALID, MISSING, SIGNED_IN, STAFF, Refused, act, conflict

OF_TICKET = "/service-tickets/{ticket}/payments"
FIRST_PAGE = 100


@act("POST", OF_TICKET, STAFF, 201, needs_key=True)
def pay(book: Book, step):
    ticket, cents = book.ticket(step, step.at["ticket"]), step.said["amount_cents"]
    must_be_owed(book, ticket, cents)
    tell(book, record(book, step, ticket, cents))


@act("POST", "/payments/{payment}/refunds", ("manager",), 201, needs_key=True)
def refund(book: Book, step):
    payment, cents = seen(book, step, step.at["payment"]), step.said["amount_cents"]
    heed(step)
    if payment.refunds:
        raise conflict("not_a_payment")
    if cents > (most := refundable(book, payment)):
        raise Refused(409, "above_payment", {"refundable_cents": most})
    ticket = book.tickets[payment.ticket]
    tell(book, record(book, step, ticket, -cents, refunds=payment.name))


@act("POST", "/customers/{customer}/payments", STAFF, 201, needs_key=True)
def pay_for_customer(book: Book, step):
    """Record one payment for several tickets, with a payment for each of them; all or nothing."""
    said, parts = step.said, step.said.get("allocations")
    cents = said["amount_cents"]
    if parts is not None and sum(each["amount_cents"] for each in parts) != cents:
        raise INVALID
    customer = book.customer(step, step.at["customer"])
    if parts is None:
        shares = by_due_date(book, customer, cents)
    else:
        shares = [(book.tickets.get(each["ticket_id"]), each["amount_cents"]) for each in parts]
        if any(ticket is None or ticket.owner != customer.name for ticket, _ in shares):
            raise MISSING
        for ticket, share in shares:
            must_be_owed(book, ticket, share)
    made = [record(book, step, ticket, share) for ticket, share in shares]
    for each in made:
        each.batch = made[0].name
    book.members = {"batch_id": made[0].name, "items": [shown(book, each) for each in made]}


@act("GET", OF_TICKET, SIGNED_IN)
def see_payments_of(book: Book, step):
    ticket = book.ticket(step, step.at["ticket"])
    show(book, step, [each for each in book.payments.values() if each.ticket == ticket.name])


@act("GET", "/payments", SIGNED_IN)
def see_payments(book: Book, step):
    wanted = {"method": "method", "customer_id": "customer", "ticket_id": "ticket"}
    filters = {wanted[name]: said for name, said in step.query.items() if name in wanted}
    found = book.payments.values()
    show(book, step, [
        each for each in found if all(getattr(each, name) == said for name, said in filters.items())
    ])  # fmt: skip


@act("GET", "/payments/{payment}", SIGNED_IN)
def see_payment(book: Book, step):
    book.members = shown(book, seen(book, step, step.at["payment"]))


def must_be_owed(book: Book, ticket: Ticket, cents: int) -> None:
    """Refuse a payment for a cancelled ticket, or of more than what is left to pay."""
    if ticket.status == "cancelled":
        raise CLOSED
    if cents > (left := balance(book, ticket)):
        raise Refused(409, "above_balance", {"ticket_id": ticket.name, "balance_cents": left})


def by_due_date(book: Book, customer, cents: int) -> list[tuple[Ticket, int]]:
    """Divide an amount among the open invoices of a customer, the one that is due first at first."""
    theirs = [each for each in book.invoices.values() if each.customer == customer.name]
    shares, rest = [], cents
    for invoice in sorted(theirs, key=lambda each: (each.due, number(each))):
        ticket = book.tickets[invoice.ticket]
        share = min(rest, balance(book, ticket)) if invoice.voided is None else 0
        if share > 0:
            shares.append((ticket, share))
            rest -= share
    if rest:
        raise Refused(409, "above_balance", {"balance_cents": cents - rest})
    return shares


def record(book: Book, step, ticket: Ticket, cents: int, refunds=None) -> Payment:
    said = {"reference": None, "note": None} | tidy(step.said, "reference", "note")
    when = step.said.get("received_at")
    made = Payment(
        name=book.next("payment"),
        ticket=ticket.name,
        customer=ticket.owner,
        amount=cents,
        method=step.said["method"],
        on=date.fromisoformat(when[:10]) if when else today(),
        by=step.who,
        refunds=refunds,
        **said,
    )
    book.payments[made.name] = made
    book.touch(ticket)
    return made


def tell(book: Book, payment: Payment) -> None:
    """Let the answer show a new payment."""
    book.made, book.members = payment.name, shown(book, payment)


def refundable(book: Book, payment: Payment) -> int:
    if payment.refunds:
        return 0
    return payment.amount - paid_back(book, payment)


def paid_back(book: Book, payment: Payment) -> int:
    return -sum(each.amount for each in book.payments.values() if each.refunds == payment.name)


def seen(book: Book, step, name) -> Payment:
    """Return a payment that the actor may see."""
    found = must_be(book.payments.get(name))
    return must_be(found if may_see(book, step, found) else None)


def may_see(book: Book, step, payment: Payment) -> bool:
    return book.is_staff(step) or payment.customer == step.who


def show(book: Book, step, found: list[Payment]) -> None:
    """Set what the first page must list: by default the newest first."""
    mine = [each for each in found if may_see(book, step, each)]
    newest = sorted(mine, key=lambda each: (each.on, number(each)), reverse=True)
    book.shown = [each.name for each in newest[:FIRST_PAGE]]
    book.members = {"items": [shown(book, each) for each in newest[:FIRST_PAGE]]}


def shown(book: Book, payment: Payment) -> dict:
    ticket, by = book.tickets[payment.ticket], book.people.get(payment.by)
    invoice, of_ticket = live_invoice(book, ticket), money(book, ticket)
    return {
        "ticket_id": ticket.name,
        "invoice_id": invoice and invoice.name,
        "customer_id": payment.customer,
        "amount_cents": payment.amount,
        "method": payment.method,
        "reference": payment.reference,
        "note": payment.note,
        "refunds_payment_id": payment.refunds,
        "batch_id": payment.batch,
        "refunded_cents": paid_back(book, payment),
        "refundable_cents": refundable(book, payment),
        "recorded_by": by and {"id": by.name, "name": by.called},
        "balance_cents": of_ticket["balance_cents"],
        "payment_status": of_ticket["payment_status"],
    }
