"""Backups: the whole shop in one file, taken while it is open and put back while it is closed."""

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
    """What is in the shop again, where its state of before is kept, and what is left to do."""

    contents: Contents
    state_of_before: Path | None
    is_older: bool


def take(path: Path | None, tell: Callable[[str], None]) -> tuple[Path, Contents]:
    """Write what the shop is at this moment to a new file, whole and looked through, or not at all."""
    keeper = _keeper()
    with keeper.opened() as shop:
        return _kept(keeper, shop, path, tell)


def restore(path: Path, *, replace: bool, tell: Callable[[str], None]) -> Restored:
    """Put a backup in the place of the shop, wholly or not at all; every sign-in ends with it.

    A session that was ended after the backup would otherwise be alive again, and so would the
    tokens that stand on it.
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
    """The schemas that this code knows, newest first."""
    script = ScriptDirectory(current_app.extensions["migrate"].directory)
    return [each.revision for each in script.walk_revisions()]


def _kept(keeper, shop, path, tell):
    """Nothing has the name of a backup that is not whole, read back, and safe from a power cut."""
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
    """An empty file beside it, for nobody else to read; gone afterwards unless it has been renamed."""
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
    """To the disk; Windows can't do so for a folder."""
    if os.name == "nt" and path.is_dir():
        return
    handle = os.open(path, os.O_RDWR if stat.S_ISREG(path.stat().st_mode) else os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
