"""The parts on tickets, a line each."""

from collections import defaultdict

from sqlalchemy import bindparam, select
from sqlalchemy.orm import aliased

from app.actors import Actor
from app.models import Mechanic, Part, TicketPart
from app.queries.pages import Row, rows

SORTS = {"id": TicketPart.id}
Installer = aliased(Mechanic)


LINES = (
    select(
        TicketPart.id,
        TicketPart.ticket_id,
        TicketPart.part_id,
        Part.part_number,
        Part.name,
        TicketPart.quantity_used,
        TicketPart.unit_cost_cents,
        TicketPart.markup_bps,
        TicketPart.unit_price_cents,
        TicketPart.warranty_months,
        TicketPart.installed_by_mechanic_id,
        Installer.name.label("installed_by"),
        TicketPart.used_at,
    )
    .outerjoin(Part, Part.id == TicketPart.part_id)
    .outerjoin(Installer, Installer.id == TicketPart.installed_by_mechanic_id)
)
OF_TICKETS = LINES.where(TicketPart.ticket_id.in_(bindparam("ids", expanding=True))).order_by(
    TicketPart.id
)


def on_tickets(ticket_ids: list[int], actor: Actor) -> dict[int, list[Row]]:
    found = defaultdict(list)
    for row in rows(OF_TICKETS, ids=ticket_ids):
        found[row["ticket_id"]].append(line(row, actor))
    return found


def line(row: Row, actor: Actor) -> Row:
    """One line on the wire; what the part cost the shop is for staff."""
    cost, markup = row.pop("unit_cost_cents"), row.pop("markup_bps")
    row["line_total_cents"] = row["quantity_used"] * row["unit_price_cents"]
    if actor.is_staff:
        row["unit_cost_cents"] = cost
        row["markup_percentage"] = None if markup is None else markup / 100
    return row
