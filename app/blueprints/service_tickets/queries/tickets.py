"""Queries for service tickets and all that belongs to them: at most six statements for a page."""

from collections.abc import Hashable
from datetime import date, datetime
from operator import itemgetter
from typing import Any

from sqlalchemy import Select, case, exists, func, select, union_all

from app.actors import Actor
from app.blueprints.service_tickets.queries import ticket_cache
from app.blueprints.service_tickets.queries.crews import on_crews
from app.blueprints.service_tickets.queries.jobs import on_request
from app.blueprints.service_tickets.queries.priced_tickets import TERMS_SHOWN, PricedTicket, priced
from app.blueprints.service_tickets.queries.prices import NO_TERMS, SHOP_VERSION, terms_of
from app.blueprints.service_tickets.queries.recommendations import of_vehicle
from app.blueprints.service_tickets.queries.used_parts import on_tickets
from app.database.prepared import IDS, PREPARED, Among
from app.database.statements import Row, fetch
from app.lists.pages import between, equals, filtered, get_or_404, paginated
from app.lists.searching import Searched, Source
from app.models import (
    Assignment,
    Customer,
    Kind,
    NameGeneration,
    ServiceTicket,
    TicketStatus,
    Vehicle,
)
from app.permissions import tickets_visible_to
from app.words import ro_number

TICKET = (
    ServiceTicket.id,
    ServiceTicket.status,
    ServiceTicket.hold_reason,
    ServiceTicket.priority,
    ServiceTicket.problem_description,
    ServiceTicket.odometer_in,
    ServiceTicket.service_date,
    ServiceTicket.promised_at,
    ServiceTicket.opened_at,
    ServiceTicket.closed_at,
    ServiceTicket.updated_at,
    ServiceTicket.version,
    ServiceTicket.customer_id,
    ServiceTicket.vehicle_id,
    Customer.name.label("customer_name"),
    Vehicle.customer_id.label("owner_id"),
    func.coalesce(ServiceTicket.kept_vin, Vehicle.vin).label("vin"),
    Vehicle.license_plate,
    Vehicle.make,
    Vehicle.model,
    Vehicle.year,
    case((ServiceTicket.kept_vin.is_(None), Vehicle.vin_verified)).label("vin_verified"),
    ServiceTicket.customer_po,
    ServiceTicket.return_replaced_parts,
    ServiceTicket.shop_supplies_waived,
    ServiceTicket.invoiced_terms,
    Customer.tax_exempt,
    SHOP_VERSION,
)
OF_TERMS = (*TERMS_SHOWN, "invoiced_terms", "shop_version")
VEHICLE = ("vin", "license_plate", "make", "model", "year", "vin_verified")
HIDDEN = (*OF_TERMS, "customer_name", "owner_id")  # not members of a ticket themselves
# What the JSON of a ticket depends on: its version, and the counter of changes to names that it shows.
KEY = (
    ServiceTicket.id,
    ServiceTicket.version,
    ServiceTicket.updated_at,
    select(NameGeneration.count).scalar_subquery().label("renamings"),
    SHOP_VERSION,
)
key_of = itemgetter(*(each.key for each in KEY))
SORTS = {
    "id": ServiceTicket.id,
    "opened_at": ServiceTicket.opened_at,
    "promised_at": ServiceTicket.promised_at_sort,
    "priority": ServiceTicket.priority,
    "status": ServiceTicket.status,
}
# Only staff may search for plates, because a vehicle may have another owner by now.
SEARCHED = Searched(
    ServiceTicket.id,
    (
        Source((Kind.TICKET,), ServiceTicket.id),
        Source((Kind.CUSTOMER,), ServiceTicket.customer_id),
        Source((Kind.VIN, Kind.MODEL), ServiceTicket.vehicle_id),
        Source((Kind.PLATE,), ServiceTicket.vehicle_id, for_staff=True),
    ),
    numbered=True,
)
NOTHING: frozenset[str] = frozenset()
TABLES = (
    *("service_tickets", "customers", "vehicles", "assignments"),
    *("mechanics", "jobs", "ticket_lines", "decisions", "authorizations", "parts", "shop"),
    *("invoices", "payments"),
)


def _joined(query: Select) -> Select:
    owned = query.join(Customer, Customer.id == ServiceTicket.customer_id)
    in_what = owned.outerjoin(Vehicle, Vehicle.id == ServiceTicket.vehicle_id)
    return in_what.with_only_columns(*TICKET)


WHOLE = (
    _joined(select(ServiceTicket)).where(Among(ServiceTicket.id, IDS)).execution_options(**PREPARED)
)


def from_cache(found: list[Row], actor: Actor, include: frozenset[str] = NOTHING) -> list[Any]:
    def look(ids):
        return _whole(fetch(WHOLE, ids=ids), actor, include)

    reader = actor.role if actor.is_staff else actor.customer_id
    keys: dict[int, Hashable] = {row["id"]: (reader, include, *key_of(row)) for row in found}
    return ticket_cache.get_many(keys, look)


