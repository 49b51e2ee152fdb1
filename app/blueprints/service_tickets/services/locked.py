"""Locking a ticket before its jobs, lines or assignments change."""

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Select

from app.actors import Actor
from app.database.session import shop_session
from app.lookup import Versions, find, find_bumped
from app.models import Job, ServiceTicket, TicketLine
from app.permissions import tickets_visible_to

M = TypeVar("M", Job, TicketLine)
FOR_WORK = ("id", "status", "problem_description")


def locked_ticket(actor: Actor, ticket_id: int, if_match: Versions) -> ServiceTicket:
    """Lock a ticket, and return a copy of it that the SQLAlchemy session does not track.

    Lock a ticket before any row that belongs to it, so that transactions can't deadlock. `if_match` has
    the versions that the client accepts, or is None if any will do.
    """
    return find(tickets_visible_to, actor, ticket_id, lock=True, if_match=if_match, detached=True)


def bumped_ticket(actor: Actor, ticket_id: int, if_match: Versions = None) -> ServiceTicket:
    """Lock a ticket and increment its version; return a copy with the columns FOR_WORK only.

    The session does not track the copy. `if_match` has the versions that the client accepts, or is None
    if any will do.
    """
    ticket = find_bumped(tickets_visible_to, actor, ticket_id, *FOR_WORK, if_match=if_match)
    shop_session().pending.bumped.add(ticket_id)
    return ticket


def workable_ticket(actor: Actor, ticket_id: int, if_match: Versions = None) -> ServiceTicket:
    """Return the ticket as `bumped_ticket` does; raise TicketClosed unless work can be done on it.

    Its status must be open, in progress or on hold.
    """
    ticket = bumped_ticket(actor, ticket_id, if_match)
    ticket.must_be_workable()
    return ticket


def locked_with_ticket(
    visible: Callable[[Actor], Select[M]], actor: Actor, row_id: int, if_match: Versions
) -> tuple[ServiceTicket, M]:
    """Lock the ticket of a job or line, and then the job or line itself; return both rows.

    `visible` is a function that selects the jobs, or the lines, that an actor may see. `row_id` is the
    id of the job or line, and `if_match` has the accepted versions of the ticket.
    """
    ticket_id = find(visible, actor, row_id).ticket_id
    ticket = find(tickets_visible_to, actor, ticket_id, lock=True, if_match=if_match)
    return ticket, find(visible, actor, row_id, lock=True)
