"""Numbers with at most two decimals, read exactly: no float comes near them."""

import re
from decimal import Context, Decimal, Inexact, InvalidOperation
from typing import Any

from marshmallow import ValidationError

LARGEST = 10**12
HUNDREDTH = Decimal("0.01")
EXACT = Context(prec=40, traps=[Inexact, InvalidOperation])
WRITTEN = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,2})?")


def hundredths(number: Any) -> int:
    """Return a number as whole hundredths, or refuse it."""
    if isinstance(number, bool) or not isinstance(number, int | float | Decimal):
        raise ValidationError("Not a valid number.")
    exactly = Decimal(str(number)) if isinstance(number, float) else Decimal(number)
    if abs(exactly) > LARGEST:
        raise ValidationError("Too large.")
    try:
        return int(EXACT.quantize(exactly, HUNDREDTH) * 100)
    except (Inexact, InvalidOperation):
        raise ValidationError("At most two decimals.") from None


def cents(amount: Any) -> int:
    """Return an amount of money, a number or one in a text, as whole cents, or refuse it."""
    if isinstance(amount, str):
        if not WRITTEN.fullmatch(amount.strip()):
            raise ValidationError("Not a valid amount; write it like 23.99.")
        amount = Decimal(amount.strip())
    return hundredths(amount)
