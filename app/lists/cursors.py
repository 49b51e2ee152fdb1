"""Cursors: opaque texts with the sort order of a list and the position of the last row of a page."""

import base64
from datetime import UTC, date, datetime
from typing import Any

import orjson
from sqlalchemy import BigInteger
from sqlalchemy.types import TypeEngine

from app.database.prepared import MAX_ID
from app.errors import Invalid

MAX_BIGINT = 2**63 - 1


def cursor_of(sort: str, *last: Any) -> str:
    """Return a cursor for the page after a row; `sort` is the sort order of the list.

    `last` has the row's sort value and its id. If the row is an exact match of a search (these come
    before all other rows), `last` has only its place among the exact matches, counted from 1.
    """
    return base64.urlsafe_b64encode(orjson.dumps([sort, *last])).decode().rstrip("=")


def last_seen(cursor: str, sort: str, *columns: Any, first: int = 0) -> list[Any] | int:
    """Decode a cursor: return `[sort value, id]` of the last row, or the number of exact matches shown.

    The number is returned if the last row was an exact match of a search; these come before all other
    rows. `sort` is the sort order of the list, `columns` are the two columns that it is sorted by, and
    `first` is the number of all exact matches. Raise Invalid for a cursor of another list or sort order.
    """
    try:
        packed = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        its_sort, *values = orjson.loads(packed)
        if its_sort != sort:
            raise ValueError
        if len(values) == 1 and type(values[0]) is int and 0 <= values[0] <= first:
            return values[0]
        return [_value(value, column.type) for value, column in zip(values, columns, strict=True)]
    except (ValueError, TypeError, OverflowError):
        raise Invalid.at(
            "/cursor", "Not a cursor of this list in this order; start without one."
        ) from None


def _value(value, of: TypeEngine):
    """Return `value` as the Python type of a column of the type `of`; raise ValueError if it does not fit."""
    kind = of.python_type
    most = MAX_BIGINT if isinstance(of, BigInteger) else MAX_ID
    if kind is int and type(value) is int and 0 <= value <= most:
        return value
    if kind is date and isinstance(value, str):
        return date.fromisoformat(value)
    if kind is datetime:
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is not None:
            return moment.astimezone(UTC)
    if issubclass(kind, str) and isinstance(value, str) and "\0" not in value:
        return kind(value)
    raise ValueError
