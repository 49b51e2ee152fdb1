"""Customers: who takes them in, who sees them, how they are found, changed and forgotten."""

from pathlib import Path

import pytest

from app.cli import backups
from app.database.session import db
from app.models import TicketStatus
from tests.factories import (
    PASSWORD,
    a_customer,
    a_manager,
    a_mechanic,
    a_ticket,
    a_vehicle,
    a_walk_in,
    an_assignment,
)

ALICE = {"name": "Alice", "email": "alice@example.com", "password": PASSWORD}
SPRINGFIELD = {"address": "1 Main St", "city": "Springfield", "state": "OR", "postal_code": "97477"}


def sign_in(client, email, password=PASSWORD):
    return client.post("/auth/login", json={"email": email, "password": password})


def pointers(answer):
    assert (answer.status_code, answer.json["code"]) == (422, "invalid")
    return [error["pointer"] for error in answer.json["errors"]]


def names(answer):
    return [customer["name"] for customer in answer.json["items"]]


def test_alice_opens_her_own_account_and_signs_in(client):
    answer = client.post("/customers", json=ALICE | SPRINGFIELD | {"phone": "555-0100"})

    assert answer.status_code == 201
    alice = answer.json
    assert answer.headers["Location"] == f"/customers/{alice['id']}"
    assert (alice["name"], alice["phone"], alice["has_account"]) == ("Alice", "555-0100", True)
    assert {name: alice[name] for name in SPRINGFIELD} == SPRINGFIELD
    assert "password" not in answer.text
    assert sign_in(client, "alice@example.com").status_code == 200


@pytest.mark.parametrize("missing", ["name", "email", "password"])
def test_an_account_needs_a_name_an_address_and_a_password(client, missing):
    said = {name: value for name, value in ALICE.items() if name != missing}

    assert pointers(client.post("/customers", json=said)) == [f"/{missing}"]


@pytest.mark.parametrize("somebody", [a_customer, a_mechanic])
def test_an_e_mail_address_signs_one_in_whatever_its_case(client, somebody):
    somebody(email="alice@example.com")

    again = client.post("/customers", json=ALICE | {"email": "ALICE@example.com"})

    assert (again.status_code, again.json["code"]) == (409, "email_taken")


def test_a_family_shares_an_e_mail_address(as_):
    bob, family = as_(a_mechanic()), {"email": "ace@example.com"}
    a_customer(**family)

    answers = [bob.post("/customers", json={"name": name} | family) for name in ("Ann", "Al")]
    moved = bob.patch(f"/customers/{a_walk_in(name='Ada').id}", json=family)

    assert [each.status_code for each in (*answers, moved)] == [201, 201, 200]
    assert len(names(bob.get("/customers?q=ace@example.com"))) == 4


@pytest.mark.parametrize("door", ["/customers", "/auth/register"])
def test_a_walk_ins_address_opens_a_new_customers_account_and_not_the_walk_ins(client, door, as_):
    walk_in = a_walk_in(name="Alice Ace", email="alice@example.com")
    a_ticket(a_vehicle(walk_in))

    assert client.post(door, json=ALICE).status_code == 201

    signed_in = sign_in(client, "alice@example.com").json
    assert signed_in["account"]["customer_id"] != walk_in.id
    mine = {"Authorization": f"Bearer {signed_in['access_token']}"}
    assert client.get("/service-tickets", headers=mine).json["items"] == []
    assert client.get(f"/customers/{walk_in.id}", headers=mine).status_code == 404
    assert as_(a_mechanic()).get(f"/customers/{walk_in.id}").json["has_account"] is False


def test_of_a_family_one_signs_in_with_its_address(as_):
    bob, family = as_(a_mechanic()), "ace@example.com"
    first, second = a_walk_in(email=family), a_walk_in(email=family)
    said = {"password": PASSWORD}

    assert bob.patch(f"/customers/{first.id}", json=said).status_code == 200
    again = bob.patch(f"/customers/{second.id}", json=said)

    assert (again.status_code, again.json["code"]) == (409, "email_taken")


@pytest.mark.parametrize("somebody", [a_mechanic, a_manager])
def test_a_walk_in_needs_no_password_and_no_address(as_, somebody):
    answer = as_(somebody()).post("/customers", json={"name": "Alice"})

    assert answer.status_code == 201
    assert (answer.json["email"], answer.json["has_account"]) == (None, False)


def test_a_customer_takes_in_neither_walk_ins_nor_staff(as_):
    alice = as_(a_customer())

    lacking = pointers(alice.post("/customers", json={"name": "Charlie"}))
    assert lacking == ["/password", "/email"]
    assert pointers(alice.post("/customers", json=ALICE | {"role": "manager"})) == ["/role"]


