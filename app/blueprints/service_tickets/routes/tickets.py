"""Service tickets over HTTP. Decorators read in the order in which a request meets them."""

from flask import g

from app.actors import STAFF, Role
from app.blueprints.service_tickets import bp
from app.blueprints.service_tickets.queries import tickets as queries
from app.blueprints.service_tickets.schemas.answers import TicketOut
from app.blueprints.service_tickets.schemas.crew import COMING_AND_GOING
from app.blueprints.service_tickets.schemas.tickets import (
    TicketCreate,
    TicketListQuery,
    TicketMove,
    TicketUpdate,
)
from app.blueprints.service_tickets.schemas.work import StatusChangeOut
from app.blueprints.service_tickets.services import tickets as service_tickets
from app.blueprints.service_tickets.services import work
from app.errors import (
    Forbidden,
    IllegalTransition,
    NotFound,
    OdometerLower,
    OutOfStock,
    StockTooHigh,
    TicketClosed,
    TicketFull,
    TicketInUse,
    VinTaken,
)
from app.web.auth import requires
from app.web.caching import cached
from app.web.limits import reads, writes
from app.web.pages import NewestFirst, page_shape
from app.web.shapes import accepts, checks_if_match, refuses, returns


@bp.post("")
@writes
@requires()
@accepts(TicketCreate())
@returns(TicketOut(), 201, location="/service-tickets/{id}")
@refuses(
    NotFound,
    OdometerLower,
    VinTaken,
    IllegalTransition,
    Forbidden,
    TicketClosed,
    TicketFull,
    OutOfStock,
)
def create(mechanic_ids=(), add_parts=(), status=None, **facts):
    """Open a ticket, mostly on a vehicle: customers on their own, staff on anyone's.

    The vehicle is named by `vehicle_id`, or by `vin`: one that nobody has yet is put on file with the
    ticket, as is said of it by `make`, `model` and `year`. It may come later, or never: then staff name
    the customer by `customer_id`. `odometer_in` goes into the vehicle's log. Staff may put its crew and its
    parts on it in the same act; another `status` than open is a move at once. Send an `Idempotency-Key`,
    and a retry opens no second one.
    """
    ticket_id = service_tickets.open_ticket(g.actor, **facts)
    if mechanic_ids or add_parts:
        work.edit_work(g.actor, ticket_id, add_ids=mechanic_ids, add_parts=add_parts)
    if status is not None:
        service_tickets.change_ticket(g.actor, ticket_id, status=status)
    return queries.ticket(g.actor, ticket_id)


@bp.get("")
@reads
@requires()
@cached(*queries.TABLES)
@accepts(TicketListQuery(), "query")
@returns(page_shape(TicketOut))
def index(**query):
    """List tickets: a customer's own, or all of them for staff, the newest first.

    Each with its customer, vehicle, mechanics and parts. The board of a shop is `?status=open` and the
    like. `q` finds them by words of what is said at the counter, in any order: `camry squeal`, `228`. By
    `promised_at`, those that nothing is promised for come last.
    """
    return queries.tickets(g.actor, **query)


@bp.get("/<int:ticket_id>")
@reads
@requires()
@cached(*queries.TABLES)
@returns(TicketOut())
@refuses(NotFound)
def show(ticket_id):
    """Show one ticket with its mechanics and parts.

    Customers see their own, without what the parts cost the shop. Its `ETag` bears its version: send it
    as `If-Match` with a change.
    """
    return queries.ticket(g.actor, ticket_id)


@bp.route("/<int:ticket_id>", methods=["PUT", "PATCH"])
@writes
@requires(*STAFF)
@checks_if_match
@accepts(TicketUpdate(), sent_back=(TicketOut, queries.ticket))
@returns(TicketOut())
@refuses(
    NotFound,
    IllegalTransition,
    TicketClosed,
    TicketFull,
    OdometerLower,
    VinTaken,
    Forbidden,
    OutOfStock,
    StockTooHigh,
)
def change(ticket_id, if_match, **facts):
    """Change what is known of a ticket; what you leave out stays.

    Another `status` is a move like any other, with its line in the history. Mechanics and parts come and go
    in the same act, before the move. Another `customer_id`, `vehicle_id` or `vin` mends a ticket on the
    wrong name or car, while it is worked on; the vehicle must be the customer's, or null. Another
    `odometer_in` corrects the vehicle's log, null takes it back. A closed or cancelled ticket is a record
    and stays as it is.
    """
    coming_and_going = {name: facts.pop(name) for name in COMING_AND_GOING & facts.keys()}
    if any(coming_and_going.values()):
        work.edit_work(g.actor, ticket_id, if_match=if_match, **coming_and_going)
        if_match = None  # it has moved the version itself, in this transaction
    service_tickets.change_ticket(g.actor, ticket_id, if_match=if_match, **facts)
    return queries.ticket(g.actor, ticket_id)


@bp.delete("/<int:ticket_id>")
@writes
@requires(Role.MANAGER)
@checks_if_match
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
@checks_if_match
@accepts(TicketMove())
@returns(TicketOut(), 201, location="/service-tickets/{id}/history")
@refuses(NotFound, IllegalTransition, TicketClosed, Forbidden)
def move(ticket_id, **step):
    """Move a ticket to another status; the refusal of an illegal move names the legal ones.

    Staff make any legal move; the owner may cancel a ticket while it is open. A move made by mistake is
    taken back with a `reason`: to open from in_progress, to ready from invoiced, and by a manager to open
    from cancelled. `completed` is ready, by way of in_progress where the ticket is open.
    """
    return queries.ticket(g.actor, service_tickets.move_ticket(g.actor, ticket_id, **step))


@bp.get("/<int:ticket_id>/history")
@reads
@requires()
@cached("status_changes", *queries.TABLES)
@accepts(NewestFirst(), "query")
@returns(page_shape(StatusChangeOut))
@refuses(NotFound)
def history(ticket_id, **query):
    """Show the moves of a ticket: from, to, who, when and why.

    The newest first. Customers see those of their own tickets.
    """
    return queries.history(g.actor, ticket_id, **query)
