"""Cursors: opaque texts with the sort order of a list and the position of the last row of a page."""

import base64
from datetime import UTC, datetime
from typing import Any

import orjson

from app.database.prepared import MAX_ID
from app.errors import Invalid


def cursor_of(sort: str, *last: Any) -> str:
    """Return a cursor for the page after a row: `last` is the sort value and the id of that row.

    If the row is an exact match of a search, which comes before all others, `last` is only the number of
    exact matches up to it.
    """
    return base64.urlsafe_b64encode(orjson.dumps([sort, *last])).decode().rstrip("=")


def last_seen(cursor: str, sort: str, *columns: Any, first: int = 0) -> list[Any] | int:
    """Decode a cursor: return `[sort value, id]` of the last row, or the number of exact matches shown.

    `columns` are the two columns that the list is sorted by, and `first` is the number of exact matches
    of the search. Raise Invalid for a cursor of another list or sort order.
    """
    try:
        packed = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        its_sort, *values = orjson.loads(packed)
        if its_sort != sort:
            raise ValueError
        if len(values) == 1 and type(values[0]) is int and 0 <= values[0] <= first:
            return values[0]
        return [
            _value(value, column.type.python_type)
            for value, column in zip(values, columns, strict=True)
        ]
    except (ValueError, TypeError, OverflowError):
        raise Invalid.at(
            "/cursor", "Not a cursor of this list in this order; start without one."
        ) from None


def _value(value, kind: type):
    """Return a value of a cursor, converted to the Python type of its column, or raise ValueError."""
    if kind is int and _is_id(value):
        return value
    if kind is datetime:
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is not None:
            return moment.astimezone(UTC)
    if issubclass(kind, str) and isinstance(value, str) and "\0" not in value:
        return kind(value)
    raise ValueError


def _is_id(value) -> bool:
    return type(value) is int and 0 <= value <= MAX_ID
