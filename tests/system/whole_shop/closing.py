"""The expected check that a ticket is invoiced and paid before it is closed, in a strict shop."""

from tests.system.whole_shop.balances import due, live_invoice, paid
from tests.system.whole_shop.book import Book
from tests.system.whole_shop.rows import Ticket
from tests.system.whole_shop.step import Refused, conflict


def must_be_settled(book: Book, ticket: Ticket, *, on_account: bool) -> None:
    """Refuse to close a ticket without an invoice for what is due, or with money that is owed.

    Money may be owed, by the customer or the shop, if the ticket is closed on account.
    """
    if book.shop.settings.closing_policy == "off":
        return
    cents = due(book, ticket)
    if cents and not live_invoice(book, ticket):
        raise conflict("invoice_required")
    left = cents - paid(book, ticket)
    if left and not on_account:
        raise Refused(409, "balance_due", {"balance_cents": left})
