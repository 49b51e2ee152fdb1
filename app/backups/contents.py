"""What is in a backup, and why there may be none."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import update

from app.extensions import db
from app.models import Session
from app.moments import now

MAIN_TABLES = (
    "customers",
    "vehicles",
    "mechanics",
    "service_tickets",
    "ticket_parts",
    "parts",
    "stock_movements",
)


class Refused(Exception):
    """No backup was taken, or nothing was restored; the message says why and what to do."""


class NoBackup(Refused):
    """This file is none, or not a whole one."""


@dataclass
class Contents:
    """The migration that it stands at, and how many rows its main tables have."""

    revision: str
    rows: dict[str, int]


def end_all_sessions() -> str:
    """The statement that does it, in the words of this database."""
    ending = update(Session).where(Session.ended_at.is_(None)).values(ended_at=now())
    literally = {"literal_binds": True}
    return str(ending.compile(dialect=db.engine.dialect, compile_kwargs=literally))


def beginning(path: Path, length: int) -> bytes:
    """The first bytes, which tell the kind of a file; none of what is no file or may not be read."""
    try:
        with path.open("rb") as file:
            return file.read(length)
    except OSError:
        return b""
