"""The expected effects on vehicles and on parts in stock."""

import re
from dataclasses import replace

from tests.system.whole_shop.book import Book, exact, heed, must_come_in, tidy
from tests.system.whole_shop.rows import Part, Reading, Vehicle
from tests.system.whole_shop.step import FORBIDDEN, INVALID, SIGNED_IN, STAFF, act, conflict

LOOKS = ("license_plate", "make", "color", "year")
MOST = 1_000_000_000


@act("POST", "/customers/{customer}/vehicles", SIGNED_IN, 201)
def add_vehicle(book: Book, step):
    owner, said = book.customer(step, step.at["customer"]), step.said
    vehicle = put_on_file(book, owner.name, said)
    if said.get("odometer") is not None:
        vehicle.log.append(Reading(book.tick(), said["odometer"]))


def put_on_file(book: Book, owner, said) -> Vehicle:
    vin = standard(said.get("vin"), said.get("year"))
    must_be_new(book, vin)
    vehicle = Vehicle(name=book.new("vehicle"), owner=owner, vin=vin, facts=tidy(said, *LOOKS))
    book.vehicles[vehicle.name] = vehicle
    return vehicle


@act("PATCH", "/vehicles/{vehicle}", SIGNED_IN)
def change_vehicle(book: Book, step):
    vehicle, said = book.vehicle(step, step.at["vehicle"]), step.said
    heed(step)
    owner = said.get("customer_id", vehicle.owner)
    if owner != vehicle.owner:
        if not book.is_staff(step):
            raise FORBIDDEN
        book.customer(step, owner)
    vin = vehicle.vin
    if said.get("vin", vin) != vin:
        vin = standard(said["vin"], said.get("year", vehicle.facts.get("year")))
    before = vehicle.owner, vehicle.vin, vehicle.odometer, dict(vehicle.facts)
    reading = None
    if said.get("odometer", vehicle.odometer) != vehicle.odometer:
        reading = Reading(book.tick(), said["odometer"])
        must_fit(vehicle, reading, said.get("override_reason"))
    must_be_new(book, vin, besides=vehicle)
    vehicle.owner, vehicle.vin = owner, vin
    vehicle.log += [reading] if reading else []
    vehicle.facts |= tidy(said, *LOOKS)
    after = vehicle.owner, vehicle.vin, vehicle.odometer, vehicle.facts
    book.touch(vehicle, surely=before != after)


@act("DELETE", "/vehicles/{vehicle}", SIGNED_IN, 204)
def remove_vehicle(book: Book, step):
    vehicle = book.vehicle(step, step.at["vehicle"])
    heed(step)
    if any(ticket.vehicle == vehicle.name for ticket in book.tickets.values()):
        raise conflict("vehicle_in_use")
    del book.vehicles[vehicle.name]


@act("POST", "/inventory", STAFF, 201)
def add_part(book: Book, step):
    said = tidy(step.said, *step.said)
    if not said.keys() & {"current_cost_cents", "price_cents"}:
        raise INVALID
    cost, opening = said.get("current_cost_cents", 0), exact(said.get("quantity_in_stock", 0))
    part = Part(
        name="",
        number=said.get("part_number"),
        called=said["name"],
        cost=cost,
        price=said.get("price_cents", cost),
        stock=opening,
        reorder_level=exact(said.get("reorder_level", 0)),
        unit=said.get("unit", "each"),
        ledger=[(opening, "received")] if opening else [],
    )
    must_come_in(part, opening, part.reorder_level)
    must_be_unlisted(book, part.number)
    part.name = book.new("part")
    book.parts[part.name] = part


