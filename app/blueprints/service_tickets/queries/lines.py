"""The parts that are used on tickets, a line each."""

from collections import defaultdict

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased

from app.actors import Actor
from app.database.prepared import IDS, PREPARED, Among
from app.database.statements import Row, fetch
from app.lists.pages import paginated
from app.models import Mechanic, Part, TicketLine
from app.quantities import priced

Installer = aliased(Mechanic)


LINES = (
    select(
        TicketLine.id,
        TicketLine.ticket_id,
        TicketLine.part_id,
        Part.part_number,
        Part.name,
        TicketLine.quantity.label("quantity_used"),
        Part.unit,
        TicketLine.unit_cost_cents,
        TicketLine.markup_bps,
        TicketLine.unit_price_cents,
        TicketLine.warranty_months,
        TicketLine.installed_by_mechanic_id,
        Installer.name.label("installed_by"),
        TicketLine.used_at,
    )
    .join(Part, Part.id == TicketLine.part_id)
    .outerjoin(Installer, Installer.id == TicketLine.installed_by_mechanic_id)
    .where(TicketLine.used_at.is_not(None))
)
IN_ORDER = LINES.order_by(TicketLine.id).execution_options(**PREPARED)
OF_TICKETS = IN_ORDER.where(Among(TicketLine.ticket_id, IDS))
THESE = IN_ORDER.where(Among(TicketLine.id, IDS))


def on_tickets(ticket_ids: list[int], actor: Actor) -> dict[int, list[Row]]:
    found = defaultdict(list)
    for row in fetch(OF_TICKETS, ids=ticket_ids):
        found[row["ticket_id"]].append(line(row, actor))
    return found


def lines_of(actor: Actor, line_ids: list[int]) -> list[Row]:
    return [line(row, actor) for row in fetch(THESE, ids=line_ids)]


@paginated({"id": TicketLine.id}, finish=lambda found, actor: [line(row, actor) for row in found])
def of_ticket(_actor: Actor, *, ticket_id: int) -> Select:
    return LINES.where(TicketLine.ticket_id == ticket_id)


def line(row: Row, actor: Actor) -> Row:
    """Return a line in its JSON form; its cost and markup are included for staff only."""
    cost, markup = row.pop("unit_cost_cents"), row.pop("markup_bps")
    row["line_total_cents"] = priced(row["quantity_used"], row["unit_price_cents"])
    if actor.is_staff:
        row["unit_cost_cents"] = cost
        row["markup_percentage"] = None if markup is None else markup / 100
    return row
