"""Assignments: which mechanic works on which ticket, in which role."""

from flask import Blueprint, g

from app.actors import STAFF
from app.blueprints.service_tickets.queries import assignments as queries
from app.blueprints.service_tickets.schemas.assignments import (
    AssignmentCreate,
    AssignmentKey,
    AssignmentListQuery,
    AssignmentOut,
)
from app.blueprints.service_tickets.services import work
from app.errors import AlreadyAssigned, NotFound, TicketClosed, TicketFull
from app.web.auth import requires
from app.web.caching import cached
from app.web.limits import reads, writes
from app.web.pages import page_shape
from app.web.shapes import accepts, checks_if_match, refuses, returns

bp = Blueprint("assignments", __name__, url_prefix="/assignments")


@bp.get("")
@reads
@requires(*STAFF)
@cached("assignments", "mechanics")
@accepts(AssignmentListQuery(), "query")
@returns(page_shape(AssignmentOut))
def index(**query):
    """List the assignments of mechanics to tickets, with role and minutes worked.

    They can be filtered by ticket or mechanic.
    """
    return queries.assignments(**query)


@bp.post("")
@writes
@requires(*STAFF)
@checks_if_match
@accepts(AssignmentCreate())
@returns(AssignmentOut(), 201, location="/service-tickets/{ticket_id}")
@refuses(NotFound, TicketClosed, TicketFull, AlreadyAssigned)
def create(**query):
    """Assign a mechanic to a ticket.

    If the mechanic is assigned already, the response is 409. To change the role or the minutes, use
    `PUT /service-tickets/{ticket_id}/assign-mechanic/{mechanic_id}`.
    """
    return queries.assignment(work.add_assignment(g.actor, **query))


@bp.delete("")
@writes
@requires(*STAFF)
@checks_if_match
@accepts(AssignmentKey(), "either")
@returns(None, 204)
@refuses(NotFound, TicketClosed)
def remove(ticket_id, mechanic_id, if_match):
    """Remove a mechanic from a ticket.

    Send `ticket_id` and `mechanic_id` in the query or, if your client can send a body with DELETE, in
    the body.
    """
    work.remove_mechanic(g.actor, ticket_id, mechanic_id, if_match=if_match)
