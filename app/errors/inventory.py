"""Exceptions with which requests about parts and stock are refused."""

from app.errors.base import ShopError


class OutOfStock(ShopError):
    """The stock of this part is too low; nothing was taken.

    Take no more than `quantity_in_stock`, or adjust the stock first.
    """

    status, code = 409, "out_of_stock"


class PartNumberTaken(ShopError):
    """Another part in the catalogue has this part number.

    Adjust the stock of that part, or choose another number.
    """

    status, code = 409, "part_number_taken"


class StockTooHigh(ShopError):
    """The stock of a part can't exceed 1,000,000,000; nothing was added.

    Check the quantity and add less.
    """

    status, code = 409, "stock_too_high"


class UnitInUse(ShopError):
    """There are fractional quantities of this part in stock or on tickets, so it can't be counted by the
    piece.

    Adjust the stock to a whole number first; if a ticket has a fraction of the part, create a new part
    instead.
    """

    status, code = 409, "unit_in_use"
