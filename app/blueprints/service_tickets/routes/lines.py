"""Lines: the charges of a job (labor, parts, sublets and fees), and discounts."""

from flask import Blueprint, g

from app.actors import STAFF
from app.blueprints.service_tickets.queries import jobs as queries
from app.blueprints.service_tickets.schemas.lines import LineOut, LineReturn, LineUpdate, LineUse
from app.blueprints.service_tickets.services import jobs as services
from app.blueprints.service_tickets.services import used_parts
from app.errors import (
    Conflict,
    JobDeclined,
    LineNotUsed,
    LineUsed,
    NotAuthorized,
    NotFound,
    NotFromStock,
    OutOfStock,
    StockTooHigh,
    TicketClosed,
    TooManyReturned,
)
from app.web.auth import requires
from app.web.caching import cached
from app.web.limits import reads, writes
from app.web.shapes import accepts, checks_if_match, refuses, returns

bp = Blueprint("lines", __name__, url_prefix="/lines")


@bp.get("/<int:line_id>")
@reads
@requires()
@cached(*queries.TABLES)
@returns(LineOut())
@refuses(NotFound)
def show(line_id):
    """Show a line of a job, or a discount of a ticket.

    The `ETag` contains the version of the ticket, which changes with every change of the ticket, its
    jobs and its lines.
    """
    return queries.line(g.actor, line_id)


@bp.route("/<int:line_id>", methods=["PUT", "PATCH"])
@writes
@requires(*STAFF)
@checks_if_match
@accepts(LineUpdate(), sent_back=(LineOut, queries.line))
@returns(LineOut())
@refuses(NotFound, TicketClosed, LineUsed, Conflict)
def change(line_id, **facts):
    """Change a line; members that you leave out stay unchanged.

    You can't change the kind, the part or the job of a line, nor the quantity of a used part.
    `unit_price_cents` sets the price by hand. `markup_percentage` sets it as the line's own cost plus a
    markup, and `price_source` as that cost plus the markup of the shop's matrix.
    """
    return queries.line(g.actor, services.change(g.actor, line_id, **facts))


@bp.delete("/<int:line_id>")
@writes
@requires(*STAFF)
@checks_if_match
@returns(None, 204)
@refuses(NotFound, TicketClosed, LineUsed)
def delete(line_id, if_match):
    """Delete a line; the used part of a line must be returned to stock first."""
    services.delete_line(g.actor, line_id, if_match=if_match)


@bp.post("/<int:line_id>/use")
@writes
@requires(*STAFF)
@checks_if_match
@accepts(LineUse())
@returns(LineOut(), 201, location="/lines/{id}")
@refuses(
    NotFound, TicketClosed, LineUsed, NotFromStock, JobDeclined, NotAuthorized, OutOfStock, Conflict
)
def use(line_id, **use):
    """Use the planned part of a line: take its whole quantity out of stock.

    The ticket must be open, in progress or on hold. The line keeps its cost and price. If the shop's
    `authorization_policy` is `strict`, the customer must have authorized the job as it is.
    """
    return queries.line(g.actor, services.use_line(g.actor, line_id, **use))


@bp.post("/<int:line_id>/return")
@writes
@requires(*STAFF)
@checks_if_match
@accepts(LineReturn())
@returns(LineOut(), 201, location="/lines/{id}")
@refuses(NotFound, TicketClosed, LineNotUsed, StockTooHigh, TooManyReturned)
def give_back(line_id, **back):
    """Return the used part of a line to stock: all, or only `quantity`.

    If only some is returned, the line keeps the rest; if all is returned, the part is planned again. On a
    ticket that is invoiced or closed, the line stays as it was billed; money goes back by a credit note
    and a refund. The ticket may not be ready.
    """
    return queries.line(g.actor, used_parts.return_line(g.actor, line_id, **back))
