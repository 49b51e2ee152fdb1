"""The work on a ticket over HTTP: its mechanics and its parts."""

from flask import g

from app.actors import STAFF
from app.blueprints.service_tickets import bp
from app.blueprints.service_tickets.queries import tickets as queries
from app.blueprints.service_tickets.schemas.answers import PartLineOut, TicketOut
from app.blueprints.service_tickets.schemas.crew import Crew, Terms
from app.blueprints.service_tickets.schemas.work import (
    PartQuantity,
    PartReturn,
    PartsUse,
    PartsUsedOut,
    PartUse,
)
from app.blueprints.service_tickets.services import used_parts, work
from app.errors import (
    Conflict,
    NotFound,
    OutOfStock,
    StockTooHigh,
    TicketClosed,
    TicketFull,
    TooManyReturned,
)
from app.web.auth import requires
from app.web.caching import cached
from app.web.declared import deprecated
from app.web.limits import reads, writes
from app.web.pages import OldestFirst, page_shape
from app.web.shapes import accepts, checks_if_match, refuses, returns


@bp.put("/<int:ticket_id>/assign-mechanic/<int:mechanic_id>")
@writes
@requires(*STAFF)
@checks_if_match
@accepts(Terms())
@returns(TicketOut())
@refuses(NotFound, TicketClosed, TicketFull)
def assign_mechanic(ticket_id, mechanic_id, **terms):
    """Put a mechanic on a ticket; who is on it already gets the new terms.

    Works without a body. Only while the ticket is open, in progress or on hold.
    """
    return queries.ticket(g.actor, work.assign_mechanic(g.actor, ticket_id, mechanic_id, **terms))


@bp.put("/<int:ticket_id>/remove-mechanic/<int:mechanic_id>")
@writes
@requires(*STAFF)
@checks_if_match
@accepts(Terms())
@returns(TicketOut())
@refuses(NotFound, TicketClosed)
def remove_mechanic(ticket_id, mechanic_id, if_match, **_terms):
    """Take a mechanic off a ticket.

    Who is not on it is not found.
    """
    work.remove_mechanic(g.actor, ticket_id, mechanic_id, if_match=if_match)
    return queries.ticket(g.actor, ticket_id)


@bp.delete("/<int:ticket_id>/remove-mechanic/<int:mechanic_id>")
@deprecated("/assignments")
@writes
@requires(*STAFF)
@checks_if_match
@returns(None, 204)
@refuses(NotFound, TicketClosed)
def take_off(ticket_id, mechanic_id, if_match):
    """Take a mechanic off a ticket.

    Who is not on it is not found.
    """
    work.remove_mechanic(g.actor, ticket_id, mechanic_id, if_match=if_match)


@bp.put("/<int:ticket_id>/edit")
@writes
@requires(*STAFF)
@checks_if_match
@accepts(Crew())
@returns(TicketOut())
@refuses(NotFound, TicketClosed, TicketFull, OutOfStock, StockTooHigh)
def edit(ticket_id, **query):
    """Put mechanics and parts on a ticket and take others off, all or nothing.

    Mechanics twice are the same as once; a part is used as often as it is sent.
    """
    return queries.ticket(g.actor, work.edit_work(g.actor, ticket_id, **query))


@bp.get("/<int:ticket_id>/parts")
@reads
@requires()
@cached(*queries.TABLES)
@accepts(OldestFirst(), "query")
@returns(page_shape(PartLineOut))
@refuses(NotFound)
def parts(ticket_id, **query):
    """List the parts on a ticket with quantity, price, warranty and who installed them.

    Customers see those of their own tickets, without what they cost the shop.
    """
    return queries.lines(g.actor, ticket_id, **query)


@bp.post("/<int:ticket_id>/parts/<int:part_id>")
@writes
@requires(*STAFF)
@checks_if_match
@accepts(PartUse())
@returns(PartLineOut(), 201, location="/service-tickets/{ticket_id}/parts")
@refuses(NotFound, TicketClosed, TicketFull, OutOfStock, Conflict)
def use_part(ticket_id, part_id, **use):
    """Use a part on a ticket: a line on the bill and a movement off the shelf, or neither.

    The line keeps the cost and the price of this moment: the part's own price, or its cost and
    `markup_percentage`, or `unit_price_cents` by hand. Of two who want the last one, one gets it.
    """
    return queries.line(g.actor, ticket_id, work.use_part(g.actor, ticket_id, part_id, **use))


@bp.post("/<int:ticket_id>/parts")
@writes
@requires(*STAFF)
@checks_if_match
@accepts(PartsUse())
@returns(PartsUsedOut(), 201, location="/service-tickets/{ticket_id}/parts")
@refuses(NotFound, TicketClosed, TicketFull, OutOfStock, Conflict)
def use_parts(ticket_id, uses, several, if_match):
    """Use one part or several at once, all or nothing.

    One: `part_id` and its terms. Several: `parts` with the terms of each, or `part_ids`, one each.
    """
    lines = work.use_parts(g.actor, ticket_id, uses, if_match=if_match)
    return queries.used(g.actor, ticket_id, lines, several)


@bp.put("/<int:ticket_id>/parts/<int:part_id>")
@writes
@requires(*STAFF)
@checks_if_match
@accepts(PartQuantity())
@returns(TicketOut())
@refuses(NotFound, TicketClosed, TicketFull, OutOfStock, StockTooHigh, Conflict)
def set_quantity(ticket_id, part_id, **use):
    """Set how many of a part are used on a ticket; the shelf moves by the difference.

    More are added on the terms sent, and at today's price where none is; they join the newest line if
    that is on the same terms. Fewer are taken back from the newest line on; 0 takes all of them off.
    """
    return queries.ticket(g.actor, used_parts.set_quantity(g.actor, ticket_id, part_id, **use))


@bp.delete("/<int:ticket_id>/parts/<int:part_id>")
@writes
@requires(*STAFF)
@checks_if_match
@accepts(PartReturn(), "either")
@returns(None, 204)
@refuses(NotFound, TicketClosed, StockTooHigh, TooManyReturned, Conflict)
def return_part(ticket_id, part_id, **query):
    """Take a part off a ticket; the stock comes back, from a cancelled one too.

    All of it, or as many as `quantity` says, from the newest line on; of one line, where `line_id` names
    it. Both are sent in the query or, by clients that can, in the body.
    """
    used_parts.return_part(g.actor, ticket_id, part_id, **query)
