"""Quantities: exact numbers with up to two decimals, stored as whole hundredths, never floats.

A whole quantity is an int in Python and `4` in JSON, never `4.0`. Any other is a Decimal in Python and a
JSON number, such as `0.25`.
"""

from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from sqlalchemy import BigInteger, TypeDecorator

from app.money import half_up

HUNDREDTHS = 100
Number = int | Decimal


def in_hundredths(quantity: Number) -> int:
    """Return the quantity in hundredths, or raise ValueError if it has more than two decimals."""
    hundredths = quantity * HUNDREDTHS
    if hundredths != int(hundredths):
        raise ValueError(f"{quantity} has more than two decimals.")
    return int(hundredths)


def is_whole(quantity: Number) -> bool:
    return quantity == int(quantity)


@lru_cache(10_000)
def of_hundredths(hundredths: int) -> Number:
    """Return the quantity for a number of hundredths: an int if it is whole, else a Decimal."""
    whole, rest = divmod(hundredths, HUNDREDTHS)
    return Decimal(hundredths) / HUNDREDTHS if rest else whole


def as_json(value: object) -> int | float:
    """Return a Decimal as an int or float, for `orjson.dumps(..., default=as_json)`.

    Raise TypeError for a value of another type.
    """
    if isinstance(value, Decimal):
        whole = int(value)
        return whole if whole == value else float(value)
    raise TypeError(f"{type(value).__name__} is not JSON.")


def plain(value: object) -> object:
    """Return a quantity as a JSON number, an enum as its text, and any other value unchanged.

    A float that is whole becomes an int, so that every language writes the same JSON.
    """
    if isinstance(value, StrEnum):
        return str(value)
    value = as_json(value) if isinstance(value, Decimal) else value
    return int(value) if isinstance(value, float) and value.is_integer() else value


def priced(quantity: Number, unit_price_cents: int) -> int:
    """Return quantity times unit price in cents, rounded to whole cents, halves away from zero."""
    if isinstance(quantity, int):
        return quantity * unit_price_cents
    return half_up(in_hundredths(quantity) * unit_price_cents, HUNDREDTHS)


class Quantity(TypeDecorator):
    """The column type of a quantity: stored as whole hundredths, read as an int or Decimal."""

    impl = BigInteger
    cache_ok = True
    python_type = Decimal

    def process_bind_param(self, value, dialect):
        return None if value is None else in_hundredths(value)

    def result_processor(self, dialect, coltype):
        return _read


def _read(hundredths: int | Decimal | None) -> Number | None:
    """Return a quantity as stored in the database; a sum from PostgreSQL is a Decimal."""
    return None if hundredths is None else of_hundredths(int(hundredths))
