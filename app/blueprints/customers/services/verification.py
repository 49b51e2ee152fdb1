"""What the shop has verified: whose an e-mail address is, and the VIN of a vehicle."""

from typing import Any

from app.actors import Actor
from app.errors import Forbidden


def set_verified(actor: Actor | None, facts: dict[str, Any], name: str, *, is_new: bool) -> None:
    """Set `email_verified` or `vin_verified` in `facts`: what staff enter is, what a customer enters is not.

    Staff may send the member themselves; from anybody else it is Forbidden.
    """
    verified = f"{name}_verified"
    by_staff = actor is not None and actor.is_staff
    if verified in facts and not by_staff:
        raise Forbidden("Only the shop says what it has verified.")
    if is_new:
        facts.setdefault(verified, by_staff and facts[name] is not None)
