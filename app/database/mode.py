"""The transaction mode of a request or command: whether it writes, and whether a client is waiting."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple


class Mode(NamedTuple):
    """The mode in which transactions begin.

    `writes`: they may write, so that on SQLite they take the write lock at once. `serves`: they are part
    of a request, so that a client is waiting.
    """

    writes: bool
    serves: bool


OUTSIDE = Mode(writes=False, serves=False)
_mode: ContextVar[Mode] = ContextVar("mode", default=OUTSIDE)


def mode() -> Mode:
    """Return the Mode of the current request or command."""
    return _mode.get()


@contextmanager
def writing() -> Iterator[None]:
    """Begin each transaction in this `with` block as one that may write, even if it reads first.

    On SQLite, such a transaction takes the write lock at once. This is for commands, not for requests.
    """
    with _in(Mode(writes=True, serves=False)):
        yield


@contextmanager
def serving(*, writes: bool) -> Iterator[None]:
    """Set the Mode of a request in this `with` block: statements get a time-out, as a client is waiting.

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
