"""The contents of a backup, the errors of backups, and the SQL that follows a restore."""

import secrets
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import update

from app.clock import utc_now
from app.database.session import db
from app.models import Session
from app.web.namespace import ShopId

FIRST_WITH_ID = "0010"
MAIN_TABLES = (
    "customers",
    "vehicles",
    "mechanics",
    "service_tickets",
    "parts",
    "stock_movements",
)


class Refused(Exception):
    """Raised when no backup was written, or nothing restored; the message says why and what to do."""


class NoBackup(Refused):
    """Raised when a file is not a backup of this kind of database, or is damaged."""


@dataclass
class Contents:
    """The id of a backup's newest migration, and the number of rows in each main table."""

    revision: str
    rows: dict[str, int]


def after_a_restore(contents: Contents) -> list[str]:
    """Return the SQL statements to run after a restore: they end all sessions and change the shop's id.

    Keys in Redis contain the shop's id, so values that were cached before the restore are not found any
    more. A backup from before the migration FIRST_WITH_ID has no such id.
    """
    statements = [update(Session).where(Session.ended_at.is_(None)).values(ended_at=utc_now())]
    if contents.revision >= FIRST_WITH_ID:
        statements.append(update(ShopId).values(id=secrets.token_hex(16)))
    return [
        str(each.compile(dialect=db.engine.dialect, compile_kwargs={"literal_binds": True}))
        for each in statements
    ]


def beginning(path: Path, length: int) -> bytes:
    """Return the first `length` bytes of a file, which show its format; b"" if it can't be read."""
    try:
        with path.open("rb") as file:
            return file.read(length)
    except OSError:
        return b""
