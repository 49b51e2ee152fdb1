"""Every way the shop says no: a status, a stable code, what it means, and what to do about it.

Raise one anywhere; app/web/responses.py renders them all as application/problem+json (RFC 9457).
They are not HTTPExceptions, because Flask-Caching would keep one and serve it to the next reader.
"""
# ruff: noqa: F401

from app.errors.auth import EmailTaken, TooManyAttempts, WrongCredentials, WrongPassword
from app.errors.base import ShopError, TryAgain, every_refusal
from app.errors.customers import BothHaveAccounts, CannotMerge, Merged, TicketsOpen
from app.errors.http import (
    BadRequest,
    Conflict,
    Forbidden,
    IdempotencyKeyReused,
    InternalError,
    Invalid,
    InvalidToken,
    MalformedJson,
    MethodNotAllowed,
    NotFound,
    PreconditionFailed,
    RangeNotSatisfiable,
    SignInAgain,
    TooLarge,
    TooManyRequests,
    Unauthenticated,
    Unavailable,
    UnsupportedMediaType,
)
from app.errors.inventory import OutOfStock, PartNumberTaken, StockTooHigh, UnitInUse
from app.errors.mechanics import LastManager
from app.errors.service_tickets import (
    AlreadyAssigned,
    IllegalTransition,
    TicketClosed,
    TicketFull,
    TicketInUse,
    TooManyReturned,
)
from app.errors.vehicles import OdometerLower, VehicleInUse, VinTaken