@pytest.mark.parametrize(
    "older", [{"full_name": "Alice Ace"}, {"first_name": "Alice", "last_name": "Ace"}]
)
def test_older_names_for_a_name_are_understood_and_never_said(as_, older):
    answer = as_(a_mechanic()).post("/customers", json=older)

    assert answer.json["name"] == "Alice Ace"
    assert not answer.json.keys() & {"full_name", "first_name", "last_name"}


@pytest.mark.parametrize(
    ("said", "refused"),
    [
        ({"name": "Alice", "full_name": "Charlie"}, ["/full_name"]),
        ({"first_name": "Alice"}, ["/first_name"]),
        ({"first_name": "Alice", "last_name": None}, ["/last_name"]),
        ({"full_name": "Alice Ace", "last_name": "Ace"}, ["/full_name", "/last_name"]),
    ],
)
def test_an_older_name_beside_todays_or_by_half_is_refused(as_, said, refused):
    assert sorted(pointers(as_(a_mechanic()).post("/customers", json=said))) == refused


def test_alice_and_the_staff_see_alice(as_):
    alice = a_customer(name="Alice")

    for person in (alice, a_mechanic(), a_manager()):
        assert as_(person).get(f"/customers/{alice.id}").json["name"] == "Alice"


@pytest.mark.parametrize("method", ["get", "put", "patch", "delete"])
def test_another_customer_is_the_same_404_as_nobody(as_, method):
    alice, charlie = as_(a_customer()), a_customer()
    body = {"json": {"name": "Mine"}} if method in ("put", "patch") else {}

    others = getattr(alice, method)(f"/customers/{charlie.id}", **body)
    nobodys = getattr(alice, method)(f"/customers/{charlie.id + 1000}", **body)

    assert others.status_code == nobodys.status_code == 404
    said = others.json["detail"].replace(str(charlie.id), "?")
    assert said == nobodys.json["detail"].replace(str(charlie.id + 1000), "?")


def test_only_the_staff_list_customers(client, as_):
    assert client.get("/customers").status_code == 401
    assert as_(a_customer()).get("/customers").status_code == 403
    assert as_(a_mechanic()).get("/customers").json["pagination"]["total"] == 1


@pytest.mark.parametrize(
    "q",
    [
        "alice A",
        "ALICE@ex",
        "555-01",
        "5550100",
        "1HGCM82633A004352",
        "a004352",
        "ABC 123",
        " abc ",
    ],
)
def test_alice_is_found_by_name_address_phone_vin_and_plate(as_, q):
    alice = a_customer(name="Alice Ace", email="alice@example.com", phone="555-0100")
    for vin, plate in (("1HGCM82633A004352", "ABC 123"), ("1HGCM826X3A004353", "ABC 124")):
        a_vehicle(alice, vin=vin, license_plate=plate)
    a_vehicle(a_customer(name="Charlie"))

    assert names(as_(a_mechanic()).get("/customers", query_string={"q": q})) == ["Alice Ace"]


@pytest.mark.parametrize("method", ["put", "patch"])
def test_what_a_change_leaves_out_stays(as_, method):
    alice = a_customer(name="Alice", phone="555-0100", city="Springfield")
    version = alice.version

    told = getattr(as_(alice), method)(f"/customers/{alice.id}", json={"phone": "555-0199"}).json

    assert (told["name"], told["phone"], told["city"]) == ("Alice", "555-0199", "Springfield")
    assert told["version"] > version


def test_null_empties_what_may_be_empty(as_):
    alice = a_customer(phone="555-0100")

    assert as_(alice).put(f"/customers/{alice.id}", json={"phone": None}).json["phone"] is None
    assert pointers(as_(alice).put(f"/customers/{alice.id}", json={"name": None})) == ["/name"]
    assert pointers(as_(alice).put(f"/customers/{alice.id}", json={"email": None})) == ["/email"]


def test_a_new_address_is_the_one_to_sign_in_with(client, as_):
    alice = a_customer(PASSWORD, email="alice@example.com")

    as_(alice).put(f"/customers/{alice.id}", json={"email": "ace@example.com"})

    assert sign_in(client, "ace@example.com").status_code == 200
    assert sign_in(client, "alice@example.com").status_code == 401


@pytest.mark.parametrize("somebody", [a_customer, a_mechanic])
def test_somebody_elses_address_is_taken(as_, somebody):
    charlie, alice = somebody(email="charlie@example.com"), a_customer(email="alice@example.com")

    refused = as_(alice).put(f"/customers/{alice.id}", json={"email": charlie.email})

    assert (refused.status_code, refused.json["code"]) == (409, "email_taken")
    assert as_(alice).get(f"/customers/{alice.id}").json["email"] == "alice@example.com"


