"""psycopg2 with fewer round trips to PostgreSQL, and with a time-out for a server that hangs.

psycopg2 sends BEGIN and COMMIT alone and waits for each, which takes longer than PostgreSQL needs for
most statements. Here BEGIN is sent together with the first statement of a transaction. Some statements
are deferred: they are sent together with the next statement or, at the latest, with COMMIT.
"""

import select
from datetime import datetime
from typing import Any

import psycopg2
from psycopg2 import extensions as libpq
from sqlalchemy import Engine, event
from sqlalchemy.exc import DisconnectionError

from app.database.mode import mode
from app.database.sqlstates import BROKEN, sqlstate

# Seconds. A working server answers sooner, because of connect_timeout and statement_timeout.
TO_CONNECT, TO_ANSWER = 2, 6
TIMESTAMPTZ = 1184  # its number among PostgreSQL's types
BEGIN = b"BEGIN"
SNAPSHOT = b"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"


class Connection(libpq.connection):
    """A psycopg2 connection in autocommit mode; this class itself sends BEGIN, COMMIT and ROLLBACK.

    Without autocommit, psycopg2 would send BEGIN alone and wait for the answer. Here BEGIN waits in the
    list `unsent`, and is sent together with the first statement of the transaction.
    """

    def __init__(self, *args: Any, **how: Any):
        super().__init__(*args, **how)
        self.autocommit = True
        self.unsent: list[bytes] = []

    def begin(self, *, snapshot: bool = False) -> None:
        self.unsent = [SNAPSHOT if snapshot else BEGIN]

    def commit(self) -> None:
        if self.in_transaction() or self.unsent not in ([], [BEGIN], [SNAPSHOT]):
            self.cursor().execute("COMMIT")
        self.unsent = []

    def rollback(self) -> None:
        self.unsent = []
        if self.in_transaction():
            self.cursor().execute("ROLLBACK")

    def in_transaction(self) -> bool:
        return self.get_transaction_status() != libpq.TRANSACTION_STATUS_IDLE


class Cursor(libpq.cursor):
    """A cursor that sends deferred statements together with the next statement, in their order."""

    connection: Connection

    def execute(self, query: Any, vars: Any = None) -> None:
        if self.connection.unsent:
            query, vars = self._with_unsent(self.mogrify(query, vars)), None
        super().execute(query, vars)

    def executemany(self, query: Any, vars_list: Any) -> None:
        if self.connection.unsent:
            super().execute(self._with_unsent())
        super().executemany(query, vars_list)

    def execute_later(self, query: Any, vars: Any = None) -> None:
        """Defer a statement with the parameters `vars`, to be sent together with the next statement.

        If the deferred statement fails, the next one raises the error.
        """
        self.connection.unsent.append(self.mogrify(query, vars))

    def _with_unsent(self, *now):
        unsent, self.connection.unsent = self.connection.unsent, []
        return b"; ".join([*unsent, *now])


def listen_to(engine: Engine) -> None:
    """Make an engine use Connection and Cursor, drop broken connections, and replace closed ones."""
    event.listen(engine, "do_connect", _with_our_classes)
    event.listen(engine, "handle_error", _drop_broken)
    event.listen(engine, "checkout", _look_at)


def _with_our_classes(_dialect, _record, _positional, named) -> None:
    named |= {"connection_factory": Connection, "cursor_factory": Cursor}


def _drop_broken(context) -> None:
    """Mark a connection as lost after an error in BROKEN, so that the pool opens a new one.

    BROKEN has errors of a server that is read-only or shuts down, for example. A new connection may
    reach a server that works. `context` is SQLAlchemy's ExceptionContext.
    """
    if sqlstate(context.original_exception).startswith(BROKEN):
        context.is_disconnect, context.invalidate_pool_on_disconnect = True, False


def _look_at(connection, _record, _proxy) -> None:
    """Raise DisconnectionError if PostgreSQL has closed this connection, so that the pool opens another.

    An idle connection becomes readable when it is closed. To test it with a statement would take as long
    as a query.
    """
    if _ready(connection, libpq.POLL_READ, 0):
        raise DisconnectionError()


def wait_for_postgres(connection) -> None:
    """Wait for PostgreSQL's answer; in a request, raise OperationalError after a time-out.

    A server that hangs does not apply its own time-outs. Outside requests, as in migrations, there is no
    time-out here.
    """
    patience = None
    if mode().serves:
        patience = TO_CONNECT if connection.status == libpq.STATUS_SETUP else TO_ANSWER
    while (state := connection.poll()) != libpq.POLL_OK:
        if not _ready(connection, state, patience):
            raise psycopg2.OperationalError("PostgreSQL stands still.")


def _ready(connection, state: int, patience: float | None) -> bool:
    """Return whether a connection can be read or written within `patience` seconds; None: no limit.

    `state` says which of the two: psycopg2's POLL_READ or POLL_WRITE.
    """
    reads = [connection] if state == libpq.POLL_READ else []
    if not hasattr(select, "poll"):  # Windows, where select takes any socket
        writes = [] if reads else [connection]
        return any(select.select(reads, writes, [], patience))
    poll = select.poll()
    poll.register(connection, select.POLLIN if reads else select.POLLOUT)
    return bool(poll.poll(None if patience is None else 1000 * patience))


def _moment(text: str | None, _cursor: Any) -> datetime | None:
    """Return the time that PostgreSQL has written as text; psycopg2's own function takes twice as long."""
    return None if text is None else datetime.fromisoformat(text)


libpq.set_wait_callback(wait_for_postgres)
libpq.register_type(libpq.new_type((TIMESTAMPTZ,), "TIMESTAMPTZ", _moment))
