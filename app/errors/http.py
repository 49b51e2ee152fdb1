"""Refusals that any request may meet, whatever it asks of the shop."""

from app.errors.base import ShopError


class BadRequest(ShopError):
    """The request is not one that HTTP understands.

    Look at how your client builds it; the same request will be refused again.
    """

    status, code = 400, "bad_request"


class MalformedJson(ShopError):
    """The body is not JSON in UTF-8, nests too deep, or has a member twice, NaN or a lone surrogate.

    Let a JSON library write it.
    """

    status, code = 400, "not_json"


class Unauthenticated(ShopError):
    """Only who is signed in may do this.

    Sign in and send the access token as `Authorization: Bearer <token>`.
    """

    status, code = 401, "unauthenticated"
    headers = {"WWW-Authenticate": 'Bearer realm="mechanic-shop"'}


class InvalidToken(Unauthenticated):
    """The token is malformed, expired or signed out.

    Get a new one with your refresh token, or sign in again.
    """

    code = "invalid_token"
    headers = {"WWW-Authenticate": 'Bearer realm="mechanic-shop", error="invalid_token"'}


class SignInAgain(Unauthenticated):
    """This moves or deletes your own account, and you signed in more than 10 minutes ago.

    Sign in again and repeat the request with the new token; a refresh token is not enough.
    """

    code = "insufficient_user_authentication"  # RFC 9470, section 3
    max_age = 600  # seconds
    headers = {
        "WWW-Authenticate": f'Bearer realm="mechanic-shop", error="{code}", max_age="{max_age}"'
    }


class Forbidden(ShopError):
    """Your role may not do this.

    Ask somebody whose role may; the document says for whom each operation is.
    """

    status, code = 403, "forbidden"


class NotFound(ShopError):
    """There is no such thing, or it is not yours to see.

    Check the path and the id, and as whom you are signed in.
    """

    status, code = 404, "not_found"


class MethodNotAllowed(ShopError):
    """This path is there, but does not answer to this method.

    Use one of the methods that `Allow` names.
    """

    status, code = 405, "method_not_allowed"


class Conflict(ShopError):
    """Someone else changed or used this at the same moment.

    Read it again and retry.
    """

    status, code = 409, "conflict"


class PreconditionFailed(ShopError):
    """Somebody changed it since you read it; nothing was done.

    Read it again and decide anew: its version is not the one in `If-Match` any more.
    """

    status, code = 412, "precondition_failed"


class TooLarge(ShopError):
    """The body is larger than 256 KiB.

    Send less; nothing here needs so much.
    """

    status, code = 413, "too_large"


class UnsupportedMediaType(ShopError):
    """The body is not marked as JSON.

    Send it as `Content-Type: application/json`.
    """

    status, code = 415, "unsupported_media_type"


class RangeNotSatisfiable(ShopError):
    """The file does not have the bytes that `Range` asks for.

    Ask for bytes within the length that `Content-Range` tells, or leave `Range` out.
    """

    status, code = 416, "range_not_satisfiable"


class Invalid(ShopError):
    """Something in what was sent does not fit.

    Put right what `errors` names: each `pointer` says where, each `detail` why.
    """

    status, code = 422, "invalid"

    @classmethod
    def at(cls, pointer: str, detail: str) -> "Invalid":
        return cls(errors=[{"pointer": pointer, "detail": detail}])


class IdempotencyKeyReused(ShopError):
    """The key of this act was used for another one; nothing was done.

    Make a new `Idempotency-Key` for each act, and send the old one only with the very same request.
    """

    status, code = 422, "idempotency_key_reused"


class TooManyRequests(ShopError):
    """You have asked more often than the limits allow.

    Wait for as many seconds as `Retry-After` says.
    """

    status, code = 429, "too_many_requests"


class InternalError(ShopError):
    """The shop made a mistake, and has written it in its log.

    Tell whoever runs the shop the `request_id`, under which it stands there. Before you
    retry a change, see whether it was made.
    """

    status, code = 500, "internal_error"


class Unavailable(ShopError):
    """The shop is busy for a moment, or its database is away.

    Try again after as many seconds as `Retry-After` says, a write with the same `Idempotency-Key`.
    """

    status, code = 503, "unavailable"
    headers = {"Retry-After": "1"}
