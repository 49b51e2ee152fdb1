"""Queries for the parts that were used on tickets: their lines, in JSON form."""

from collections import defaultdict
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased

from app.actors import Actor
from app.blueprints.service_tickets.queries.prices import IS_PLAIN
from app.blueprints.service_tickets.queries.visible import must_be_visible
from app.database.prepared import IDS, PREPARED, Among
from app.database.statements import Row, fetch_tuples
from app.lists.pages import paginated
from app.models import Mechanic, Part, TicketLine, Unit
from app.quantities import Number, priced

Installer = aliased(Mechanic)
# The columns of a used part, the arguments of `_shown`. Part number and name are the present ones of the
# part.
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
TICKET_ID, USED_AT = map([each.key for each in USED].index, ("ticket_id", "used_at"))
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
    found, to_price, is_staff = defaultdict(list), set(), actor.is_staff
    for *used, is_plain in fetch_tuples(OF_TICKETS, ids=ticket_ids):
        ticket_id = used[TICKET_ID]
        if not is_plain:
            to_price.add(ticket_id)
        if used[USED_AT] is not None:
            found[ticket_id].append(_shown(is_staff, *used))
    return found, to_price


def lines(actor: Actor, ticket_id: int, **page) -> dict:
    """Return a page of the used parts of a ticket, or raise NotFound."""
    must_be_visible(actor, ticket_id)
    return _of_ticket(actor, ticket_id=ticket_id, **page)


def _finished(found: list[Row], actor: Actor) -> list[Row]:
    return [_shown(actor.is_staff, *row.values()) for row in found]


@paginated({"id": TicketLine.id}, finish=_finished)
def _of_ticket(_actor: Actor, *, ticket_id: int) -> Select:
    return LINES.where(TicketLine.ticket_id == ticket_id)


def just_used(actor: Actor, line: TicketLine, part: Part, installer: Mechanic | None) -> Row:
    """Return the JSON form of a line that this request has inserted, without reading it again."""
    return _shown(
        actor.is_staff,
        line.id,
        line.ticket_id,
        part.id,
        part.part_number,
        part.name,
        line.quantity or 0,
        part.unit,
        line.unit_price_cents or 0,
        line.warranty_months,
        line.installed_by_mechanic_id,
        installer and installer.name,
        line.used_at,
        line.unit_cost_cents,
        line.markup_bps,
    )


def _shown(
    is_staff: bool,
    line_id: int,
    ticket_id: int,
    part_id: int,
    part_number: str,
    name: str,
    quantity: Number,
    unit: Unit,
    unit_price_cents: int,
    warranty_months: int | None,
    installer_id: int | None,
    installer: str | None,
    used_at: datetime | None,
    unit_cost_cents: int | None,
    markup_bps: int | None,
) -> Row:
    """Return the JSON form of a line whose part was taken out of stock for a ticket.

    The arguments after `is_staff` are the columns USED. Cost and markup are left out unless the reader
    is staff.
    """
    shown = {
        "id": line_id,
        "ticket_id": ticket_id,
        "part_id": part_id,
        "part_number": part_number,
        "name": name,
        "quantity_used": quantity,
        "unit": unit,
        "unit_price_cents": unit_price_cents,
        "warranty_months": warranty_months,
        "installed_by_mechanic_id": installer_id,
        "installed_by": installer,
        "used_at": used_at,
        "line_total_cents": priced(quantity, unit_price_cents),
    }
    if is_staff:
        shown["unit_cost_cents"] = unit_cost_cents
        shown["markup_percentage"] = None if markup_bps is None else markup_bps / 100
    return shown
