"""Changing the stock of a part, always together with a stock movement."""

from sqlalchemy import bindparam, update

from app.actors import Actor
from app.clock import utc_now
from app.database.prepared import PREPARED
from app.database.session import db
from app.database.statements import execute
from app.errors import OutOfStock
from app.models import MovementReason, Part, StockMovement, audit
from app.models.raw import insert_now, next_version
from app.quantities import Number, Quantity

PARTS = Part.__table__
ON_SHELF = PARTS.c.quantity_in_stock + bindparam("more", type_=Quantity)
MOVE = (
    update(PARTS)
    .where(PARTS.c.id == bindparam("part"), ON_SHELF >= 0)
    .values(quantity_in_stock=ON_SHELF, **next_version(PARTS))
    .returning(PARTS.c.quantity_in_stock)
    .execution_options(**PREPARED)
)


def move_stock(
    actor: Actor, part_id: int, quantity: Number, reason: MovementReason, **about
) -> Number:
    """Add `quantity` to the stock of a part, or take it out if negative, and return the new stock.

    Also add a StockMovement with this `reason`; `about` has its columns `note`, `ticket_id` and
    `line_id`. Raise OutOfStock if the stock is too low.

    The stock is changed by one conditional UPDATE, so two requests can't both take the last part, on any
    database and at any isolation level. A transaction that moves several parts must move them in order
    of id, so that two transactions can't deadlock.
    """
    found = execute(MOVE, part=part_id, more=quantity, moment=utc_now())
    if not found:
        part = db.session.get_one(Part, part_id, populate_existing=True)
        raise OutOfStock(
            f"{part.quantity_in_stock} of {part.part_number} on the shelf, {-quantity} wanted;"
            " nothing was taken.",
            part_id=part_id,
            quantity_in_stock=part.quantity_in_stock,
        )
    on_shelf = found[0]["quantity_in_stock"]
    shelf = "quantity_in_stock"
    audit.record_change("parts", part_id, {shelf: on_shelf - quantity}, {shelf: on_shelf})
    insert_now(
        StockMovement(
            part_id=part_id,
            quantity=quantity,
            reason=reason,
            account_id=actor.account_id,
            **about,
        )
    )
    return on_shelf
