"""The audit trail: of every row that is written, who did it, what it was before and what after.

Entries are made from what the session writes and go into the same transaction, so no act has to
remember them: what is not committed leaves none, and what is committed never lacks one. A statement
that changes rows without loading them says so itself, with `note`.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import JSON, Index, String, event, inspect, select, update
from sqlalchemy.orm import Mapped, mapped_column

from app.clock import Moment, now
from app.database.sqlite import empty_the_log
from app.database.statements import write_new_along
from app.extensions import SIGNATURE, db
from app.models.columns import words_of
from app.quantities import as_json

# Marks a column whose value is nobody's to read: mapped_column(..., info=SECRET).
SECRET = {"secret": True}
WITHHELD = "withheld"
BOOKKEEPING = {"version", "updated_at"}
# They name the shop, count tries, keep answers for a retry, or are worked out from rows that are on record.
NOT_ON_RECORD = {
    *("audit_entries", "shop_id", "sign_in_attempts", "stored_answers"),
    *("renamings", "search_terms", "workloads"),
}
NOBODY = dict.fromkeys(("request_id", "operation", "account_id", "role"))
NOTED, FORGOTTEN, UNRECORDED = "noted_changes", "forgotten_rows", "off_the_record"
ERASED = "erased"


class AuditAction(StrEnum):
    CREATED = "created"
    CHANGED = "changed"
    DELETED = "deleted"


class AuditEntry(db.Model):
    """One row written by one request. Entries are added, and only the forgotten lose what they say."""

    __tablename__ = "audit_entries"
    __table_args__ = (
        Index("ix_audit_entries_entity_entity_id_id", "entity", "entity_id", "id"),
        Index("ix_audit_entries_account_id_id", "account_id", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment, default=now, index=True)
    request_id: Mapped[str | None] = mapped_column(String(64), index=True)
    operation: Mapped[str | None] = mapped_column(String(80))
    # No foreign key: who it was stays on record when the account is gone.
    account_id: Mapped[int | None]
    role: Mapped[str | None] = mapped_column(String(20))
    action: Mapped[AuditAction] = mapped_column(words_of(AuditAction, "action"))
    entity: Mapped[str] = mapped_column(String(40))
    entity_id: Mapped[int]
    before: Mapped[dict | None] = mapped_column(JSON(none_as_null=True))
    after: Mapped[dict | None] = mapped_column(JSON(none_as_null=True))


def entities() -> list[str]:
    """What entries can be about: a word for one row of each table that is on record."""
    return sorted(_noun(name) for name in db.metadata.tables.keys() - NOT_ON_RECORD)


def note(table: str, row_id: int, before: dict, after: dict) -> None:
    """Put a change on record that a statement has made by itself."""
    entry = {"action": AuditAction.CHANGED, "entity": _noun(table), "entity_id": row_id}
    change = {"before": _plain(before), "after": _plain(after)}
    db.session.info.setdefault(NOTED, []).append(entry | change)


def note_new(row) -> None:
    """Put a new row on record that the session does not know."""
    db.session.info.setdefault(NOTED, []).extend(_entries(AuditAction.CREATED, [row]))


def forget(table: str, row_id: int) -> None:
    """Erase what entries say of a row, in this transaction too; that it was written stays on record."""
    entity = _noun(table)
    db.session.info.setdefault(FORGOTTEN, set()).add((entity, row_id))
    db.session.execute(
        update(AuditEntry)
        .where(AuditEntry.entity == entity, AuditEntry.entity_id == row_id)
        .values(before=None, after=None)
    )


def deleted(table: str, member: str, value: int) -> Sequence[int]:
    """The rows that are gone and, to the last, had this value."""
    return db.session.scalars(
        select(AuditEntry.entity_id).where(
            AuditEntry.entity == _noun(table),
            AuditEntry.action == AuditAction.DELETED,
            AuditEntry.before[member].as_integer() == value,
        )
    ).all()


def once_said(table: str, row_ids: Sequence[int], member: str) -> set:
    """Every value that a member of these rows ever had, as far as the entries say."""
    entries = select(AuditEntry.before, AuditEntry.after).where(
        AuditEntry.entity == _noun(table), AuditEntry.entity_id.in_(row_ids)
    )
    told = db.session.execute(entries).all()
    return {said[member] for entry in told for said in entry if said and member in said}


def off_the_record() -> None:
    """Leave no entries until the next commit: of rows that nobody wrote, such as a demo shop's."""
    db.session.info[UNRECORDED] = True


