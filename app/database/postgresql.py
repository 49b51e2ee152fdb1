"""psycopg2 as the shop has it: few trips to PostgreSQL, and no waiting for one that stands still.

psycopg2 sends BEGIN and COMMIT by themselves and waits for each; to be woken again takes longer than
PostgreSQL takes for most of what it is asked. So here BEGIN goes with the first statement of an act, what
nobody waits for with the next one, and COMMIT with what is left.
"""

import select
from typing import Any

import psycopg2
from psycopg2 import extensions as libpq
from sqlalchemy import Engine, event
from sqlalchemy.exc import DisconnectionError

from app.database.mode import mode
from app.database.sqlstates import BROKEN, sqlstate

# Beyond connect_timeout and statement_timeout, after which a server that works has said something.
TO_CONNECT, TO_ANSWER = 2, 6
BEGIN = b"BEGIN"


class Connection(libpq.connection):
    """Each statement is a transaction by itself, unless a transaction has been begun.

    As psycopg2 says it, this is autocommit; it has no word for a BEGIN that goes along.
    """

    def __init__(self, *args: Any, **how: Any):
        super().__init__(*args, **how)
        self.autocommit = True
        self.unsent: list[bytes] = []

    def begin(self) -> None:
        self.unsent = [BEGIN]

    def commit(self) -> None:
        if self.in_transaction() or self.unsent not in ([], [BEGIN]):
            self.cursor().execute("COMMIT")
        self.unsent = []

    def rollback(self) -> None:
        self.unsent = []
        if self.in_transaction():
            self.cursor().execute("ROLLBACK")

    def in_transaction(self) -> bool:
        return self.get_transaction_status() != libpq.TRANSACTION_STATUS_IDLE


class Cursor(libpq.cursor):
    """Statements in the order in which they are said, sent when an answer is wanted."""

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
        """Send a statement with the next one, whose error is also that of this one."""
        self.connection.unsent.append(self.mogrify(query, vars))

    def _with_unsent(self, *now):
        unsent, self.connection.unsent = self.connection.unsent, []
        return b"; ".join([*unsent, *now])


def listen_to(engine: Engine) -> None:
    """Open each connection of this engine as the shop needs it, and drop those that are broken."""
    event.listen(engine, "do_connect", _with_our_classes)
    event.listen(engine, "handle_error", _drop_broken)
    event.listen(engine, "checkout", _look_at)


def _with_our_classes(_dialect, _record, _positional, named) -> None:
    named |= {"connection_factory": Connection, "cursor_factory": Cursor}


def _drop_broken(context) -> None:
    """Drop a connection whose server can't do its work, as one that is lost: the next may reach another."""
    if sqlstate(context.original_exception).startswith(BROKEN):
        context.is_disconnect, context.invalidate_pool_on_disconnect = True, False


def _look_at(connection, _record, _proxy) -> None:
    """One that PostgreSQL has closed has something to read: its end. To ask would take as long as a query."""
    if _ready(connection, libpq.POLL_READ, 0):
        raise DisconnectionError()


def wait_for_postgres(connection) -> None:
    """Wait for an answer no longer than the time-out: a server that hangs keeps no time-out itself.

    A command, such as a migration, may take its time.
    """
    patience = None
    if mode().serves:
        patience = TO_CONNECT if connection.status == libpq.STATUS_SETUP else TO_ANSWER
    while (state := connection.poll()) != libpq.POLL_OK:
        if not _ready(connection, state, patience):
            raise psycopg2.OperationalError("PostgreSQL stands still.")


def _ready(connection, state: int, patience: float | None) -> bool:
    """Whether a connection can be read, or written, within so many seconds."""
    reads = [connection] if state == libpq.POLL_READ else []
    if not hasattr(select, "poll"):  # Windows, where sockets may have any number
        writes = [] if reads else [connection]
        return any(select.select(reads, writes, [], patience))
    poll = select.poll()
    poll.register(connection, select.POLLIN if reads else select.POLLOUT)
    return bool(poll.poll(None if patience is None else 1000 * patience))


libpq.set_wait_callback(wait_for_postgres)
