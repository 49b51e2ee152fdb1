"""Backups of the whole database in one file.

The server may be running while a backup is written. It must be stopped before a restore.
"""

import contextlib
import os
import stat
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from alembic.script import ScriptDirectory
from flask import current_app

from app.cli.backups import postgres, sqlite
from app.cli.backups.contents import Contents, NoBackup, Refused
from app.clock import utc_now
from app.database.session import db

BACKUPS = Path(__file__).parents[3] / "backups"

__all__ = ["NoBackup", "Refused", "Restored", "restore", "take"]


@dataclass
class Restored:
    """The result of a restore: the Contents of the backup, and two facts about the database.

    `state_of_before` is the path of the backup that was made of the replaced data, or None if there were
    no customers and no staff. `is_older` is true if the schema is older than this code, so that
    `flask db upgrade` is needed.
    """

    contents: Contents
    state_of_before: Path | None
    is_older: bool


def take(path: Path | None, tell: Callable[[str], None]) -> tuple[Path, Contents]:
    """Back up the whole shop to a new file; return the file's path and its Contents.

    If `path` is None, the file is made in the folder BACKUPS. All data is of the same moment. `tell` is
    a function that is called with progress messages. Raise Refused if the file exists already or can't
    be written; an incomplete file is deleted.
    """
    keeper = _keeper()
    with keeper.opened() as shop:
        return _kept(keeper, shop, path, tell)


def restore(path: Path, *, replace: bool, tell: Callable[[str], None]) -> Restored:
    """Replace the data of the shop by the backup at `path`, all or nothing, and end every session.

    All sessions end, because one that was ended after the backup was made would be valid again. If the
    database has customers or staff, raise Refused unless `replace` is true; a new backup of their data
    is then made first. `tell` is a function that is called with progress messages. Raise Refused if
    nothing was restored.
    """
    keeper = _keeper()
    contents = keeper.read(path, tell)
    known = _history()
    if contents.revision not in known:
        raise Refused(
            f"The schema of {path} is {contents.revision}, which this code does not know:"
            " restore it with the version of the shop that wrote it, or a later one."
        )
    db.session.remove()
    db.engine.dispose()
    with keeper.alone() as shop:
        state_of_before = None
        if keeper.has_people(shop):
            if not replace:
                raise Refused(
                    "This database has customers or staff. With --replace the backup takes their"
                    " place, after a backup of what is there now."
                )
            state_of_before, _ = _kept(keeper, shop, None, tell)
            tell(f"What was there before is in {state_of_before}.")
        keeper.put_back(shop, path, tell)
    return Restored(contents, state_of_before, contents.revision != known[0])


def _keeper() -> ModuleType:
    return sqlite if db.engine.dialect.name == "sqlite" else postgres


def _history() -> list[str]:
    """Return the ids of all migrations of this code, newest first."""
    script = ScriptDirectory(current_app.extensions["migrate"].directory)
    return [each.revision for each in script.walk_revisions()]


def _kept(keeper, shop, path, tell):
    """Write a backup to a new file, and check it; return the file's path and its Contents.

    `keeper` is the module `sqlite` or `postgres`, and `shop` is a connection to the database. If `path`
    is None, the file is made in the folder BACKUPS. `tell` is called with progress messages.

    The file has a temporary name until it is complete, checked and flushed to disk. So no incomplete
    file ever has the name of a backup.
    """
    if path is None:
        BACKUPS.mkdir(mode=0o700, exist_ok=True)
        path = BACKUPS / f"mechanic_shop-{utc_now():%Y%m%dT%H%M%S_%fZ}{keeper.SUFFIX}"
    _demand_free(path)
    if not path.parent.is_dir():
        raise Refused(f"There is no folder {path.parent}.")
    with _unfinished(path) as unfinished:
        written = keeper.write(shop, unfinished, tell)
        contents = keeper.read(unfinished, tell)
        if contents != written:
            raise Refused(f"What was written is not what was read: {contents}, not {written}.")
        _sync(unfinished)
        _demand_free(path)
        os.rename(unfinished, path)
        _sync(path.parent)
    return path, contents


def _demand_free(path):
    if path.exists():
        raise Refused(f"{path} is there already, and a backup replaces no file.")


@contextlib.contextmanager
def _unfinished(path: Path) -> Iterator[Path]:
    """Yield the path of an empty temporary file in the folder of `path`, which only its owner can read.

    Delete the file afterwards, unless it has been renamed. Raise Refused if it can't be made.
    """
    try:
        handle, name = tempfile.mkstemp(
            prefix=f".{path.name}.", suffix=".unfinished", dir=path.parent
        )
    except OSError as problem:
        raise Refused(f"{path.parent} can't be written to: {problem.strerror}.") from None
    os.close(handle)
    try:
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


def _sync(path):
    """Flush a file or a folder to disk; do nothing for a folder on Windows, where that is impossible."""
    if os.name == "nt" and path.is_dir():
        return
    handle = os.open(path, os.O_RDWR if stat.S_ISREG(path.stat().st_mode) else os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
