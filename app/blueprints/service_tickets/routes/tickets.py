"""Routes for service tickets. A request passes the decorators of a route from top to bottom."""

from flask import g

from app.actors import STAFF, Role
from app.blueprints.service_tickets import bp
from app.blueprints.service_tickets.queries import tickets as queries
from app.blueprints.service_tickets.queries.history import history as status_changes
from app.blueprints.service_tickets.schemas.answers import TicketOut
from app.blueprints.service_tickets.schemas.crew import COMING_AND_GOING
from app.blueprints.service_tickets.schemas.tickets import (
    TicketCreate,
    TicketListQuery,
    TicketMove,
    TicketQuery,
    TicketUpdate,
)
from app.blueprints.service_tickets.schemas.work import StatusChangeOut
from app.blueprints.service_tickets.services import tickets as service_tickets
from app.blueprints.service_tickets.services import work
from app.errors import (
    BalanceDue,
    Forbidden,
    IllegalTransition,
    InvoiceRequired,
    JobDeclined,
    NegativeTotal,
    NotAuthorized,
    NotFound,
    OdometerLower,
    OutOfStock,
    StockTooHigh,
    TicketClosed,
    TicketFull,
    TicketInUse,
    UnusedParts,
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
    NotAuthorized,
    OutOfStock,
)
def create(mechanic_ids=(), add_parts=(), status=None, **facts):
    """Open a ticket, usually for a vehicle: customers for their own, staff for any customer's.

    Name the vehicle by `vehicle_id` or `vin`; a new VIN adds a vehicle to the customer, described by
    `make`, `model` and `year`. A ticket can also have no vehicle; then staff must send `customer_id`.
    `odometer_in` is added to the vehicle's odometer log. Staff can assign mechanics (`mechanic_ids`) and
    use parts (`add_parts`) in the same request. With a `status` other than open, the new ticket is then
    moved to that status. Send an `Idempotency-Key`, so that a retry does not open a second ticket.
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
    """List tickets, newest first: customers see their own, staff see all.

    Each ticket has its customer, vehicle, mechanics and parts. For a board of the shop's work, filter by
    `status`, for example `?status=open`. `q` selects the tickets that have each of its words in the
    problem, the customer or the vehicle (`camry squeal`), or that have this number (`228`). Sorted by
    `promised_at`, tickets without a promised time come last, or first in descending order.
    """
    return queries.tickets(g.actor, **query)


@bp.get("/<int:ticket_id>")
@reads
@requires()
@cached(*queries.TABLES)
@accepts(TicketQuery(), "query")
@returns(TicketOut())
@refuses(NotFound)
def show(ticket_id, include=queries.NOTHING):
    """Show one ticket with its mechanics and parts, and on request with its jobs and totals.

    `?include=jobs,totals,terms,recommendations` adds these members; without it the response has none of
    them. Customers can see only their own tickets, and not what the work costs the shop. The `ETag`
    contains the version of the ticket: send it as `If-Match` with a change.
    """
    return queries.ticket(g.actor, ticket_id, include)


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
    TicketInUse,
    OdometerLower,
    VinTaken,
    Forbidden,
    JobDeclined,
    NotAuthorized,
    UnusedParts,
    NegativeTotal,
    InvoiceRequired,
    BalanceDue,
    OutOfStock,
    StockTooHigh,
)
def change(ticket_id, if_match, **facts):
    """Change a ticket; members that you leave out stay unchanged.

    A new `status` moves the ticket to that status, with an entry in the history. You can add and remove
    mechanics and parts in the same request; this is done before the move. If a ticket has the wrong
    customer or vehicle, send `customer_id`, `vehicle_id` or `vin`, while the ticket is open, in progress
    or on hold, and no customer has decided on its jobs. The vehicle must belong to the customer; send
    `vehicle_id` null for no vehicle. A new `odometer_in` corrects the reading in the vehicle's odometer
    log; null removes the reading. A closed or cancelled ticket can't be changed, except by a legal move.
    """
    coming_and_going = {name: facts.pop(name) for name in COMING_AND_GOING & facts.keys()}
    if any(coming_and_going.values()):
        work.edit_work(g.actor, ticket_id, if_match=if_match, **coming_and_going)
        if_match = None  # edit_work has incremented the version in this transaction
    service_tickets.change_ticket(g.actor, ticket_id, if_match=if_match, **facts)
    return queries.ticket(g.actor, ticket_id)


@bp.delete("/<int:ticket_id>")
@writes
@requires(Role.MANAGER)
@checks_if_match
@returns(None, 204)
@refuses(NotFound, TicketInUse)
def delete(ticket_id, if_match):
    """Delete a ticket that was opened by mistake.

    It must be open, without used parts, authorizations, payments and invoices.

    Cancel any other ticket instead; it stays as a record.
    """
    service_tickets.delete_ticket(g.actor, ticket_id, if_match=if_match)


@bp.post("/<int:ticket_id>/transitions")
@writes
@requires()
@checks_if_match
@accepts(TicketMove())
@returns(TicketOut(), 201, location="/service-tickets/{id}/history")
@refuses(
    NotFound,
    IllegalTransition,
    TicketClosed,
    Forbidden,
    NotAuthorized,
    UnusedParts,
    NegativeTotal,
    InvoiceRequired,
    BalanceDue,
)
def move(ticket_id, **step):
    """Move a ticket to another status.

    Staff can make any legal move; customers can cancel their own ticket while it is open. The refusal of
    an illegal move names the legal ones. A mistaken move can be undone with a `reason`: from in_progress
    to open, and by a manager from cancelled to open. `completed` is another name for ready; it moves an
    open ticket first to in_progress, and then to ready.

    A move to invoiced issues the invoice, as `POST /service-tickets/{ticket_id}/invoice` does without a
    body. If the shop's `authorization_policy` is `strict`, all jobs must be authorized. If its
    `closing_policy` is `strict`, a ticket is closed once it is invoiced and paid, or by a manager with
    `on_account`.
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
    """List the status changes of a ticket, newest first: from, to, who, when and why.

    Customers can see only those of their own tickets.
    """
    return status_changes(g.actor, ticket_id, **query)
