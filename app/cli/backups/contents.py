"""What is in a backup, and why there may be none."""

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
    """No backup was taken, or nothing was restored; the message says why and what to do."""


class NoBackup(Refused):
    """This file is none, or not a whole one."""


@dataclass
class Contents:
    """The migration that it stands at, and how many rows its main tables have."""

    revision: str
    rows: dict[str, int]


def after_a_restore(contents: Contents) -> list[str]:
    """Return the statements that end all sessions and give the shop another id.

    Under that one, nothing of before is found in Redis.
    """
    statements = [update(Session).where(Session.ended_at.is_(None)).values(ended_at=utc_now())]
    if contents.revision >= FIRST_WITH_ID:
        statements.append(update(ShopId).values(id=secrets.token_hex(16)))
    return [
        str(each.compile(dialect=db.engine.dialect, compile_kwargs={"literal_binds": True}))
        for each in statements
    ]


def beginning(path: Path, length: int) -> bytes:
    """Return the first bytes, which tell the kind of a file; none if it can't be read."""
    try:
        with path.open("rb") as file:
            return file.read(length)
    except OSError:
        return b""