def test_the_staff_open_a_walk_ins_sign_in(client, as_):
    walk_in, bob = a_walk_in(), as_(a_mechanic())
    path = f"/customers/{walk_in.id}"

    assert pointers(bob.put(path, json={"password": PASSWORD})) == ["/email"]
    opened = bob.put(path, json={"email": "alice@example.com", "password": PASSWORD})

    assert opened.json["has_account"] is True
    assert sign_in(client, "alice@example.com").json["account"]["customer_id"] == walk_in.id


def test_only_a_manager_replaces_a_password(client, as_):
    alice = a_customer(PASSWORD, email="alice@example.com")
    said, path = {"password": "a password from the shop"}, f"/customers/{alice.id}"

    assert as_(alice).put(path, json=said).status_code == 403
    assert as_(a_mechanic()).put(path, json=said).status_code == 403
    assert as_(a_manager()).put(path, json=said).status_code == 200
    assert sign_in(client, "alice@example.com", said["password"]).status_code == 200


@pytest.mark.parametrize("by_herself", [True, False])
def test_erasing_alice_takes_her_data_and_her_access_for_good(client, as_, by_herself):
    alice = a_customer(PASSWORD, email="alice@example.com", phone="555-0100", **SPRINGFIELD)
    path, marge = f"/customers/{alice.id}", as_(a_manager())

    assert (as_(alice) if by_herself else marge).delete(path).status_code == 204

    assert marge.get(path).status_code == marge.delete(path).status_code == 404
    assert names(marge.get("/customers")) == []
    assert sign_in(client, "alice@example.com").status_code == 401
    assert client.post("/customers", json=ALICE).status_code == 201


def test_erasing_leaves_nothing_of_her_in_any_table(as_):
    alice = a_customer(name="Alice Ace", email="ace@example.com", phone="555-0100", **SPRINGFIELD)
    a_vehicle(alice, license_plate="ABC 123")

    as_(alice).delete(f"/customers/{alice.id}")

    kept = str([db.session.execute(table.select()).all() for table in db.metadata.sorted_tables])
    db.session.rollback()
    personal = ("Ace", "ace@", "555-0100", "ABC 123", *SPRINGFIELD.values())
    assert [said for said in personal if said in kept] == []


def test_erasing_leaves_nothing_of_her_in_the_files_of_sqlite(as_, tmp_path):
    if db.engine.dialect.name == "postgresql":
        pytest.skip("PostgreSQL overwrites what is deleted by VACUUM: see SECURITY.md")
    alice = a_customer(name="Alice Acebright", email="acebright@example.com")
    a_vehicle(alice, license_plate="ACE 4711")
    marge = as_(a_manager())
    assert marge.patch(f"/customers/{alice.id}", json={"phone": "555-0199"}).status_code == 200
    file = Path(db.engine.url.database)
    words = (b"cebright", b"555-0199", b"ACE 4711", b"ace4711")
    assert [word for word in words if word.lower() in said_in(file)] == [b"cebright", *words[1:]]

    assert marge.delete(f"/customers/{alice.id}").status_code == 204

    db.session.remove()
    copy, _ = backups.take(tmp_path / "shop.db", str)
    for each in (file, copy):
        assert [word for word in words if word.lower() in said_in(each)] == []


def said_in(file):
    """All bytes of a database and its log, in lower case."""
    log = file.with_name(f"{file.name}-wal")
    return (file.read_bytes() + (log.read_bytes() if log.exists() else b"")).lower()


def test_the_tickets_of_an_erased_customer_stay_for_the_books(as_):
    alice, bob = a_customer(name="Alice"), a_mechanic(name="Bob")
    car = a_vehicle(alice, license_plate="ABC 123")
    ticket = a_ticket(car, status=TicketStatus.CLOSED)
    an_assignment(ticket, bob)

    as_(alice).delete(f"/customers/{alice.id}")

    told = as_(bob).get(f"/service-tickets/{ticket.id}").json
    assert told["customer"] == {"id": alice.id, "name": "Erased customer"}
    assert [mechanic["name"] for mechanic in told["mechanics"]] == ["Bob"]
    assert told["vehicle"]["license_plate"] is None


def test_a_mechanic_erases_nobody(as_):
    alice = a_customer()

    assert as_(a_mechanic()).delete(f"/customers/{alice.id}").status_code == 403
    assert as_(alice).get(f"/customers/{alice.id}").status_code == 200


@pytest.mark.parametrize("path", ["/customers/my-tickets", "/my-tickets"])
def test_alice_sees_her_own_tickets_and_no_others_the_newest_first(as_, path):
    alice = a_customer()
    older, newer = a_ticket(a_vehicle(alice)), a_ticket(a_vehicle(alice))
    a_ticket(a_vehicle(a_customer()))

    answer = as_(alice).get(path)

    assert [ticket["id"] for ticket in answer.json["items"]] == [newer.id, older.id]
    assert answer.json["pagination"]["total"] == 2
