"""Backups of a SQLite shop, written and restored with SQLite's online backup API."""

import contextlib
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from app.cli.backups.contents import (
    MAIN_TABLES,
    Contents,
    NoBackup,
    Refused,
    after_a_restore,
    beginning,
)
from app.database.session import db

SUFFIX = ".db"
PAGES = 8192  # 32 MiB between two progress messages
SOME_SECONDS = 5
IN_WAL = b"\2\2"  # bytes 18 and 19 of a file in WAL mode


@contextlib.contextmanager
def opened() -> Iterator[sqlite3.Connection]:
    """Yield a connection that sees the database as it is at one moment, without later commits.

    Raise Refused if there is no database file yet.
    """
    file = _file()
    if not file.exists():
        raise Refused(f"There is no shop in {file} yet: run `flask db upgrade` first.")
    with _connected(file) as shop:
        shop.execute("BEGIN")
        _contents(shop)  # this first read starts the snapshot
        yield shop


@contextlib.contextmanager
def alone() -> Iterator[sqlite3.Connection]:
    """Yield a connection that locks the database file, so that no other process can read or write it.

    Raise Refused if another process has the file open.
    """
    file = _file()
    file.touch(mode=0o600, exist_ok=True)
    with _connected(file) as shop:
        shop.execute("PRAGMA locking_mode=EXCLUSIVE")
        try:
            # Only a sole connection can leave WAL mode, and it keeps the lock that this takes.
            shop.execute("PRAGMA journal_mode=DELETE")
            shop.execute("BEGIN EXCLUSIVE")
            shop.execute("COMMIT")
        except sqlite3.OperationalError:
            raise Refused(
                "The shop is open. Close it first: a restore undoes what it does."
            ) from None
        yield shop


def has_people(shop: sqlite3.Connection) -> bool:
    tables = {name for (name,) in shop.execute("SELECT name FROM sqlite_master")}
    return any(
        table in tables and shop.execute(f"SELECT 1 FROM {table}").fetchone()
        for table in ("customers", "mechanics")
    )


def write(shop: sqlite3.Connection, target: Path, tell: Callable[[str], None]) -> Contents:
    def progress(_status, remaining, total):
        if remaining:
            tell(f"{total - remaining} of {total} pages")

    try:
        with _connected(target) as copy:
            shop.backup(copy, pages=PAGES, progress=progress)
            copy.execute("PRAGMA journal_mode=DELETE")  # one file, without a WAL file
    except sqlite3.Error as problem:
        raise Refused(f"The backup could not be written: {problem}.") from None
    return _contents(shop)


def read(path: Path, tell: Callable[[str], None]) -> Contents:
    """Check every page and every foreign key of the backup at `path`, and return its Contents.

    Raise NoBackup if the file is damaged or not a backup of a SQLite shop. `tell` is called with
    progress messages.
    """
    tell("Looking through the backup")
    begun = beginning(path, 32)
    if not begun.startswith(b"SQLite format 3\0"):
        raise NoBackup(f"{path} is no backup of a SQLite shop.")
    if begun[18:20] == IN_WAL:
        raise NoBackup(f"{path} is a copy of a shop's own file, which may lack its log; no backup.")
    page_size, pages = int.from_bytes(begun[16:18]), int.from_bytes(begun[28:32])
    if path.stat().st_size != page_size * pages:
        raise NoBackup(f"{path} is damaged: it has not as many bytes as it says.")
    try:
        with _connected(path, "?mode=ro&immutable=1") as backup:
            found = backup.execute("PRAGMA integrity_check")
            faults = [" ".join(said.split()) for (said,) in found if said != "ok"]
            faults += map(str, backup.execute("PRAGMA foreign_key_check"))
            if faults:
                raise NoBackup(f"{path} is damaged: {faults[0]}.")
            return _contents(backup)
    except sqlite3.Error as problem:
        raise NoBackup(f"{path} is no backup of a SQLite shop: {problem}.") from None


def put_back(shop: sqlite3.Connection, path: Path, tell: Callable[[str], None]) -> None:
    """Replace the shop's data by the backup at `path`, and end all sessions, in one transaction.

    Even after a crash, a reader sees either all old or all new data. `shop` is a connection to the
    database, and `tell` is called with progress messages.
    """
    tell("Putting the backup in place")
    handle, name = tempfile.mkstemp(prefix=".restore.", dir=_file().parent)
    os.close(handle)
    try:
        shutil.copyfile(path, name)
        with _connected(Path(name)) as staged:
            _drop_what_acts(staged)
            for statement in after_a_restore(_contents(staged)):
                staged.execute(statement)
            staged.backup(shop)
    except (OSError, sqlite3.Error) as problem:
        raise Refused(f"Nothing was restored: {problem}.") from None
    finally:
        Path(name).unlink(missing_ok=True)


def _file():
    return Path(db.engine.url.database or "")


@contextlib.contextmanager
def _connected(path: Path, mode: str = "") -> Iterator[sqlite3.Connection]:
    """Yield a connection to the file `path`; Python begins and commits no transactions on it by itself.

    `mode` is a query string that is added to the URI of the file, such as `?mode=ro`.
    """
    where = f"{path.absolute().as_uri()}{mode}"
    connection = sqlite3.connect(where, timeout=SOME_SECONDS, isolation_level=None, uri=True)
    with contextlib.closing(connection):
        yield connection


def _drop_what_acts(staged):
    """Drop all triggers and views in `staged`, a connection to a copy of the backup.

    A shop has none, and a trigger in a backup would run in the restored shop.
    """
    drop = (
        "SELECT 'DROP ' || type || ' \"' || replace(name, '\"', '\"\"') || '\"'"
        " FROM sqlite_master WHERE type IN ('trigger', 'view') ORDER BY type"
    )
    for (statement,) in staged.execute(drop).fetchall():
        staged.execute(statement)


def _contents(shop):
    try:
        [(revision,)] = shop.execute("SELECT version_num FROM alembic_version")
    except (sqlite3.OperationalError, ValueError):
        raise NoBackup("There is no shop in it: it has no schema.") from None
    counted = {
        table: shop.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in MAIN_TABLES
    }
    return Contents(revision, counted)
