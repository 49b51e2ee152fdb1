"""Marshmallow fields for whole numbers, and for numbers with two or four decimals, read exactly."""

import re
from decimal import Decimal
from typing import Any

from marshmallow import ValidationError, fields, validate

from app.database.prepared import MAX_ID
from app.web.amounts import scaled

MAX_EXACT = 2**53  # up to here a float holds every whole number exactly


class Whole(fields.Integer):
    """A field for a whole number in JSON, from `least` to `most`.

    1.0 is accepted; 1.9, "1" and true are refused.
    """

    def __init__(self, *, least: int = 0, most: int = MAX_ID, **kwargs):
        kwargs["validate"] = [validate.Range(min=least, max=most)]
        super().__init__(strict=True, **kwargs)

    def _deserialize(self, value, attr, data, **kwargs):
        return super()._deserialize(_whole(value), attr, data, **kwargs)


class Digits(Whole):
    """A field for a whole number in a query string, written in ASCII digits."""

    def _deserialize(self, value, attr, data, **kwargs):
        if not re.fullmatch("[0-9]{1,18}", value):
            raise self.make_error("invalid", input=value)
        return super()._deserialize(int(value), attr, data, **kwargs)


class NumberOrDigits(Digits):
    """A field for a whole number: a JSON number in a body, or ASCII digits in a query string."""

    def _deserialize(self, value, attr, data, **kwargs):
        if isinstance(value, str):
            return super()._deserialize(value, attr, data, **kwargs)
        return Whole._deserialize(self, value, attr, data, **kwargs)


def _whole(value: Any) -> Any:
    """Return a value such as 1.0 as an int; return any other value unchanged.

    A number beyond MAX_EXACT is not converted either, because huge numbers are slow to convert.
    """
    whole = (
        isinstance(value, float | Decimal) and -MAX_EXACT <= value <= MAX_EXACT and value % 1 == 0
    )
    return int(value) if whole else value


def Id(**kwargs) -> Whole:
    return Whole(least=1, **kwargs)


class Hundredths(fields.Field[int]):
    """A field for a number from 0 to `most` with up to two decimals, loaded times 100: 8.25 as 825."""

    places = 2

    def __init__(self, *, most: int, **kwargs):
        self.most = most
        documented = {
            "type": "number",
            "minimum": 0,
            "maximum": most,
            "multipleOf": 10**-self.places,
        }
        super().__init__(metadata=kwargs.pop("metadata", {}) | documented, **kwargs)

    def _deserialize(self, value, attr, data, **kwargs):
        if isinstance(value, int | float | Decimal) and not 0 <= value <= self.most:
            raise ValidationError(f"Must be from 0 to {self.most}.")
        return scaled(value, self.places)

    def _serialize(self, value, attr, obj, **kwargs):
        return None if value is None else value / 10**self.places


class TenThousandths(Hundredths):
    """A field for a number with up to four decimals, loaded as whole ten-thousandths: 8.875 as 88,750.

    It must be from 0 to `most`.
    """

    places = 4
