"""Passwords: hashing with argon2id, and a limit on how many are hashed at once."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.errors import Unavailable

# OWASP's minimum for argon2id: 19 MiB, two passes, one lane.
hasher = PasswordHasher(memory_cost=19 * 1024, time_cost=2, parallelism=1)
NOBODY = hasher.hash(secrets.token_hex())

AT_ONCE, WAITING = 4, 8
_at_work, _inside = BoundedSemaphore(AT_ONCE), BoundedSemaphore(AT_ONCE + WAITING)


@contextmanager
def hashing_slot() -> Iterator[None]:
    """Wait for a slot to hash a password; raise Unavailable if the queue is full.

    Hashing takes 19 MiB and 30 ms, so that only AT_ONCE threads may do it.

    The queue is shorter than the server's number of threads, so that some are always left for other
    requests. Hold no database connection while you wait for a slot, because other requests may need it.
    """
    if not _inside.acquire(blocking=False):
        raise Unavailable("Many are signing in at this moment. Try again in a second.")
    try:
        with _at_work:
            yield
    finally:
        _inside.release()


class NewPassword(str):
    """A password that a client chooses; it is hashed before the transaction that stores it begins."""

    hashed: str | None = None

    def hash(self) -> None:
        with hashing_slot():
            self.hashed = hasher.hash(self)


def hash_of(password: str) -> str:
    """Return the hash of a password; that of a NewPassword may have been computed before."""
    hashed = password.hashed if isinstance(password, NewPassword) else None
    return hashed or hasher.hash(password)


def password_matches(password_hash: str | None, password: str) -> bool:
    """Return whether the password has this hash; without a hash, return False after the same time."""
    try:
        return hasher.verify(password_hash or NOBODY, password) and password_hash is not None
    except VerificationError:
        return False
    except InvalidHashError:
        return password_matches(None, password)


def renewed(password_hash: str | None, password: str) -> str | None:
    """Return a new hash of the password if its hash was made with outdated parameters, else None."""
    outdated = password_hash is not None and hasher.check_needs_rehash(password_hash)
    return hasher.hash(password) if outdated else None
