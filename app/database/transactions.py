"""How a transaction begins: said by whoever opens it, and never guessed.

The request layer says it for each request, a command for itself with `writing()`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple

from sqlalchemy import Connection

from app.database import postgresql, sqlite


class Mode(NamedTuple):
    """`writes`: the write lock is taken at once. `serves`: somebody waits for an answer."""

    writes: bool
    serves: bool


OUTSIDE = Mode(writes=False, serves=False)
_mode: ContextVar[Mode] = ContextVar("mode", default=OUTSIDE)


@contextmanager
def writing() -> Iterator[None]:
    """Begin each transaction of this block as one that writes, however it starts."""
    with _in(Mode(writes=True, serves=False)):
        yield


@contextmanager
def serving(*, writes: bool) -> Iterator[None]:
    """Begin transactions of a request: a reader on PostgreSQL begins none, and nobody waits for ever."""
    with _in(Mode(writes, serves=True)), postgresql.with_timeouts():
        yield


@contextmanager
def _in(mode: Mode) -> Iterator[None]:
    token = _mode.set(mode)
    try:
        yield
    finally:
        _mode.reset(token)


def begin(connection: Connection) -> None:
    """Begin a transaction; a writer takes SQLite's one write lock first: taken later, it can't be waited for.

    On PostgreSQL, where each statement sees what is there by then, a reader of a request begins nothing.
    """
    mode = _mode.get()
    writes = connection.get_execution_options().get("writes", mode.writes)
    driver = connection.connection.dbapi_connection
    if not isinstance(driver, postgresql.Connection):
        if writes:
            sqlite.stand_in_line(connection)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
    elif writes or not mode.serves:
        driver.begin()
