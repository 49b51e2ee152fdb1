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
# The columns of a used part, in the order of its JSON form; `_shown` replaces the last two. Part number
# and name are the present ones of the part.
USED = (
    TicketLine.id,
    TicketLine.ticket_id,
    TicketLine.part_id,
    Part.part_number,
    Part.name,
    TicketLine.quantity.label("quantity_used"),
    Part.unit,
    TicketLine.unit_price_cents,
    TicketLine.warranty_months,
    TicketLine.installed_by_mechanic_id,
    Installer.name.label("installed_by"),
    TicketLine.used_at,
    TicketLine.unit_cost_cents,
    TicketLine.markup_bps,
)
LINES = (
    select(*USED)
    .join(Part, Part.id == TicketLine.part_id)
    .outerjoin(Installer, Installer.id == TicketLine.installed_by_mechanic_id)
    .where(TicketLine.used_at.is_not(None))
)
OF_TICKETS = (
    select(*USED, IS_PLAIN)
    .outerjoin(Part, Part.id == TicketLine.part_id)
    .outerjoin(Installer, Installer.id == TicketLine.installed_by_mechanic_id)
    .where(Among(TicketLine.ticket_id, IDS))
    .order_by(TicketLine.id)
    .execution_options(**PREPARED)
)


def on_tickets(ticket_ids: list[int], actor: Actor) -> tuple[dict[int, list[Row]], set[int]]:
    """Return the used parts of tickets, `{ticket_id: [line]}`, and the ids of tickets to be priced.

    The lines are in their JSON form, sorted by id. A ticket must be priced if it has lines other than
    used parts without discount and core charge. The price of any other ticket, before taxes and
    supplies, is the sum of its lines' `line_total_cents`.
    """
    found, to_price = defaultdict(list), set()
    for row in fetch(OF_TICKETS, ids=ticket_ids):
        if not row.pop("is_plain"):
            to_price.add(row["ticket_id"])
        if row["used_at"] is not None:
            found[row["ticket_id"]].append(_shown(row, actor))
    return found, to_price


def lines(actor: Actor, ticket_id: int, **page) -> dict:
    """Return a page of the used parts of a ticket, or raise NotFound."""
    must_be_visible(actor, ticket_id)
    return _of_ticket(actor, ticket_id=ticket_id, **page)


@paginated({"id": TicketLine.id}, finish=lambda found, actor: [_shown(row, actor) for row in found])
def _of_ticket(_actor: Actor, *, ticket_id: int) -> Select:
    return LINES.where(TicketLine.ticket_id == ticket_id)


def just_used(actor: Actor, line: TicketLine, part: Part, installer: Mechanic | None) -> Row:
    """Return the JSON form of a line that this request has inserted, without reading it again."""
    row = {
        "id": line.id,
        "ticket_id": line.ticket_id,
        "part_id": part.id,
        "part_number": part.part_number,
        "name": part.name,
        "quantity_used": line.quantity,
        "unit": part.unit,
        "unit_price_cents": line.unit_price_cents,
        "warranty_months": line.warranty_months,
        "installed_by_mechanic_id": line.installed_by_mechanic_id,
        "installed_by": installer and installer.name,
        "used_at": line.used_at,
        "unit_cost_cents": line.unit_cost_cents,
        "markup_bps": line.markup_bps,
    }
    return _shown(row, actor)


def _shown(row: Row, actor: Actor) -> Row:
    """Return the JSON form of a line whose part was taken out of stock for a ticket.

    Cost and markup are left out unless `actor`, who will see it, is staff. `row`, with the columns USED,
    is changed in place.
    """
    cost, markup = row.pop("unit_cost_cents"), row.pop("markup_bps")
    row["line_total_cents"] = priced(row["quantity_used"], row["unit_price_cents"])
    if actor.is_staff:
        row["unit_cost_cents"] = cost
        row["markup_percentage"] = None if markup is None else markup / 100
    return row
