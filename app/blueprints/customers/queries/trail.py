"""What the audit trail tells about the past of rows, for erasing a customer."""

from collections.abc import Sequence

from sqlalchemy import select

from app.database.nouns import noun_of
from app.database.session import db
from app.models import AuditAction, AuditEntry


def deleted(table: str, member: str, value: int) -> Sequence[int]:
    """Return the ids of deleted rows whose column `member` had this value when they were deleted.

    `table` is the name of their table. The values are read from the audit trail.
    """
    return db.session.scalars(
        select(AuditEntry.entity_id).where(
            AuditEntry.entity == noun_of(table),
            AuditEntry.action == AuditAction.DELETED,
            AuditEntry.before[member].as_integer() == value,
        )
    ).all()


def once_said(table: str, row_ids: Sequence[int], member: str) -> set:
    """Return all values that the column `member` of these rows has ever had, as a set.

    `table` is the name of the table, and `row_ids` are the ids of the rows. The values are read from the
    audit trail.
    """
    entries = select(AuditEntry.before, AuditEntry.after).where(
        AuditEntry.entity == noun_of(table), AuditEntry.entity_id.in_(row_ids)
    )
    found = db.session.execute(entries).all()
    return {row[member] for pair in found for row in pair if row and member in row}
