"""One request, one effect: try again where the database asks for it, replay where the client does."""

import base64
import hmac
from collections.abc import Callable
from datetime import datetime, timedelta

from cryptography.fernet import Fernet
from flask import Response, current_app, request
from sqlalchemy import LargeBinary, String, delete, select
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Mapped, mapped_column

from app.errors import IdempotencyKeyReused, Invalid, Unavailable
from app.extensions import db, who_counts
from app.moments import Moment, now

TRIES = 3
# Serialization failure, deadlock, lock not available: nothing happened, so it may be tried again.
TRANSIENT = ("40001", "40P01", "55P03")
KEPT = timedelta(hours=24)


class StoredAnswer(db.Model):
    """What was answered to a request with an Idempotency-Key, kept for a day in case it comes again.

    The body is sealed with a key that only whoever sends the Idempotency-Key can make, because it may
    speak of a person who is erased in the meantime.
    """

    __tablename__ = "stored_answers"

    key_fingerprint: Mapped[str] = mapped_column(String(64), primary_key=True)
    request_fingerprint: Mapped[str] = mapped_column(String(64))
    status: Mapped[int] = mapped_column(default=0)
    location: Mapped[str | None] = mapped_column(String(500))
    etag: Mapped[str | None] = mapped_column(String(100))
    body: Mapped[bytes] = mapped_column(LargeBinary, default=b"")
    created_at: Mapped[datetime] = mapped_column(Moment, default=now, index=True)

    def replay(self, seal: Fernet) -> Response:
        response = Response(seal.decrypt(self.body), self.status, mimetype="application/json")
        for name, value in (("Location", self.location), ("ETag", self.etag)):
            if value is not None:
                response.headers[name] = value
        return response


def once(answer: Callable[[], Response], *, replayed: bool) -> Response:
    """The answer, made again at most three times where a lock could not be had."""
    for _ in range(TRIES):
        try:
            return _together(answer) if replayed else answer()
        except OperationalError as error:
            if getattr(error.orig, "pgcode", None) not in TRANSIENT:
                raise
            db.session.rollback()
    raise Unavailable()


def _together(answer):
    """The act and its answer are one transaction: afterwards somebody may have undone the act."""
    key = request.headers.get("Idempotency-Key")
    if key is not None:
        return _answer_for(key, answer)
    response = _held(answer)
    db.session.commit()
    return response


def _answer_for(key, answer):
    """The effect and its stored answer are one commit, so whoever comes again finds both or neither.

    The key is written first: of several at once one goes on, and the others wait for its commit.
    """
    if not (1 <= len(key) <= 255 and key.isascii() and key.isprintable()):
        raise Invalid.at("/Idempotency-Key", "1 to 255 printable ASCII characters.")
    mine = _fingerprint(who_counts(), key).hex()
    where = f"{request.endpoint} {sorted((request.view_args or {}).items())}"
    asked = _fingerprint(where, request.get_data()).hex()
    db.session.execute(delete(StoredAnswer).where(StoredAnswer.created_at < now() - KEPT))
    stored = StoredAnswer(key_fingerprint=mine, request_fingerprint=asked)
    db.session.add(stored)
    try:
        db.session.flush()
    except IntegrityError:
        db.session.rollback()
        return _replay(mine, asked, _seal(key))

    response = _held(answer)
    stored.status, stored.body = response.status_code, _seal(key).encrypt(response.get_data())
    stored.location, stored.etag = response.headers.get("Location"), response.headers.get("ETag")
    db.session.commit()
    return response


def _held(answer):
    """The answer, with the commit still to come."""
    session = db.session()
    session.info["held"] = True
    try:
        return answer()
    finally:
        session.info["held"] = False


def _replay(mine, asked, seal):
    stored = db.session.scalar(select(StoredAnswer).where(StoredAnswer.key_fingerprint == mine))
    if stored is None:
        raise Unavailable()
    if stored.request_fingerprint != asked:
        detail = "Used for another request."
        raise IdempotencyKeyReused(errors=[{"pointer": "/Idempotency-Key", "detail": detail}])
    return stored.replay(seal)


def _fingerprint(*parts):
    """Keyed, because a body may hold a password that a plain hash would let be guessed."""
    said = b"\0".join(part if isinstance(part, bytes) else part.encode() for part in parts)
    return hmac.new(current_app.config["SECRET_KEY"].encode(), said, "sha256").digest()


def _seal(key):
    return Fernet(base64.urlsafe_b64encode(_fingerprint("seal", key)))
