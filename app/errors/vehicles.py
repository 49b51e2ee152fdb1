"""Exceptions with which requests about vehicles are refused."""

from app.errors.base import ShopError


class OdometerLower(ShopError):
    """The reading is lower than the one before it in time, or higher than the one after it.

    Check the reading; if it is correct, give the reason in `override_reason`.
    """

    status, code = 409, "odometer_lower"


class VehicleInUse(ShopError):
    """The vehicle has service tickets, so it can't be deleted.

    Change its owner instead.
    """

    status, code = 409, "vehicle_in_use"


class VinTaken(ShopError):
    """A vehicle with this VIN exists already.

    Find that vehicle with `GET /vehicles?vin=`. If it was sold, change its owner.
    """

    status, code = 409, "vin_taken"
