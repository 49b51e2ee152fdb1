"""Queries for the parts that were used on tickets: their lines, in JSON form."""

from collections import defaultdict

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased

from app.actors import Actor
from app.blueprints.service_tickets.queries.prices import IS_PLAIN
from app.blueprints.service_tickets.queries.visible import must_be_visible
from app.database.prepared import IDS, PREPARED, Among
from app.database.statements import Row, fetch
from app.lists.pages import paginated
from app.models import Mechanic, Part, TicketLine
from app.quantities import priced

Installer = aliased(Mechanic)
# The columns of a used part in its JSON form; part number and name are the present ones of the part.
USED = (
    *(TicketLine.id, TicketLine.ticket_id, TicketLine.quantity, TicketLine.unit_price_cents),
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
    select(*USED)
    .join(Part, Part.id == TicketLine.part_id)
    .outerjoin(Installer, Installer.id == TicketLine.installed_by_mechanic_id)
    .where(TicketLine.used_at.is_not(None))
)
THESE = LINES.where(Among(TicketLine.id, IDS)).order_by(TicketLine.id).execution_options(**PREPARED)
OF_TICKETS = (
    select(*USED, IS_PLAIN)
    .outerjoin(Part, Part.id == TicketLine.part_id)
    .outerjoin(Installer, Installer.id == TicketLine.installed_by_mechanic_id)
    .where(Among(TicketLine.ticket_id, IDS))
    .order_by(TicketLine.id)
    .execution_options(**PREPARED)
)


def on_tickets(ticket_ids: list[int]) -> dict[int, list[Row]]:
    """Return all lines of each ticket, sorted by id: `{ticket_id: [line]}`."""
    found = defaultdict(list)
    for row in fetch(OF_TICKETS, ids=ticket_ids):
        found[row["ticket_id"]].append(row)
    return found


def used_parts(lines: list[Row], actor: Actor) -> list[Row]:
    """Return, in JSON form, those of a ticket's lines whose part was used; `lines` are all its lines."""
    return [_shown(row, actor) for row in lines if row["used_at"] is not None]


def lines(actor: Actor, ticket_id: int, **page) -> dict:
    """Return a page of the used parts of a ticket, or raise NotFound."""
    must_be_visible(actor, ticket_id)
    return _of_ticket(actor, ticket_id=ticket_id, **page)


@paginated({"id": TicketLine.id}, finish=lambda found, actor: [_shown(row, actor) for row in found])
def _of_ticket(_actor: Actor, *, ticket_id: int) -> Select:
    return LINES.where(TicketLine.ticket_id == ticket_id)


def line(actor: Actor, line_id: int) -> Row:
    [row] = fetch(THESE, ids=[line_id])
    return _shown(row, actor)


def these(actor: Actor, ticket_id: int, line_ids: list[int], several: bool) -> Row:
    """Return the new lines of a request that used parts, in their JSON form.

    If `several` is true, they are `{ticket_id, items}`, else only the single line.
    """
    made = [_shown(row, actor) for row in fetch(THESE, ids=line_ids)]
    return {"ticket_id": ticket_id, "items": made} if several else made[0]


def _shown(row: Row, actor: Actor) -> Row:
    """Return the JSON form of a line whose part was taken out of stock for a ticket.

    Cost and markup are left out unless `actor`, who will see it, is staff.
    """
    shown = {name: row[WIRE[name]] for name in WIRE}
    shown["line_total_cents"] = priced(row["quantity"], row["unit_price_cents"])
    if actor.is_staff:
        markup = row["markup_bps"]
        shown["unit_cost_cents"] = row["unit_cost_cents"]
        shown["markup_percentage"] = None if markup is None else markup / 100
    return shown
