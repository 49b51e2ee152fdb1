"""SQLite as the shop opens it: what is acknowledged survives a power cut, and foreign keys hold."""

import contextlib
import sqlite3

from app.extensions import tune_sqlite

FULL = 2


def test_a_connection_waits_for_the_disk_and_checks_foreign_keys(tmp_path):
    """Outside the engine, because the tests turn off fsync there."""
    with contextlib.closing(sqlite3.connect(tmp_path / "shop.db")) as connection:
        tune_sqlite(connection, None)
        pragmas = {
            name: connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("synchronous", "journal_mode", "foreign_keys")
        }
    assert pragmas == {"synchronous": FULL, "journal_mode": "wal", "foreign_keys": 1}
