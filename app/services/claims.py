"""What a customer says and the shop has not checked: whose an e-mail address is, which VIN a car has."""

from typing import Any

from app.actors import Actor
from app.errors import Forbidden


def weigh(actor: Actor | None, facts: dict[str, Any], claim: str, *, is_new: bool) -> None:
    """Set `email_verified` or `vin_verified` in `facts` by who makes a new claim; staff may say it, too."""
    verified = f"{claim}_verified"
    by_staff = actor is not None and actor.is_staff
    if verified in facts and not by_staff:
        raise Forbidden("Only the shop says what it has checked.")
    if is_new:
        facts.setdefault(verified, by_staff and facts[claim] is not None)
