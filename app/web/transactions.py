"""The transaction of each request, which is run again after a conflict with another transaction.

If a client sends a request again with the same Idempotency-Key, it gets the first answer again.
"""

import base64
import hmac
from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime, timedelta

from cryptography.fernet import Fernet
from flask import Flask, Response, current_app, request
from sqlalchemy import LargeBinary, String, delete, select
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from app.clock import UTCDateTime, utc_now
from app.database.mode import serving
from app.database.prepared import forget_prepared
from app.database.session import db, shop_session
from app.database.sqlstates import STALE_PLAN, TRANSIENT, sqlstate
from app.database.statements import on_one_connection
from app.errors import IdempotencyKeyReused, Invalid, TryAgain, Unavailable
from app.extensions import SAFE_METHODS, rate_limit_key

TRIES = 3
KEPT = timedelta(hours=24)


class IdempotencyRecord(db.Model):
    """The stored answer to a request with an Idempotency-Key, kept for a day in case of a retry.

    The body may have data of a person who is erased in the meantime. So it is encrypted, with a key that
    is derived from the Idempotency-Key, which is not stored.
    """

    __tablename__ = "stored_answers"

    key_fingerprint: Mapped[str] = mapped_column(String(64), primary_key=True)
    request_fingerprint: Mapped[str] = mapped_column(String(64))
    status: Mapped[int] = mapped_column(default=0)
    location: Mapped[str | None] = mapped_column(String(500))
    etag: Mapped[str | None] = mapped_column(String(100))
    body: Mapped[bytes] = mapped_column(LargeBinary, default=b"")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utc_now, index=True)

    def keep(self, response: Response, seal: Fernet) -> None:
        self.status, self.body = response.status_code, seal.encrypt(response.get_data())
        self.location, self.etag = response.headers.get("Location"), response.headers.get("ETag")

    def replay(self, seal: Fernet) -> Response:
        body = seal.decrypt(self.body)
        response = Response(body, self.status, mimetype="application/json" if body else None)
        for name, value in (("Location", self.location), ("ETag", self.etag)):
            if value is not None:
                response.headers[name] = value
        return response


def init_app(app: Flask) -> None:
    """Set the transaction mode of each request: GET, HEAD and OPTIONS only read, others may write."""
    handle = app.wsgi_app

    def in_its_mode(environ, start_response):
        with serving(writes=environ["REQUEST_METHOD"] not in SAFE_METHODS):
            return handle(environ, start_response)

    app.wsgi_app = in_its_mode  # type: ignore[method-assign]


def in_one_transaction(answer: Callable[[], Response], *, shows: bool, replayed: bool) -> Response:
    """Return the result of `answer()`; call it up to TRIES times if the database reports a conflict.

    `answer` is a function that runs the view and returns the response. With `shows`, the response has
    the changed rows; it is made before the commit, so that no other transaction can change them in
    between. With `replayed`, the response is stored under the request's Idempotency-Key, if there is
    one, and returned again for a retry with the same key. A request that only reads has one connection
    for all its queries. Raise Unavailable if every try ends in a conflict.
    """
    key = request.headers.get("Idempotency-Key") if replayed else None
    for _ in range(TRIES):
        try:
            if key is not None:
                return _answer_for(key, answer)
            if shows:
                return _together(answer)
            with on_one_connection() if request.method in SAFE_METHODS else nullcontext():
                return answer()
        except DBAPIError as error:
            if (state := sqlstate(error.orig)) in STALE_PLAN:
                forget_prepared()
            elif state not in TRANSIENT:
                raise
            db.session.rollback()
        except TryAgain:
            db.session.rollback()
    raise Unavailable()


def _together(answer):
    with shop_session().commit_deferred():
        response = answer()
    db.session.commit()
    return response


def _answer_for(key, answer):
    """Return the response stored under this Idempotency-Key; if there is none, make and store it.

    `answer` is a function that runs the view and returns the response. The changes and the stored
    response are committed together, so that a retry finds both or neither. The key is inserted first: of
    several simultaneous requests, one proceeds, and the others wait for its commit. Raise
    IdempotencyKeyReused if the key was used for another request.

    One record is inserted for each secret of the shop, in a fixed order. While secrets are rotated, two
    processes may differ in their first secret, but they share at least one.
    """
    if not (1 <= len(key) <= 255 and key.isascii() and key.isprintable()):
        raise Invalid.at("/Idempotency-Key", "1 to 255 printable ASCII characters.")
    secrets = current_app.config["SECRET_KEYS"]
    secret_of = {_fingerprint(secret, rate_limit_key(), key).hex(): secret for secret in secrets}
    db.session.execute(
        delete(IdempotencyRecord).where(IdempotencyRecord.created_at < utc_now() - KEPT)
    )
    records = [
        IdempotencyRecord(
            key_fingerprint=place, request_fingerprint=_request_fingerprint(secret_of[place])
        )
        for place in sorted(secret_of)
    ]
    db.session.add_all(records)
    try:
        db.session.flush()
    except IntegrityError:
        db.session.rollback()
        return _replay(secret_of, key)

    with shop_session().commit_deferred():
        response = answer()
    for stored in records:
        stored.keep(response, _seal(secret_of[stored.key_fingerprint], key))
    db.session.commit()
    return response


def _replay(secret_of, key):
    stored = db.session.scalar(
        select(IdempotencyRecord).where(IdempotencyRecord.key_fingerprint.in_(secret_of)).limit(1)
    )
    if stored is None:
        raise Unavailable()
    secret = secret_of[stored.key_fingerprint]
    if stored.request_fingerprint != _request_fingerprint(secret):
        detail = "Used for another request."
        raise IdempotencyKeyReused(errors=[{"pointer": "/Idempotency-Key", "detail": detail}])
    return stored.replay(_seal(secret, key))


def _request_fingerprint(secret):
    where = f"{request.endpoint} {sorted((request.view_args or {}).items())}"
    how = () if request.method == "POST" else (request.method, request.query_string)
    return _fingerprint(secret, where, request.get_data(), *how).hex()


def _fingerprint(secret, *parts):
    """Return an HMAC of the `parts`, as bytes, with the key `secret`.

    From a plain hash of a body, a password in it could be guessed.
    """
    message = b"\0".join(part if isinstance(part, bytes) else part.encode() for part in parts)
    return hmac.new(secret.encode(), message, "sha256").digest()


def _seal(secret, key):
    return Fernet(base64.urlsafe_b64encode(_fingerprint(secret, "seal", key)))
