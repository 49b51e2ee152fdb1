"""When an entry of the audit trail is written, how it is found, and when it is forgotten."""

import pytest

from app.database.session import db
from app.models import Part, audit
from tests.audit.test_audit import entries
from tests.factories import PASSWORD, a_customer, a_manager, a_part, a_ticket, a_vehicle


def test_what_is_refused_leaves_no_entry(app, as_):
    ticket, part, marge = a_ticket(), a_part(1), as_(a_manager())
    before = len(entries())
    path = f"/service-tickets/{ticket.id}/parts"

    assert marge.post(f"{path}/{part.id}", json={"quantity_used": 2}).status_code == 409
    assert marge.post(path, json={"part_ids": [part.id, part.id]}).status_code == 409
    assert len(entries()) == before


def test_what_is_rolled_back_and_done_again_is_told_once(app):
    for _ in range(2):
        db.session.rollback()
        db.session.add(Part(part_number="BP-1", name="Brake pad"))
        db.session.flush()
    db.session.commit()

    assert len(entries(entity="part")) == 1


def test_a_retry_leaves_no_second_entry(app, as_):
    marge, key = as_(a_manager()), {"Idempotency-Key": "once"}
    for _ in range(2):
        marge.post(
            "/inventory",
            json={"name": "Brake pad", "part_number": "BP-1", "price_cents": 900},
            headers=key,
        )

    assert len(entries(entity="part")) == 1


def test_what_was_said_of_an_erased_customer_is_erased(app, as_):
    marge = as_(a_manager())
    alice = a_customer(name="Alice Unusual", email="alice@unusual.example", phone="555-0777")
    vehicle = a_vehicle(alice, license_plate="UNUSUAL")
    as_(alice).patch(f"/customers/{alice.id}", json={"address": "7 Unusual Road"})
    told = {"Unusual", "unusual", "555-0777", "UNUSUAL"}
    assert [word for word in told if word not in marge.get("/audit?per_page=100").text] == []

    marge.delete(f"/customers/{alice.id}")

    entry = entries(entity="customer", entity_id=alice.id)[-1]
    assert (entry.operation, entry.before, entry.after) == ("customers.erase", None, None)
    assert entries(entity="vehicle", entity_id=vehicle.id)[-1].action == "changed"
    assert [word for word in told if word in marge.get("/audit?per_page=100").text] == []


def test_a_vehicle_that_was_taken_off_file_before_is_forgotten_with_its_customer(app, as_):
    alice, bob = a_customer(), a_customer()
    for owner, plate in (alice, "UNUSUAL"), (bob, "BOBS OWN"):
        vehicle = a_vehicle(owner, license_plate=plate)
        as_(owner).delete(f"/vehicles/{vehicle.id}")
    marge = as_(a_manager())
    assert "UNUSUAL" in marge.get("/audit?per_page=100").text

    marge.delete(f"/customers/{alice.id}")

    told = marge.get("/audit?per_page=100").text
    assert ("UNUSUAL" in told, "BOBS OWN" in told) == (False, True)


@pytest.mark.parametrize(
    "about", ["entity", "entity_id", "account_id", "request_id", "at_from", "at_to"]
)
def test_entries_are_found_by_what_they_say(app, as_, about):
    dana, part = a_manager(), a_part()
    client = as_(dana)
    client.patch(
        f"/inventory/{part.id}", json={"name": "Brake disc"}, headers={"X-Request-ID": "x"}
    )
    everything = client.get("/audit?per_page=100").json["items"]
    wanted = everything[0]
    name = {"at_from": "at", "at_to": "at"}.get(about, about)

    found = client.get("/audit", query_string={about: wanted[name], "per_page": 100}).json["items"]

    agree = {
        "at_from": lambda each: each["at"] >= wanted["at"],
        "at_to": lambda each: each["at"] <= wanted["at"],
    }.get(about, lambda each: each[name] == wanted[name])
    assert found == [each for each in everything if agree(each)]
    assert len(found) == len(everything) or about != "at_to"


def test_what_is_on_record_is_a_closed_set(app, as_):
    client = as_(a_manager())
    assert client.get("/audit?entity=stored_answer").status_code == 422
    for entity in audit.entities():
        assert client.get(f"/audit?entity={entity}").status_code == 200


def test_a_manager_from_the_command_line_is_on_record(app):
    app.test_cli_runner().invoke(
        args=["create-manager", "--email", "m@example.com", "--name", "M", "--password-stdin"],
        input=PASSWORD,
    )

    assert {each.operation for each in entries()} == {"flask create-manager"}
    assert {each.entity for each in entries()} == {"account", "mechanic"}
