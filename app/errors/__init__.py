"""Exceptions with which requests are refused; each has a status, a stable code, a meaning and a remedy.

They may be raised anywhere. app/web/responses.py turns each into a response of the media type
application/problem+json (RFC 9457). They are not HTTPExceptions of Werkzeug, because Flask-Caching would
store such an exception and answer the next client with it.
"""
# ruff: noqa: F401

from app.errors.approvals import AlreadyDecided, ApprovalLinkOver, NothingToApprove
from app.errors.auth import EmailTaken, TooManyAttempts, WrongCredentials, WrongPassword
from app.errors.base import ShopError, TryAgain, every_refusal
from app.errors.billing import (
    AboveBalance,
    AboveInvoice,
    AbovePayment,
    BalanceDue,
    InvoiceRequired,
    NegativeTotal,
    NotAPayment,
    NothingToCredit,
    NumberingBegun,
    UnusedParts,
)
from app.errors.canned_jobs import NameTaken, PartRetired
from app.errors.customers import BothHaveAccounts, CannotMerge, Merged, TicketsOpen
from app.errors.http import (
    BadRequest,
    Conflict,
    Forbidden,
    IdempotencyKeyRequired,
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
    AlreadyRevived,
    EstimateChanged,
    IllegalTransition,
    JobDeclined,
    JobHasUsedParts,
    JobInUse,
    LineNotUsed,
    LineUsed,
    NotAuthorized,
    NotFromStock,
    NotRecommended,
    TicketClosed,
    TicketFull,
    TicketInUse,
    TooManyReturned,
)
from app.errors.vehicles import OdometerLower, VehicleInUse, VinTaken
