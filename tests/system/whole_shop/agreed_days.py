"""Random steps of a day: work that a customer has agreed to changes, and visits are called off."""

from tests.system.whole_shop.book import WORKABLE
from tests.system.whole_shop.chance import Chance, named
from tests.system.whole_shop.order_days import CONDITIONS, a_line_is_added, an_order
from tests.system.whole_shop.order_rows import Line
from tests.system.whole_shop.revivals import is_linked
from tests.system.whole_shop.step import Step


def agreed_work_changes(c: Chance) -> Step:
    """Return a change of an authorized job or of a discount, which may need new consent."""
    ticket = an_order(c, lambda each: any(is_agreed(job) for job in each.jobs.values()))
    jobs = {job.name for job in ticket.jobs.values() if is_agreed(job)} if ticket else set()
    agreed = [line for line in ticket.lines if line.job_id in jobs] if ticket else []
    discounts = [line for line in ticket.lines if line.job_id is None] if ticket else []
    lines = [line for line in (agreed, agreed, discounts)[c.whole(0, 2)] if line.kind != "fee"]
    if not ticket or not lines:
        return a_line_is_added(c)
    line = c.of(*lines)
    if line.used_at and c.once_in(2):
        at = {"ticket": ticket.name, "part": line.part_id}
        used = sum(each.quantity for each in ticket.used if each.part_id == line.part_id)
        said = {"quantity_used": int(used) + c.of(-1, 0, 1, 1, 2)}
        return c.finished(Step("set_quantity", c.staff(), at, said), ticket)
    at = {"line": line.name}
    if c.once_in(5):
        return c.finished(Step("delete_line", c.staff(), at), ticket)
    return c.finished(Step("change_line", c.staff(), at, a_change(c, line)), ticket)


def is_agreed(job) -> bool:
    return job.decision == "authorized"


def a_change(c: Chance, line: Line) -> dict:
    """Return the body of a change: other work at the same price, or a bit more or less of the same."""
    bit = c.of(-1, -1, 0, 1)
    if line.kind == "labor":
        return c.of({"name": c.word()}, {"billed_minutes": max(0, line.billed_minutes + bit * 10)})
    if line.kind == "discount":
        scopes = {"applies_to": c.of("all", "labor", "part")}
        if line.discount_bps is None:
            return c.of(scopes, {"discount_cents": max(0, (line.discount_cents or 0) + bit)})
        percentage = min(100, max(0, line.discount_bps // 100 + bit))
        return c.of(scopes, {"discount_percentage": percentage}, {"discount_cents": 99_999})
    dearer = {"unit_price_cents": max(0, line.unit_price_cents + bit)}
    if line.kind == "part" and line.part_id is None:
        return c.of({"part_number": f"B {c.whole(1, 9)}"}, {"name": c.word()}, dearer)
    if line.kind == "part":
        return c.of({"condition": c.of(*CONDITIONS)}, {"name": c.word()}, dearer)
    return c.of({"name": c.word()}, dearer)


def a_visit_is_called_off(c: Chance) -> Step:
    """Return the cancelling of a visit, mostly of one with work of another, or the undoing of that."""
    ticket = an_order(c, lambda each: is_linked(c.book, each), WORKABLE)
    over = [each for each in c.book.tickets.values() if each.status == "cancelled"][-4:]
    who, said = c.owner_or_staff(ticket and ticket.owner), {"to": "cancelled"}
    if over and c.once_in(3):
        ticket, who = c.of(*over), c.signed_in("manager")
        said = {"to": "open", "reason": c.word()}
    return c.finished(Step("move", who, {"ticket": named(ticket, "ticket")}, said), ticket)
