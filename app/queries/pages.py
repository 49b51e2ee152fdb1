"""Pages of anything: by number with a total, or by a cursor whose cost does not grow with depth.

Numbers and totals go as far as a row of people would count: to 10,000. What lies beyond is for cursors,
and the total says that it is not exact.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    bindparam,
    false,
    func,
    literal,
    or_,
    select,
    tuple_,
)

from app.actors import Actor
from app.errors import Invalid, NotFound
from app.models import Field, SearchWord
from app.models.search import sought
from app.permissions import A_READER, ids_of
from app.prepared import LARGEST_ID, PREPARED
from app.queries.cursors import cursor_of, last_seen
from app.statements import Row, rows

COUNTED = 10_000
AFTER_ALL = "\U0010ffff"
FORMS = 500  # that are kept, of all lists together
MOST = bindparam("most", type_=Integer)


def one_of(
    query: Callable[[Any], Select], actor: Actor | None, row_id: int, noun: str
) -> list[Row]:
    """The row with this id as a list of one, else NotFound in the same words as `find`."""
    values = ids_of(actor) | {"row_id": row_id}
    there = _by_id(query, actor and actor.role)
    found = rows(there, **values) if row_id <= LARGEST_ID else []
    if not found:
        raise NotFound(f"There is no {noun} {row_id}.")
    return found


@lru_cache(FORMS)
def _by_id(query, role) -> Select:
    there = query(A_READER.get(role))
    there = there.where(there.selected_columns.id == bindparam("row_id"))
    return there.execution_options(**PREPARED)


def filtered(query: Select, *conditions) -> Select:
    """The query under those conditions that were asked for; None was not."""
    return query.where(*(condition for condition in conditions if condition is not None))


def equals(column, value) -> ColumnElement | None:
    return None if value is None else column == value


def matching(q: list | None, row_id: Any, *fields: Field) -> ColumnElement | None:
    """Rows that a search finds by one of these fields; None without words."""
    return None if q is None else row_id.in_(found(q, *fields))


def found(q: list, *fields: Field) -> Select:
    """The ids of the rows that have, in one of these fields, a word that begins like this."""
    ranges = [SearchWord.word.between(first, last) for first, last in q]
    in_fields = SearchWord.field.in_([literal(each, Integer) for each in fields])
    return select(SearchWord.row_id).where(in_fields, or_(false(), *ranges))


def listed(sorts: dict[str, Any], finish: Callable[[list[Row], Any], list] | None = None):
    """Make a query a list: asked as the query is, and for a page, it answers `{items, pagination}`.

    `sorts` names the columns to sort by, `id` among them; ties go by id. The query is called once for
    each form of asking, because to put a statement together takes longer than to run it. So it gets
    names that stand for values, the reader's ids among them; as they are only None, true and false.
    """
    return lambda query: Listed(query, sorts, finish)


@dataclass(frozen=True, eq=False)
class Listed:
    query: Callable[..., Select]
    sorts: dict[str, Any]
    finish: Callable[[list[Row], Any], list] | None

    def __call__(
        self,
        actor: Actor | None = None,
        *,
        sort: str,
        per_page: int,
        page: int = 1,
        cursor: str | None = None,
        **asked: Any,
    ) -> dict:
        form = (actor and actor.role, *((name, _form(name, each)) for name, each in asked.items()))
        values = _values(actor, asked) | {"most": per_page}
        if cursor is None:
            values["seen"] = seen = (page - 1) * per_page
            found, total = self._by_number(form, sort, values)
            has_next, told = seen + per_page < total, _totals(page, per_page, total)
        else:
            last = last_seen(cursor, sort, *self.order(sort))
            values["last"], values["last_id"] = last
            found = rows(_beyond(self, form, sort), **values)
            has_next = len(found) > per_page
            found = found[:per_page]
            told = dict.fromkeys(("page", "total", "total_pages", "total_is_exact"))
        follows = found[-1] if has_next and found else None
        pagination = told | {
            "per_page": per_page,
            "has_next": has_next,
            "has_prev": cursor is not None or page > 1,
            "next_cursor": follows and cursor_of(sort, follows[sort.lstrip("-")], follows["id"]),
        }
        items = found if self.finish is None else self.finish(found, actor)
        return {"items": items, "pagination": pagination}

    def order(self, sort: str) -> tuple[Any, Any]:
        return self.sorts[sort.lstrip("-")], self.sorts["id"]

    def _by_number(self, form, sort, values) -> tuple[list[Row], int]:
        """The rows, and how many there are: a page that is not full says that by itself."""
        seen, most = values["seen"], values["most"]
        if seen + most > COUNTED and self._count(form, values) > COUNTED:
            raise Invalid.at(
                "/page", f"Pages are numbered up to row {COUNTED}; go on with next_cursor instead."
            )
        found = rows(_numbered(self, form, sort), **values)
        ends_here = 0 < len(found) < most or not (found or seen)
        return found, seen + len(found) if ends_here else self._count(form, values)

    def _count(self, form, values) -> int:
        """As far as anybody counts, and one more."""
        [counted] = rows(_first_of_them(self, form), **values)
        return counted["so_many"]


def _totals(page, per_page, total) -> Row:
    total, is_exact = min(total, COUNTED), total <= COUNTED
    pages = -(-total // per_page)
    return {"page": page, "total": total, "total_pages": pages, "total_is_exact": is_exact}


@lru_cache(FORMS)
def _filtered(of: Listed, form) -> Select:
    role, *asked = form
    return of.query(A_READER.get(role), **{name: _name(name, each) for name, each in asked})


@lru_cache(FORMS)
def _first_of_them(of: Listed, form) -> Select:
    ids = _filtered(of, form).with_only_columns(of.sorts["id"]).limit(COUNTED + 1)
    return select(func.count().label("so_many")).select_from(ids.subquery())


def _ordered(of, form, sort):
    descending = sort.startswith("-")
    columns = dict.fromkeys(of.order(sort))
    order = (each.desc() if descending else each.asc() for each in columns)
    query = _filtered(of, form).order_by(*order)
    unseen = [each for each in columns if each.key not in query.selected_columns]
    return query.add_columns(*unseen)  # a cursor says it


@lru_cache(FORMS)
def _numbered(of: Listed, form, sort) -> Select:
    return _ordered(of, form, sort).limit(MOST).offset(bindparam("seen", type_=Integer))


@lru_cache(FORMS)
def _beyond(of: Listed, form, sort) -> Select:
    column, row_id = of.order(sort)
    here = tuple_(column, row_id)
    last = tuple_(bindparam("last", type_=column.type), bindparam("last_id", type_=row_id.type))
    beyond = here < last if sort.startswith("-") else here > last
    return _ordered(of, form, sort).where(beyond).limit(MOST + 1)


def _form(name, value):
    """What a statement depends on: whether something was asked for, and for how many words."""
    if name == "q":
        return len(sought(value)) if value else None
    return value if value is None or isinstance(value, bool) else ...


def _name(name, form):
    """What stands for a value: the name under which it will be said."""
    if name == "q" and form is not None:
        return [(bindparam(f"first_{n}"), bindparam(f"last_{n}")) for n in range(form)]
    return bindparam(name) if form is ... else form


def _values(actor, asked) -> Row:
    values = ids_of(actor) | {name: each for name, each in asked.items() if name != "q"}
    for n, word in enumerate(sorted(sought(asked.get("q") or ""))):
        values |= {f"first_{n}": word, f"last_{n}": word + AFTER_ALL}
    return values
