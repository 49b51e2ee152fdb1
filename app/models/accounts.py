"""Accounts, their sessions, and the failed sign-ins of each e-mail address.

Customers and mechanics have their accounts in the same table, so an account id names exactly one person.
"""

import hashlib
import hmac
import math
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.clock import UTCDateTime, utc_now
from app.database.session import db
from app.errors import Invalid, InvalidToken, TooManyAttempts
from app.models.marks import SECRET
from app.passwords import hash_of

MOST_SESSIONS = 100  # of one account
SESSION_LIFETIME = timedelta(days=30)
REFRESH_GRACE = timedelta(seconds=10)
FREE_ATTEMPTS = 5
FIRST_DELAY = timedelta(seconds=30)
LONGEST_DELAY = timedelta(minutes=15)
UNKNOWN_TOKEN = "This refresh token is unknown, expired or signed out."  # noqa: S105 - a refusal
ANOTHER_PASSWORD = "Not your e-mail address; choose what nobody knows of you."  # noqa: S105 - a refusal


def fingerprint(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _follower(secret: str, key: str) -> str:
    return hmac.new(key.encode(), secret.encode(), hashlib.sha256).hexdigest()


def is_the_address(password: str, email: str) -> bool:
    """Return whether the password is the e-mail address, or its part before the @, ignoring case."""
    return password.strip().lower() in (email, email.partition("@")[0])


class Account(db.Model):
    """An account to sign in with: an e-mail address and the hash of a password."""

    __tablename__ = "accounts"
    __table_args__ = (
        CheckConstraint("email = lower(email)", name="email_is_lower"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    password_hash: Mapped[str] = mapped_column(String(255), info=SECRET)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utc_now)

    def set_password(self, password: str) -> None:
        self.demand_another_than_the_address(password, "/password")
        self.password_hash = hash_of(password)

    def demand_another_than_the_address(self, password: str, pointer: str) -> None:
        if is_the_address(password, self.email):
            raise Invalid.at(pointer, ANOTHER_PASSWORD)


class Session(db.Model):
    """One sign-in on one device.

    An access token only names its session. Whether the session is still valid, and the role of its
    account, is in the database: see app/web/session_memory.py.
    """

    __tablename__ = "sessions"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    account_id: Mapped[int] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), index=True
    )
    # The hash of the prefix that all refresh tokens of a session share; NULL in the oldest sessions.
    family_fingerprint: Mapped[str | None] = mapped_column(String(64), info=SECRET)
    refresh_fingerprint: Mapped[str] = mapped_column(String(64), info=SECRET)
    previous_fingerprint: Mapped[str | None] = mapped_column(String(64), info=SECRET)
    user_agent: Mapped[str | None] = mapped_column(String(200))
    address: Mapped[str | None] = mapped_column(String(64))
    rotated_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utc_now)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    @classmethod
    def begin(
        cls, account: Account, user_agent: str | None = None, address: str | None = None
    ) -> tuple["Session", str]:
        """Return a new Session for an account, and its refresh token.

        Only a hash of the token is stored, and the caller must add the session to the database.
        `user_agent` is the User-Agent header of the client, and `address` its network address.
        """
        family = secrets.token_hex(8)
        secret = f"{family}.{secrets.token_urlsafe(32)}"
        session = cls(
            id=secrets.token_hex(16),
            account_id=account.id,
            family_fingerprint=fingerprint(family),
            refresh_fingerprint=fingerprint(secret),
            expires_at=utc_now() + SESSION_LIFETIME,
            user_agent=user_agent,
            address=address,
        )
        return session, f"{session.id}.{secret}"

    def end(self) -> None:
        self.ended_at = self.ended_at or utc_now()

    def rotate(self, secret: str, keys: Sequence[str]) -> str:
        """Return the next refresh token, which replaces the presented one, or raise InvalidToken.

        `secret` is the presented token without the session's id, and `keys` are the app's secret keys.
        The next token is derived from `secret` with the first key. So a client that presents the same
        token again within 10 s gets the same next token: it may have lost the response, or refresh in
        two tabs. If the first key has just changed, the next token of an older key is returned.

        Later, a replaced token ends the session, because it may be stolen (RFC 9700, 4.14.2). A token
        that was never issued does not end it.
        """
        presented = fingerprint(secret)
        family, dot, _ = secret.rpartition(".")
        follower, *others = (family + dot + _follower(secret, key) for key in keys)
        if hmac.compare_digest(presented, self.refresh_fingerprint):
            self.previous_fingerprint, self.rotated_at = presented, utc_now()
            self.refresh_fingerprint = fingerprint(follower)
            self.expires_at = utc_now() + SESSION_LIFETIME
        elif self._in_grace(presented):
            same = (each for each in others if fingerprint(each) == self.refresh_fingerprint)
            follower = next(same, follower)
        elif self._of_family(secret):
            self.end()
            raise InvalidToken("This refresh token was used before; the session has ended.")
        else:
            raise InvalidToken(UNKNOWN_TOKEN)
        return f"{self.id}.{follower}"

    def _of_family(self, secret):
        family = fingerprint(secret.rpartition(".")[0])
        return hmac.compare_digest(family, self.family_fingerprint or family)

    def _in_grace(self, presented):
        return (
            self.rotated_at is not None
            and hmac.compare_digest(presented, self.previous_fingerprint or "")
            and utc_now() - self.rotated_at <= REFRESH_GRACE
        )


class SignInAttempts(db.Model):
    """A count of consecutive failed sign-ins.

    There is one record per e-mail address (even if no account uses it) for all unknown network addresses
    together, plus one for each network address from which the account has signed in before. So a
    stranger's wrong passwords don't lock the owner out at a known address.
    """

    __tablename__ = "sign_in_attempts"

    email_fingerprint: Mapped[str] = mapped_column(String(64), primary_key=True)
    failures: Mapped[int] = mapped_column(default=0)
    blocked_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    last_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utc_now, index=True)

    @staticmethod
    def key(email: str, known_address: str | None = None) -> str:
        return fingerprint(f"{email} {known_address}" if known_address else email)

    def demand_no_delay(self) -> None:
        if self.blocked_until and utc_now() < self.blocked_until:
            raise TooManyAttempts(math.ceil((self.blocked_until - utc_now()).total_seconds()))

    def count(self) -> None:
        """Count a failed sign-in; from the fifth consecutive one on, block attempts for some time.

        The fifth failure blocks for 30 s, and each further failure for twice as long, up to 15 minutes.
        """
        self.failures += 1
        self.last_at = utc_now()
        if self.failures >= FREE_ATTEMPTS:
            doublings = min(self.failures - FREE_ATTEMPTS, 10)
            self.blocked_until = utc_now() + min(FIRST_DELAY * 2**doublings, LONGEST_DELAY)
