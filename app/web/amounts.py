"""Exact conversion of decimal numbers to whole numbers, such as 23.99 to 2399, without rounding."""

import re
from decimal import Context, Decimal, Inexact, InvalidOperation
from typing import Any

from marshmallow import ValidationError

LARGEST = 10**12
IN_WORDS = {2: "two", 4: "four"}
EXACT = Context(prec=40, traps=[Inexact, InvalidOperation])
WRITTEN = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,2})?")


def scaled(number: Any, places: int = 2) -> int:
    """Return `number` times 10 ** `places` as an int: 8.25 with 2 places is 825.

    Raise ValidationError if `number` is not a number, is too large, or has more decimals than `places`.
    """
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
    """Return an amount of money as whole cents: 2399 for the number 23.99 or the string `23.99`.

    Raise ValidationError for any other kind of value, and for more than two decimals.
    """
    if isinstance(amount, str):
        if not WRITTEN.fullmatch(amount.strip()):
            raise ValidationError("Not a valid amount; write it like 23.99.")
        amount = Decimal(amount.strip())
    return scaled(amount)
