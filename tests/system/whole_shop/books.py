"""The rows in the database, in the form of the book, so that both can be compared completely."""

from collections import Counter as Tally
from functools import cache

from sqlalchemy import select

from app.database.session import db
from app.models import (
    Assignment,
    Customer,
    Mechanic,
    OdometerReading,
    Part,
    ServiceTicket,
    StatusChange,
    StockMovement,
    Vehicle,
)
from tests.system.whole_shop import money_books, order_books
from tests.system.whole_shop.book import Book
from tests.system.whole_shop.counter import Counter


def every(*columns):
    return [tuple(row) for row in db.session.execute(in_order(columns))]


@cache
def in_order(columns):
    return select(*columns).order_by(columns[0].class_.id)


def found(counter: Counter) -> dict:
    """Return everything in the database that acts can change, by name."""
    name = counter.name_of
    tickets = {
        name("ticket", row[0]): {
            "owner": name("customer", row[1]),
            "vehicle": name("vehicle", row[2]),
            "about": row[3:],
            "history": [],
            "on account": False,
            "crew": {},
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
            ServiceTicket.shop_supplies_waived,
            ServiceTicket.paid_cents,
        )
    }
    for ticket_id, before, after, on_account in every(
        StatusChange.ticket_id,
        StatusChange.from_status,
        StatusChange.to_status,
        StatusChange.on_account,
    ):
        ticket = tickets[name("ticket", ticket_id)]
        ticket["history"].append((before, after))
        ticket["on account"] |= on_account
    for ticket_id, mechanic_id, role, minutes in every(
        Assignment.ticket_id, Assignment.mechanic_id, Assignment.role, Assignment.minutes_worked
    ):
        tickets[name("ticket", ticket_id)]["crew"][name("mechanic", mechanic_id)] = role, minutes
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
                Customer.tax_exempt,
                Customer.tax_exempt_number,
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
        **order_books.found(),
        **money_books.found(),
    }


def expected(book: Book, counter: Counter) -> dict:
    """Return the same as it should be; the stock of a part is the sum of its movements."""
    paid: Tally = Tally()
    for payment in book.payments.values():
        paid[payment.ticket] += payment.amount
    return {
        "customers": {
            each.name: (
                *(*_person(each, "city"), each.is_exempt, each.exempt_number),
                *(bool(each.password), each.active),
            )
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
                    each.shop_supplies_waived,
                    paid[each.name],
                ),
                "history": list(zip([None, *each.history], each.history, strict=False)),
                "on account": each.on_account,
                "crew": {
                    name: (terms["role"], terms["minutes_worked"])
                    for name, terms in each.crew.items()
                },
            }
            for each in book.tickets.values()
        },
        **order_books.expected(book, counter),
        **money_books.expected(book, counter),
    }


def _person(person, fact):
    return person.called, person.email, person.facts.get(fact)


def _facts(row, *names):
    return [row.facts.get(name) for name in names]


def _shelf(part):
    return sum(quantity for quantity, _ in part.ledger), part.retired, part.ledger
