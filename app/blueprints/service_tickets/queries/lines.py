"""Queries for the lines of tickets, and the JSON form of lines with used parts."""

from collections import defaultdict
from operator import itemgetter

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased

from app.actors import Actor
from app.blueprints.service_tickets.queries.prices import IN_ORDER, PRICED
from app.database.prepared import IDS, PREPARED, Among
from app.database.statements import Row, fetch
from app.lists.pages import paginated
from app.models import Job, Mechanic, Part, TicketLine
from app.quantities import priced

Installer = aliased(Mechanic)
# The columns of a used part in its JSON form; part number and name are the present ones of the part.
USED = (
    TicketLine.part_id,
    Part.part_number,
    Part.name,
    Part.unit,
    TicketLine.unit_cost_cents,
    TicketLine.markup_bps,
    TicketLine.warranty_months,
    TicketLine.installed_by_mechanic_id,
    Installer.name.label("installed_by"),
    TicketLine.used_at,
)
WIRE = {
    **{name: name for name in ("id", "ticket_id", "part_id", "part_number", "name")},
    "quantity_used": "quantity",
    **{name: name for name in ("unit", "unit_price_cents", "warranty_months")},
    **{name: name for name in ("installed_by_mechanic_id", "installed_by", "used_at")},
}
LINES = (
    select(
        *(TicketLine.id, TicketLine.ticket_id, TicketLine.quantity, TicketLine.unit_price_cents),
        *USED,
    )
    .join(Part, Part.id == TicketLine.part_id)
    .outerjoin(Installer, Installer.id == TicketLine.installed_by_mechanic_id)
    .where(TicketLine.used_at.is_not(None))
)
THESE = LINES.where(Among(TicketLine.id, IDS)).order_by(TicketLine.id).execution_options(**PREPARED)
OF_TICKETS = (
    select(*PRICED, *USED)
    .outerjoin(Job, Job.id == TicketLine.job_id)
    .outerjoin(Part, Part.id == TicketLine.part_id)
    .outerjoin(Installer, Installer.id == TicketLine.installed_by_mechanic_id)
    .where(Among(TicketLine.ticket_id, IDS))
    .order_by(*IN_ORDER)
    .execution_options(**PREPARED)
)


def on_tickets(ticket_ids: list[int]) -> dict[int, list[Row]]:
    """Return all lines of each ticket, in the order of pricing: `{ticket_id: [line]}`."""
    found = defaultdict(list)
    for row in fetch(OF_TICKETS, ids=ticket_ids):
        found[row["ticket_id"]].append(row)
    return found


def used_parts(lines: list[Row], actor: Actor) -> list[Row]:
    """Return the lines that have a used part, in their JSON form and sorted by id.

    `lines` are the rows of all lines of a ticket.
    """
    used = (row for row in lines if row["used_at"] is not None)
    return [line(row, actor) for row in sorted(used, key=itemgetter("id"))]


def lines_of(actor: Actor, line_ids: list[int]) -> list[Row]:
    return [line(row, actor) for row in fetch(THESE, ids=line_ids)]


@paginated({"id": TicketLine.id}, finish=lambda found, actor: [line(row, actor) for row in found])
def of_ticket(_actor: Actor, *, ticket_id: int) -> Select:
    return LINES.where(TicketLine.ticket_id == ticket_id)


def line(row: Row, actor: Actor) -> Row:
    """Return a line with a used part in its JSON form; only staff see its cost and markup."""
    shown = {name: row[WIRE[name]] for name in WIRE}
    shown["line_total_cents"] = priced(row["quantity"], row["unit_price_cents"])
    if actor.is_staff:
        markup = row["markup_bps"]
        shown["unit_cost_cents"] = row["unit_cost_cents"]
        shown["markup_percentage"] = None if markup is None else markup / 100
    return shown
