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
    """Wait for a slot to hash a password in this `with` block; raise Unavailable if the queue is full.

    Hashing takes 19 MiB and 30 ms, so that only AT_ONCE threads may do it at the same time. The queue is
    shorter than the server's number of threads, so that some threads are always left for other requests.
    Hold no database connection while you wait for a slot, because other requests may need it.
    """
    if not _inside.acquire(blocking=False):
        raise Unavailable("Many are signing in at this moment. Try again in a second.")
    try:
        with _at_work:
            yield
    finally:
        _inside.release()


class NewPassword(str):
    """A password that a client chooses; `hash` computes its hash before the transaction begins.

    Hashing is slow, and the transaction that stores the password should be short.
    """

    hashed: str | None = None

    def hash(self) -> None:
        with hashing_slot():
            self.hashed = hasher.hash(self)


def hash_of(password: str) -> str:
    """Return the hash of a password; a NewPassword may have it already, from its `hash` method."""
    hashed = password.hashed if isinstance(password, NewPassword) else None
    return hashed or hasher.hash(password)


def password_matches(password_hash: str | None, password: str) -> bool:
    """Return whether the password has this hash.

    Without a hash, or with a malformed one, return False after the same time: so the time does not
    reveal whether an account exists.
    """
    try:
        return hasher.verify(password_hash or NOBODY, password) and password_hash is not None
    except VerificationError:
        return False
    except InvalidHashError:
        return password_matches(None, password)


def renewed(password_hash: str | None, password: str) -> str | None:
    """Return a new hash of the password if `password_hash` has outdated parameters, else None."""
    outdated = password_hash is not None and hasher.check_needs_rehash(password_hash)
    return hasher.hash(password) if outdated else None
