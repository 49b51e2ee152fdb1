"""The marks `email_verified` and `vin_verified`, which only staff can set."""

from typing import Any

from app.actors import Actor
from app.errors import Forbidden


def set_verified(actor: Actor | None, facts: dict[str, Any], name: str, *, is_new: bool) -> None:
    """Set `email_verified` or `vin_verified` in `facts`, if the e-mail address or the VIN is a new one.

    `name` is `email` or `vin`, `facts` is `{column: value}` of a request, and `is_new` says whether the
    value is new. The mark becomes true if staff entered the value, else false. Staff may also send the
    mark themselves; raise Forbidden if anybody else sends it.
    """
    verified = f"{name}_verified"
    by_staff = actor is not None and actor.is_staff
    if verified in facts and not by_staff:
        raise Forbidden("Only the shop says what it has verified.")
    if is_new:
        facts.setdefault(verified, by_staff and facts[name] is not None)
