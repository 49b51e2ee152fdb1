"""The audit trail: for each row that is written, the author and the values before and after.

Audit entries are made from the rows that the SQLAlchemy session writes, and inserted in the same
transaction. Code that writes a row without that session must call `record_change` or `record_insert`.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import JSON, Index, String, inspect, update
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from app.clock import UTCDateTime, utc_now
from app.database.nouns import noun_of
from app.database.pending import Pending
from app.database.session import Model, db, shop_session
from app.database.sqlite import empty_the_log
from app.database.statements import insert_rows
from app.models.columns import enum_column
from app.quantities import as_json

WITHHELD = "withheld"
BOOKKEEPING = {"version", "updated_at"}
# The audit trail itself, the shop's id, counters, stored answers, and data derived from audited rows.
UNAUDITED = {
    *("audit_entries", "shop_id", "sign_in_attempts", "stored_answers"),
    *("counters", "renamings", "search_terms", "workloads"),
}
NOBODY = dict.fromkeys(("request_id", "operation", "account_id", "role"))


class AuditAction(StrEnum):
    CREATED = "created"
    CHANGED = "changed"
    DELETED = "deleted"


class AuditEntry(db.Model):
    """An entry of the audit trail: one change of one row, its author, and the values before and after.

    Entries are never deleted. When a customer is erased, `before` and `after` of the entries with the
    customer's data are set to None.
    """

    __tablename__ = "audit_entries"
    __table_args__ = (
        Index("ix_audit_entries_entity_entity_id_id", "entity", "entity_id", "id"),
        Index("ix_audit_entries_account_id_id", "account_id", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=utc_now, index=True)
    request_id: Mapped[str | None] = mapped_column(String(64), index=True)
    operation: Mapped[str | None] = mapped_column(String(80))
    # No foreign key: the id stays here when the account is deleted.
    account_id: Mapped[int | None]
    role: Mapped[str | None] = mapped_column(String(20))
    action: Mapped[AuditAction] = mapped_column(enum_column(AuditAction, "action"))
    entity: Mapped[str] = mapped_column(String(40))
    entity_id: Mapped[int]
    before: Mapped[dict | None] = mapped_column(JSON(none_as_null=True))
    after: Mapped[dict | None] = mapped_column(JSON(none_as_null=True))


def entities() -> list[str]:
    """Return the possible values of AuditEntry.entity: one noun for each audited table."""
    return sorted(noun_of(name) for name in db.metadata.tables.keys() - UNAUDITED)


def record_change(table: str, row_id: int, before: dict, after: dict) -> None:
    """Add an audit entry for a row that an UPDATE has changed without the SQLAlchemy session.

    `table` is the name of the table. `before` and `after` are `{column: value}`, with the old and the
    new values of the changed columns.
    """
    values = ({name: _as_json(each) for name, each in row.items()} for row in (before, after))
    _pending().changes.append(_entry(AuditAction.CHANGED, table, row_id, *values))


def record_insert(model: type[Model], values: Mapping[str, Any]) -> None:
    """Add an audit entry for a row that an INSERT has added without the SQLAlchemy session.

    `values` are those of the row, `{column: value}`, with its id; a column that is missing is NULL.
    """
    after = _in_full(inspect(model), values)
    _pending().changes.append(
        _entry(AuditAction.CREATED, model.__tablename__, values["id"], None, after)
    )


def redact(table: str, row_id: int) -> None:
    """Set `before` and `after` to None in all audit entries of a row, also in those not yet inserted.

    `table` is the name of the row's table.
    """
    entity = noun_of(table)
    _pending().redacted.add((entity, row_id))
    db.session.execute(
        update(AuditEntry)
        .where(AuditEntry.entity == entity, AuditEntry.entity_id == row_id)
        .values(before=None, after=None)
    )


def without_audit() -> None:
    """Switch the audit trail off until this transaction ends.

    This is for generated rows, such as those of a demo shop.
    """
    _pending().is_audited = False


def note_changes(session) -> None:
    """Add an audit entry to `session.pending.changes` for each row that this flush writes.

    `session.pending` has notes about the current transaction. `write_entries` inserts the entries later.
    """
    pending = session.pending
    if not pending.is_audited:
        return
    pending.changes += _entries(AuditAction.CREATED, session.new)
    changed = [row for row in session.dirty if row.__tablename__ not in UNAUDITED]
    changed.sort(key=lambda row: (row.__tablename__, f"{row.id:>32}"))  # session.dirty has no order
    pending.changes += _entries(AuditAction.CHANGED, changed)
    pending.changes += _entries(AuditAction.DELETED, session.deleted)


def write_entries(session) -> None:
    """Insert the audit entries in `session.pending.changes`, with the author of this transaction.

    Entries of erased rows are inserted without their values.
    """
    redacted = session.pending.redacted
    entries = session.pending.changes
    for entry in entries:
        if (entry["entity"], entry["entity_id"]) in redacted:
            entry.update(before=None, after=None)
    author = NOBODY | session.audit_actor | {"at": utc_now()}
    insert_rows(AuditEntry.__table__, entries, author, wait=False)


def leave_no_trace(session) -> None:
    """Empty SQLite's write-ahead log if this transaction has erased personal data.

    Otherwise the erased data could still be read in the log file.
    """
    if session.pending.redacted:
        empty_the_log(db.engine)


def _pending() -> Pending:
    return shop_session().pending


def _entries(action: AuditAction, rows) -> Iterator[dict]:
    for row in rows:
        if row.__tablename__ in UNAUDITED:
            continue
        before, after = _told(row, action)
        if before or after:
            yield _entry(action, row.__tablename__, _known_by(row), before, after)


def _entry(action, table, row_id, before, after):
    return {
        "action": action,
        "entity": noun_of(table),
        "entity_id": row_id,
        "before": before or None,
        "after": after or None,
    }


def _told(row, action):
    """Return `(before, after)`, the values of a row before and after it is written, as dicts.

    `action` is an AuditAction. For a changed row, only the changed columns are included. Secret values
    and long documents are replaced by `withheld`. Sort keys, `version` and `updated_at` are left out.
    """
    before: dict = {}
    after: dict = {}
    state = inspect(row)
    if action is AuditAction.CREATED:
        after = _in_full(state.mapper, state.dict)
    elif action is AuditAction.DELETED:
        before = _in_full(state.mapper, state.dict)
    else:
        for name, withheld in _audited(state.mapper):
            history = state.attrs[name].history
            if history.added and history.added != history.deleted:
                after[name] = _as_json(history.added[0], withheld)
                before[name] = _as_json(history.deleted[0] if history.deleted else None, withheld)
    if after and _known_by(row) != row.id:
        before["id"] = after["id"] = row.id  # of a session: `entity_id` is its account
    return before, after


def _in_full(mapper, values):
    """Return the values of a row, `{column: value}`, as they stand in its audit entries."""
    return {name: _as_json(values.get(name), withheld) for name, withheld in _audited(mapper)}


@cache
def _audited(mapper: Mapper) -> list[tuple[str, bool]]:
    """Return the columns in a model's audit entries: `[(name, whether its values are withheld)]`."""
    columns = {each.key: each.columns[0].info for each in mapper.column_attrs}
    return [
        (name, bool(info.get("secret") or info.get("withheld_from_audit")))
        for name, info in columns.items()
        if name not in BOOKKEEPING and not info.get("sort_key")
    ]


def _as_json(value, withheld=False):
    if withheld and value is not None:
        return WITHHELD
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, Decimal):
        return as_json(value)
    return value.isoformat() if isinstance(value, date) else value


def _known_by(row) -> int:
    """Return the number to store as the `entity_id` of a row: its id, or the account's id of a session.

    The id of a session is a text, which does not fit into `entity_id`.
    """
    return row.id if isinstance(row.id, int) else row.account_id
