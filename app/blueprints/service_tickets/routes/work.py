"""Routes for the mechanics and the parts of a ticket."""

from flask import g

from app.actors import STAFF
from app.blueprints.service_tickets import bp
from app.blueprints.service_tickets.queries import tickets as queries
from app.blueprints.service_tickets.queries import used_parts as used
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
    JobDeclined,
    NotAuthorized,
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

NOT_TO_DO = (JobDeclined, NotAuthorized)


@bp.put("/<int:ticket_id>/assign-mechanic/<int:mechanic_id>")
@writes
@requires(*STAFF)
@checks_if_match
@accepts(Terms())
@returns(TicketOut())
@refuses(NotFound, TicketClosed, TicketFull)
def assign_mechanic(ticket_id, mechanic_id, **terms):
    """Assign a mechanic to a ticket, or change the role and minutes of an assigned mechanic.

    The body may be left out. The ticket must be open, in progress or on hold.
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
    """Remove a mechanic from a ticket.

    Answer 404 if the mechanic is not assigned to the ticket.
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
    """Remove a mechanic from a ticket.

    Answer 404 if the mechanic is not assigned to the ticket.
    """
    work.remove_mechanic(g.actor, ticket_id, mechanic_id, if_match=if_match)


@bp.put("/<int:ticket_id>/edit")
@writes
@requires(*STAFF)
@checks_if_match
@accepts(Crew())
@returns(TicketOut())
@refuses(NotFound, TicketClosed, TicketFull, *NOT_TO_DO, OutOfStock, StockTooHigh)
def edit(ticket_id, **query):
    """Add mechanics and parts to a ticket and remove others, all or nothing.

    A mechanic who is listed twice is added once; a part that is listed twice is used twice.
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
    """List the used parts of a ticket, with quantity, price, warranty and who installed them.

    Customers can see only those of their own tickets, and not what the parts cost the shop.
    """
    return used.lines(g.actor, ticket_id, **query)


@bp.post("/<int:ticket_id>/parts/<int:part_id>")
@writes
@requires(*STAFF)
@checks_if_match
@accepts(PartUse())
@returns(PartLineOut(), 201, location="/service-tickets/{ticket_id}/parts")
@refuses(NotFound, TicketClosed, TicketFull, *NOT_TO_DO, OutOfStock, Conflict)
def use_part(ticket_id, part_id, **use):
    """Use a part on a ticket: add a line to the ticket and take the part out of stock, or do neither.

    The line keeps the present cost and price. The price is `unit_price_cents` if you send it, or the
    cost plus `markup_percentage` if you send that, or else the part's own price. Two requests can't both
    take the last part.
    """
    return used.just_used(g.actor, *work.use_part(g.actor, ticket_id, part_id, **use))


@bp.post("/<int:ticket_id>/parts")
@writes
@requires(*STAFF)
@checks_if_match
@accepts(PartsUse())
@returns(PartsUsedOut(), 201, location="/service-tickets/{ticket_id}/parts")
@refuses(NotFound, TicketClosed, TicketFull, *NOT_TO_DO, OutOfStock, Conflict)
def use_parts(ticket_id, uses, several, if_match):
    """Use one or several parts on a ticket, all or nothing: add lines and take the parts out of stock.

    For one part, send `part_id` with its quantity, price, warranty and mechanic; the response is the new
    line. For several, send `parts`, a list in which each part has these members, or `part_ids` to use a
    quantity of 1 of each part; the response is `{ticket_id, items}` with the new lines.
    """
    parts = work.use_parts(g.actor, ticket_id, uses, if_match=if_match)
    made = [used.just_used(g.actor, *each) for each in parts]
    return {"ticket_id": ticket_id, "items": made} if several else made[0]


@bp.put("/<int:ticket_id>/parts/<int:part_id>")
@writes
@requires(*STAFF)
@checks_if_match
@accepts(PartQuantity())
@returns(TicketOut())
@refuses(NotFound, TicketClosed, TicketFull, *NOT_TO_DO, OutOfStock, StockTooHigh, Conflict)
def set_quantity(ticket_id, part_id, **use):
    """Set the used quantity of a part on a ticket; the stock changes by the difference.

    If the quantity increases, you can send price, warranty and mechanic of the added parts. By default,
    the price is the part's present one, and warranty and mechanic are those of the newest line. The
    added parts join the newest line if cost, price, warranty and mechanic are equal; else they get a new
    line. If the quantity decreases, the newest line is reduced first, and you must not send price,
    warranty or mechanic. 0 removes all lines.
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
    """Take a part off a ticket and put it back into stock.

    By default, all of the part is taken off. Send `quantity` to take off less, beginning with the newest
    line. Send `line_id` to take it off one line only. Send them in the query or, if your client can send
    a body with DELETE, in the body. This is also possible on a cancelled ticket.
    """
    used_parts.return_part(g.actor, ticket_id, part_id, **query)
