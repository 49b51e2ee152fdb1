"""The expected effects of issuing invoices, and what reads of them show."""

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
    invoice = book.invoice_of(ticket)
    invoice.odometer_out = said.get("odometer_out")
    book.made, book.members = invoice.name, shown(invoice)


@act("GET", "/invoices", SIGNED_IN)
def see_invoices(book: Book, step):
    seen = [each for each in book.invoices.values() if may_see(book, step, each)]
    book.shown = [each.name for each in seen[::-1]]


@act("GET", "/invoices/{invoice}", SIGNED_IN)
def see_invoice(book: Book, step):
    book.members = shown(found(book, step))


@act("GET", "/invoices/{invoice}/document", SIGNED_IN)
def see_document(book: Book, step):
    invoice = found(book, step)
    paid = {"paid_cents": 0, "balance_cents": invoice.totals["total_cents"]}
    book.members = {"number": f"INV-{number(invoice):06d}", "totals": invoice.totals | paid}


def found(book: Book, step):
    invoice = must_be(book.invoices.get(step.at["invoice"]))
    return must_be(invoice if may_see(book, step, invoice) else None)


def may_see(book: Book, step, invoice) -> bool:
    return book.is_staff(step) or invoice.customer == step.who


def shown(invoice) -> dict:
    totals = invoice.totals
    return {
        **{name: totals[name] for name in ("subtotal_cents", "tax_cents", "total_cents")},
        "number": f"INV-{number(invoice):06d}",
        "ticket_id": invoice.ticket,
        "customer_id": invoice.customer,
        "odometer_out": invoice.odometer_out,
        "is_void": False,
    }
