"""The lines of a part on a ticket: which there are, and taking some of it back."""

from sqlalchemy import bindparam, func, select

from app.actors import Actor
from app.blueprints.inventory.stock import move_stock
from app.database.prepared import PREPARED
from app.database.session import db
from app.database.statements import execute
from app.errors import NotFound, TicketFull
from app.models import MovementReason, ServiceTicket, TicketPart
from app.models.service_tickets import MOST_LINES
from app.quantities import Number

COUNT = (
    select(func.count().label("lines"))
    .where(TicketPart.ticket_id == bindparam("ticket_id"))
    .execution_options(**PREPARED)
)


def must_fit(ticket: ServiceTicket) -> None:
    """Refuse a locked ticket that has got more lines than it may have."""
    [counted] = execute(COUNT, ticket_id=ticket.id)
    if counted["lines"] > MOST_LINES:
        raise TicketFull()


def lines_of_part(ticket: ServiceTicket, part_id: int) -> list[TicketPart]:
    """Return the lines of a part, the newest first; they stay as they are while the ticket is locked."""
    of_part = select(TicketPart).where(
        TicketPart.ticket_id == ticket.id, TicketPart.part_id == part_id
    )
    return list(db.session.scalars(of_part.order_by(TicketPart.id.desc())))


def quantity_of(lines: list[TicketPart]) -> Number:
    return sum(line.quantity_used for line in lines)


def take_back(
    actor: Actor, ticket: ServiceTicket, lines: list[TicketPart], quantity: Number
) -> None:
    """Put so much of a part back on the shelf, from the first line on; a line that is empty goes."""
    left = quantity
    for line in lines:
        some = min(left, line.quantity_used)
        left -= some
        if some == line.quantity_used:
            db.session.delete(line)
        elif some:
            line.quantity_used -= some
    db.session.flush()
    part_id = lines[0].part_id
    move_stock(actor, part_id, quantity, MovementReason.RETURNED, ticket_id=ticket.id)


def take_all_back(actor: Actor, ticket: ServiceTicket, part_id: int) -> None:
    """Take all lines of a part off a ticket, or refuse where there is none."""
    lines = lines_of_part(ticket, part_id)
    if not lines:
        raise NotFound(f"Part {part_id} is not on ticket {ticket.id}.")
    take_back(actor, ticket, lines, quantity_of(lines))
