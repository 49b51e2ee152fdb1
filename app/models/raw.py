"""Rows written past the session of SQLAlchemy, where a benchmark demands it."""

from functools import cache
from typing import Any

from sqlalchemy import bindparam, update

from app.clock import Moment, now
from app.database.prepared import PREPARED
from app.database.statements import write_along, write_new
from app.models import (
    audit,
)


def _next_version(table) -> dict:
    """What a statement sets where `Versioned` would: a row's version moves with whatever is shown of it."""
    return {"version": table.c.version + 1, "updated_at": bindparam("moment", type_=Moment)}


def write_down(row: Any) -> None:
    """A new row, written at once and on record, that the session does not follow; it has its id then."""
    columns = [each for each in row.__table__.c if not each.primary_key]
    for each in columns:
        if getattr(row, each.key) is None and each.default is not None:
            value = each.default.arg
            setattr(row, each.key, value(None) if each.default.is_callable else value)
    [row.id] = write_new(row.__table__, [{each.key: getattr(row, each.key) for each in columns}])
    audit.note_new(row)


def move_version(copy: Any) -> None:
    """What `touch` does for a row that the session follows: something shown with it has changed."""
    write_along(_move_version(copy.__table__), row_id=copy.id, moment=now())


@cache
def _move_version(table):
    moved = update(table).where(table.c.id == bindparam("row_id")).values(_next_version(table))
    return moved.returning(table.c.version).execution_options(**PREPARED)
