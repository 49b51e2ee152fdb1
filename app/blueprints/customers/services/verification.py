"""The marks `email_verified` and `vin_verified`, which only staff can set."""

from typing import Any

from app.actors import Actor
from app.errors import Forbidden


def set_verified(actor: Actor | None, facts: dict[str, Any], name: str, *, is_new: bool) -> None:
    """Set `{name}_verified` in `facts`, if the value is new: true if staff entered it, else false.

    `name` is `email` or `vin`. Staff may send the mark themselves; raise Forbidden if others send it.
    """
    verified = f"{name}_verified"
    by_staff = actor is not None and actor.is_staff
    if verified in facts and not by_staff:
        raise Forbidden("Only the shop says what it has verified.")
    if is_new:
        facts.setdefault(verified, by_staff and facts[name] is not None)
