"""SQLite with private files, commits that survive a power cut, and deletions that overwrite the data."""

import contextlib
import os
import sqlite3
from threading import Lock
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, Pool, event

TO_WRITE = 5  # seconds to wait in this process's queue, and as many again for SQLite's lock
TO_EMPTY_THE_LOG = 0.5  # seconds
TURN = "turn"
_turns: WeakKeyDictionary[Pool, Lock] = WeakKeyDictionary()


def listen_to(engine: Engine) -> None:
    """Set up each connection of this engine; end its turn to write when it returns to the pool."""
    event.listen(engine, "do_connect", make_it_private)
    event.listen(engine, "connect", tune_sqlite)
    event.listen(engine, "checkin", _leave_the_line)


def make_it_private(_dialect, _record, positional, _named) -> None:
    """Create a missing database file that only its owner may read; SQLite's log gets the same mode."""
    # Never open an existing file: to close it would release the locks that this process has on it.
    with contextlib.suppress(OSError):
        os.close(os.open(positional[0], os.O_CREAT | os.O_EXCL, 0o600))


def tune_sqlite(connection, _record) -> None:
    """Set WAL, foreign keys and durable commits; app/database/transactions.py sends BEGIN."""
    connection.isolation_level = None
    for pragma in (
        "foreign_keys=ON",
        "journal_mode=WAL",
        "synchronous=FULL",
        "secure_delete=ON",  # deleted data is overwritten, in the file and so in every backup
        "cache_size=-256",  # KiB per connection; there may be 32, and the system caches pages, too
        f"busy_timeout={1000 * TO_WRITE}",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def empty_the_log(engine: Engine) -> None:
    """Write SQLite's log (WAL) into the database file and empty it: it still has data that was erased.

    If another connection is still reading older data, the log stays, until later writes overwrite it.
    """
    if engine.dialect.name != "sqlite":
        return
    with (
        contextlib.closing(engine.raw_connection()) as connection,
        contextlib.suppress(sqlite3.OperationalError),
    ):
        cursor = connection.cursor()
        for pragma in (
            f"busy_timeout={1000 * TO_EMPTY_THE_LOG:.0f}",
            "wal_checkpoint(TRUNCATE)",
            f"busy_timeout={1000 * TO_WRITE}",
        ):
            cursor.execute(f"PRAGMA {pragma}").fetchall()


def stand_in_line(connection: Connection) -> None:
    """Wait until no other connection of this process writes, at most TO_WRITE seconds.

    SQLite itself has no queue, so that under load a writer may wait for ever. A writer whose turn does
    not come in time asks SQLite for its lock directly, and fails if SQLite refuses it.
    """
    turn = _turns.setdefault(connection.engine.pool, Lock())
    if TURN not in connection.info and turn.acquire(timeout=TO_WRITE):
        connection.info[TURN] = turn


def _leave_the_line(_connection, record) -> None:
    if turn := record.info.pop(TURN, None):
        turn.release()
