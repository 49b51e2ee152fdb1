"""Changing the stock of a part, always together with a stock movement."""

from collections.abc import Sequence
from typing import NamedTuple, cast

from sqlalchemy import Boolean, ColumnElement, Update, bindparam, or_, update

from app.actors import Actor
from app.clock import utc_now
from app.database.next_id import NextId
from app.database.prepared import MAX_ID, PREPARED
from app.database.statements import execute
from app.errors import OutOfStock
from app.lookup import find
from app.models import MovementReason, Part, StockMovement, Unit, audit
from app.models.raw import insert_now, next_version
from app.models.untracked import untracked
from app.permissions import parts_in_catalogue, parts_on_file
from app.quantities import Number, Quantity, is_whole

PARTS = Part.__table__
STOCK = "quantity_in_stock"
ON_SHELF = PARTS.c[STOCK] + bindparam("more", type_=Quantity)
OF_PART = ("id", "part_number", "name", "unit", "current_cost_cents", "price_cents", STOCK)
# One conditional UPDATE, so two requests can't both take the last part, on any database and at any
# isolation level.
MOVE = (
    update(PARTS)
    .where(PARTS.c.id == bindparam("part"), ON_SHELF >= 0)
    .values({STOCK: ON_SHELF} | next_version(PARTS))
    .returning(
        *(PARTS.c[name] for name in OF_PART),
        NextId(StockMovement.__tablename__).label("movement_id"),
    )
    .execution_options(**PREPARED)
)
TAKE = MOVE.where(
    cast(ColumnElement[bool], parts_in_catalogue(None).whereclause),
    or_(PARTS.c.unit != Unit.EACH, bindparam("are_whole", type_=Boolean)),
)


class Moved(NamedTuple):
    """A change of a part's stock, and the id reserved for the movement that is to be recorded."""

    part: Part  # a copy with the columns OF_PART; the stock is the new one
    quantity: Number
    movement_id: int


def move_stock(
    actor: Actor, part_id: int, quantity: Number, reason: MovementReason, **about
) -> Number:
    """Add `quantity` to the stock of a part, or take it out if negative, and return the new stock.

    Also add a StockMovement with this `reason`; `about` has its columns `note`, `ticket_id` and
    `line_id`. Raise OutOfStock if the stock is too low. A transaction that moves several parts must move
    them in order of id, so that two transactions can't deadlock.
    """
    moved = _moved(MOVE, part_id, quantity)
    if moved is None:
        raise _out_of_stock(find(parts_on_file, actor, part_id, detached=True), -quantity)
    record_movement(actor, moved, reason, **about)
    return moved.part.quantity_in_stock


def take_from_shelf(actor: Actor, part_id: int, quantities: Sequence[tuple[Number, str]]) -> Moved:
    """Take a part of the catalogue out of stock; the caller calls `record_movement` later.

    `quantities` are pairs `(quantity, pointer)`, with the JSON pointer to each quantity in the request;
    their sum is taken. Raise NotFound if the part is not in the catalogue, Invalid if it comes by the
    piece and a quantity is not whole, and OutOfStock if the stock is too low.
    """
    wanted = sum(quantity for quantity, _ in quantities)
    are_whole = all(is_whole(quantity) for quantity, _ in quantities)
    moved = _moved(TAKE, part_id, -wanted, are_whole=are_whole) if part_id <= MAX_ID else None
    if moved is None:
        part: Part = find(parts_in_catalogue, actor, part_id, detached=True)
        for quantity, pointer in quantities:
            part.must_come_in(quantity, pointer)
        raise _out_of_stock(part, wanted)
    return moved


def record_movement(actor: Actor, moved: Moved, reason: MovementReason, **about) -> None:
    """Add the StockMovement of a change of stock; for the arguments, see `move_stock`."""
    part, quantity = moved.part, moved.quantity
    on_shelf = part.quantity_in_stock
    audit.record_change("parts", part.id, {STOCK: on_shelf - quantity}, {STOCK: on_shelf})
    insert_now(
        StockMovement,
        id=moved.movement_id,
        part_id=part.id,
        quantity=quantity,
        reason=reason,
        account_id=actor.account_id,
        at=utc_now(),
        **about,
    )


def _moved(change: Update, part_id: int, quantity: Number, **values) -> Moved | None:
    found = execute(change, part=part_id, more=quantity, moment=utc_now(), **values)
    if not found:
        return None
    movement_id = found[0].pop("movement_id")
    return Moved(untracked(Part, **found[0]), quantity, movement_id)


def _out_of_stock(part: Part, wanted: Number) -> OutOfStock:
    return OutOfStock(
        f"{part.quantity_in_stock} of {part.part_number} on the shelf, {wanted} wanted;"
        " nothing was taken.",
        part_id=part.id,
        quantity_in_stock=part.quantity_in_stock,
    )
