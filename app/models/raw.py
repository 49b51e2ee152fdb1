"""Rows written past the unit of work, for the few acts that a benchmark measures."""

from functools import cache
from typing import Any

from sqlalchemy import bindparam, update

from app.clock import UTCDateTime, utc_now
from app.database.prepared import PREPARED
from app.database.session import shop_session
from app.database.statements import execute, insert_rows
from app.models import audit
from app.models.columns import OnTicket
from app.models.service_tickets import ServiceTicket


def next_version(table) -> dict:
    """Return what an UPDATE sets to move the version of a row, as `Versioned` does for the session."""
    return {"version": table.c.version + 1, "updated_at": bindparam("moment", type_=UTCDateTime)}


def insert_now(row: Any) -> None:
    """Insert a row at once, with its audit entry, that the session does not follow; it has its id then.

    Refuses what is shown on a ticket whose version has not moved in this transaction.
    """
    if isinstance(row, OnTicket) and row.ticket_id not in shop_session().pending.bumped:
        raise TypeError(f"Move the version of ticket {row.ticket_id} first: `bump_version`.")
    columns = [each for each in row.__table__.c if not each.primary_key]
    for each in columns:
        if getattr(row, each.key) is None and each.default is not None:
            value = each.default.arg
            setattr(row, each.key, value(None) if each.default.is_callable else value)
    [row.id] = insert_rows(row.__table__, [{each.key: getattr(row, each.key) for each in columns}])
    audit.record_insert(row)


def bump_version(copy: Any) -> None:
    """Move the version of a detached row: something that is shown with it has changed."""
    execute(_bump(copy.__table__), row_id=copy.id, moment=utc_now(), wait=False)
    if isinstance(copy, ServiceTicket):
        shop_session().pending.bumped.add(copy.id)


@cache
def _bump(table):
    moved = update(table).where(table.c.id == bindparam("row_id")).values(next_version(table))
    return moved.returning(table.c.version).execution_options(**PREPARED)
