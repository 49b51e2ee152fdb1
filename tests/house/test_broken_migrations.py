"""A migration that goes wrong leaves schema and rows as they were; one that rebuilds loses no child."""

import pytest
import sqlalchemy as sa
from flask_migrate import upgrade
from sqlalchemy.exc import DatabaseError, IntegrityError

from app.database.session import db
from tests.house.history import HEAD, broken_foreign_keys, fill, portrait, rows, with_one_more

pytestmark = pytest.mark.one_database

A_REBUILD = """
with op.batch_alter_table('service_tickets') as batch:
    batch.add_column(sa.Column('bay', sa.Integer()))
    batch.alter_column('problem_description', type_=sa.String(length=3000))
with op.batch_alter_table('accounts') as batch:
    batch.alter_column('password_hash', type_=sa.String(length=300))
"""
HALF_A_CHANGE = """
op.create_table('later_rows', sa.Column('id', sa.Integer(), primary_key=True))
op.execute("UPDATE parts SET name = 'Renamed'")
op.execute("DELETE FROM stock_movements")
with op.batch_alter_table('customers') as batch:
    batch.add_column(sa.Column('bay', sa.Integer()))
    batch.alter_column('name', type_=sa.String(length=300))
op.drop_table('sign_in_attempts')
"""
FAILURES = {
    "an error of its own": HALF_A_CHANGE + "raise RuntimeError('half-way')",
    "the database refuses": HALF_A_CHANGE + "op.execute('INSERT INTO nowhere VALUES (1)')",
    "children without parents": HALF_A_CHANGE + "op.execute('DELETE FROM vehicles')",
}


@pytest.fixture
def full(migrated):
    """A shop at today's schema, with rows in every table."""
    fill()
    return rows(), portrait()


def test_a_parent_that_is_rebuilt_keeps_its_children(full, tmp_path):
    before, _ = full
    upgrade(with_one_more(tmp_path, A_REBUILD))

    after = rows()
    assert set(after["service_tickets"].pop("bay")) == {None}
    assert after == before
    assert broken_foreign_keys() == []


@pytest.mark.parametrize(
    "failure",
    [
        pytest.param(each, marks=[pytest.mark.nightly] if n else [])
        for n, each in enumerate(FAILURES)
    ],
)
def test_a_failure_half_way_changes_nothing(full, tmp_path, failure):
    with pytest.raises((DatabaseError, SystemExit)):
        upgrade(with_one_more(tmp_path, FAILURES[failure]))

    assert (rows(), portrait()) == full
    with db.engine.connect() as connection:
        assert connection.scalar(sa.text("SELECT version_num FROM alembic_version")) == HEAD


def test_two_steps_of_which_the_second_fails_are_none(fresh, tmp_path):
    """All that one `flask db upgrade` does is one transaction."""
    with pytest.raises(SystemExit):
        upgrade(with_one_more(tmp_path, "raise RuntimeError('the last one')"))
    assert set(portrait()) <= {"alembic_version"}


def test_after_a_failure_foreign_keys_are_on_again(full, tmp_path):
    with pytest.raises(SystemExit):
        upgrade(with_one_more(tmp_path, FAILURES["an error of its own"]))

    with db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
            assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == 5000
        with pytest.raises(IntegrityError):
            connection.execute(sa.text("DELETE FROM vehicles"))
