"""Pages of a list: by number with a total, or by a cursor, which costs the same at any depth.

Page numbers and totals reach up to 10,000 rows. A longer list has a total that is marked as not exact,
and its later pages are read by cursor.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam

from app.actors import Actor
from app.database.nouns import label_of
from app.database.prepared import MAX_ID, PREPARED
from app.database.statements import Row, fetch
from app.errors import NotFound
from app.lists.search import search_rows
from app.lists.searching import Searched
from app.lists.selection import KEPT, ListOfRows, Selection, totals
from app.permissions import ACTOR_PLACEHOLDER, actor_params


def get_or_404(query: Callable[[Any], Select], actor: Actor | None, row_id: int) -> list[Row]:
    """Return the row with this id as a list of one, or raise NotFound with the text of `lookup.find`.

    `query` is a function that returns the SELECT of the rows that an actor may see.
    """
    by_id, noun = _by_id(query, actor and actor.role)
    values = actor_params(actor) | {"row_id": row_id}
    rows = fetch(by_id, **values) if row_id <= MAX_ID else []
    if not rows:
        raise NotFound(f"There is no {noun} {row_id}.")
    return rows


@lru_cache(KEPT)
def _by_id(query, role) -> tuple[Select, str]:
    rows = query(ACTOR_PLACEHOLDER.get(role))
    row_id = rows.selected_columns.id
    by_id = rows.where(row_id == bindparam("row_id")).execution_options(**PREPARED)
    return by_id, label_of(row_id.table.name)


def filtered(query: Select, *conditions) -> Select:
    """Add conditions to the query; None stands for a filter that was not requested."""
    return query.where(*(condition for condition in conditions if condition is not None))


def equals(column, value) -> ColumnElement | None:
    return None if value is None else column == value


def between(column, first, last) -> tuple[ColumnElement | None, ColumnElement | None]:
    return None if first is None else column >= first, None if last is None else column <= last


def paginated(
    sorts: dict[str, Any],
    finish: Callable[[list[Row], Any], list] | None = None,
    searched: Searched | None = None,
):
    """Return a decorator that turns a query function into a PaginatedQuery.

    It takes the arguments of the query function and those of a page, and returns `{items, pagination}`.
    `sorts` maps sort orders to columns, `id` among them; ties are sorted by id. `finish` turns the rows
    of a page into its items. `searched` adds the argument `q`, a search.

    The query function is called once for each set of filters, because to build a statement takes longer
    than to run it. So its arguments are placeholders, also the reader's ids; only None, true and false
    are passed unchanged.
    """
    return lambda query: PaginatedQuery(query, sorts, finish, searched)


class PaginatedQuery(ListOfRows):
    """A list that returns one of its pages when it is called."""

    def __call__(
        self,
        actor: Actor | None = None,
        *,
        sort: str,
        per_page: int,
        page: int = 1,
        cursor: str | None = None,
        q: str | None = None,
        include: frozenset[str] = frozenset(),
        **asked: Any,
    ) -> dict:
        filters_given = (
            actor and actor.role,
            *((name, _filter_given(each)) for name, each in asked.items()),
        )
        values = actor_params(actor) | asked
        chosen = (
            search_rows(self, filters_given, sort, values, q)
            if q
            else Selection(self, filters_given, sort, values)
        )
        if cursor is None:
            offset = (page - 1) * per_page
            items, total = chosen.by_number(offset, per_page)
            has_next, totals_of_page = offset + per_page < total, totals(page, per_page, total)
        else:
            items = chosen.by_cursor(cursor, per_page + 1)
            has_next = len(items) > per_page
            items = items[:per_page]
            totals_of_page = dict.fromkeys(("page", "total", "total_pages", "total_is_exact"))
        pagination = totals_of_page | {
            "per_page": per_page,
            "has_next": has_next,
            "has_prev": cursor is not None or page > 1,
            "next_cursor": chosen.cursor_after(items) if has_next and items else None,
        }
        rows, more = chosen.shown(items), [include] if include else []
        return {
            "items": rows if self.finish is None else self.finish(rows, actor, *more),
            "pagination": pagination,
        }


def _filter_given(value):
    """Return what a statement depends on: None, true or false; `...` for any other value."""
    return value if value is None or isinstance(value, bool) else ...
