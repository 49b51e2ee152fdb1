"""Refusals about parts and stock."""

from app.errors.base import ShopError


class OutOfStock(ShopError):
    """There are not enough on the shelf; nothing was taken.

    Take no more than `quantity_in_stock`, or adjust the stock first.
    """

    status, code = 409, "out_of_stock"


class PartNumberTaken(ShopError):
    """A part with this number is in the catalogue.

    Adjust the stock of that one, or choose another number.
    """

    status, code = 409, "part_number_taken"


class StockTooHigh(ShopError):
    """No shelf holds more than 1,000,000,000 of a part; nothing was added.

    Check the number and add less.
    """

    status, code = 409, "stock_too_high"


class UnitInUse(ShopError):
    """Fractions of this part are on the shelf or on tickets, so it can't come by the piece.

    Count the shelf to a whole number first; if a ticket has a fraction of it, open a new part instead.
    """

    status, code = 409, "unit_in_use"
