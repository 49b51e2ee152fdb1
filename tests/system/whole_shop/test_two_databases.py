"""One script, two databases: SQLite and PostgreSQL answer the same and end with the same rows."""

from collections import Counter as Tally
from contextlib import ExitStack
from itertools import zip_longest

import pytest

from tests.books import surprises
from tests.conftest import FIGURES, empty, on_postgres, on_sqlite, opened
from tests.system.whole_shop import books, trails
from tests.system.whole_shop.alike import Alike, kept
from tests.system.whole_shop.counter import Counter
from tests.system.whole_shop.listed import LISTS, id_in, listed
from tests.system.whole_shop.order_checks import missing
from tests.system.whole_shop.script import script

SEED = 20261129


@pytest.fixture
def both(request, tmp_path_factory):
    """The same empty shop on each of the databases."""
    with ExitStack() as stack:
        shops = []
        for on in (on_postgres, on_sqlite):
            environ = stack.enter_context(on(request.config, tmp_path_factory, "both"))
            shops.append(stack.enter_context(opened(environ)))
        yield shops


def test_a_script_ends_alike_on_both_databases(both, at_length, request):
    steps, book = script(at_length(120, slow=5_000), SEED, priced=True)
    counters = [at_the_counter(app) for app in both]
    sides = [Alike(counter) for counter in counters]
    tally, differences = Tally(), []

    for n, (step, made, *expected, members) in enumerate(steps):
        answers = [counter.take(step, made) for counter in counters]
        told = [side.told(step, answer) for side, answer in zip(sides, answers, strict=True)]
        if told[0] != told[1]:
            differences.append(f"{n}: {step}\n  PostgreSQL {told[0]}\n  SQLite     {told[1]}")
        assert [*answered(counters[0], step, answers[0])] == expected, f"{n}: {step}"
        body = answers[0].get_json(silent=True) or {}
        assert not missing(body, counters[0].with_ids(members)), f"{n}: {step}"
        tally[answers[0].status_code] += 1
        assert len(differences) < 5, "\n".join(differences)

    rows = [what_is_left(app, counter, book) for app, counter in zip(both, counters, strict=True)]
    for table in rows[0]:
        for n, (postgres, sqlite) in enumerate(zip_longest(*(each[table] for each in rows))):
            if postgres != sqlite:
                differences.append(f"{table} {n}\n  PostgreSQL {postgres}\n  SQLite     {sqlite}")
    request.config.stash[FIGURES].append(
        f"SQLite and PostgreSQL: a script of {len(steps)} steps (seed {SEED}),"
        f" {dict(sorted(tally.items()))}, {sum(map(len, rows[0].values()))} rows at the end,"
        f" {len(differences)} differences"
    )
    assert not differences, "\n".join(differences)


def at_the_counter(app):
    with app.app_context():
        empty()
        return Counter(app)


def answered(counter, step, answer):
    """Status and code, and the names in a list whose content the book knows."""
    told = answer.get_json(silent=True) or {}
    yield answer.status_code, told.get("code")
    known = answer.status_code == 200 and step.act in LISTS
    yield [counter.name_of(listed(step), id_in(item)) for item in told["items"]] if known else None


def what_is_left(app, counter, book):
    with app.app_context():
        assert books.found(counter) == books.expected(book, counter)
        assert not trails.astray()
        assert surprises() == {}
        return kept()
