"""Pages of a list: by number with a total, or by a cursor, which is equally fast on every page.

Page numbers and totals reach up to 10,000 rows. The total of a longer list is marked as not exact, and
its later pages are read by cursor.
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
    """Return `[row]`, the row with this id as a dict, or raise NotFound if the actor may not see it.

    `query` is a function that takes the actor and returns the SELECT of the rows that the actor may see.
    NotFound has the same text as from `lookup.find`.
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
    """Return `query` with the `conditions` added, except those that are None.

    None means that the client did not request this filter.
    """
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

    The query function takes an actor and filters, and returns a SELECT. The PaginatedQuery takes the
    same arguments and those of a page, and returns `{items, pagination}`.

    `sorts` is `{sort order: column}`; it includes `id`, by which rows with the same value are sorted.
    `finish` is a function that takes the rows of a page, the actor and, if requested, the set `include`;
    it returns the items. `searched` says how the list is searched, by the additional argument `q`.

    The query function is called once for each set of filters, because building a statement takes longer
    than running it. So its arguments are placeholders, including the ids of the actor. Only None, true
    and false are passed unchanged.
    """
    return lambda query: PaginatedQuery(query, sorts, finish, searched)


class PaginatedQuery(ListOfRows):
    """A callable that runs the SELECT of a list and returns one page: `{items, pagination}`.

    `@paginated` makes it from a function that returns the SELECT. A caller passes the actor and the
    query parameters of a request: the page (`per_page`, and `page` or `cursor`), `sort`, the search `q`,
    optional members to `include` and, as further keyword arguments, the filters.
    """

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
    """Return `value`, that of a filter, if it is None, true or false; return `...` for any other value.

    A cached statement is built for None, true or false. It has placeholders for all other values.
    """
    return value if value is None or isinstance(value, bool) else ...
