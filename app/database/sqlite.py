"""SQLite as the shop has it: for its owner only, safe from a power cut, without what is erased."""

import contextlib
import os
import sqlite3

from sqlalchemy import Engine, event

TO_WRITE = 5  # seconds in line, and as many again at SQLite itself
TO_EMPTY_THE_LOG = 0.5


@event.listens_for(Engine, "do_connect")
def make_it_private(dialect, _record, positional, _named) -> None:
    """Make a new file for its owner only, and with it the files that SQLite puts beside it."""
    if dialect.name == "sqlite":
        # Only where there is none: to close a file that is open elsewhere in this process undoes its locks.
        with contextlib.suppress(OSError):
            os.close(os.open(positional[0], os.O_CREAT | os.O_EXCL, 0o600))


@event.listens_for(Engine, "connect")
def tune_sqlite(connection, _record) -> None:
    """Set WAL, foreign keys, and a commit that survives a power cut; BEGIN is ours to say."""
    if type(connection).__module__.partition(".")[0] != "sqlite3":
        return
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
