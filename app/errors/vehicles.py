"""Refusals about vehicles."""

from app.errors.base import ShopError


class OdometerLower(ShopError):
    """The reading is below the one before it in time, or above the one after it.

    Check it; if it is right all the same, say why in `override_reason`.
    """

    status, code = 409, "odometer_lower"


class VehicleInUse(ShopError):
    """The vehicle has service tickets, so its history stays.

    Change its owner instead.
    """

    status, code = 409, "vehicle_in_use"


class VinTaken(ShopError):
    """A vehicle with this VIN is on file.

    Find it with `GET /vehicles?vin=`, and change its owner if it has a new one.
    """

    status, code = 409, "vin_taken"
