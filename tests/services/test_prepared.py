"""Look-ups that PostgreSQL plans once for a connection; SQLite keeps its own, and nothing is asked of it."""

import pytest
import sqlalchemy as sa

from app.extensions import db
from app.models import Part
from app.prepared import IDS, PREPARED, Among
from tests.factories import a_part

NAMED = sa.select(Part.id, sa.literal_column("'100%'").label("sure")).where(
    Among(Part.id, IDS), Part.quantity_in_stock > sa.bindparam("more_than")
)


@pytest.fixture
def three(app):
    return [a_part(n).id for n in (1, 2, 3)]


def test_a_prepared_look_up_finds_what_any_other_does(three):
    asked = {"ids": three, "more_than": 1}
    found = db.session.execute(NAMED.execution_options(**PREPARED), asked).all()

    assert sorted(found) == sorted(db.session.execute(NAMED, asked).all())
    assert sorted(found) == [(three[1], "100%"), (three[2], "100%")]
    assert db.session.execute(NAMED, {"ids": [], "more_than": 0}).all() == []


def test_it_is_planned_once_for_a_connection(three):
    if db.engine.dialect.name == "sqlite":
        pytest.skip("PostgreSQL alone; sqlite3 keeps its statements by itself")
    connection = db.session.connection()
    many = sa.text("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%''100%%'")
    for n in range(3):
        asked = {"ids": three[:n], "more_than": 0}
        found = connection.execute(NAMED.execution_options(**PREPARED), asked).all()
        assert len(found) == n

    assert connection.scalar(many) == 1


def test_a_plan_outlives_what_is_rolled_back(three):
    for _ in range(2):
        asked = {"ids": three, "more_than": 2}
        assert len(db.session.execute(NAMED.execution_options(**PREPARED), asked).all()) == 1
        db.session.rollback()
