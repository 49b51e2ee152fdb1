"""SQLite as the shop has it: for its owner only, safe from a power cut, without what is erased."""

import contextlib
import os
import sqlite3
from threading import Lock
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, Pool, event

TO_WRITE = 5  # seconds in line, and as many again at SQLite itself
TO_EMPTY_THE_LOG = 0.5
TURN = "turn"
_turns: WeakKeyDictionary[Pool, Lock] = WeakKeyDictionary()


def listen_to(engine: Engine) -> None:
    """Open each connection of this engine as the shop needs it."""
    event.listen(engine, "do_connect", make_it_private)
    event.listen(engine, "connect", tune_sqlite)
    event.listen(engine, "checkin", _leave_the_line)


def make_it_private(_dialect, _record, positional, _named) -> None:
    """Make a new file for its owner only, and with it the files that SQLite puts beside it."""
    # Only where there is none: to close a file that is open elsewhere in this process undoes its locks.
    with contextlib.suppress(OSError):
        os.close(os.open(positional[0], os.O_CREAT | os.O_EXCL, 0o600))


def tune_sqlite(connection, _record) -> None:
    """Set WAL, foreign keys, and a commit that survives a power cut; BEGIN is ours to say."""
    connection.isolation_level = None
    for pragma in (
        "foreign_keys=ON",
        "journal_mode=WAL",
        "synchronous=FULL",
        "secure_delete=ON",  # what is deleted is overwritten, in the file and so in every backup
        "cache_size=-256",  # KiB for each connection; there may be 32, and the system keeps pages, too
        f"busy_timeout={1000 * TO_WRITE}",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def empty_the_log(engine: Engine) -> None:
    """Write the log into the file and empty it, because it has pages as they were before an erasure.

    While somebody reads what was before, it stays; SQLite overwrites it as others write.
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
    """Wait for this process's turn to write.

    SQLite lets whoever happens to ask at the right moment write; in a crowd, somebody waits for ever. Who has
    stood in line too long asks SQLite itself, which says no.
    """
    turn = _turns.setdefault(connection.engine.pool, Lock())
    if TURN not in connection.info and turn.acquire(timeout=TO_WRITE):
        connection.info[TURN] = turn


def _leave_the_line(_connection, record) -> None:
    if turn := record.info.pop(TURN, None):
        turn.release()
