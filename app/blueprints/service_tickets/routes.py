"""Service tickets over HTTP. Decorators read in the order in which a request meets them."""

from flask import Blueprint, g

from app.actors import STAFF, Role
from app.blueprints.service_tickets.schemas import (
    Move,
    StatusChangeOut,
    TicketChange,
    TicketWanted,
)
from app.blueprints.shapes import NewestFirst, TicketOut, TicketsWanted
from app.errors import (
    Forbidden,
    IllegalTransition,
    NotFound,
    OdometerLower,
    TicketClosed,
    TicketInUse,
)
from app.queries import service_tickets as shown
from app.services import service_tickets
from app.web.auth import requires
from app.web.caching import cached
from app.web.limits import reads, writes
from app.web.pages import page_shape
from app.web.shapes import accepts, refuses, returns, unless_overtaken

bp = Blueprint("service_tickets", __name__)


@bp.post("")
@writes
@requires()
@accepts(TicketWanted())
@returns(TicketOut(), 201, location="/service-tickets/{id}")
@refuses(NotFound, OdometerLower)
def create(**facts):
    """Open a ticket on a vehicle: customers on their own, staff on anyone's.

    The vehicle is named by `vehicle_id`, or by `vin`. `odometer_in` goes into the vehicle's log. Send an
    `Idempotency-Key`, and a retry opens no second one.
    """
    return shown.ticket(g.actor, service_tickets.open_ticket(g.actor, **facts))


@bp.get("")
@reads
@requires()
@cached(*shown.TABLES)
@accepts(TicketsWanted(), "query")
@returns(page_shape(TicketOut))
def index(**wanted):
    """List tickets: a customer's own, or all of them for staff, the newest first.

    Each with its customer, vehicle, mechanics and parts. The board of a shop is `?status=open` and the
    like. `q` finds them by words of what is said at the counter, in any order: `camry squeal`, `228`. By
    `promised_at`, those that nothing is promised for come last.
    """
    return shown.tickets(g.actor, **wanted)


@bp.get("/<int:ticket_id>")
@reads
@requires()
@cached(*shown.TABLES)
@returns(TicketOut())
@refuses(NotFound)
def show(ticket_id):
    """Show one ticket with its mechanics and parts.

    Customers see their own, without what the parts cost the shop. Its `ETag` bears its version: send it
    as `If-Match` with a change.
    """
    return shown.ticket(g.actor, ticket_id)


@bp.route("/<int:ticket_id>", methods=["PUT", "PATCH"])
@writes
@requires(*STAFF)
@unless_overtaken
@accepts(TicketChange())
@returns(TicketOut())
@refuses(NotFound, IllegalTransition, TicketClosed, OdometerLower)
def change(ticket_id, **facts):
    """Change what is known of a ticket; what you leave out stays.

    Another `status` is a move like any other, with its line in the history. A closed or cancelled
    ticket is a record and stays as it is.
    """
    return shown.ticket(g.actor, service_tickets.change_ticket(g.actor, ticket_id, **facts))


@bp.delete("/<int:ticket_id>")
@writes
@requires(Role.MANAGER)
@unless_overtaken
@returns(None, 204)
@refuses(NotFound, TicketInUse)
def delete(ticket_id, if_match):
    """Delete a ticket that was opened by mistake: open, and without used parts.

    Anything else is cancelled instead, and stays for the books.
    """
    service_tickets.delete_ticket(g.actor, ticket_id, if_match=if_match)


@bp.post("/<int:ticket_id>/transitions")
@writes
@requires()
@unless_overtaken
@accepts(Move())
@returns(TicketOut(), 201, location="/service-tickets/{id}/history")
@refuses(NotFound, IllegalTransition, Forbidden)
def move(ticket_id, **step):
    """Move a ticket to another status; the refusal of an illegal move names the legal ones.

    Staff make any legal move; the owner may cancel a ticket while it is open.
    """
    return shown.ticket(g.actor, service_tickets.move_ticket(g.actor, ticket_id, **step))


@bp.get("/<int:ticket_id>/history")
@reads
@requires()
@cached("status_changes", *shown.TABLES)
@accepts(NewestFirst(), "query")
@returns(page_shape(StatusChangeOut))
@refuses(NotFound)
def history(ticket_id, **wanted):
    """Show the moves of a ticket: from, to, who, when and why.

    The newest first. Customers see those of their own tickets.
    """
    return shown.history(g.actor, ticket_id, **wanted)
