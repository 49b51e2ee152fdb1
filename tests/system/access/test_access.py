"""Every operation, asked for by everybody, answers as the table says and does no more than it says."""

import re

import pytest

from app import create_app
from tests.system.access.matrix import operations, view_of
from tests.system.access.table import TABLE

pytestmark = pytest.mark.one_database("sqlite")

VIEWS = {endpoint for endpoint, _, _ in operations(create_app({"FLASK_ENV": "testing"}))}


def test_every_operation_has_its_row_in_the_table():
    assert VIEWS - {view_of(row) for row in TABLE} == set()


def test_every_row_of_the_table_is_about_an_operation():
    assert [row for row in TABLE if view_of(row) not in VIEWS] == []


def test_everybody_gets_what_the_table_says(cells, figures):
    surprises = [
        f"{cell}: {cell.status}, not {cell.due}" for cell in cells if cell.status != cell.due
    ]

    figures(f"access matrix: {len(cells):,} cells, {len(surprises)} surprises")
    assert surprises == []


def test_whoever_is_refused_changes_nothing(cells, figures):
    refused = [cell for cell in cells if cell.status >= 400]
    changes = [
        f"{cell}: {sorted(changed)}"
        for cell in refused
        if (changed := cell.changed.difference(TABLE[cell.row].noted))
    ]

    figures(f"{len(refused):,} refusals, {len(changes)} of them changed a row")
    assert changes == []


def test_a_read_changes_nothing(cells):
    assert [str(cell) for cell in cells if cell.method == "GET" and cell.changed] == []


def test_whoever_may_write_does(cells):
    """Else a refusal that changes nothing would prove nothing."""
    writes = [cell for cell in cells if cell.method != "GET" and cell.status < 300]

    assert [str(cell) for cell in writes if not cell.changed] == []


def test_a_strangers_row_is_told_of_like_one_that_is_missing(cells, figures):
    hidden = [cell for cell in cells if cell.missing]

    figures(f"{len(hidden)} looks at a stranger's row, each like a look at none")
    assert len(hidden) > 20
    for cell in hidden:
        assert without_its_name(cell.body, cell.headers) == without_its_name(*cell.missing), cell


def without_its_name(body, headers):
    """An answer without the id or VIN in it, what hangs on their length, and how many were asked before."""
    own = ("Content-Length", "RateLimit")
    same = {name: value for name, value in headers.items() if name not in own}
    links = re.sub(r"\d+", "?", same.pop("Link", ""))
    return re.sub(r"(There is no [a-z ]+) [0-9A-Z]+\b", r"\1 ?", body), links, same
