"""Queries for the figures of a period, and for the rows behind them."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from functools import cache, partial
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import Select, String, bindparam, func, literal, select, union_all

from app.blueprints.billing.queries.periods import Period, period
from app.blueprints.reports.figures import (
    BY_NAME,
    DENOMINATOR,
    FIGURES,
    MEASURES,
    NOBODY,
    NUMERATOR,
    VALUE,
    YEAR,
    Figure,
    Measure,
)
from app.blueprints.reports.rows import ON_TICKETS, source_of
from app.database.prepared import IDS, Among
from app.database.session import read_at_one_moment
from app.database.statements import Row, fetch
from app.errors import Invalid, NotFound
from app.extensions import currency
from app.lists.pages import PaginatedQuery, paginated
from app.models import Mechanic
from app.money import MILLIONTHS_OF_A_PERCENT, half_up
from app.words import ro_number

TABLES = (
    *("invoices", "invoice_lines", "invoice_line_taxes", "credit_notes", "credit_lines"),
    *("credit_line_taxes", "payments", "authorizations", "decisions", "jobs", "assignments"),
    *("mechanics", "parts", "shop"),
)
PATH = "/reports/shop"
FIGURE_COLUMNS = ("name", "key", "label", "of", "value", "unit", "formula")
ROW_COLUMNS = ("source", "id", "number", "on", "amount")
NAMES = select(Mechanic.id, Mechanic.name).where(Among(Mechanic.id, IDS))
KEY = bindparam("key", type_=String)
Sums = dict[tuple[str, str | None], int | None]


def _total(measure: Measure):
    """Select the sums of a measure by key, with the numbers of its rows and of its known amounts."""
    each = measure.rows.by_key.subquery()
    columns = (func.count().label("n"), func.count(each.c.amount).label("known"))
    total = func.sum(each.c.amount).label("total")
    return select(literal(measure.name).label("measure"), each.c.key, *columns, total).group_by(
        each.c.key
    )


TOTALS = union_all(*(_total(each) for each in MEASURES.values()))
ALL_TOTALS = select(TOTALS.subquery())


def report(root: str, *, first: date | None = None, last: date | None = None) -> Row:
    """Return all figures of a period in their JSON form; `first` and `last` are those of `period`.

    `root` is where the API is mounted; the paths of rows begin with it.
    """
    days = period(first, last)
    sums: Sums = {
        (row["measure"], row["key"]): int(row["total"]) if row["known"] == row["n"] else None
        for row in fetch(ALL_TOTALS, **days.values)
    }
    return {
        "from": days.first,
        "to": days.last,
        "time_zone": days.zone,
        "currency": currency(),
        "figures": [_figure(figure, sums, days, root) for figure in FIGURES],
    }


def as_items(shown: Row) -> Row:
    """Return the figures of a report as rows of a table: a line for each figure, group and measure."""
    lines = []
    for figure in shown["figures"]:
        none = dict.fromkeys(("key", "label", "of"))
        alone = [none | {"value": figure["value"], "unit": figure["unit"]}]
        about = {"name": figure["name"], "formula": figure["formula"]}
        lines += [about | each for each in figure["groups"] or alone]
    return {"items": lines}


def _figure(figure: Figure, sums: Sums, days: Period, root: str) -> Row:
    link = partial(_link, root, figure, days)
    return {
        "name": figure.name,
        "value": None if figure.is_grouped else _value(figure, sums, days),
        "unit": figure.unit,
        "formula": figure.formula,
        "rows": link(),
        "groups": _groups(figure, sums, link) if figure.is_grouped else [],
    }


def _value(figure: Figure, sums: Sums, days: Period) -> int | Decimal | None:
    if not figure.is_quotient:
        return sums.get((figure.of[VALUE].name, None), 0)
    above = sums.get((figure.of[NUMERATOR].name, None), 0)
    below = sums.get((figure.of[DENOMINATOR].name, None), 0)
    if above is None or below is None or below <= 0:
        return None
    times, per = (YEAR, days.count) if figure.per_year else (figure.times, figure.per)
    value = half_up(above * times * 10**figure.decimals, below * per)
    return Decimal(value).scaleb(-figure.decimals) if figure.decimals else value


def _groups(figure: Figure, sums: Sums, link: Callable[..., str]) -> list[Row]:
    """Return the sums of each measure of a figure for each of its groups."""
    measures = figure.of.values()
    keys = {key for name, key in sums if key is not None and MEASURES[name] in measures}
    labels = _labels(figure, keys)
    return [
        {
            "key": key,
            "label": labels[key],
            "of": name,
            "value": sums.get((measure.name, key), 0),
            "unit": measure.unit,
            "rows": link(of=name, key=key),
        }
        for key in sorted(keys, key=lambda key: (labels[key], key))
        for name, measure in figure.of.items()
    ]


def _labels(figure: Figure, keys: set[str]) -> dict[str, str]:
    """Return the names of groups by their keys: of mechanics, of taxes with their rates, or the keys."""
    if figure.name == "by_mechanic":
        names = fetch(NAMES, ids=[int(key) for key in keys - {NOBODY}])
        return {NOBODY: "Nobody"} | {str(row["id"]): row["name"] for row in names}
    if figure.name == "taxes":
        return {key: _tax(*key.rsplit(":", 1)) for key in keys}
    return {key: key for key in keys}


def _tax(name: str, millionths: str) -> str:
    percentage = Decimal(millionths) / MILLIONTHS_OF_A_PERCENT
    return f"{name} {percentage.normalize():f}%"


def _link(root: str, figure: Figure, days: Period, **more: str) -> str:
    asked = {"from": days.first, "to": days.last} | more
    return f"{root}{PATH}/{figure.name}?{urlencode(asked)}"


def rows_of(
    name: str,
    *,
    first: date | None = None,
    last: date | None = None,
    of: str | None = None,
    key: str | None = None,
    everything: bool = False,
    **page: Any,
) -> Row:
    """Return a page of the rows of a figure, with `sum`, the sum of all of them.

    `of` names one of the figure's measures; by default, it is the first one. `key` chooses a group.
    With `everything`, all rows are returned instead of a page. Raise NotFound if there is no such figure,
    and Invalid if it has no such measure or no groups.
    """
    figure = BY_NAME.get(name)
    if figure is None:
        raise NotFound(f"There is no figure {name}.")
    measure = figure.of.get(of or next(iter(figure.of)))
    if measure is None:
        raise Invalid.at("/of", f"Must be one of: {', '.join(figure.of)}.")
    if key is not None and not figure.is_grouped:
        raise Invalid.at("/key", "This figure has no groups.")
    days = period(first, last)
    values: dict[str, Any] = {**days.values, **({} if key is None else {KEY.key: key})}
    read_at_one_moment()
    [total] = fetch(_sum(measure, key is not None), **values)
    found = {"sum": int(total["total"] or 0) if total["known"] == total["n"] else None}
    if everything:
        rows = fetch(_all(measure, key is not None, page["sort"]), **values)
        return found | {"items": _finish(rows, days)}
    shown = PAGES[measure.name, key is not None](**values, **page)
    return shown | found | {"unit": measure.unit, "items": _finish(shown["items"], days)}


def _chosen(measure: Measure, key: Any) -> Select:
    """Select the rows of a measure, or those of a group if `key` is not None."""
    if key is None:
        return measure.rows.alone
    of_groups = measure.rows.by_key
    columns = of_groups.selected_columns
    shown = [column for column in columns if column.key != "key"]
    return of_groups.where(columns.key == key).with_only_columns(*shown)


@cache
def _sum(measure: Measure, of_group: bool) -> Select:
    each = _chosen(measure, KEY if of_group else None).subquery()
    known = (func.count().label("n"), func.count(each.c.amount).label("known"))
    return select(*known, func.sum(each.c.amount).label("total"))


@cache
def _all(measure: Measure, of_group: bool, sort: str) -> Select:
    rows = _chosen(measure, KEY if of_group else None)
    order = (rows.selected_columns.on, rows.selected_columns.id)
    return rows.order_by(*(each.desc() if sort.startswith("-") else each for each in order))


def _page_of(measure: Measure, of_group: bool) -> PaginatedQuery:
    rows = _chosen(measure, KEY if of_group else None)
    columns = rows.selected_columns
    return paginated({"id": columns.id, "on": columns.on})(lambda _actor, **_values: rows)


PAGES = {
    (each.name, of_group): _page_of(each, of_group)
    for each in MEASURES.values()
    for of_group in (False, True)
}


def _finish(found: list[Row], days: Period) -> list[Row]:
    """Return rows in their JSON form."""
    for row in found:
        row["source"], row["id"] = source_of(row["id"])
        if isinstance(row["on"], datetime):
            row["on"] = days.day_of(row["on"])
        if row["source"] in ON_TICKETS:
            row["number"] = ro_number(int(row["number"]))
    return found
