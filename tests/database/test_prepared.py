"""Look-ups that PostgreSQL plans once for a connection; SQLite keeps its own, and nothing is asked of it."""

from decimal import Decimal

import pytest
import sqlalchemy as sa

from app.database.prepared import IDS, PREPARED, Among
from app.database.session import db
from app.models import Part
from tests.factories import a_manager, a_part, a_ticket

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


@pytest.fixture
def widened(app):
    """`widened("parts.name")` makes a column longer, as a step of the schema may while the shop is open."""
    if db.engine.dialect.name == "sqlite":
        pytest.skip("PostgreSQL alone: SQLite looks at the schema before each statement")
    altered = []

    def alter(column, more=0):
        table, _, name = column.partition(".")
        length = db.metadata.tables[table].c[name].type.length + more
        with db.engine.begin() as connection:
            connection.exec_driver_sql(f"ALTER TABLE {table} ALTER {name} TYPE varchar({length})")

    def widen(column):
        altered.append(column)
        alter(column, more=10)

    yield widen
    db.session.rollback()
    for column in altered:
        alter(column)


def used(client, ticket, part):
    return client.post(f"/service-tickets/{ticket.id}/parts/{part.id}").status_code


@pytest.mark.parametrize(
    "column",
    [
        "mechanics.role",  # of the look-up of the session, before the act
        "service_tickets.status",  # of the ticket that the act locks
        "parts.name",
        "parts.part_number",
    ],
)
def test_a_column_that_is_widened_while_the_shop_is_open_is_noticed_by_nobody(as_, widened, column):
    marge, part, ticket = as_(a_manager()), a_part(9), a_ticket()
    assert used(marge, ticket, part) == 201
    widened(column)

    assert used(marge, ticket, part) == 201
    assert marge.get(f"/service-tickets/{ticket.id}").status_code == 200
    shelf = db.session.get(Part, part.id, populate_existing=True)
    assert shelf.quantity_in_stock == Decimal(7)


def test_plans_that_the_server_has_lost_are_made_again(as_, widened):
    marge, part, ticket = as_(a_manager()), a_part(9), a_ticket()
    assert used(marge, ticket, part) == 201
    db.session.remove()
    with db.engine.connect() as connection:
        connection.exec_driver_sql("DEALLOCATE ALL")

    assert used(marge, ticket, part) == 201
