"""Every way the shop says no: a status, a stable code, what it means, and what to do about it.

Raise one anywhere; app/web/responses.py renders them all as application/problem+json (RFC 9457).
They are not HTTPExceptions, because Flask-Caching would keep one and serve it to the next reader.
"""
# ruff: noqa: F401

from app.errors.base import ShopError, TryAgain, every_refusal
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
from app.errors.shop import (
    AlreadyAssigned,
    BothHaveAccounts,
    CannotMerge,
    EmailTaken,
    IllegalTransition,
    LastManager,
    Merged,
    OdometerLower,
    OutOfStock,
    PartNumberTaken,
    StockTooHigh,
    TicketClosed,
    TicketFull,
    TicketInUse,
    TicketsOpen,
    TooManyAttempts,
    TooManyReturned,
    UnitInUse,
    VehicleInUse,
    VinTaken,
    WrongCredentials,
    WrongPassword,
)
