"""Adding, changing and deleting the jobs and lines of a ticket; using and returning planned parts.

Each function locks the ticket first, and raises TicketClosed if its status does not allow the change.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import exists, select

from app.actors import Actor
from app.blueprints.inventory.stock import move_stock
from app.blueprints.service_tickets.services.consent import must_be_authorized
from app.blueprints.service_tickets.services.locked import locked_with_ticket
from app.blueprints.service_tickets.services.making import (
    change_line,
    forget_revivals,
    make_job,
    make_line,
)
from app.clock import utc_now
from app.database.session import db
from app.errors import (
    Invalid,
    JobInUse,
    LineUsed,
    NotFromStock,
)
from app.lookup import Versions, find
from app.models import Job, MovementReason, TicketLine
from app.models.ticket_lines import OF_BOUGHT_PARTS, strange_members
from app.permissions import (
    jobs_visible_to,
    lines_visible_to,
    mechanics_visible_to,
    parts_in_catalogue,
    tickets_visible_to,
)


def add_job(
    actor: Actor,
    ticket_id: int,
    *,
    lines: Iterable[dict] = (),
    if_match: Versions = None,
    **facts: Any,
) -> int:
    """Add a job with its lines to a ticket, and return the job's id.

    Each of `lines` has the loaded members of LineCreate. Further keyword arguments are columns of the
    job. Raise TicketFull if the ticket has 50 jobs already, or if it would have more than 200 lines.
    Raise TicketClosed if the ticket's status does not allow this, and PreconditionFailed unless the
    ticket's version is in `if_match` (None: any version).
    """
    ticket = find(tickets_visible_to, actor, ticket_id, lock=True, if_match=if_match)
    ticket.must_take_lines()
    job = make_job(actor, ticket, lines, **facts)
    db.session.commit()
    return job.id


def change_job(actor: Actor, job_id: int, *, if_match: Versions = None, **facts: Any) -> int:
    """Change the columns of a job that are given as keyword arguments, and return the job's id.

    Raise TicketClosed if the ticket's status does not allow this, and PreconditionFailed unless the
    ticket's version is in `if_match` (None: any version).
    """
    ticket, job = locked_with_ticket(jobs_visible_to, actor, job_id, if_match)
    ticket.must_take_lines()
    for name, value in facts.items():
        setattr(job, name, value)
    db.session.commit()
    return job.id


def delete_job(actor: Actor, job_id: int, *, if_match: Versions = None) -> None:
    """Delete a job with its lines.

    Raise JobInUse if it has a used part, if the customer has decided on it, or if it is the only job.
    Raise TicketClosed if the ticket's status does not allow this, and PreconditionFailed unless the
    ticket's version is in `if_match` (None: any version).
    """
    ticket, job = locked_with_ticket(jobs_visible_to, actor, job_id, if_match)
    ticket.must_take_lines()
    used = exists().where(TicketLine.job_id == job.id, TicketLine.used_at.is_not(None))
    others = exists().where(Job.ticket_id == ticket.id, Job.id != job.id)
    if (
        job.decision is not None
        or db.session.scalar(select(used))
        or not db.session.scalar(select(others))
    ):
        raise JobInUse()
    for line in db.session.scalars(select(TicketLine).where(TicketLine.job_id == job.id)):
        db.session.delete(line)
    forget_revivals(select(Job.id).where(Job.id == job.id))
    db.session.delete(job)
    db.session.commit()


def add_line(actor: Actor, job_id: int, *, if_match: Versions = None, **facts: Any) -> int:
    """Add a line to a job, and return the line's id.

    The keyword arguments are the loaded members of LineCreate. Raise TicketFull at 200 lines. Raise
    TicketClosed if the ticket's status does not allow this, and PreconditionFailed unless the ticket's
    version is in `if_match` (None: any version).
    """
    ticket, job = locked_with_ticket(jobs_visible_to, actor, job_id, if_match)
    ticket.must_take_lines()
    line = make_line(actor, ticket, job, **facts)
    db.session.commit()
    return line.id


def add_discount(actor: Actor, ticket_id: int, *, if_match: Versions = None, **facts: Any) -> int:
    """Add a discount on a whole ticket (a line without a job), and return the line's id.

    The keyword arguments are the loaded members of DiscountCreate. Raise TicketFull at 200 lines. Raise
    TicketClosed if the ticket's status does not allow this, and PreconditionFailed unless the ticket's
    version is in `if_match` (None: any version).
    """
    ticket = find(tickets_visible_to, actor, ticket_id, lock=True, if_match=if_match)
    ticket.must_take_lines()
    line = make_line(actor, ticket, None, **facts)
    db.session.commit()
    return line.id


def change(actor: Actor, line_id: int, *, if_match: Versions = None, **facts: Any) -> int:
    """Change the members of a line that are given as keyword arguments, and return the line's id.

    Raise Invalid for members that a line of this kind does not have, and LineUsed for a new quantity of
    a used part. Raise TicketClosed if the ticket's status does not allow this, and PreconditionFailed
    unless the ticket's version is in `if_match` (None: any version).
    """
    ticket, line = locked_with_ticket(lines_visible_to, actor, line_id, if_match)
    ticket.must_take_lines()
    strange = strange_members(line.kind, facts)
    if line.part_id is not None:
        strange += sorted(OF_BOUGHT_PARTS & facts.keys())
    if strange:
        raise Invalid(errors=[_strange(name, line.kind) for name in strange])
    if line.used_at is not None and facts.get("quantity", line.quantity) != line.quantity:
        raise LineUsed()
    change_line(actor, line, **facts)
    db.session.commit()
    return line.id


def delete_line(actor: Actor, line_id: int, *, if_match: Versions = None) -> None:
    """Delete a line, or raise LineUsed if its part is used.

    Raise TicketClosed if the ticket's status does not allow this, and PreconditionFailed unless the
    ticket's version is in `if_match` (None: any version).
    """
    ticket, line = locked_with_ticket(lines_visible_to, actor, line_id, if_match)
    ticket.must_take_lines()
    if line.used_at is not None:
        raise LineUsed()
    db.session.delete(line)
    db.session.commit()


def use_line(
    actor: Actor,
    line_id: int,
    *,
    installed_by_mechanic_id: int | None = None,
    if_match: Versions = None,
) -> int:
    """Take the whole quantity of a line's planned part out of stock, and return the line's id.

    Raise NotFromStock if the line is not for a part from stock, LineUsed if its part is used already,
    and OutOfStock if the stock is too low. Raise JobDeclined if the customer has declined or deferred
    the job, and NotAuthorized if the job is not authorized and the shop's policy is `strict`. Raise
    TicketClosed if the ticket's status does not allow this, and PreconditionFailed unless the ticket's
    version is in `if_match` (None: any version).
    """
    ticket, line = locked_with_ticket(lines_visible_to, actor, line_id, if_match)
    ticket.must_be_workable()
    if line.part_id is None or line.quantity is None:
        raise NotFromStock()
    if line.used_at is not None:
        raise LineUsed()
    if line.job_id is not None:
        db.session.get_one(Job, line.job_id).must_take_parts()
    must_be_authorized(ticket.id, [line.job_id])
    if installed_by_mechanic_id is not None:
        find(mechanics_visible_to, actor, installed_by_mechanic_id)
        line.installed_by_mechanic_id = installed_by_mechanic_id
    find(parts_in_catalogue, actor, line.part_id).must_come_in(line.quantity, "/quantity")
    line.used_at = utc_now()
    about = {"ticket_id": ticket.id, "line_id": line.id}
    move_stock(actor, line.part_id, -line.quantity, MovementReason.USED, **about)
    db.session.commit()
    return line.id


def _strange(name, kind):
    on_the_wire = name.replace("_bps", "_percentage")
    return {"pointer": f"/{on_the_wire}", "detail": f"No member of this {kind} line."}
