"""The lines of a used part on a ticket: finding them, and putting the part back into stock."""

from typing import cast

from sqlalchemy import func, select

from app.actors import Actor
from app.blueprints.inventory.stock import move_stock
from app.blueprints.service_tickets.services.making import make_job
from app.database.session import db
from app.errors import NotFound, TicketFull
from app.lookup import find
from app.models import (
    MovementReason,
    ServiceTicket,
    StatusChange,
    StockMovement,
    TicketLine,
    TicketStatus,
)
from app.models.jobs import name_of_first_job
from app.models.raw import insert_line
from app.models.shop import Policy
from app.models.ticket_lines import MOST_LINES
from app.permissions import jobs_visible_to
from app.quantities import Number


def add_line_of_part(actor: Actor, ticket: ServiceTicket, line: TicketLine) -> Policy:
    """Insert the line of a used part into its job, and return the shop's policy on authorizations.

    The ticket is locked, and its version incremented. If `line` has no `job_id`, it goes into the first
    job that the customer has not declined or deferred, or into a new job if there is none. Raise
    TicketFull at 200 lines or 50 jobs.
    """
    if policy := insert_line(line):
        return policy
    lines = select(func.count()).where(TicketLine.ticket_id == ticket.id)
    if (db.session.scalar(lines) or 0) >= MOST_LINES:
        raise TicketFull()
    make_job(actor, ticket, (), name=name_of_first_job(ticket.problem_description))
    return cast(Policy, insert_line(line))


def job_that_takes(actor: Actor, ticket: ServiceTicket, job_id: int) -> int:
    """Return `job_id` after checking that parts can be used for this job of the ticket.

    Raise NotFound if the job is not on the ticket, and JobDeclined if the customer has declined or
    deferred it.
    """
    job = find(jobs_visible_to, actor, job_id)
    if job.ticket_id != ticket.id:
        raise NotFound(f"There is no job {job_id} on ticket {ticket.id}.")
    job.must_take_parts()
    return job.id


def lines_of_part(ticket: ServiceTicket, part_id: int) -> list[TicketLine]:
    """Return the lines on which a ticket uses this part, newest first; the ticket must be locked."""
    of_part = select(TicketLine).where(
        TicketLine.ticket_id == ticket.id,
        TicketLine.part_id == part_id,
        TicketLine.used_at.is_not(None),
    )
    return list(db.session.scalars(of_part.order_by(TicketLine.id.desc())))


def quantity_of(lines: list[TicketLine]) -> Number:
    return sum(line.quantity or 0 for line in lines)


def take_back(
    actor: Actor, ticket: ServiceTicket, part_id: int, lines: list[TicketLine], quantity: Number
) -> None:
    """Put `quantity` of a part back into stock, and take it off these lines, in their order.

    A line of which nothing is left is deleted.
    """
    left = quantity
    for line in lines:
        used = line.quantity or 0
        some = min(left, used)
        left -= some
        if some == used:
            db.session.delete(line)
        elif some:
            take_off(line, some)
    db.session.flush()
    move_stock(actor, part_id, quantity, MovementReason.RETURNED, ticket_id=ticket.id)


def take_off(line: TicketLine, quantity: Number) -> None:
    """Take a quantity that is returned off a line; if nothing is left, its part is planned again."""
    if quantity == line.quantity:
        line.used_at = line.installed_by_mechanic_id = None
        line.cores_returned = 0
    else:
        line.quantity = (line.quantity or 0) - quantity
        line.cores_returned = min(line.cores_returned or 0, line.quantity)


def brought_back(ticket_id: int) -> dict[int, Number]:
    """Return what was returned of each line since the work on a ticket was done: `{line_id: quantity}`.

    These parts are back in stock, but still on the lines, because they were billed.
    """
    done = select(func.max(StatusChange.at)).where(
        StatusChange.ticket_id == ticket_id, StatusChange.to_status == TicketStatus.READY
    )
    back = select(StockMovement.line_id, func.sum(StockMovement.quantity).label("quantity")).where(
        StockMovement.ticket_id == ticket_id,
        StockMovement.reason == MovementReason.RETURNED,
        StockMovement.line_id.is_not(None),
        StockMovement.at > done.scalar_subquery(),
    )
    found = db.session.execute(back.group_by(StockMovement.line_id))
    return {row.line_id: row.quantity for row in found}


def take_all_back(actor: Actor, ticket: ServiceTicket, part_id: int) -> None:
    """Delete all lines on which a ticket uses a part, and put the part back into stock.

    Raise NotFound if there is no such line.
    """
    lines = lines_of_part(ticket, part_id)
    if not lines:
        raise NotFound(f"Part {part_id} is not on ticket {ticket.id}.")
    take_back(actor, ticket, part_id, lines, quantity_of(lines))
