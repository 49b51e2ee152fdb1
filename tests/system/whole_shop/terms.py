"""What the prices of a ticket depend on: its lines, and the taxes and shop supplies that apply."""

from types import SimpleNamespace

from tests.system.whole_shop.book import Book
from tests.system.whole_shop.order_rows import Line
from tests.system.whole_shop.rows import Ticket

FINISHED = ("invoiced", "closed", "cancelled")  # today's taxes and supplies do not apply to them
KINDS = ("labor", "part", "sublet", "fee")


def terms_of(book: Book, ticket: Ticket) -> SimpleNamespace:
    """Return the taxes and shop supplies that apply to a ticket, as the oracle takes them."""
    if ticket.frozen:
        return ticket.frozen
    settings, exempt = book.shop.settings, book.people[ticket.owner].is_exempt
    is_finished = ticket.status in FINISHED
    taxes = [
        SimpleNamespace(
            name=tax["name"],
            rates={kind: round(tax.get(f"{kind}_percentage", 0) * 10_000) for kind in KINDS},
        )
        for tax in (() if is_finished or exempt else settings.taxes)
    ]
    said = settings.shop_supplies
    if is_finished or ticket.shop_supplies_waived or said is None:
        return SimpleNamespace(taxes=taxes, supplies=None)
    supplies = SimpleNamespace(
        bps=round(said["percentage"] * 100),
        of=said.get("of", "labor_and_part"),
        cap_cents=said.get("cap_cents"),
        taxable=said.get("taxable", True),
    )
    return SimpleNamespace(taxes=taxes, supplies=supplies)


def charge(line: Line) -> SimpleNamespace:
    """Return a line as the oracle takes it: with quantities in hundredths."""
    quantities = {
        name: int((getattr(line, name) or 0) * 100) for name in ("quantity", "cores_returned")
    }
    core = {"core_charge_cents": line.core_charge_cents or 0}
    return SimpleNamespace(**vars(line) | quantities | core | {"id": line.name})
