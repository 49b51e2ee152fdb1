"""Exceptions with which any request may be refused, in every domain."""

from app.errors.base import ShopError


class BadRequest(ShopError):
    """The request is malformed.

    Check how your client builds the request; the same request will be refused again.
    """

    status, code = 400, "bad_request"


class MalformedJson(ShopError):
    """The body is not JSON in UTF-8, is nested too deeply, or contains NaN, a lone surrogate, or the
    same member twice.

    Use a JSON library to write the body.
    """

    status, code = 400, "not_json"


class Unauthenticated(ShopError):
    """You must be signed in to do this.

    Sign in and send the access token as `Authorization: Bearer <token>`.
    """

    status, code = 401, "unauthenticated"
    headers = {"WWW-Authenticate": 'Bearer realm="mechanic-shop"'}


class InvalidToken(Unauthenticated):
    """The token is malformed or expired, or its session has ended.

    Get a new token with your refresh token, or sign in again.
    """

    code = "invalid_token"
    headers = {"WWW-Authenticate": 'Bearer realm="mechanic-shop", error="invalid_token"'}


class SignInAgain(Unauthenticated):
    """To change your e-mail address or delete your account, you must have signed in within the last 10
    minutes.

    Sign in again and repeat the request with the new token; refreshing the old token is not enough.
    """

    code = "insufficient_user_authentication"  # RFC 9470, section 3
    max_age = 600  # seconds
    headers = {
        "WWW-Authenticate": f'Bearer realm="mechanic-shop", error="{code}", max_age="{max_age}"'
    }


class Forbidden(ShopError):
    """Your role does not permit this.

    Ask somebody with a role that permits it; the API's document lists the roles for each operation.
    """

    status, code = 403, "forbidden"


class NotFound(ShopError):
    """This does not exist, or you may not see it.

    Check the path, the id, and which account you are signed in with.
    """

    status, code = 404, "not_found"


class MethodNotAllowed(ShopError):
    """This path does not support this method.

    Use one of the methods that `Allow` lists.
    """

    status, code = 405, "method_not_allowed"


class Conflict(ShopError):
    """Another request changed or used this data at the same moment.

    Read the data again and retry.
    """

    status, code = 409, "conflict"


class PreconditionFailed(ShopError):
    """The data has changed since you read it; nothing was done.

    Read the data again, decide whether to repeat the change, and send the new `ETag` as `If-Match`.
    """

    status, code = 412, "precondition_failed"


class TooLarge(ShopError):
    """The body is larger than 256 KiB.

    Send a smaller body; no operation needs a larger one.
    """

    status, code = 413, "too_large"


class UnsupportedMediaType(ShopError):
    """The body is not marked as JSON.

    Send a JSON body with the header `Content-Type: application/json`.
    """

    status, code = 415, "unsupported_media_type"


class RangeNotSatisfiable(ShopError):
    """The file does not contain the bytes that `Range` requests.

    Request bytes within the length that `Content-Range` states, or leave `Range` out.
    """

    status, code = 416, "range_not_satisfiable"


class Invalid(ShopError):
    """Something in the request is not valid.

    Correct the problems in `errors`: each `pointer` says where it is, each `detail` says what is wrong.
    """

    status, code = 422, "invalid"

    @classmethod
    def at(cls, pointer: str, detail: str) -> "Invalid":
        return cls(errors=[{"pointer": pointer, "detail": detail}])


class IdempotencyKeyRequired(ShopError):
    """This request must have an idempotency key, so that a retry can't do it twice. Nothing was done.

    Send an `Idempotency-Key`, and the same one again if you don't see the answer.
    """

    status, code = 400, "idempotency_key_required"


class IdempotencyKeyReused(ShopError):
    """This idempotency key was used for another request; nothing was done.

    Use a new `Idempotency-Key` for each operation, and repeat a key only with exactly the same request.
    """

    status, code = 422, "idempotency_key_reused"


class TooManyRequests(ShopError):
    """You have sent more requests than the limits allow.

    Wait for the number of seconds in `Retry-After`.
    """

    status, code = 429, "too_many_requests"


class InternalError(ShopError):
    """The server failed because of an error of its own, which is in its log.

    Report the `request_id`, which identifies the log entry, to the operator of the shop. Before you
    retry a change, check whether it was made.
    """

    status, code = 500, "internal_error"


class Unavailable(ShopError):
    """The server is too busy at the moment, or it can't reach its database.

    Retry after the number of seconds in `Retry-After`; repeat a write with the same `Idempotency-Key`.
    """

    status, code = 503, "unavailable"
    headers = {"Retry-After": "1"}
