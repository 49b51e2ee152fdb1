"""Rows of reports: they add up to their figure, page by page and as CSV."""

import csv
import io

import pytest

from app.blueprints.reports.figures import FIGURES
from tests.factories import a_mechanic
from tests.reports.june import (
    JUNE,
    report,
    values,
)
from tests.service_tickets.consenting import Order


def quotient(name):
    return next(figure.is_quotient for figure in FIGURES if figure.name == name)


def test_the_rows_of_each_figure_add_up_to_it(staff, busy):
    Order(staff).decide()
    told = report(staff, ("2026-01-01", "2026-12-31"))
    seen = set()
    for figure in told["figures"]:
        for each in figure["groups"] or [figure]:
            value = each["value"]
            page = staff.get(each["rows"]).json
            total = sum(row["amount"] for row in page["items"])
            assert page["sum"] == total, each
            by_csv = staff.get(each["rows"], headers={"Accept": "text/csv"})
            table = list(csv.DictReader(io.StringIO(by_csv.text)))
            assert [row["id"] for row in table] == [str(row["id"]) for row in page["items"]]
            assert sum(int(row["amount"]) for row in table) == total
            if not quotient(figure["name"]):
                assert total == value, each
            seen.add(figure["name"])
    assert seen == {figure.name for figure in FIGURES}


def test_a_quotient_has_the_rows_of_its_denominator_too(staff, busy):
    path = "/reports/shop/average_repair_order?from={}&to={}".format(*JUNE)
    told = values(report(staff))
    sums = [staff.get(f"{path}&of={of}").json["sum"] for of in ("numerator", "denominator")]
    assert sums == [told["sales"], told["repair_orders"]]
    assert told["average_repair_order"] == round(sums[0] / sums[1])


def test_rows_come_page_by_page(staff, busy):
    path = "/reports/shop/sales?from={}&to={}&per_page=3".format(*JUNE)
    first = staff.get(path).json
    rest = staff.get(f"{path}&cursor={first['pagination']['next_cursor']}").json
    both = first["items"] + rest["items"]
    assert [each["source"] for each in both].count("credit_note") == 2
    assert len({(each["source"], each["id"]) for each in both}) == 5
    assert first["pagination"]["total"] == 5
    assert first["sum"] == values(report(staff))["sales"]


@pytest.mark.parametrize("query", ["taxes?of=tax", "by_mechanic?of=labor_sales", "payments?of=net"])
@pytest.mark.parametrize("sort", ["on", "-on"])
def test_no_row_is_lost_between_pages(staff, busy, query, sort):
    path = f"/reports/shop/{query}&from=2026-01-01&to=2026-12-31&per_page=1&sort={sort}"
    found, cursor = [], ""
    while cursor is not None:
        page = staff.get(path + cursor).json
        found += page["items"]
        after = page["pagination"]["next_cursor"]
        cursor = after and f"&cursor={after}"
    assert sum(row["amount"] for row in found) == page["sum"] != 0
    assert len({(row["source"], row["id"]) for row in found}) == len(found)
    table = staff.get(path, headers={"Accept": "text/csv; charset=utf-8"}).text
    assert [row["id"] for row in csv.DictReader(io.StringIO(table))] == [
        str(row["id"]) for row in found
    ]


def test_it_is_csv_too(staff, busy):
    path = "/reports/shop?from={}&to={}".format(*JUNE)
    table = list(csv.DictReader(io.StringIO(staff.get(path, headers={"Accept": "text/csv"}).text)))
    told = report(staff)
    assert next(row["value"] for row in table if row["name"] == "sales") == str(
        values(told)["sales"]
    )
    lines = sum(len(figure["groups"]) or 1 for figure in told["figures"])
    assert len(table) == lines > len(told["figures"])


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/reports/shop/payments?key=%00", 422),
        ("/reports/shop?from=2026-01-01&to=2027-01-02", 422),
        ("/reports/shop/wishes?from=2026-01-01&to=2026-01-02", 404),
        ("/reports/shop/sales?from=2026-01-01&to=2026-01-02&of=numerator", 422),
        ("/reports/shop/sales?from=2026-01-01&to=2026-01-02&key=cash", 422),
        ("/reports/shop/payments?from=2026-01-01&to=2026-01-02&of=given", 422),
    ],
)
def test_what_is_asked_must_exist(staff, path, status):
    assert staff.get(path).status_code == status


def test_they_are_for_managers(staff, as_):
    path = "/reports/shop?from=2026-01-01&to=2026-01-02"
    assert as_(a_mechanic()).get(path).status_code == 403
    assert staff.get(path).status_code == 200
