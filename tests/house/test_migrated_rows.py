"""What single steps of the history make of the rows that they find."""

import pytest
import sqlalchemy as sa
from flask_migrate import downgrade, upgrade

from app.database.session import db
from tests.factories import a_customer, a_mechanic, a_walk_in
from tests.house import history
from tests.house.history import STEPS, fill, goes, rows


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


@pytest.mark.one_database
def test_used_parts_become_lines_of_one_job_and_go_back(fresh):
    history.at("0012")
    stamp = {"updated_at": history.AT, "version": 1}
    line = {"unit_cost_cents": 400, "unit_price_cents": 999, "used_at": history.AT}
    part = {"part_number_key": "p", "part_number_sort": "p", "name_sort": "pads", "unit": "each"}
    part |= {"quantity_in_stock": 0, "reorder_level": 0, "current_cost_cents": 1, "price_cents": 1}
    before = {
        "customers": [
            {"id": 1, "name": "Alice", "name_sort": "alice", "created_at": history.AT} | stamp
        ],
        "parts": [
            {"id": 1, "part_number": "P-1", "name": "Pads", "created_at": history.AT} | stamp
        ],
        "service_tickets": [
            {"id": n, "customer_id": 1, "status": "open", "priority": 3, "opened_at": history.AT}
            | {"problem_description": text, "promised_at_sort": history.AT}
            | stamp
            for n, text in ((1, "Grinding\nwhen cold " + "x" * 200), (2, "Hum"))
        ],
        "ticket_parts": [
            line | {"id": n, "ticket_id": ticket, "part_id": 1, "quantity_used": quantity}
            for n, ticket, quantity in ((3, 1, 450), (5, 1, 100), (7, 2, 200))
        ],
        "stock_movements": [
            {"id": 1, "part_id": 1, "quantity": -450, "reason": "used", "line_id": 3}
            | {"at": history.AT}
        ],
        "audit_entries": [
            {
                "id": 1,
                "at": history.AT,
                "action": "created",
                "entity": "ticket_part",
                "entity_id": 3,
            }
        ],
    }
    before["parts"][0] |= part
    tables = history.reflected().tables
    with db.engine.begin() as connection:
        for table, all_ in before.items():
            connection.execute(sa.insert(tables[table]), all_)
    used = rows()["ticket_parts"]
    history.use_up_ids()

    history.at("0013")
    found = rows()
    names = ["Grinding when cold " + "x" * 101, "Hum"]
    assert (found["jobs"]["ticket_id"], found["jobs"]["name"]) == ([1, 2], names)
    lines = found["ticket_lines"]
    assert [lines[name] for name in ("id", "job_id", "position", "quantity", "kind")] == [
        *([3, 5, 7], [1, 1, 2], [1, 2, 1], [450, 100, 200], ["part"] * 3),
    ]
    assert (lines["name"], lines["part_number"]) == (["Pads"] * 3, ["P-1"] * 3)
    assert found["stock_movements"]["line_id"] == [3]
    assert found["audit_entries"]["entity"] == ["ticket_line"]
    with db.engine.begin() as connection:  # labor, for which there is no place below
        labor = {"ticket_id": 1, "job_id": 1, "kind": "labor", "position": 9, "name": "Work"}
        time = {"taxable": True, "billed_minutes": 60, "rate_cents": 12000}
        connection.execute(sa.insert(history.reflected().tables["ticket_lines"]), labor | time)

    goes(downgrade, revision="0012")
    assert rows()["ticket_parts"] == used
    assert rows()["stock_movements"]["line_id"] == [3]
    assert rows()["audit_entries"]["entity"] == ["ticket_part"]
