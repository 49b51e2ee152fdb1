"""The transaction mode of a request or command: whether it writes, and whether a client is waiting."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple


class Mode(NamedTuple):
    """The mode in which transactions begin.

    `writes`: on SQLite, they take the write lock at once. `serves`: they are part of a request, so that
    a client is waiting.
    """

    writes: bool
    serves: bool


OUTSIDE = Mode(writes=False, serves=False)
_mode: ContextVar[Mode] = ContextVar("mode", default=OUTSIDE)


def mode() -> Mode:
    """Return the mode of this request or command."""
    return _mode.get()


@contextmanager
def writing() -> Iterator[None]:
    """Begin each transaction in this block as a writing one, even if its first statement only reads."""
    with _in(Mode(writes=True, serves=False)):
        yield


@contextmanager
def serving(*, writes: bool) -> Iterator[None]:
    """Set the mode of a request for this block: no statement waits without a time-out.

    `writes` tells whether the request may write. If not, it begins no transaction on PostgreSQL.
    """
    with _in(Mode(writes, serves=True)):
        yield


@contextmanager
def _in(new: Mode) -> Iterator[None]:
    token = _mode.set(new)
    try:
        yield
    finally:
        _mode.reset(token)