@event.listens_for(db.session, "after_flush")
def _note_rows(session, _context):
    if session.info.get(UNRECORDED):
        return
    noted = session.info.setdefault(NOTED, [])
    noted += _entries(AuditAction.CREATED, session.new)
    changed = [row for row in session.dirty if row.__tablename__ not in NOT_ON_RECORD]
    changed.sort(key=lambda row: (row.__tablename__, f"{row.id:>32}"))  # they come in no order
    noted += _entries(AuditAction.CHANGED, changed)
    noted += _entries(AuditAction.DELETED, session.deleted)


@event.listens_for(db.session, "before_commit")
def _put_on_record(session):
    if session.in_nested_transaction():
        return
    session.flush()
    session.info.pop(UNRECORDED, None)
    forgotten = session.info.pop(FORGOTTEN, set())
    session.info[ERASED] = bool(forgotten)
    noted = session.info.pop(NOTED, [])
    for entry in noted:
        if (entry["entity"], entry["entity_id"]) in forgotten:
            entry.update(before=None, after=None)
    signature = NOBODY | session.info.get(SIGNATURE, {}) | {"at": now()}
    write_new_along(AuditEntry.__table__, [signature | entry for entry in noted])


@event.listens_for(db.session, "after_commit")
def _leave_no_trace(session):
    if not session.in_nested_transaction() and session.info.pop(ERASED, False):
        empty_the_log(db.engine)


@event.listens_for(db.session, "after_rollback")
def _nothing_was_written(session):
    if not session.in_nested_transaction():
        for name in (NOTED, FORGOTTEN, UNRECORDED, ERASED):
            session.info.pop(name, None)


def _entries(action: AuditAction, rows) -> Iterator[dict]:
    for row in rows:
        if row.__tablename__ in NOT_ON_RECORD:
            continue
        before, after = _told(row, action)
        if before or after:
            yield {
                "action": action,
                "entity": _noun(row.__tablename__),
                "entity_id": _known_by(row),
                "before": before,
                "after": after,
            }


def _told(row, action):
    """The members before and after; of a change only those that have changed."""
    before: dict = {}
    after: dict = {}
    state = inspect(row)
    for attribute in state.mapper.column_attrs:
        name, column = attribute.key, attribute.columns[0]
        if name in BOOKKEEPING or column.info.get("sort_key"):
            continue
        if action is not AuditAction.CHANGED:
            (after if action is AuditAction.CREATED else before)[name] = _as_json(
                column, state.dict.get(name)
            )
            continue
        history = state.attrs[name].history
        if history.added and history.added != history.deleted:
            after[name] = _as_json(column, history.added[0])
            before[name] = _as_json(column, history.deleted[0] if history.deleted else None)
    if after and _known_by(row) != row.id:
        before["id"] = after["id"] = row.id  # which of the account's sessions
    return before or None, after or None


def _as_json(column, value):
    if value is not None and column.info.get("secret"):
        return WITHHELD
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, Decimal):
        return as_json(value)
    return value.isoformat() if isinstance(value, date) else value


def _plain(members):
    return {name: as_json(v) if isinstance(v, Decimal) else v for name, v in members.items()}


def _known_by(row) -> int:
    """The id of a row; a session, whose id is a word, goes by its account."""
    return row.id if isinstance(row.id, int) else row.account_id


def _noun(table: str) -> str:
    return table.rstrip("s")
