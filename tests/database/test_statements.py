"""Reads past SQLAlchemy's Session and Connection: they find the same, and fail the same."""

import pytest
import sqlalchemy as sa
from psycopg2.extensions import STATUS_READY as READY
from sqlalchemy.exc import OperationalError

from app.clock import utc_now
from app.database import statements
from app.database.prepared import PREPARED
from app.database.session import db
from app.database.statements import execute, fetch, insert_rows
from app.models import AuditEntry, Part
from tests.busy_shop import a_busy_shop
from tests.factories import a_part
from tests.web.overheard import overheard

NAMES = sa.select(Part.name).where(Part.id == sa.bindparam("part"))


def through_sqlalchemy(query):
    with db.engine.connect() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]


def test_they_find_what_sqlalchemy_finds_in_every_table(app):
    a_busy_shop(app)
    db.session.rollback()

    for table in db.metadata.sorted_tables:
        query = sa.select(table).order_by(*table.primary_key)
        assert fetch(query) == through_sqlalchemy(query), table.name
    assert fetch(sa.select(db.metadata.tables["audit_entries"]))


def test_a_value_is_said_each_time_and_the_statement_put_together_once(app):
    brake, clutch = a_part(name="Brake").id, a_part(name="Clutch").id
    db.session.rollback()
    before = statements._compiled.cache_info()

    for query in (NAMES, NAMES.execution_options(**PREPARED)):
        told = [fetch(query, part=part) for part in (brake, clutch, brake)]
        assert [row["name"] for [row] in told] == ["Brake", "Clutch", "Brake"]

    assert statements._compiled.cache_info().misses == before.misses + 2


def test_who_has_something_to_commit_sees_it_and_nobody_else_does(app):
    part = a_part(name="Brake")
    part.name = "Clutch"
    db.session.flush()
    assert fetch(NAMES, part=part.id) == [{"name": "Clutch"}]

    db.session.rollback()
    assert fetch(NAMES, part=part.id) == [{"name": "Brake"}]


def test_nothing_is_held_afterwards_and_nothing_was_begun(app):
    db.session.rollback()
    left = []
    note = lambda connection, *_: left.append(getattr(connection, "status", READY))  # noqa: E731
    sa.event.listen(db.engine, "reset", note)
    fetch(NAMES, part=1)
    sa.event.remove(db.engine, "reset", note)

    assert db.engine.pool.checkedout() == 0
    assert left == [READY]


def test_what_waits_to_be_written_is_written_first(app):
    db.session.add(Part(part_number="W-1", name="Waiting"))
    part, renamed = Part.__table__, {"name": "Written", "updated_at": utc_now()}

    assert execute(sa.update(part).values(renamed).returning(part.c.name)) == [{"name": "Written"}]


@pytest.mark.parametrize("write_it", [sa.insert, sa.update])
def test_what_sqlalchemy_would_have_filled_in_is_asked_for(app, write_it):
    part = Part.__table__

    with pytest.raises(ValueError, match="updated_at"):
        execute(write_it(part).values(name="Written", part_number="W-1").returning(part.c.id))


def test_what_the_database_refuses_is_said_by_sqlalchemy(app):
    db.session.rollback()
    nowhere = sa.select(sa.column("id")).select_from(sa.table("nowhere"))

    for _ in range(2):
        with pytest.raises(sa.exc.DBAPIError) as refused:
            fetch(nowhere)
        assert not refused.value.connection_invalidated
    assert fetch(NAMES, part=0) == []


@pytest.mark.parametrize("ask", [fetch, execute])
def test_a_connection_that_breaks_is_thrown_away(app, ask):
    if db.engine.dialect.name == "sqlite":
        pytest.skip("PostgreSQL alone; SQLite has no connection that could break")
    db.session.rollback()

    with pytest.raises(OperationalError) as broken:
        ask(sa.select(sa.func.pg_terminate_backend(sa.func.pg_backend_pid())))

    assert broken.value.connection_invalidated
    db.session.rollback()
    assert ask(NAMES, part=0) == fetch(NAMES, part=0) == []


def test_new_rows_are_written_some_at_a_time(app):
    of_all = {"at": utc_now(), "action": "created", "entity": "part"}
    entries = AuditEntry.__table__

    with overheard() as statements:
        ids = insert_rows(entries, [{"entity_id": n} for n in range(23)], of_all)

    assert len(statements) == 3
    assert len(set(ids)) == 23
    kept = fetch(sa.select(entries.c.entity_id, *map(entries.c.get, of_all)).order_by(entries.c.id))
    assert kept == [{"entity_id": n} | of_all for n in range(23)]
