"""Whether the transactions of a request or command write, and whether a client waits for the answer."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple


class Mode(NamedTuple):
    """`writes`: the write lock is taken at once. `serves`: somebody waits for an answer."""

    writes: bool
    serves: bool


OUTSIDE = Mode(writes=False, serves=False)
_mode: ContextVar[Mode] = ContextVar("mode", default=OUTSIDE)


def mode() -> Mode:
    """Return the mode of this request or command."""
    return _mode.get()


@contextmanager
def writing() -> Iterator[None]:
    """Begin each transaction of this block as one that writes, however it starts."""
    with _in(Mode(writes=True, serves=False)):
        yield


@contextmanager
def serving(*, writes: bool) -> Iterator[None]:
    """Begin transactions of a request: a reader on PostgreSQL begins none, and no answer waits for ever."""
    with _in(Mode(writes, serves=True)):
        yield


@contextmanager
def _in(new: Mode) -> Iterator[None]:
    token = _mode.set(new)
    try:
        yield
    finally:
        _mode.reset(token)
