"""Who opens an account for a customer, which addresses sign in, and who replaces a password."""

import pytest

from tests.customers.front_desk import ALICE, SPRINGFIELD, names, sign_in
from tests.customers.test_customers import pointers
from tests.factories import (
    PASSWORD,
    a_customer,
    a_manager,
    a_mechanic,
    a_ticket,
    a_vehicle,
    a_walk_in,
)


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
