"""Numbers with a few decimals, read exactly: no float comes near them."""

import re
from decimal import Context, Decimal, Inexact, InvalidOperation
from typing import Any

from marshmallow import ValidationError

LARGEST = 10**12
IN_WORDS = {2: "two", 4: "four"}
EXACT = Context(prec=40, traps=[Inexact, InvalidOperation])
WRITTEN = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,2})?")


def scaled(number: Any, places: int = 2) -> int:
    """Return a number with at most so many decimals as a whole number of the last one, or refuse it."""
    if isinstance(number, bool) or not isinstance(number, int | float | Decimal):
        raise ValidationError("Not a valid number.")
    exactly = Decimal(str(number)) if isinstance(number, float) else Decimal(number)
    if abs(exactly) > LARGEST:
        raise ValidationError("Too large.")
    try:
        return int(EXACT.quantize(exactly, Decimal(1).scaleb(-places)).scaleb(places))
    except (Inexact, InvalidOperation):
        raise ValidationError(f"At most {IN_WORDS[places]} decimals.") from None


def cents(amount: Any) -> int:
    """Return an amount of money, a number or one in a text, as whole cents, or refuse it."""
    if isinstance(amount, str):
        if not WRITTEN.fullmatch(amount.strip()):
            raise ValidationError("Not a valid amount; write it like 23.99.")
        amount = Decimal(amount.strip())
    return scaled(amount)
