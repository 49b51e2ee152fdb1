"""Quantities are units with up to two decimals, exact: whole hundredths in the database, no floats.

In Python a quantity is an int where it is whole, else a Decimal; in JSON it is a number, and 4 stays 4.
"""

from decimal import Decimal

from sqlalchemy import BigInteger, TypeDecorator

from app.money import half_up

HUNDREDTHS = 100
Number = int | Decimal


def in_hundredths(quantity: Number) -> int:
    """Return the quantity in hundredths, or raise ValueError where it has more than two decimals."""
    hundredths = quantity * HUNDREDTHS
    if hundredths != int(hundredths):
        raise ValueError(f"{quantity} has more than two decimals.")
    return int(hundredths)


def of_hundredths(hundredths: int) -> Number:
    """Return the quantity that so many hundredths are."""
    whole, rest = divmod(hundredths, HUNDREDTHS)
    return Decimal(hundredths) / HUNDREDTHS if rest else whole


def as_json(value: object) -> int | float:
    """Return a quantity as the JSON number that is written like it: `orjson.dumps(..., default=as_json)`."""
    if isinstance(value, Decimal):
        whole = int(value)
        return whole if whole == value else float(value)
    raise TypeError(f"{type(value).__name__} is not JSON.")


def priced(quantity: Number, unit_price_cents: int) -> int:
    """Return what a quantity costs, rounded half up to a whole cent."""
    return half_up(in_hundredths(quantity) * unit_price_cents, HUNDREDTHS)


class Quantity(TypeDecorator):
    """A column that keeps a quantity in whole hundredths."""

    impl = BigInteger
    cache_ok = True
    python_type = Decimal

    def process_bind_param(self, value, dialect):
        return None if value is None else in_hundredths(value)

    def process_result_value(self, value, dialect):
        """Return hundredths as a whole number: PostgreSQL gives sums as Decimals."""
        return None if value is None else of_hundredths(int(value))
