"""The expected effects of using and returning the planned parts of lines."""

from decimal import Decimal

from tests.system.whole_shop.book import Book, exact, must_be_workable, must_come_in
from tests.system.whole_shop.order import demand_consent
from tests.system.whole_shop.shelf import move as move_stock
from tests.system.whole_shop.step import STAFF, act, conflict
from tests.system.whole_shop.work import must_be_in_stock, must_take_parts


@act("POST", "/lines/{line}/use", STAFF, 201)
def use_line(book: Book, step):
    """Take the planned part of a line out of stock, all of it."""
    ticket, line = book.line(step, step.at["line"])
    must_be_workable(ticket)
    if line.part_id is None:
        raise conflict("not_from_stock")
    if line.used_at:
        raise conflict("line_used")
    must_take_parts(ticket.jobs[line.job_id])
    demand_consent(book, ticket, {line.job_id})
    installer = step.said.get("installed_by_mechanic_id")
    if installer is not None:
        book.mechanic(installer)
    part = book.part(line.part_id)
    must_come_in(part, line.quantity)
    must_be_in_stock(part, line.quantity)
    line.used_at = True
    line.installed_by_mechanic_id = installer or line.installed_by_mechanic_id
    move_stock(book, part, -line.quantity, "used")
    book.touch(ticket)


@act("POST", "/lines/{line}/return", STAFF, 201)
def return_line(book: Book, step):
    """Return the used part of a line: some of it, or all, which is planned again then."""
    ticket, line = book.line(step, step.at["line"])
    is_billed = ticket.status in ("invoiced", "closed")
    if not is_billed and ticket.status != "cancelled":
        must_be_workable(ticket)
    if not line.used_at:
        raise conflict("line_not_used")
    part = book.parts[line.part_id]
    used = line.quantity - line.brought_back
    if not used:
        raise conflict("line_not_used")
    quantity = exact(step.said.get("quantity", used))
    must_come_in(part, quantity)
    if quantity > used:
        raise conflict("too_many_returned")
    if is_billed:
        line.brought_back += quantity
        move_stock(book, part, quantity, "returned")
        return
    take_off(line, quantity)
    move_stock(book, part, quantity, "returned")
    book.touch(ticket)


def take_off(line, quantity):
    """Take a quantity off a line; if nothing is left, its part is planned again."""
    if quantity == line.quantity:
        line.used_at, line.installed_by_mechanic_id = False, None
        line.cores_returned = Decimal(0)
    else:
        line.take_off(quantity)
