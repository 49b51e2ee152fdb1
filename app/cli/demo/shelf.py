"""The demo's parts, and every stock movement of the year."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from operator import attrgetter
from random import Random
from typing import Any

from app.cli.demo.catalogue import ANY, CATALOGUE
from app.cli.demo.year import DAY, END, HOUR, MONTH, Year
from app.models import MovementReason, Part, TicketLine, Unit
from app.quantities import Number

MAKERS = ("Haldane & Roe", "Kestrel Works", "Northway", "Veltrix", "Ostermark")
SUPPLIERS = ("Cascade Parts Supply", "Harlow Auto Depot", "Inland Warehouse")
WARRANTY_MONTHS = {"Brakes": 24, "Electrical": 24, "Tires": 48, "Fluids": None, "Filters": None}
USUAL_WARRANTY = 12
BY_THE_QUART = ", 1 qt"
OPENING = HOUR
LEAD_TIME = 2 * DAY
STOCKTAKING = 6 * MONTH


@dataclass
class Item:
    """A part of the demo, with its role in jobs, the vehicles that it fits, and its warranty."""

    row: Part
    role: str
    body: str
    warranty_months: int | None


@dataclass
class Move:
    """A planned stock movement at a minute of the year, on a visit or without one.

    `quantity` is negative if parts are taken out. `line` is the ticket line of a part that is used.
    """

    item: Item
    at: int
    quantity: Number
    reason: MovementReason
    visit: Any = None
    note: str | None = None
    line: TicketLine | None = None


def items(rng: Random, year: Year) -> list[Item]:
    return [
        _item(rng, year.at(0), category, *row)
        for category, rows in CATALOGUE.items()
        for row in rows
    ]


def fitting(rng: Random, items: list[Item], role: str, body: str) -> Item:
    """Return a random part that has this role, such as "front pads", and fits vehicles of this body."""
    return rng.choice([each for each in items if each.role == role and each.body in (body, ANY)])


def ledger(rng: Random, items: list[Item], moves: list[Move], year: Year) -> list[Move]:
    """Return all stock movements of the demo's year by time, and set each part's `quantity_in_stock`.

    They are `moves`, planned for the visits, a few corrections of the stock, and the deliveries that
    keep the stock from falling below zero. `quantity_in_stock` is what is left at the end.
    """
    wanted = defaultdict(list)
    for move in moves + list(_found_by_hand(rng, items)):
        wanted[move.item.row.part_number].append(move)
    return sorted(
        (
            move
            for item in items
            for move in _account_of(rng, item, wanted[item.row.part_number], year)
        ),
        key=attrgetter("at"),
    )


def _item(rng, at, category, role, body, number, name, cost, price, reorder_level):
    row = Part(
        part_number=number,
        name=name.removesuffix(BY_THE_QUART),
        description=None if body == ANY else f"For {body}.",
        category=category,
        unit=Unit.QUART if name.endswith(BY_THE_QUART) else Unit.EACH,
        manufacturer=rng.choice(MAKERS),
        supplier=rng.choice(SUPPLIERS),
        current_cost_cents=cost,
        price_cents=price,
        reorder_level=reorder_level,
        created_at=at,
    )
    return Item(row, role, body, WARRANTY_MONTHS.get(category, USUAL_WARRANTY))


def _found_by_hand(rng, items) -> Iterator[Move]:
    """Yield corrections of the stock: differences found by a stocktaking, and a few damaged parts."""
    kept = [item for item in items if item.row.reorder_level > 1]
    for item in rng.sample(kept, 12):
        at = STOCKTAKING + rng.randrange(DAY)
        missing = rng.choice((-1, 1))
        yield Move(item, at, missing, MovementReason.COUNTED, note="Half-year stocktaking")
    for item in rng.sample(kept, 5):
        at = rng.randrange(MONTH, END - MONTH)
        yield Move(item, at, -1, MovementReason.ADJUSTED, note="Damaged in its box")


def _account_of(rng, item, wanted, year) -> list[Move]:
    """Return all stock movements of the part `item`, and set its `quantity_in_stock`.

    `wanted` are its movements without deliveries. Deliveries are added so that the stock never falls
    below zero. A part that is not kept in stock is delivered for the job that needs it.
    """
    reorder_level = item.row.reorder_level
    account: list[Move] = []

    def receive(at, quantity, note):
        account.append(Move(item, at, quantity, MovementReason.RECEIVED, note=note))
        return quantity

    shelf, last = 0, OPENING
    if reorder_level:
        shelf = receive(OPENING, 2 * reorder_level + rng.randint(1, 3), "Opening stock")
    lot = 2 * reorder_level
    delivery = f"Delivered by {item.row.supplier}"
    for move in sorted(wanted, key=attrgetter("at")):
        short = max(-move.quantity - shelf, lot if shelf <= reorder_level else 0)
        if short > 0:
            shelf += receive(min(last + LEAD_TIME, move.at), short, delivery)
        account.append(move)
        shelf, last = shelf + move.quantity, move.at
    is_late = rng.random() < 0.25
    if lot and shelf <= reorder_level and last + LEAD_TIME < END and not is_late:
        shelf += receive(last + LEAD_TIME, lot, delivery)
    item.row.quantity_in_stock = shelf
    item.row.updated_at = year.at(account[-1].at if account else OPENING)
    return account
