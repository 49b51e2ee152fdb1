"""Adding, changing, retiring and restoring parts, and adjusting their stock."""

from sqlalchemy import exists, select
from sqlalchemy.exc import IntegrityError

from app.actors import Actor
from app.blueprints.inventory.stock import move_stock
from app.clock import utc_now
from app.database.next_id import NextId
from app.database.session import db
from app.errors import Invalid, UnitInUse
from app.lookup import Versions, find
from app.models import MovementReason, Part, TicketLine, Unit
from app.permissions import parts_in_catalogue, parts_on_file
from app.quantities import Number

SAID_BY_HAND = (MovementReason.RECEIVED, MovementReason.ADJUSTED, MovementReason.COUNTED)
ENDINGS = ("", *(f"-{n}" for n in range(2, 10)))


def add_part(actor: Actor, *, quantity_in_stock: Number = 0, **facts) -> int:
    """Add a part to the catalogue, with a stock movement for its opening stock, and return its id.

    `quantity_in_stock` is the opening stock. Further keyword arguments are columns of the part. Without
    a part number, one is made from the id. Without a price, the price is the cost.
    """
    facts.setdefault("price_cents", facts.get("current_cost_cents", 0))
    part = Part(**{"unit": Unit.EACH, "reorder_level": 0} | facts)
    part.must_come_in(quantity_in_stock, "/quantity_in_stock")
    part.must_come_in(part.reorder_level, "/reorder_level")
    if part.part_number is None:
        _add_by_its_id(part)
    else:
        db.session.add(part)
        db.session.flush()
    if quantity_in_stock:
        move_stock(actor, part.id, quantity_in_stock, MovementReason.RECEIVED, note="Opening stock")
    db.session.commit()
    return part.id


def change_part(actor: Actor, part_id: int, *, if_match: Versions = None, **facts) -> int:
    """Change the columns of a part that are given as keyword arguments, and return the part's id.

    Raise UnitInUse if the unit changes to `each` while the stock or a ticket has a fraction of the part.
    Raise PreconditionFailed unless the part's version is in `if_match` (None: any version).
    """
    part = find(parts_in_catalogue, actor, part_id, lock=True, if_match=if_match)
    if facts.get("unit", part.unit) is Unit.EACH and part.unit is not Unit.EACH:
        _must_have_no_fractions(part)
    for name, value in facts.items():
        setattr(part, name, value)
    part.must_come_in(part.reorder_level, "/reorder_level")
    db.session.commit()
    return part.id


def retire_part(actor: Actor, part_id: int, *, if_match: Versions = None) -> None:
    """Remove a part from the catalogue; its row stays for stock movements and tickets.

    Raise PreconditionFailed unless the part's version is in `if_match` (None: any version).
    """
    part = find(parts_in_catalogue, actor, part_id, lock=True, if_match=if_match)
    part.retired_at = utc_now()
    db.session.commit()


def restore_part(actor: Actor, part_id: int, *, if_match: Versions = None) -> int:
    """Put a retired part back into the catalogue, and return its id; do nothing if it is not retired.

    Raise PreconditionFailed unless the part's version is in `if_match` (None: any version).
    """
    part = find(parts_on_file, actor, part_id, lock=True, if_match=if_match)
    part.retired_at = None
    db.session.commit()
    return part.id


def adjust_quantity(
    actor: Actor,
    part_id: int,
    *,
    adjustment: Number | None = None,
    counted: Number | None = None,
    reason: str | None = None,
    if_match: Versions = None,
) -> dict:
    """Change the stock of a part by `adjustment`, or set it to `counted`, and record a stock movement.

    Return `{part_id, adjustment, previous_quantity, new_quantity}`, where `adjustment` is the change of
    the stock. If the change is zero, no movement is recorded.

    With `counted`, the reason of the movement is COUNTED. Otherwise it is `reason` if that is received,
    adjusted or counted, else ADJUSTED. Any other text in `reason` becomes the movement's note. Raise
    OutOfStock if the stock would fall below zero. Raise PreconditionFailed unless the part's version is
    in `if_match` (None: any version).
    """
    if adjustment == 0:
        raise Invalid.at("/adjustment", "An adjustment of nothing is none.")
    part: Part = find(parts_in_catalogue, actor, part_id, lock=True, if_match=if_match)
    by_hand = [each for each in SAID_BY_HAND if each == reason] or [MovementReason.ADJUSTED]
    why = by_hand[0] if counted is None else MovementReason.COUNTED
    part.must_come_in(adjustment or 0, "/adjustment")
    part.must_come_in(counted or 0, "/counted")
    new_quantity = before = part.quantity_in_stock
    if difference := adjustment if counted is None else counted - before:
        note = None if why == reason else reason
        new_quantity = move_stock(actor, part_id, difference, why, note=note)
    db.session.commit()
    return {
        "part_id": part_id,
        "adjustment": difference,
        "previous_quantity": before,
        "new_quantity": new_quantity,
    }


def _add_by_its_id(part: Part) -> None:
    """Add a part with a number made from its id, such as `P-000012`.

    If that number is taken, add a suffix, `-2` to `-9`; raise IntegrityError if all of them are taken.
    """
    part.id = db.session.scalar(select(NextId(Part.__tablename__)))
    for ending in ENDINGS:
        part.part_number = f"P-{part.id:06d}{ending}"
        try:
            with db.session.begin_nested():
                db.session.add(part)
            return
        except IntegrityError:
            if ending == ENDINGS[-1]:
                raise


def _must_have_no_fractions(part: Part) -> None:
    on_tickets = exists().where(TicketLine.part_id == part.id, TicketLine.quantity % 1 != 0)
    if part.quantity_in_stock % 1 or db.session.scalar(select(on_tickets)):
        raise UnitInUse()
