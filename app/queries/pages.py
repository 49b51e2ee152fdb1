"""Pages of anything: by number with a total, or by a cursor whose cost does not grow with depth.

Numbers and totals go as far as a row of people would count: to 10,000. What lies beyond is for cursors,
and the total says that it is not exact.
"""

import base64
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Select, false, func, literal, or_, select, tuple_

from app.errors import Invalid, NotFound
from app.extensions import db
from app.models import Field, SearchWord
from app.models.search import sought

Row = dict[str, Any]
COUNTED = 10_000
AFTER_ALL = "\U0010ffff"


def rows(query: Select, **values: Any) -> list[Row]:
    """On the connection: what is read here is shown as it is, and no session need keep it."""
    found = db.session.connection().execute(query, values)
    names = tuple(found.keys())
    return [dict(zip(names, row, strict=True)) for row in found.all()]


def one_of(query: Select, column: Any, row_id: int, noun: str) -> list[Row]:
    """The row with this id as a list of one, else NotFound in the same words as `find`."""
    found = rows(query.where(column == row_id))
    if not found:
        raise NotFound(f"There is no {noun} {row_id}.")
    return found


def matching(q: str | None, row_id: Any, *fields: Field) -> ColumnElement | None:
    """Rows that a search finds by one of these fields; None without words."""
    return row_id.in_(found(q, *fields)) if q else None


def found(q: str, *fields: Field) -> Select:
    """The ids of the rows that have, in one of these fields, a word that begins like this."""
    ranges = [SearchWord.word.between(each, each + AFTER_ALL) for each in sorted(sought(q))]
    return select(SearchWord.row_id).where(SearchWord.field.in_(fields), or_(false(), *ranges))


def filtered(query: Select, *conditions) -> Select:
    """The query under those conditions that were asked for; None was not."""
    return query.where(*(condition for condition in conditions if condition is not None))


def equals(column, value) -> ColumnElement | None:
    return None if value is None else column == value


def page_of(
    query: Select,
    sorts: dict[str, Any],
    *,
    sort: str,
    per_page: int,
    page: int = 1,
    cursor: str | None = None,
    finish: Callable[[list[Row]], list] = list,
) -> dict:
    """`{items, pagination}`. `sorts` names the columns to sort by, `id` among them; ties go by id.

    A cursor names the last row seen, so a page deep down costs what the first one does.
    """
    name, descending = sort.lstrip("-"), sort.startswith("-")
    column, row_id = sorts[name], sorts["id"]
    ordered = query.order_by(
        *(each.desc() if descending else each.asc() for each in dict.fromkeys((column, row_id)))
    )
    if cursor is None:
        told = _counted(query, row_id, page, per_page)
        seen = (page - 1) * per_page
        found = rows(ordered.limit(per_page).offset(seen)) if seen < told["total"] else []
        has_next = seen + per_page < told["total"] or not told["total_is_exact"]
    else:
        last = tuple_(*_last_seen(cursor, sort, column, row_id), types=[column.type, row_id.type])
        here = tuple_(column, row_id)
        beyond = ordered.where(here < last if descending else here > last)
        found = rows(beyond.limit(per_page + 1))
        has_next = len(found) > per_page
        found = found[:per_page]
        told = {"page": None, "total": None, "total_pages": None, "total_is_exact": None}
    follows = _cursor(sort, found[-1][name], found[-1]["id"]) if has_next and found else None
    pagination = told | {
        "per_page": per_page,
        "has_next": has_next,
        "has_prev": cursor is not None or page > 1,
        "next_cursor": follows,
    }
    return {"items": finish(found), "pagination": pagination}


def _counted(query, row_id, page, per_page) -> Row:
    """How many there are as far as anybody counts; Invalid where a page lies beyond that."""
    first_of_them = query.with_only_columns(row_id).limit(COUNTED + 1).subquery()
    total = db.session.connection().scalar(select(func.count()).select_from(first_of_them)) or 0
    if total > COUNTED and page * per_page > COUNTED:
        raise Invalid.at(
            "/page", f"Pages are numbered up to row {COUNTED}; go on with next_cursor instead."
        )
    total, is_exact = min(total, COUNTED), total <= COUNTED
    pages = -(-total // per_page)
    return {"page": page, "total": total, "total_pages": pages, "total_is_exact": is_exact}


def _cursor(sort: str, value, row_id) -> str:
    return base64.urlsafe_b64encode(orjson.dumps([sort, value, row_id])).decode().rstrip("=")


def _last_seen(cursor: str, sort: str, *columns) -> list[Any]:
    """The sort value and the id that a cursor of this very sort holds, else Invalid."""
    try:
        packed = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        its_sort, *values = orjson.loads(packed)
        if its_sort != sort:
            raise ValueError
        return [
            literal(_value(value, column.type.python_type), column.type)
            for value, column in zip(values, columns, strict=True)
        ]
    except (ValueError, TypeError, OverflowError):
        raise Invalid.at(
            "/cursor", "Not a cursor of this list in this order; start without one."
        ) from None


def _value(value, kind: type):
    """A value that a row can have in a column of this kind, or ValueError."""
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
    return type(value) is int and 0 <= value < 2**31
