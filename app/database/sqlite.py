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
    """Register listeners on an engine: they set up each new connection, and end its turn to write.

    Writers take turns, one connection at a time (see `stand_in_line`). A turn ends when the connection
    returns to the pool.
    """
    event.listen(engine, "do_connect", make_it_private)
    event.listen(engine, "connect", tune_sqlite)
    event.listen(engine, "checkin", _leave_the_line)


def make_it_private(_dialect, _record, positional, _named) -> None:
    """Create the database file if it is missing, so that only its owner may read and write it.

    SQLite gives its log (WAL) the same permissions.
    """
    # Never open an existing file: to close it would release the locks that this process has on it.
    with contextlib.suppress(OSError):
        os.close(os.open(positional[0], os.O_CREAT | os.O_EXCL, 0o600))


def tune_sqlite(connection, _record) -> None:
    """Set WAL mode, foreign keys, durable commits and other options of a new connection.

    Python's sqlite3 then sends no BEGIN itself; app/database/transactions.py does.
    """
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
    """Write SQLite's log (WAL) into the database file and empty it, because it may have erased data.

    If another connection is still reading older data, the log is not emptied; later writes overwrite it.
    On PostgreSQL, nothing is done.
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

    SQLite itself has no queue, so that under load a writer may wait for ever. After TO_WRITE seconds,
    the connection asks SQLite for the write lock without having its turn, and fails if SQLite refuses
    the lock.
    """
    turn = _turns.setdefault(connection.engine.pool, Lock())
    if TURN not in connection.info and turn.acquire(timeout=TO_WRITE):
        connection.info[TURN] = turn


def _leave_the_line(_connection, record) -> None:
    if turn := record.info.pop(TURN, None):
        turn.release()
