"""The expected effects of issuing invoices, and what reads of them show."""

from tests.system.whole_shop.balances import balance, live_invoice, money
from tests.system.whole_shop.book import Book, must_be
from tests.system.whole_shop.moves import go, may_go
from tests.system.whole_shop.order import number
from tests.system.whole_shop.rows import Reading
from tests.system.whole_shop.shelf import must_fit
from tests.system.whole_shop.step import INVALID, SIGNED_IN, STAFF, act


@act("POST", "/service-tickets/{ticket}/invoice", STAFF, 201)
def issue(book: Book, step):
    """Issue the invoice of a ticket that is ready, with the reading of a vehicle that leaves."""
    ticket, said = book.ticket(step, step.at["ticket"]), step.said
    may_go(book, step, ticket.status, ("invoiced",), said, ticket)
    if "odometer_out" in said:
        if ticket.vehicle is None:
            raise INVALID
        vehicle = book.vehicles[ticket.vehicle]
        reading, before = Reading(book.tick(), said["odometer_out"]), vehicle.odometer
        must_fit(vehicle, reading, said.get("override_reason"))
        vehicle.log.append(reading)
        book.touch(vehicle, surely=vehicle.odometer != before)
    go(book, ticket, ("invoiced",), said)
    invoice = live_invoice(book, ticket)
    invoice.odometer_out = said.get("odometer_out")
    book.made, book.members = invoice.name, shown(book, invoice)


@act("GET", "/invoices", SIGNED_IN)
def see_invoices(book: Book, step):
    seen = [each for each in book.invoices.values() if may_see(book, step, each)]
    if "open" in step.query:
        wanted = step.query["open"] == "true"
        seen = [each for each in seen if is_open(book, each) == wanted]
    book.shown = [each.name for each in seen[::-1]]
    book.members = {"items": [shown(book, each) for each in seen[::-1]]}


@act("GET", "/invoices/{invoice}", SIGNED_IN)
def see_invoice(book: Book, step):
    book.members = shown(book, found(book, step))


@act("GET", "/invoices/{invoice}/document", SIGNED_IN)
def see_document(book: Book, step):
    invoice = found(book, step)
    before = invoice.paid_before
    paid = {"paid_cents": before, "balance_cents": invoice.totals["total_cents"] - before}
    book.members = {
        "number": printed(invoice),
        "due_on": invoice.due.isoformat(),
        "totals": invoice.totals | paid,
        "charges": [in_document(each) for each in invoice.charges],
    }


def found(book: Book, step):
    invoice = must_be(book.invoices.get(step.at["invoice"]))
    return must_be(invoice if may_see(book, step, invoice) else None)


def may_see(book: Book, step, invoice) -> bool:
    return book.is_staff(step) or invoice.customer == step.who


def is_open(book: Book, invoice) -> bool:
    """Return whether something is left to pay on an invoice that is not void."""
    return invoice.voided is None and balance(book, book.tickets[invoice.ticket]) > 0


def printed(invoice) -> str:
    return f"INV-{number(invoice):06d}"


def in_document(charge) -> dict:
    """Return a charge as the document of its invoice shows it."""
    return {
        "kind": charge.kind,
        "job_id": charge.job,
        "line_id": charge.line,
        "amount_cents": charge.amount,
        "discount_cents": charge.amount - charge.net,
        "net_cents": charge.net,
        "tax_cents": charge.tax,
        "taxes": [
            {"name": name, "millionths": rate, "tax_cents": cents}
            for name, rate, cents in charge.taxes
        ],
    }


def shown(book: Book, invoice) -> dict:
    """Return the members of an invoice; of a void one, what was paid stands on its ticket."""
    totals = invoice.totals
    nothing = {"paid_cents": 0, "balance_cents": 0, "payment_status": None}
    return {
        **(nothing if invoice.voided else money(book, book.tickets[invoice.ticket])),
        **{name: totals[name] for name in ("subtotal_cents", "tax_cents", "total_cents")},
        "number": printed(invoice),
        "ticket_id": invoice.ticket,
        "customer_id": invoice.customer,
        "odometer_out": invoice.odometer_out,
        "due_on": invoice.due.isoformat(),
        "credited_cents": invoice.credited,
        "is_void": invoice.voided is not None,
    }
