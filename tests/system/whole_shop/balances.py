"""What is expected to be due for a ticket, what was paid, and what is left."""

from tests.system.whole_shop.book import Book
from tests.system.whole_shop.money_rows import Invoice
from tests.system.whole_shop.order import Order
from tests.system.whole_shop.rows import Ticket


def ledger_of(book: Book, ticket: Ticket) -> list[int]:
    """Return the amounts of the payments for a ticket; those of refunds are negative."""
    return [each.amount for each in book.payments.values() if each.ticket == ticket.name]


def paid(book: Book, ticket: Ticket) -> int:
    return sum(ledger_of(book, ticket))


def live_invoice(book: Book, ticket: Ticket) -> Invoice | None:
    """Return the invoice of a ticket that is not void, or None."""
    found = [each for each in book.invoices.values() if each.ticket == ticket.name]
    return next((each for each in found if each.voided is None), None)


def due(book: Book, ticket: Ticket, order: Order | None = None) -> int:
    """Return what is due for a ticket: what is left of its invoice or, without one, its price.

    Nothing is due if it was cancelled, or if its invoice was voided after it was closed.
    """
    if invoice := live_invoice(book, ticket):
        return invoice.left
    after_all = any(
        each.voided == "closed" for each in book.invoices.values() if each.ticket == ticket.name
    )
    if ticket.status == "cancelled" or after_all:
        return 0
    return (order or Order(book, ticket)).price.total


def balance(book: Book, ticket: Ticket) -> int:
    """Return what is left to pay for a ticket; it is negative if the shop owes money."""
    return due(book, ticket) - paid(book, ticket)


def money(book: Book, ticket: Ticket, order: Order | None = None) -> dict:
    """Return the members that answers about a ticket or its invoice show."""
    ledger = ledger_of(book, ticket)
    left = due(book, ticket, order) - sum(ledger)
    return {
        "paid_cents": sum(ledger),
        "balance_cents": left,
        "payment_status": status_of(left, ledger),
    }


def status_of(left: int, ledger: list[int]) -> str:
    if left < 0:
        return "overpaid"
    if left > 0:
        return "partially_paid" if sum(ledger) > 0 else "unpaid"
    was_paid_back = ledger and sum(ledger) == 0
    return "refunded" if was_paid_back else "paid"