@act("PATCH", "/inventory/{part}", STAFF)
def change_part(book: Book, step):
    part, said = book.part(step.at["part"]), tidy(step.said, *step.said)
    heed(step)
    unit, reorder_level = said.get("unit", part.unit), part.reorder_level
    if unit == "each" != part.unit:
        must_have_no_fractions(book, part)
    if "reorder_level" in said:
        reorder_level = exact(said["reorder_level"])
    must_come_in(replace(part, unit=unit), reorder_level)
    if "part_number" in said:
        must_be_unlisted(book, said["part_number"], besides=part)
    before = part.number, part.called, part.cost, part.price, part.reorder_level, part.unit
    part.number, part.called = said.get("part_number", part.number), said.get("name", part.called)
    part.cost = said.get("current_cost_cents", part.cost)
    part.price = said.get("price_cents", part.price)
    part.reorder_level, part.unit = reorder_level, unit
    after = part.number, part.called, part.cost, part.price, part.reorder_level, part.unit
    book.touch(part, surely=before != after)


@act("PATCH", "/inventory/{part}/adjust-quantity", STAFF)
def adjust(book: Book, step):
    counted, by = (step.said.get(name) for name in ("counted", "adjustment"))
    if by == 0 or (by is None) == (counted is None):
        raise INVALID
    part = book.part(step.at["part"])
    heed(step)
    must_come_in(part, exact(counted or by or 0))
    if counted is not None:
        if exact(counted) != part.stock:
            move(book, part, exact(counted) - part.stock, "counted")
        return
    reason = step.said.get("reason")
    known = reason in ("received", "counted")
    move(book, part, exact(by), reason if known else "adjusted")


@act("DELETE", "/inventory/{part}", STAFF, 204)
def retire(book: Book, step):
    part = book.part(step.at["part"])
    heed(step)
    part.retired = True
    book.touch(part)


@act("POST", "/inventory/{part}/restore", STAFF, 201)
def restore(book: Book, step):
    part = book.part_on_file(step.at["part"])
    heed(step)
    if part.retired:
        must_be_unlisted(book, part.number)
        part.retired = False
        book.touch(part)


def move(book, part, quantity, reason):
    """Change a part's stock and add a movement; refuse a stock below zero or above MOST."""
    if part.stock + quantity < 0:
        raise conflict("out_of_stock")
    if part.stock + quantity > MOST:
        raise conflict("stock_too_high")
    part.stock += quantity
    part.ledger.append((quantity, reason))
    book.touch(part)


def must_fit(vehicle, reading, override_reason):
    """Refuse a reading that does not lie between its neighbours in time, unless there is a reason.

    A reading that is corrected is not its own neighbour.
    """
    others = [each for each in vehicle.in_time if each is not reading]
    before = [each.reading for each in others if each.at < reading.at][-1:]
    after = [each.reading for each in others if each.at > reading.at][:1]
    fits = all(each <= reading.reading for each in before) and all(
        reading.reading <= each for each in after
    )
    if not fits and not override_reason:
        raise conflict("odometer_lower")


def bare(vin):
    """Return a VIN without separators, in upper case: equal results mean the same vehicle."""
    return vin and re.sub(r"[ ./*-]", "", vin.strip().upper())


def standard(vin, year):
    """Return a VIN as it is stored, in upper case.

    One of 17 letters and digits loses its separators, and must have no I, O or Q since model year 1981.
    """
    if not vin:
        return None
    if len(bare(vin)) == 17:
        if not set("IOQ") & set(bare(vin)):
            return bare(vin)
        if year is None or year >= 1981:
            raise INVALID
    return vin.strip().upper()


def must_be_new(book, vin, besides=None):
    others = [bare(each.vin) for each in book.vehicles.values() if each is not besides]
    if vin is not None and bare(vin) in others:
        raise conflict("vin_taken")


def must_be_unlisted(book, number, besides=None):
    """Refuse a part number that another part has; a retired part does not count."""
    listed = [
        folded(each.number)
        for each in book.parts.values()
        if each.number and not each.retired and each is not besides
    ]
    if number is not None and folded(number) in listed:
        raise conflict("part_number_taken")


def folded(number):
    return " ".join(number.casefold().split())


def must_have_no_fractions(book, part):
    lines = [line for ticket in book.tickets.values() for line in ticket.lines]
    on_tickets = [line.quantity for line in lines if line.part_id == part.name]
    if any(quantity % 1 for quantity in (part.stock, *on_tickets)):
        raise conflict("unit_in_use")
