"""One history makes the models' tables on SQLite and on PostgreSQL, and loses no row on the way."""

import subprocess
import sys

import pytest
import sqlalchemy as sa
from flask_migrate import check, downgrade, upgrade

from app.database.session import db
from tests.factories import a_customer, a_mechanic, a_ticket, a_walk_in
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
            assert len(values) >= 4, table
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
def test_a_table_made_anew_gives_no_id_a_second_time(fresh):
    history.at("0004")
    fill()
    with db.engine.begin() as connection:
        connection.execute(sa.text("DELETE FROM workloads"))
        [last] = connection.execute(sa.text("SELECT max(id) FROM mechanics")).one()
        for table in ("assignments", "ticket_parts"):
            connection.execute(sa.text(f"DELETE FROM {table}"))
        connection.execute(sa.text("DELETE FROM mechanics WHERE id = :last"), {"last": last})
    goes(upgrade)
    assert a_mechanic().id > last


@pytest.mark.one_database
def test_going_back_before_families_leaves_an_address_to_whoever_signs_in(migrated):
    family, own = "family@example.com", "own@example.com"
    first, second = a_walk_in(email=family), a_walk_in(email=family)
    walk_in, signed_up = a_walk_in(email=own), a_customer(email=own)
    nobody, merged = a_mechanic(email=None, account_id=None), a_walk_in(merged_into_id=first.id)
    db.session.remove()
    goes(downgrade, revision="0004")
    told = rows()
    addresses = dict(zip(told["customers"]["id"], told["customers"]["email"], strict=True))
    assert [addresses[each.id] for each in (first, second)] == [family, None]
    assert [addresses[each.id] for each in (walk_in, signed_up)] == [None, own]
    assert told["mechanics"]["email"] == [f"mechanic-{nobody.id}@example.invalid"]
    assert told["customers"]["erased_at"][-1] is not None
    assert merged.id == told["customers"]["id"][-1]


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
def test_addresses_of_before_are_written_as_mail_servers_know_them(fresh):
    """Each where nobody has the other form; whose form is taken keeps theirs."""
    step = next(each for each in STEPS if each.revision == "0008")
    history.at(step.down_revision)
    emails = ["a@b\u00fccher.example", "b@example.com", "c@\u2603.example"]
    emails += ["d@b\u00fccher.example", "d@xn--bcher-kva.example", None]
    with db.engine.begin() as connection:
        for n, email in enumerate(emails, start=1):
            said = "(id, name, email, version, created_at, updated_at) VALUES (:id, 'A', :email, 1, :at, :at)"
            at = "2026-01-01 00:00:00+00"
            row = {"id": n, "email": email, "at": at}
            connection.execute(sa.text(f"INSERT INTO customers {said}"), row)

    goes(upgrade, revision=step.revision)

    with db.engine.connect() as connection:
        kept = connection.scalars(sa.text("SELECT email FROM customers ORDER BY id")).all()
    assert kept == ["a@xn--bcher-kva.example", *emails[1:]]


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


@pytest.mark.one_database
def test_what_was_read_at_a_visit_becomes_one_reading_and_numbers_get_their_keys(fresh):
    history.at("0004")
    tables, stamp = history.reflected().tables, {"updated_at": history.AT, "version": 1}
    at = [history.AT.replace(hour=hour) for hour in range(24)]
    told = {
        "customers": [{"id": 1, "name": "Alice", "created_at": at[0]} | stamp],
        "vehicles": [
            {"id": n, "customer_id": 1, "vin": vin, "odometer": 99, "created_at": at[0]} | stamp
            for n, vin in enumerate(
                ("VC55-N0012", "VC55N-0012", "1HGCM82633A004352", None), start=1
            )
        ],
        "service_tickets": [
            {
                "id": n,
                "customer_id": 1,
                "vehicle_id": car,
                "status": status,
                "priority": 3,
                "problem_description": "Rattle",
                "opened_at": at[n],
                "odometer_in": reading,
            }
            | stamp
            for n, car, status, reading in (
                (1, 3, "closed", 41),  # typed as 400, corrected after ticket 2 had come
                (2, 3, "open", 50),
                (3, 3, "cancelled", None),  # typed and taken back
                (4, 1, "open", 7),  # what the car showed, so that it was not logged
            )
        ],
        "odometer_readings": [
            {"vehicle_id": car, "ticket_id": ticket, "reading": reading, "at": at[hour]}
            for car, ticket, reading, hour in (
                *((3, 1, 400, 1), (3, 2, 50, 2), (3, 3, 60, 3), (3, 1, 41, 4)),
                *((1, None, 7, 3),),
            )
        ],
    }
    with db.engine.begin() as connection:
        for table, all_ in told.items():
            connection.execute(sa.insert(tables[table]), all_)

    history.at("0006")

    found = rows()
    assert found["vehicles"]["vin_key"] == ["VC55N0012", "VC55N-0012", "1HGCM82633A004352", None]
    assert found["vehicles"]["odometer"] == [7, 99, 50, 99]
    assert found["service_tickets"]["kept_vin"] == [
        "1HGCM82633A004352",
        None,
        "1HGCM82633A004352",
        None,
    ]
    log = found["odometer_readings"]
    assert sorted(
        zip(log["vehicle_id"], log["reading"], log["ticket_id"], strict=True), key=str
    ) == [
        *((1, 7, 4), (1, 7, None), (3, 41, 1), (3, 50, 2)),
    ]
    assert [each.hour for each in log["at"]] == [2, 1, 3, 4]


@pytest.mark.one_database
def test_part_numbers_that_have_become_one_both_stay(fresh, capsys):
    """The later one keeps its number beside the first, and the migration names them."""
    history.at("0004")
    new = sa.text(
        "INSERT INTO parts (part_number, name, category, current_cost_cents, price_cents,"
        " quantity_in_stock, reorder_level, created_at, updated_at, version)"
        " VALUES (:number, 'Pads', 'Brake  PADS', 0, 0, 7, 2, :at, :at, 1)"
    )
    with db.engine.begin() as connection:
        for number in ("BRK-1", "brk-1", "BRK-2"):
            connection.execute(new, {"number": number, "at": history.AT.isoformat(" ")})
    goes(upgrade, revision="0005")

    parts = rows()["parts"]
    assert parts["part_number"] == ["BRK-1", "brk-1", "BRK-2"]
    assert parts["part_number_key"] == ["brk-1", "brk-1  2", "brk-2"]
    assert parts["category_key"] == ["brake pads"] * 3
    assert (parts["quantity_in_stock"], parts["reorder_level"]) == ([700] * 3, [200] * 3)
    assert "Part 2 has the number of part 1" in capsys.readouterr().out
