"""Exceptions with which requests about the staff are refused."""

from app.errors.base import ShopError


class LastManager(ShopError):
    """This is the last active manager, and the shop needs one.

    Make somebody else a manager first.
    """

    status, code = 409, "last_manager"
