"""Sort keys: columns derived from other columns, so that lists have the same order on every database.

Names are sorted as people read them, and rows without a value come last. A key is set automatically
whenever its source column is set.
"""

from datetime import UTC, datetime

from sqlalchemy import String, event
from sqlalchemy.orm import InstrumentedAttribute, MappedColumn, mapped_column

from app.clock import UTCDateTime
from app.folding import LONGEST_KEY, sort_key
from app.models.marks import SORT_KEY

LAST_TEXT = "\x7f"  # sorts after every result of `sort_key`, which is printable
LAST_MOMENT = datetime(9999, 12, 31, tzinfo=UTC)


def text_key() -> MappedColumn[str]:
    """Return a column for the sort key of a text; every database compares it byte by byte."""
    kind = String(LONGEST_KEY).with_variant(String(LONGEST_KEY, collation="C"), "postgresql")
    return mapped_column(kind, default=LAST_TEXT, info=SORT_KEY)


def moment_key() -> MappedColumn[datetime]:
    """Return a column for the sort key of a time that may be missing."""
    return mapped_column(UTCDateTime, default=LAST_MOMENT, info=SORT_KEY)


def keep_key(of: InstrumentedAttribute, key: InstrumentedAttribute) -> None:
    """Register a listener that sets the column `key` of a row whenever its column `of` is set."""

    @event.listens_for(of, "set")
    def _set(row, value, _old, _initiator) -> None:
        setattr(row, key.key, sort_value(value, key))


def sort_value(value: str | datetime | None, key: InstrumentedAttribute) -> str | datetime:
    """Return the sort key of `value`, to store in the column `key`; the key of None sorts last."""
    if key.type.python_type is datetime:
        return LAST_MOMENT if value is None else value
    return LAST_TEXT if value is None else sort_key(str(value))
