"""The rows of a list that one request selects by filters, words and sort order: a page, and the total.

A statement is cached for each set of filters, because building it takes longer than running it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Integer, Select, bindparam, func, not_, select, tuple_

from app.database.placeholders import Placeholder
from app.database.prepared import PREPARED, Among, Ids
from app.database.statements import Row, fetch
from app.errors import Invalid
from app.lists.cursors import cursor_of, last_seen
from app.lists.searching import Searched, Shape
from app.permissions import ACTOR_PLACEHOLDER

COUNTED = 10_000  # rows; a longer list has no exact total
KEPT = 500  # cached statements of all lists together
MOST = bindparam("most", type_=Integer)
FOUND, FIRST = bindparam("found_ids", type_=Ids), bindparam("first_ids", type_=Ids)

# The reader's role, then `(name, value)` of each filter, with `...` for any value but None and booleans.
FiltersGiven = tuple[Any, ...]


@dataclass(frozen=True, eq=False)
class ListOfRows:
    """The definition of a list: its query, its sort orders, and how it is searched and finished.

    `paginated` in app/lists/pages.py explains the fields.
    """

    query: Callable[..., Select]
    sorts: dict[str, Any]
    finish: Callable[[list[Row], Any], list] | None
    searched: Searched | None

    def order(self, sort: str) -> tuple[Any, Any]:
        return self.sorts[sort.lstrip("-")], self.sorts["id"]


class Narrowed(NamedTuple):
    """The restriction of a list to the rows that a search has found.

    If `shape` is None, the bind value `found_ids` has the ids of these rows. Otherwise there are too
    many of them, and each row is checked for the words in `shape`. `staff` tells whether the reader is
    staff.
    """

    shape: Shape | None
    staff: bool


@dataclass
class Selection:
    """The filters, sort order and search of one list request; rows in `first` come before all others.

    `of` is the list. `values` are the bind values. `narrowed` is the restriction by the search, if any.
    `counted` is the number of rows, if it is known.
    """

    of: ListOfRows
    filters_given: FiltersGiven
    sort: str
    values: Row
    narrowed: Narrowed | None = None
    first: list[Row] = field(default_factory=list)
    counted: int | None = None

    def by_number(self, offset: int, most: int) -> tuple[list[Row], int]:
        """Return up to `most` rows after the first `offset` rows, and the total number of rows.

        Raise Invalid if the page goes beyond row COUNTED and the list does, too. If the page has rows,
        but fewer than `most`, it is the last one, so that the total is known without a count query.
        """
        if offset + most > COUNTED and self.count() > COUNTED:
            raise Invalid.at(
                "/page", f"Pages are numbered up to row {COUNTED}; go on with next_cursor instead."
            )
        here = self._from(offset, most)
        ends_here = 0 < len(here) < most or not (here or offset)
        return here, offset + len(here) if ends_here else self.count()

    def by_cursor(self, cursor: str, most: int) -> list[Row]:
        last = last_seen(cursor, self.sort, *self.of.order(self.sort), first=len(self.first))
        if isinstance(last, int):
            return self._from(last, most)
        values = self.values | {"last": last[0], "last_id": last[1], "most": most}
        return fetch(_beyond(self.of, self.filters_given, self.sort, self.narrowed), **values)

    def count(self) -> int:
        """Return the number of rows that the request selects; at most COUNTED + 1 are counted."""
        if self.counted is None:
            [counted] = fetch(_first_of_them(self.of, self.filters_given), **self.values)
            self.counted = counted["count"]
        return self.counted

    def cursor_after(self, items: list[Row]) -> str:
        last, first = items[-1], [row["id"] for row in self.first]
        if last["id"] in first:
            return cursor_of(self.sort, first.index(last["id"]) + 1)
        return cursor_of(self.sort, last[self._key], last["id"])

    def shown(self, items: list[Row]) -> list[Row]:
        """Return the rows without the hidden column they were sorted by, such as `name_sort`, if any."""
        if self._key == self.sort.lstrip("-"):
            return items
        return [{name: row[name] for name in row if name != self._key} for row in items]

    @property
    def _key(self):
        return self.of.order(self.sort)[0].key

    def _from(self, offset, most):
        head = self.first[offset : offset + most]
        if len(head) == most or self.counted == 0:
            return head
        values = self.values | {
            "offset": max(0, offset - len(self.first)),
            "most": most - len(head),
        }
        return head + fetch(
            _numbered(self.of, self.filters_given, self.sort, self.narrowed), **values
        )


def totals(page: int, per_page: int, total: int) -> Row:
    """Return `{page, total, total_pages, total_is_exact}`, for an answer with a numbered page.

    `total` is the number of rows. If it is greater than COUNTED, COUNTED is returned instead, and
    `total_is_exact` is false.
    """
    total, is_exact = min(total, COUNTED), total <= COUNTED
    pages = -(-total // per_page)
    return {"page": page, "total": total, "total_pages": pages, "total_is_exact": is_exact}


@lru_cache(KEPT)
def filtered_by(of: ListOfRows, filters_given: FiltersGiven) -> Select:
    role, *filters = filters_given
    names = {name: Placeholder(name) if each is ... else each for name, each in filters}
    return of.query(ACTOR_PLACEHOLDER.get(role), **names)


def ordered(of: ListOfRows, query: Select, sort: str) -> Select:
    """Return `query` sorted by `sort`, then by id, with these two columns, which a cursor needs.

    `of` is the list. A minus sign before `sort` means descending order.
    """
    descending = sort.startswith("-")
    columns = dict.fromkeys(of.order(sort))
    order = (each.desc() if descending else each.asc() for each in columns)
    unseen = [each for each in columns if each.key not in query.selected_columns]
    return query.order_by(*order).add_columns(*unseen)


@lru_cache(KEPT)
def _first_of_them(of, filters_given):
    ids = filtered_by(of, filters_given).with_only_columns(of.sorts["id"]).limit(COUNTED + 1)
    return select(func.count().label("count")).select_from(ids.subquery())


@lru_cache(KEPT)
def _numbered(of, filters_given, sort, narrowed):
    query = ordered(of, _narrowed(of, filters_given, narrowed), sort)
    return query.limit(MOST).offset(bindparam("offset", type_=Integer))


@lru_cache(KEPT)
def _beyond(of, filters_given, sort, narrowed):
    column, row_id = of.order(sort)
    here = tuple_(column, row_id)
    last = tuple_(bindparam("last", type_=column.type), bindparam("last_id", type_=row_id.type))
    beyond = here < last if sort.startswith("-") else here > last
    query = _narrowed(of, filters_given, narrowed)
    page = ordered(of, query.where(beyond), sort).limit(MOST)
    # Without a filter, one plan is best for all values: to read the index of the sort order.
    return page if query.whereclause is not None else page.execution_options(**PREPARED)


def _narrowed(of, filters_given, narrowed):
    query = filtered_by(of, filters_given)
    if narrowed is None:
        return query
    if narrowed.shape is None:
        return query.where(Among(of.sorts["id"], FOUND))
    searched = of.searched.seen_by(narrowed.staff)
    return searched.among(query, narrowed.shape).where(not_(Among(of.sorts["id"], FIRST)))
