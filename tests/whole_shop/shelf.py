"""What should happen to vehicles on file and to parts on the shelf."""

from tests.whole_shop.book import Book, Part, Vehicle, heed, tidy
from tests.whole_shop.step import (
    FORBIDDEN,
    INVALID,
    SIGNED_IN,
    STAFF,
    act,
    conflict,
)

LOOKS = ("license_plate", "make", "color", "year")
MOST = 1_000_000_000


@act("POST", "/customers/{customer}/vehicles", SIGNED_IN, 201)
def add_vehicle(book: Book, step):
    owner, said = book.customer(step, step.at["customer"]), step.said
    vin = standard(said.get("vin"), said.get("year"))
    must_be_new(book, vin)
    vehicle = Vehicle(
        name=book.new("vehicle"),
        owner=owner.name,
        vin=vin,
        odometer=said.get("odometer"),
        facts=tidy(said, *LOOKS),
    )
    book.vehicles[vehicle.name] = vehicle


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
    if said.keys() & {"vin", "year"}:
        vin = standard(said.get("vin", vin), said.get("year", vehicle.facts.get("year")))
    before = vehicle.owner, vehicle.vin, vehicle.odometer, dict(vehicle.facts)
    reading = said.get("odometer", vehicle.odometer)
    must_not_fall(vehicle, reading, said.get("override_reason"))
    must_be_new(book, vin, besides=vehicle)
    vehicle.owner, vehicle.vin, vehicle.odometer = owner, vin, reading
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
    must_be_unlisted(book, said.get("part_number"))
    cost, opening = said.get("current_cost_cents", 0), said.get("quantity_in_stock", 0)
    part = Part(
        name=book.new("part"),
        number=said.get("part_number"),
        called=said["name"],
        cost=cost,
        price=said.get("price_cents", cost),
        stock=opening,
        reorder_level=said.get("reorder_level", 0),
        ledger=[(opening, "received")] if opening else [],
    )
    book.parts[part.name] = part


@act("PATCH", "/inventory/{part}", STAFF)
def change_part(book: Book, step):
    part, said = book.part(step.at["part"]), tidy(step.said, *step.said)
    heed(step)
    if "part_number" in said:
        must_be_unlisted(book, said["part_number"], besides=part)
    before = part.number, part.called, part.cost, part.price, part.reorder_level
    part.number, part.called = said.get("part_number", part.number), said.get("name", part.called)
    part.cost = said.get("current_cost_cents", part.cost)
    part.price = said.get("price_cents", part.price)
    part.reorder_level = said.get("reorder_level", part.reorder_level)
    after = part.number, part.called, part.cost, part.price, part.reorder_level
    book.touch(part, surely=before != after)


@act("PATCH", "/inventory/{part}/adjust-quantity", STAFF)
def adjust(book: Book, step):
    if step.said["adjustment"] == 0:
        raise INVALID
    part = book.part(step.at["part"])
    heed(step)
    reason = step.said.get("reason")
    known = reason in ("received", "counted")
    move(book, part, step.said["adjustment"], reason if known else "adjusted")


@act("DELETE", "/inventory/{part}", STAFF, 204)
def retire(book: Book, step):
    part = book.part(step.at["part"])
    heed(step)
    part.retired = True
    book.touch(part)


def move(book, part, quantity, reason):
    """Onto the shelf or off it, with its line in the ledger; never below nothing."""
    if part.stock + quantity < 0:
        raise conflict("out_of_stock")
    if part.stock + quantity > MOST:
        raise conflict("stock_too_high")
    part.stock += quantity
    part.ledger.append((quantity, reason))
    book.touch(part)


def must_not_fall(vehicle, reading, override_reason):
    lower = None not in (reading, vehicle.odometer) and reading < vehicle.odometer
    if lower and not override_reason:
        raise conflict("odometer_lower")


def standard(vin, year):
    """Upper case; 17 signs without I, O and Q since 1981 (ISO 3779), and any few before."""
    if not vin:
        return None
    vin = vin.strip().upper()
    old = year is not None and year < 1981
    if not old and (len(vin) != 17 or set("IOQ") & set(vin)):
        raise INVALID
    return vin


def must_be_new(book, vin, besides=None):
    others = [each.vin for each in book.vehicles.values() if each is not besides]
    if vin is not None and vin in others:
        raise conflict("vin_taken")


def must_be_unlisted(book, number, besides=None):
    """A retired part has given its number back."""
    listed = [
        each.number for each in book.parts.values() if not each.retired and each is not besides
    ]
    if number is not None and number in listed:
        raise conflict("part_number_taken")
