"""The rows in the database, in the form of the book, so that both can be compared completely."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import select

from app.database.session import db
from app.models import (
    Assignment,
    AuditEntry,
    Customer,
    Mechanic,
    OdometerReading,
    Part,
    ServiceTicket,
    StatusChange,
    StockMovement,
    TicketLine,
    Vehicle,
)
from tests.system.whole_shop.book import Book
from tests.system.whole_shop.counter import Counter

VERSIONED = {
    "customer": Customer,
    "vehicle": Vehicle,
    "ticket": ServiceTicket,
    "part": Part,
    "mechanic": Mechanic,
}


def every(*columns):
    query = select(*columns).order_by(columns[0].class_.id)
    return [tuple(row) for row in db.session.execute(query)]


def found(counter: Counter) -> dict:
    """Return everything in the database that acts can change, by name."""
    name = counter.name_of
    tickets = {
        name("ticket", row[0]): {
            "owner": name("customer", row[1]),
            "vehicle": name("vehicle", row[2]),
            "about": row[3:],
            "history": [],
            "crew": {},
            "lines": [],
        }
        for row in every(
            ServiceTicket.id,
            ServiceTicket.customer_id,
            ServiceTicket.vehicle_id,
            ServiceTicket.status,
            ServiceTicket.hold_reason,
            ServiceTicket.priority,
            ServiceTicket.problem_description,
            ServiceTicket.odometer_in,
            ServiceTicket.kept_vin,
        )
    }
    for ticket_id, before, after in every(
        StatusChange.ticket_id, StatusChange.from_status, StatusChange.to_status
    ):
        tickets[name("ticket", ticket_id)]["history"].append((before, after))
    for ticket_id, mechanic_id, role, minutes in every(
        Assignment.ticket_id, Assignment.mechanic_id, Assignment.role, Assignment.minutes_worked
    ):
        tickets[name("ticket", ticket_id)]["crew"][name("mechanic", mechanic_id)] = role, minutes
    for ticket_id, part_id, mechanic_id, *terms in every(
        TicketLine.ticket_id,
        TicketLine.part_id,
        TicketLine.installed_by_mechanic_id,
        TicketLine.quantity,
        TicketLine.unit_cost_cents,
        TicketLine.unit_price_cents,
        TicketLine.warranty_months,
        TicketLine.markup_bps,
    ):
        line = name("part", part_id), name("mechanic", mechanic_id), *terms
        tickets[name("ticket", ticket_id)]["lines"].append(line)
    ledgers: dict = {}
    for part_id, quantity, reason in every(
        StockMovement.part_id, StockMovement.quantity, StockMovement.reason
    ):
        ledgers.setdefault(part_id, []).append((quantity, reason))
    logs: dict = {}
    in_time = select(
        OdometerReading.vehicle_id, OdometerReading.reading, OdometerReading.ticket_id
    ).order_by(OdometerReading.at, OdometerReading.id)
    for vehicle_id, reading, ticket_id in db.session.execute(in_time):
        logs.setdefault(vehicle_id, []).append((reading, name("ticket", ticket_id)))
    return {
        "customers": {
            name("customer", row_id): (*row, account is not None, erased is None and merged is None)
            for row_id, account, erased, merged, *row in every(
                Customer.id,
                Customer.account_id,
                Customer.erased_at,
                Customer.merged_into_id,
                Customer.name,
                Customer.email,
                Customer.city,
            )
        },
        "mechanics": {
            name("mechanic", row_id): (*row, account is not None, active)
            for row_id, account, active, *row in every(
                Mechanic.id,
                Mechanic.account_id,
                Mechanic.is_active,
                Mechanic.name,
                Mechanic.email,
                Mechanic.specialty,
                Mechanic.role,
            )
        },
        "vehicles": {
            name("vehicle", row_id): (name("customer", owner), logs.get(row_id, []), *row)
            for row_id, owner, *row in every(
                Vehicle.id,
                Vehicle.customer_id,
                Vehicle.vin,
                Vehicle.odometer,
                Vehicle.license_plate,
                Vehicle.color,
            )
        },
        "parts": {
            name("part", row_id): (*row, retired is not None, ledgers.get(row_id, []))
            for row_id, retired, *row in every(
                Part.id,
                Part.retired_at,
                Part.name,
                Part.current_cost_cents,
                Part.price_cents,
                Part.unit,
                Part.reorder_level,
                Part.quantity_in_stock,
            )
        },
        "tickets": tickets,
    }


def expected(book: Book) -> dict:
    """Return the same as it should be; the stock of a part is the sum of its movements."""
    return {
        "customers": {
            each.name: (*_person(each, "city"), bool(each.password), each.active)
            for each in book.customers.values()
        },
        "mechanics": {
            each.name: (*_person(each, "specialty"), each.role, bool(each.password), each.active)
            for each in book.mechanics.values()
        },
        "vehicles": {
            each.name: (
                each.owner,
                [(line.reading, line.ticket) for line in each.in_time],
                each.vin,
                each.odometer,
                *_facts(each, "license_plate", "color"),
            )
            for each in book.vehicles.values()
        },
        "parts": {
            each.name: (
                *(each.called, each.cost, each.price, each.unit, each.reorder_level),
                *_shelf(each),
            )
            for each in book.parts.values()
        },
        "tickets": {
            each.name: {
                "owner": each.owner,
                "vehicle": each.vehicle,
                "about": (
                    each.status,
                    each.hold_reason,
                    each.priority,
                    each.problem,
                    each.odometer_in,
                    each.kept_vin,
                ),
                "history": list(zip([None, *each.history], each.history, strict=False)),
                "crew": {
                    name: (terms["role"], terms["minutes_worked"])
                    for name, terms in each.crew.items()
                },
                "lines": [
                    (
                        *(line.part, line.installer, line.quantity, line.cost, line.price),
                        *(line.warranty, line.markup),
                    )
                    for line in each.lines
                ],
            }
            for each in book.tickets.values()
        },
    }


def versions(counter: Counter) -> dict:
    return {
        counter.name_of(kind, row_id): version
        for kind, model in VERSIONED.items()
        for row_id, version in every(model.id, model.version)
    }


def astray() -> list[tuple]:
    """Return the values that differ from the last ones in the audit trail."""
    trails: dict = {}
    for entity, row_id, after in every(AuditEntry.entity, AuditEntry.entity_id, AuditEntry.after):
        trails.setdefault((entity, row_id), {}).update(after or {})
    return [
        (model.__tablename__, row.id, name, said, getattr(row, name))
        for model in VERSIONED.values()
        for row in db.session.scalars(select(model))
        for name, said in trails.get((model.__tablename__.removesuffix("s"), row.id), {}).items()
        if said != plain(getattr(row, name)) and not isinstance(getattr(row, name), datetime)
    ]


def plain(value):
    """Return a value as JSON returns it."""
    return float(value) if isinstance(value, Decimal) else value


def _person(person, fact):
    return person.called, person.email, person.facts.get(fact)


def _facts(row, *names):
    return [row.facts.get(name) for name in names]


def _shelf(part):
    return sum(quantity for quantity, _ in part.ledger), part.retired, part.ledger
