"""Putting used parts back into stock, and setting the quantity of a part on a ticket."""

from app.actors import Actor
from app.blueprints.inventory.stock import move_stock
from app.blueprints.service_tickets.services.consent import must_be_authorized
from app.blueprints.service_tickets.services.lines import (
    add_line_of_part,
    brought_back,
    lines_of_part,
    quantity_of,
    take_back,
    take_off,
)
from app.blueprints.service_tickets.services.locked import (
    bumped_ticket,
    locked_ticket,
    locked_with_ticket,
)
from app.database.session import db
from app.errors import Invalid, LineNotUsed, NotFound, TooManyReturned
from app.lookup import Versions, find
from app.models import MovementReason, Part, TicketStatus
from app.models.ticket_lines import MAX_QUANTITY
from app.permissions import (
    lines_visible_to,
    mechanics_visible_to,
    parts_in_catalogue,
    parts_on_file,
)
from app.quantities import Number

BILLED = (TicketStatus.INVOICED, TicketStatus.CLOSED)
LATER = (
    "warranty_months",
    "warranty_distance",
    "installed_by_mechanic_id",
)  # of the newest line, too


def return_part(
    actor: Actor,
    ticket_id: int,
    part_id: int,
    *,
    quantity: Number | None = None,
    line_id: int | None = None,
    if_match: Versions = None,
) -> None:
    """Put a used part of a ticket back into stock: `quantity` of it, by default all.

    With `line_id`, it is taken off that line only. Parts can be returned on a cancelled ticket, too.
    Raise TooManyReturned if `quantity` is more than was used on the ticket or, with `line_id`, on that
    line. Raise TicketClosed if the ticket's status does not allow this, and PreconditionFailed unless
    the ticket's version is in `if_match` (None: any version).
    """
    ticket = bumped_ticket(actor, ticket_id, if_match)
    if ticket.status is not TicketStatus.CANCELLED:
        ticket.must_be_workable()
    lines = [line for line in lines_of_part(ticket, part_id) if line_id in (None, line.id)]
    if not lines:
        which = "" if line_id is None else f"in line {line_id} "
        raise NotFound(f"Part {part_id} is not {which}on ticket {ticket_id}.")
    used = quantity_of(lines)
    if quantity is not None:
        part: Part = find(parts_on_file, actor, part_id, detached=True)
        part.must_come_in(quantity, "/quantity")
        if quantity > used:
            raise TooManyReturned(f"{used} can be returned, not {quantity}.", quantity_used=used)
    take_back(actor, ticket, part_id, lines, used if quantity is None else quantity)
    db.session.commit()


def return_line(
    actor: Actor, line_id: int, *, quantity: Number | None = None, if_match: Versions = None
) -> int:
    """Put `quantity` of a line's used part back into stock, by default all; return the line's id.

    If all is returned, the part is planned again. Parts can be returned on a cancelled ticket, too. On a
    ticket that is invoiced or closed, the line stays as it was billed.
    Raise LineNotUsed if no part of the line is used, and TooManyReturned if `quantity` is more than was
    used. Raise TicketClosed if the ticket's status does not allow this, and PreconditionFailed unless
    the ticket's version is in `if_match` (None: any version).
    """
    ticket, line = locked_with_ticket(lines_visible_to, actor, line_id, if_match)
    is_billed = ticket.status in BILLED
    if not is_billed and ticket.status is not TicketStatus.CANCELLED:
        ticket.must_be_workable()
    if line.part_id is None or line.used_at is None or line.quantity is None:
        raise LineNotUsed()
    used = line.quantity - (brought_back(ticket.id).get(line.id, 0) if is_billed else 0)
    quantity = used if quantity is None else quantity
    if not used:
        raise LineNotUsed()
    db.session.get_one(Part, line.part_id).must_come_in(quantity, "/quantity")
    if quantity > used:
        raise TooManyReturned(f"{used} can be returned, not {quantity}.", quantity_used=used)
    if not is_billed:
        take_off(line, quantity)
    about = {"ticket_id": ticket.id, "line_id": line.id}
    move_stock(actor, line.part_id, quantity, MovementReason.RETURNED, **about)
    db.session.commit()
    return line.id


def set_quantity(
    actor: Actor,
    ticket_id: int,
    part_id: int,
    *,
    quantity_used: Number,
    if_match: Versions = None,
    **terms,
) -> int:
    """Set the used quantity of a part on a ticket, and return the ticket's id.

    The stock changes by the difference. Further keyword arguments (price, warranty, mechanic) apply to
    the quantity that is added. Raise Invalid if one of them is given for a decrease. Raise TicketClosed
    if the ticket's status does not allow this, and PreconditionFailed unless the ticket's version is in
    `if_match` (None: any version).
    """
    ticket = locked_ticket(actor, ticket_id, if_match)
    ticket.must_be_workable()
    part: Part = find(parts_on_file, actor, part_id, detached=True)
    part.must_come_in(quantity_used, "/quantity_used")
    lines = lines_of_part(ticket, part_id)
    more = quantity_used - quantity_of(lines)
    if more < 0 and terms:
        name = next(iter(terms)).replace("markup_bps", "markup_percentage")
        raise Invalid.at(f"/{name}", "Says nothing where less of a part is used.")
    if more > 0:
        _add(actor, ticket, part_id, lines, more, terms)
    elif more < 0:
        take_back(actor, ticket, part_id, lines, -more)
    db.session.commit()
    return ticket.id


def _add(actor, ticket, part_id, lines, more, terms):
    """Use more of a part on a ticket: take the quantity `more` out of stock, and add it to a line.

    `lines` are the present lines of the part, newest first, and `terms` the price, warranty and mechanic
    of the added quantity. It is added to the newest line if cost, price, warranty and mechanic are
    equal; else it gets a new line.
    """
    part = find(parts_in_catalogue, actor, part_id, detached=True)
    if terms.get("installed_by_mechanic_id") is not None:
        find(mechanics_visible_to, actor, terms["installed_by_mechanic_id"], detached=True)
    newest = lines[0] if lines else None
    if newest:
        terms = {name: getattr(newest, name) for name in LATER} | terms
    line = ticket.use(part, more, **terms)
    if newest and newest.terms == line.terms and newest.quantity + more <= MAX_QUANTITY:
        newest.quantity += more
        line = newest
        db.session.flush()
    else:
        bumped_ticket(actor, ticket.id)
        add_line_of_part(actor, ticket, line)
    must_be_authorized(ticket.id, [line.job_id])
    about = {"ticket_id": ticket.id, "line_id": line.id}
    move_stock(actor, part_id, -more, MovementReason.USED, **about)
