"""Every way the shop says no: a status, a stable code, and what to do about it.

Raise one anywhere; app/web/responses.py renders them all as application/problem+json (RFC 9457).
They are not HTTPExceptions, because Flask-Caching would keep one and serve it to the next reader.
"""

from collections.abc import Iterator


class ShopError(Exception):
    """The request was understood and refused."""

    status = 400
    code = "bad_request"
    headers: dict[str, str] = {}

    def __init__(self, detail: str = "", **members):
        """`detail` is for people; `members` are added to the problem as they are."""
        super().__init__(detail or self.__doc__)
        self.detail = detail or str(self.__doc__)
        self.members = members


class NotJson(ShopError):
    """The body is not JSON in UTF-8, nests too deep, or has a member twice, NaN or a lone surrogate."""

    status, code = 400, "not_json"


class Unauthenticated(ShopError):
    """Sign in and send the access token as `Authorization: Bearer <token>`."""

    status, code = 401, "unauthenticated"
    headers = {"WWW-Authenticate": 'Bearer realm="mechanic-shop"'}


class InvalidToken(Unauthenticated):
    """The token is malformed, expired or signed out: sign in again, or refresh."""

    code = "invalid_token"
    headers = {"WWW-Authenticate": 'Bearer realm="mechanic-shop", error="invalid_token"'}


class WrongCredentials(Unauthenticated):
    """The e-mail address and the password do not belong together, here."""

    code = "wrong_credentials"


class Forbidden(ShopError):
    """Your role may not do this."""

    status, code = 403, "forbidden"


class WrongPassword(ShopError):
    """The current password is not this one."""

    status, code = 403, "wrong_password"


class NotFound(ShopError):
    """There is no such thing, or it is not yours to see."""

    status, code = 404, "not_found"


class EmailTaken(ShopError):
    """This e-mail address is in use; sign in with it, or ask the shop to open a sign-in for it."""

    status, code = 409, "email_taken"


class VinTaken(ShopError):
    """A vehicle with this VIN is on file; find it with GET /vehicles?vin= or change its owner."""

    status, code = 409, "vin_taken"


class PartNumberTaken(ShopError):
    """A part with this number is in the catalogue; adjust its stock instead."""

    status, code = 409, "part_number_taken"


class AlreadyAssigned(ShopError):
    """This mechanic is on this ticket; change the assignment with PUT .../assign-mechanic."""

    status, code = 409, "already_assigned"


class IllegalTransition(ShopError):
    """The ticket cannot move to that status from the one it has; `legal` names the moves it can make."""

    status, code = 409, "illegal_transition"


class TicketClosed(ShopError):
    """Work on this ticket is over: mechanics and parts change only while open, in progress or on hold."""

    status, code = 409, "ticket_closed"


class TicketInUse(ShopError):
    """Only an open ticket without used parts can be deleted; cancel it with POST .../transitions."""

    status, code = 409, "ticket_in_use"


class OutOfStock(ShopError):
    """There are not enough on the shelf; nothing was taken. `quantity_in_stock` says how many there are."""

    status, code = 409, "out_of_stock"


class StockTooHigh(ShopError):
    """No shelf holds more than 1,000,000,000 of a part; nothing was added."""

    status, code = 409, "stock_too_high"


class VehicleInUse(ShopError):
    """The vehicle has service tickets, so its history stays; change its owner instead."""

    status, code = 409, "vehicle_in_use"


class OdometerLower(ShopError):
    """The reading is below the last one; send `override_reason` if it is right all the same."""

    status, code = 409, "odometer_lower"


class LastManager(ShopError):
    """This is the last active manager; make another one first."""

    status, code = 409, "last_manager"


class Conflict(ShopError):
    """Someone else changed or used this at the same moment; read it again and retry."""

    status, code = 409, "conflict"


class Overtaken(ShopError):
    """The row has changed since the version in If-Match; read it again and decide anew."""

    status, code = 412, "precondition_failed"


class TooLarge(ShopError):
    """The body is larger than 256 KiB; nothing here needs so much."""

    status, code = 413, "too_large"


class NotJsonType(ShopError):
    """Send the body as `Content-Type: application/json`."""

    status, code = 415, "unsupported_media_type"


class Invalid(ShopError):
    """The JSON or the query does not fit; `errors` says where and why."""

    status, code = 422, "invalid"

    @classmethod
    def at(cls, pointer: str, detail: str) -> "Invalid":
        return cls(errors=[{"pointer": pointer, "detail": detail}])


class IdempotencyKeyReused(ShopError):
    """This Idempotency-Key was used for another request; make a new key for each act."""

    status, code = 422, "idempotency_key_reused"


class TooManyRequests(ShopError):
    """Slow down; `Retry-After` says for how many seconds."""

    status, code = 429, "too_many_requests"


class TooManyAttempts(ShopError):
    """Too many wrong passwords for this address; `Retry-After` says when the next try counts."""

    status, code = 429, "too_many_attempts"

    def __init__(self, seconds: int):
        super().__init__(f"Too many wrong passwords. Try again in {seconds} s.")
        self.headers = {"Retry-After": str(seconds)}


class Unavailable(ShopError):
    """The shop's database is away for a moment; nothing was changed. Try again."""

    status, code = 503, "unavailable"
    headers = {"Retry-After": "1"}


def every_refusal(base: type[ShopError] = ShopError) -> Iterator[type[ShopError]]:
    """All the ways, for the document and the tests."""
    for refusal in base.__subclasses__():
        yield refusal
        yield from every_refusal(refusal)
