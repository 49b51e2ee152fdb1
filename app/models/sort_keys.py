"""How rows are sorted: by keys that are the same on every database, kept beside what they are made of.

A list sorts names as people read them, and what is missing comes last. A key is set with its member, so no
act has to remember it.
"""

from datetime import UTC, datetime

from sqlalchemy import String, event
from sqlalchemy.orm import InstrumentedAttribute, MappedColumn, mapped_column

from app.clock import UTCDateTime
from app.folding import LONGEST_KEY, sort_key
from app.models.marks import SORT_KEY

LAST_TEXT = "\x7f"  # after all that `sort_key` makes, which is printable
LAST_MOMENT = datetime(9999, 12, 31, tzinfo=UTC)


def text_key() -> MappedColumn[str]:
    """Make a column for the key of a text, in the order of its bytes on every database."""
    kind = String(LONGEST_KEY).with_variant(String(LONGEST_KEY, collation="C"), "postgresql")
    return mapped_column(kind, default=LAST_TEXT, info=SORT_KEY)


def moment_key() -> MappedColumn[datetime]:
    """Make a column for the key of a time that may be missing."""
    return mapped_column(UTCDateTime, default=LAST_MOMENT, info=SORT_KEY)


def keep_key(of: InstrumentedAttribute, key: InstrumentedAttribute) -> None:
    """Set the key of a row whenever this member of it is set."""

    @event.listens_for(of, "set")
    def _set(row, value, _old, _initiator) -> None:
        setattr(row, key.key, sort_value(value, key))


def sort_value(value: str | datetime | None, key: InstrumentedAttribute) -> str | datetime:
    """Return what a key column keeps of this value."""
    if key.type.python_type is datetime:
        return LAST_MOMENT if value is None else value
    return LAST_TEXT if value is None else sort_key(str(value))
