"""The marks `email_verified` and `vin_verified`, which only staff can set."""

from typing import Any

from app.actors import Actor
from app.errors import Forbidden


def set_verified(actor: Actor | None, facts: dict[str, Any], name: str, *, is_new: bool) -> None:
    """Set `{name}_verified` in `facts` for a new value: true if staff entered it, else false.

    Staff may send the member themselves; raise Forbidden if anybody else sends it.
    """
    verified = f"{name}_verified"
    by_staff = actor is not None and actor.is_staff
    if verified in facts and not by_staff:
        raise Forbidden("Only the shop says what it has verified.")
    if is_new:
        facts.setdefault(verified, by_staff and facts[name] is not None)
