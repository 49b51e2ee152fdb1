"""Parts come to the shelf and leave it, each with a line in the ledger."""

from sqlalchemy import bindparam, update

from app.actors import Actor
from app.clock import now
from app.database.prepared import PREPARED
from app.database.statements import write
from app.errors import OutOfStock
from app.extensions import db
from app.models import (
    MovementReason,
    Part,
    StockMovement,
    audit,
)
from app.models.raw import _next_version, write_down
from app.quantities import Number, Quantity

PARTS = Part.__table__


ON_SHELF = PARTS.c.quantity_in_stock + bindparam("more", type_=Quantity)


MOVE = (
    update(PARTS)
    .where(PARTS.c.id == bindparam("part"), ON_SHELF >= 0)
    .values(quantity_in_stock=ON_SHELF, **_next_version(PARTS))
    .returning(PARTS.c.quantity_in_stock)
    .execution_options(**PREPARED)
)


def move_stock(
    actor: Actor, part_id: int, quantity: Number, reason: MovementReason, **about
) -> Number:
    """Put `quantity` on the shelf (or take it, if negative) and return what is there then.

    One conditional UPDATE and a line in the ledger: two takers of the last part can't both succeed,
    on any database and at any isolation. Whoever moves several parts goes by ascending id, so that
    no two can wait for each other.
    """
    found = write(MOVE, part=part_id, more=quantity, moment=now())
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
    audit.note("parts", part_id, {shelf: on_shelf - quantity}, {shelf: on_shelf})
    write_down(
        StockMovement(
            part_id=part_id,
            quantity=quantity,
            reason=reason,
            account_id=actor.account_id,
            **about,
        )
    )
    return on_shelf