@paginated(SORTS, finish=from_cache, searched=SEARCHED)
def tickets(
    actor: Actor,
    *,
    status: TicketStatus | None = None,
    customer_id: int | None = None,
    vehicle_id: int | None = None,
    vin: str | None = None,
    mechanic_id: int | None = None,
    priority: int | None = None,
    opened_from: datetime | None = None,
    opened_to: datetime | None = None,
    promised_from: datetime | None = None,
    promised_to: datetime | None = None,
    service_date_from: date | None = None,
    service_date_to: date | None = None,
) -> Select:
    """Select the tickets that the actor may see and that match all given filters.

    Callers get a page of them (see `paginated`).
    """
    return filtered(
        tickets_visible_to(actor).with_only_columns(*KEY),
        equals(ServiceTicket.status, status),
        equals(ServiceTicket.customer_id, customer_id),
        equals(ServiceTicket.vehicle_id, vehicle_id),
        equals(ServiceTicket.priority, priority),
        None if vin is None else ServiceTicket.id.in_(_of_vin(vin)),
        *between(ServiceTicket.opened_at, opened_from, opened_to),
        *_promised(promised_from, promised_to),
        *between(ServiceTicket.service_date, service_date_from, service_date_to),
        None if mechanic_id is None else _worked_on_by(mechanic_id),
    )


def _promised(first, last):
    """Return the conditions for tickets that are promised from `first` to `last`; none if both are None.

    They use the sort key, which has an index, and exclude tickets without a promised time.
    """
    key = ServiceTicket.promised_at_sort
    given = ServiceTicket.promised_at.is_not(None)
    return () if first is None and last is None else (*between(key, first, last), given)


def ticket(actor: Actor, ticket_id: int, include: frozenset[str] = NOTHING) -> Row:
    """Return a ticket, or raise NotFound.

    `include` has the names of the optional members that the ticket should have: `jobs`, `totals`,
    `terms`, `recommendations`.
    """
    [shown] = _whole(get_or_404(_tickets, actor, ticket_id), actor, include)
    if "recommendations" in include:
        shown["recommendations"] = of_vehicle(actor, shown["vehicle_id"])
    return shown


def _tickets(actor):
    return _joined(tickets_visible_to(actor))


def _of_vin(vin):
    """Select the ids of tickets whose vehicle has this VIN now, or had it when the ticket was closed.

    `vin` is in the form of `vin_key`. A cancelled ticket counts as closed.
    """
    vehicles, ids = select(Vehicle.id).where(Vehicle.vin_key == vin), select(ServiceTicket.id)
    return union_all(
        ids.where(ServiceTicket.vehicle_id.in_(vehicles)),
        ids.where(ServiceTicket.kept_vin_key == vin),
    )


def _worked_on_by(mechanic_id):
    return exists().where(
        Assignment.ticket_id == ServiceTicket.id, Assignment.mechanic_id == mechanic_id
    )


def _whole(found: list[Row], actor: Actor, include: frozenset[str]) -> list[Row]:
    ids = [row["id"] for row in found]
    crews, (parts, to_price) = on_crews(ids), on_tickets(ids, actor)
    if include & {"jobs", "totals"}:
        to_price.update(ids)
    to_price.update(row["id"] for row in found if terms_of(row) != NO_TERMS)
    with_prices = _priced([row for row in found if row["id"] in to_price], actor)
    more = on_request(found, with_prices, actor, include) if include else {}
    return [
        _ticket(row, crews[row["id"]], parts[row["id"]], with_prices.get(row["id"]), actor)
        | more.get(row["id"], {})
        for row in found
    ]


def _priced(found: list[Row], actor: Actor) -> dict[int, PricedTicket]:
    return priced(found, actor) if found else {}


def _ticket(
    row: Row, crew: list[Row], parts: list[Row], with_price: PricedTicket | None, actor: Actor
) -> Row:
    """Return a ticket in its JSON form, without the data that the actor may not see.

    `row` has the columns TICKET, `crew` the mechanics, and `parts` the used parts in their JSON form.
    Without a PricedTicket, the ticket's total is the sum of `parts`. Customers who see a ticket of a
    former owner of their vehicle don't see the customer and the problem. They see a license plate only
    if they own the vehicle now.
    """
    whose = actor.is_staff or row["customer_id"] == actor.customer_id
    vehicle = {"id": row["vehicle_id"], **{name: row.pop(name) for name in VEHICLE}}
    if not actor.is_staff:
        del vehicle["vin_verified"]
        if row["owner_id"] != actor.customer_id:
            vehicle["license_plate"] = None
    customer = {"id": row["customer_id"], "name": row["customer_name"]}
    for member in HIDDEN:
        del row[member]
    if not whose:
        row["customer_id"] = row["problem_description"] = None
    row["ro_number"] = ro_number(row["id"])
    row["customer"] = customer if whose else None
    row["vehicle"] = None if row["vehicle_id"] is None else vehicle
    row["mechanics"], row["parts"] = crew, parts
    if with_price:
        row["total_cents"] = with_price.price.total
    else:
        row["total_cents"] = sum([line["line_total_cents"] for line in parts])
    return row
