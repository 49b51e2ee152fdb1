"""One history makes the models' tables on SQLite and on PostgreSQL, and loses no row on the way."""

import subprocess
import sys

import pytest
import sqlalchemy as sa
from flask_migrate import check, downgrade, upgrade

from app.database.session import db
from tests.factories import a_ticket
from tests.house import history
from tests.house.history import HEAD, STEPS, broken_foreign_keys, fill, goes, portrait, rows

# What a step changes in rows that are there, on purpose: {revision: {"table.column"}}.
CHANGES: dict[str, set[str]] = {
    "0005": {
        *("parts.quantity_in_stock", "parts.reorder_level"),
        *("stock_movements.quantity", "ticket_parts.quantity_used"),
    },
    # A visit has one reading, its ticket's; the vehicle shows the latest. Down, all tickets have a vehicle.
    "0006": {
        *("odometer_readings.id", "odometer_readings.vehicle_id", "odometer_readings.ticket_id"),
        *("odometer_readings.reading", "odometer_readings.override_reason", "odometer_readings.at"),
        *("odometer_readings.account_id", "vehicles.odometer", "service_tickets.vehicle_id"),
    },
    "0007": {"customers.erased_at", "mechanics.email"},
    # Down, there is no line that a part was planned on.
    "0013": {"stock_movements.line_id"},
}
# Where a step adds rows behind those that are there.
ADDS: dict[str, set[str]] = {"0006": {"vehicles"}}


# A step that has been released never changes: older ones run at night.
NEWEST_FIRST = [
    pytest.param(step, id=step.revision, marks=[pytest.mark.nightly] if n else [])
    for n, step in enumerate(STEPS[::-1])
]


def test_the_history_makes_what_the_models_say(fresh):
    upgrade()
    check()
    by_history = portrait()
    del by_history["alembic_version"]
    with db.engine.begin() as connection:
        connection.execute(sa.text("DROP TABLE alembic_version"))
        db.metadata.drop_all(connection)
        db.metadata.create_all(connection)
    assert by_history == portrait()


@pytest.mark.parametrize("step", NEWEST_FIRST)
def test_a_step_up_and_down_keeps_every_row(fresh, step, figures):
    history.at(step.down_revision)
    fill()
    before, schema = rows(), portrait()

    goes(upgrade, revision=step.revision)
    assert_kept(before, rows(), step)
    assert broken_foreign_keys() == []

    fill(wanted=6)
    history.use_up_ids()
    above, given = rows(), history.highest_ids()
    assert_there_is_something_to_lose(above)
    goes(downgrade, revision=step.down_revision or "base")
    assert_kept(above, rows(), step)
    assert_given(given)
    assert broken_foreign_keys() == []
    if schema:  # before the first step there is not even the table of versions
        assert portrait() == schema

    below, given = rows(), history.highest_ids()
    goes(upgrade, revision=step.revision)
    assert_kept(below, rows(), step)
    assert_given(given)
    kept = sum(len(next(iter(table.values()))) for table in above.values())
    figures(f"{kept} rows in {len(above)} tables through {step.revision}, up and down")


def assert_there_is_something_to_lose(tables):
    """Rows in every table, and a value in every column."""
    for table, columns in tables.items():
        for column, values in columns.items():
            assert len(values) >= (1 if table in history.OF_ONE_ROW else 4), table
            assert any(value is not None for value in values), f"{table}.{column}"


def assert_given(before):
    """No id is given again of those that are gone."""
    after = history.highest_ids()
    for table in before.keys() & after.keys():
        assert after[table] >= before[table], table


def assert_kept(before, after, step):
    """Every row of a table on both sides, in each column on both sides."""
    on_purpose, more = (each.get(step.revision, set()) for each in (CHANGES, ADDS))
    for table in before.keys() & after.keys():
        for column in before[table].keys() & after[table].keys():
            if f"{table}.{column}" not in on_purpose:
                kept = before[table][column]
                there = after[table][column][: len(kept) if table in more else None]
                assert kept == there, f"{table}.{column}"


@pytest.mark.one_database
def test_a_second_upgrade_changes_nothing(migrated):
    a_ticket()
    before, schema = rows(), portrait()
    upgrade()
    assert (rows(), portrait()) == (before, schema)


@pytest.mark.nightly  # that one waits for another is seen below each time
def test_processes_that_start_at_once_migrate_one_empty_database(fresh, at_length):
    """As instances of the shop do, each with `flask db upgrade` before it."""
    instances = at_length(2, slow=4)
    command = [sys.executable, "-m", "flask", "--app", "flask_app.py", "db", "upgrade"]
    processes = [
        subprocess.Popen(
            command,
            cwd=history.ROOT,
            env=fresh.environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for _ in range(instances)
    ]
    said = [process.communicate(timeout=60)[0] for process in processes]

    assert [process.returncode for process in processes] == [0] * instances, "\n".join(said)
    with db.engine.connect() as connection:
        assert connection.scalars(sa.text("SELECT version_num FROM alembic_version")).all() == [
            HEAD
        ]
    check()


@pytest.mark.one_database
def test_a_migration_takes_the_lock_before_it_looks(fresh):
    """Processes rarely meet at the very moment; what keeps them apart is seen here each time."""
    said = []
    hear = lambda _c, _cursor, statement, *_: said.append(statement)  # noqa: E731
    sa.event.listen(db.engine, "before_cursor_execute", hear)
    upgrade()
    made = next(n for n, each in enumerate(said) if "CREATE TABLE" in each)
    lock = "BEGIN IMMEDIATE" if db.engine.dialect.name == "sqlite" else "pg_advisory_xact_lock"
    assert any(lock in each for each in said[:made])


@pytest.mark.one_database
@pytest.mark.parametrize(
    "forgotten",
    [
        "DROP TABLE stock_movements",
        "ALTER TABLE parts DROP COLUMN created_at",
        "DROP INDEX ix_parts_category_key_id",
        "ALTER TABLE parts ADD COLUMN of_nobody INTEGER",
    ],
)
def test_a_model_that_the_history_does_not_make_is_found(migrated, forgotten, capsys):
    with db.engine.begin() as connection:
        connection.execute(sa.text(forgotten))
    with pytest.raises(SystemExit) as ended:
        check()
    assert ended.value.code == 1


@pytest.mark.one_database
def test_a_shop_does_not_open_with_a_schema_of_another_day(migrated, at_length):
    goes(downgrade, revision="-1")
    assert_refused(migrated, STEPS[-1].down_revision)

    for another in at_length((), slow=("yesterday", "tomorrow")):
        goes(upgrade)
        with db.engine.begin() as connection:
            renamed = sa.text("UPDATE alembic_version SET version_num = :another")
            connection.execute(renamed, {"another": another})
        assert_refused(migrated, another)
        with db.engine.begin() as connection:
            connection.execute(renamed, {"another": HEAD})


def assert_refused(app, found):
    ended = subprocess.run(
        [sys.executable, "-m", "gunicorn", "flask_app:app", "--bind", "127.0.0.1:0"],
        cwd=history.ROOT,
        env=app.environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 3
    assert f"The schema is {found}, not {HEAD}: run `flask db upgrade`." in ended.stderr
