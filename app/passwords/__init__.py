"""Passwords: how they are kept, how many are hashed at once, and which are too easily guessed."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.errors import Unavailable

# OWASP's floor for argon2id: 19 MiB, two passes, one lane.
hasher = PasswordHasher(memory_cost=19 * 1024, time_cost=2, parallelism=1)
NOBODY = hasher.hash(secrets.token_hex())

AT_ONCE, WAITING = 4, 8
_at_work, _inside = BoundedSemaphore(AT_ONCE), BoundedSemaphore(AT_ONCE + WAITING)


@contextmanager
def hashing_slot() -> Iterator[None]:
    """Wait for a turn at hashing, which takes 19 MiB and 30 ms; Unavailable at once if the line is full.

    The line is shorter than the server has threads, so that there are always some for everybody else.
    Whoever comes for a turn holds no connection to the database, because others may wait for it.
    """
    if not _inside.acquire(blocking=False):
        raise Unavailable("Many are signing in at this moment. Try again in a second.")
    try:
        with _at_work:
            yield
    finally:
        _inside.release()


class NewPassword(str):
    """A password that somebody chooses, hashed before the act that it is for begins."""

    hashed: str | None = None

    def hash(self) -> None:
        with hashing_slot():
            self.hashed = hasher.hash(self)


def hash_of(password: str) -> str:
    """Return the hash that is kept of a password."""
    hashed = password.hashed if isinstance(password, NewPassword) else None
    return hashed or hasher.hash(password)


def password_matches(password_hash: str | None, password: str) -> bool:
    """Return whether the password made this hash; without a hash, False after the same time."""
    try:
        return hasher.verify(password_hash or NOBODY, password) and password_hash is not None
    except VerificationError:
        return False
    except InvalidHashError:
        return password_matches(None, password)


def renewed(password_hash: str | None, password: str) -> str | None:
    """Return the hash by today's parameters, if this one was made by others."""
    outdated = password_hash is not None and hasher.check_needs_rehash(password_hash)
    return hasher.hash(password) if outdated else None
