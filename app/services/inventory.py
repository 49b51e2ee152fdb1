"""The catalogue and the shelf: adding, changing, counting and retiring parts."""

import secrets

from app.actors import Actor
from app.errors import Invalid
from app.extensions import db
from app.models import MovementReason, Part
from app.moments import now
from app.permissions import parts_in_catalogue
from app.services.steps import Versions, find, move_stock

SAID_BY_HAND = (MovementReason.RECEIVED, MovementReason.ADJUSTED, MovementReason.COUNTED)


def add_part(actor: Actor, *, quantity_in_stock: int = 0, **facts) -> int:
    """Put a part in the catalogue; its first stock is the opening movement of its ledger.

    Without a part number it is given one by its id; without a price it sells at cost.
    """
    numbered = "part_number" in facts
    facts.setdefault("part_number", f"P-{secrets.token_hex(8)}")
    facts.setdefault("price_cents", facts.get("current_cost_cents", 0))
    part = Part(**facts)
    db.session.add(part)
    db.session.flush()
    if not numbered:
        part.part_number = f"P-{part.id:06d}"
        db.session.flush()
    if quantity_in_stock:
        move_stock(actor, part.id, quantity_in_stock, MovementReason.RECEIVED, note="Opening stock")
    db.session.commit()
    return part.id


def change_part(actor: Actor, part_id: int, *, if_match: Versions = None, **facts) -> int:
    """Change what is known of a part; its stock is not among that."""
    part = find(parts_in_catalogue, actor, part_id, lock=True, if_match=if_match)
    for name, value in facts.items():
        setattr(part, name, value)
    db.session.commit()
    return part.id


def retire_part(actor: Actor, part_id: int, *, if_match: Versions = None) -> None:
    """Take a part out of the catalogue; its ledger and old tickets keep it."""
    part = find(parts_in_catalogue, actor, part_id, lock=True, if_match=if_match)
    part.retired_at = now()
    db.session.commit()


def adjust_quantity(
    actor: Actor,
    part_id: int,
    *,
    adjustment: int,
    reason: str | None = None,
    if_match: Versions = None,
) -> dict:
    """Correct the shelf by hand: `{part_id, adjustment, previous_quantity, new_quantity}`.

    A reason that is one of the ledger's own words becomes the movement's, any other its note.
    """
    if adjustment == 0:
        raise Invalid.at("/adjustment", "An adjustment of nothing is none.")
    find(parts_in_catalogue, actor, part_id, lock=True, if_match=if_match)
    known = MovementReason(reason) if reason in list(SAID_BY_HAND) else None
    new_quantity = move_stock(
        actor,
        part_id,
        adjustment,
        known or MovementReason.ADJUSTED,
        note=None if known else reason,
    )
    db.session.commit()
    return {
        "part_id": part_id,
        "adjustment": adjustment,
        "previous_quantity": new_quantity - adjustment,
        "new_quantity": new_quantity,
    }
