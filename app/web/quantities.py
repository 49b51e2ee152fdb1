"""Marshmallow fields for quantities: JSON numbers with at most two decimals, read exactly."""

import re
from decimal import Decimal

from marshmallow import ValidationError, fields

from app.quantities import HUNDREDTHS, Number, as_json, of_hundredths
from app.web.amounts import scaled

SMALLEST = Decimal("0.01")
IN_QUERY = re.compile(r"[0-9]{1,12}(\.[0-9]{1,2})?")


class Quantity(fields.Field[int | Decimal]):
    """A field for a JSON number from `least` to `most` with up to two decimals; strings are refused."""

    def __init__(self, *, least: Number = 0, most: Number, **kwargs):
        self.least, self.most = least, most
        documented = {
            "type": "number",
            "minimum": float(least),
            "maximum": float(most),
            "multipleOf": 1 / HUNDREDTHS,
        }
        super().__init__(metadata=kwargs.pop("metadata", {}) | documented, **kwargs)

    def _deserialize(self, value, attr, data, **kwargs):
        quantity = of_hundredths(scaled(value))
        if not self.least <= quantity <= self.most:
            raise ValidationError(f"Must be from {self.least} to {self.most}.")
        return quantity

    def _serialize(self, value, attr, obj, **kwargs):
        return as_json(value) if isinstance(value, Decimal) else value


class QuantityInQuery(Quantity):
    """A field for a quantity: a JSON number in a body, or a text in a query, such as `2` or `0.25`."""

    def _deserialize(self, value, attr, data, **kwargs):
        if isinstance(value, str):
            if not IN_QUERY.fullmatch(value):
                raise ValidationError("Not a valid number.")
            value = Decimal(value)
        return super()._deserialize(value, attr, data, **kwargs)


class QuantityOut(fields.Field[int | Decimal]):
    """A field for a quantity in an answer; a whole quantity is written without decimals."""

    def __init__(self, **kwargs):
        super().__init__(metadata={"type": "number"} | kwargs.pop("metadata", {}), **kwargs)
