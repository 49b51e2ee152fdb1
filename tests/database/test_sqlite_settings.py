"""SQLite as the shop opens it: what is acknowledged survives a power cut, and foreign keys hold."""

import contextlib
import os
import sqlite3
import stat

import sqlalchemy as sa

from app.database.session import listen_to
from tests.conftest import tune_sqlite

FULL = 2


def test_a_new_shop_in_a_file_is_its_owner_s_only(tmp_path):
    """Whatever the umask, and with it the log and the index that SQLite puts beside the file."""
    before = os.umask(0)
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'shop.db'}")
    listen_to(engine)
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("CREATE TABLE t (id INTEGER)")
            files = {each.name: stat.S_IMODE(each.stat().st_mode) for each in tmp_path.iterdir()}
    finally:
        os.umask(before)
        engine.dispose()
    assert files == dict.fromkeys(("shop.db", "shop.db-shm", "shop.db-wal"), 0o600)


def test_a_connection_waits_for_the_disk_and_checks_foreign_keys(tmp_path):
    """By the shop's own settings, because the tests turn off fsync in theirs."""
    with contextlib.closing(sqlite3.connect(tmp_path / "shop.db")) as connection:
        tune_sqlite(connection, None)
        pragmas = {
            name: connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("synchronous", "journal_mode", "foreign_keys", "secure_delete")
        }
    assert pragmas == {
        "synchronous": FULL,
        "journal_mode": "wal",
        "foreign_keys": 1,
        "secure_delete": 1,
    }
