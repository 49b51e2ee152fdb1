"""Signing in: who gets in at which door, and who one is then."""

import pytest

from tests.auth.door import LOGINS, bearing, but_for_its_number, sign_in
from tests.factories import PASSWORD, a_customer, a_manager, a_mechanic

# Signing in


def test_alice_signs_in_and_is_told_who_she_is(client):
    alice = a_customer(PASSWORD, name="Alice", email="alice@example.com")

    answer = sign_in(client, alice)

    assert answer.status_code == 200
    told = answer.json
    assert told["token"] == told["access_token"]
    assert (told["token_type"], told["expires_in"]) == ("Bearer", 3600)
    assert told["account"].pop("created_at").endswith("Z")
    assert told["account"] == {
        "id": alice.account_id,
        "email": "alice@example.com",
        "role": "customer",
        "name": "Alice",
        "customer_id": alice.id,
        "mechanic_id": None,
    }


@pytest.mark.parametrize(
    ("somebody", "role"),
    [(a_mechanic, "mechanic"), (a_manager, "manager"), (a_customer, "customer")],
)
def test_anybody_signs_in_at_auth_login(client, somebody, role):
    assert sign_in(client, somebody(PASSWORD)).json["account"]["role"] == role


@pytest.mark.parametrize(
    ("somebody", "opens", "stays_shut"),
    [
        (a_customer, "/customers/login", "/mechanics/login"),
        (a_mechanic, "/mechanics/login", "/customers/login"),
        (a_manager, "/mechanics/login", "/customers/login"),
    ],
)
def test_each_kind_has_a_door_and_the_other_stays_shut(client, somebody, opens, stays_shut):
    person = somebody(PASSWORD)

    assert sign_in(client, person, opens).status_code == 200
    refused = sign_in(client, person, stays_shut)
    assert (refused.status_code, refused.json["code"]) == (401, "wrong_credentials")


def test_the_older_login_is_the_customers(client):
    assert sign_in(client, a_customer(PASSWORD), "/login").status_code == 200
    assert sign_in(client, a_mechanic(PASSWORD), "/login").status_code == 401


def test_an_address_is_the_same_in_any_case(client):
    a_customer(PASSWORD, email="alice@example.com")
    said = {"email": " Alice@Example.COM ", "password": PASSWORD}

    assert client.post("/auth/login", json=said).status_code == 200


def test_signing_in_does_not_mind_a_stale_token(client):
    said = {"email": a_customer(PASSWORD).email, "password": PASSWORD}

    assert client.post("/auth/login", json=said, headers=bearing("stale")).status_code == 200


@pytest.mark.parametrize("path", LOGINS)
def test_a_wrong_password_and_an_unknown_address_sound_the_same(client, path):
    alice = a_customer(PASSWORD)

    wrong = sign_in(client, alice, path, "not her password")
    unknown = client.post(path, json={"email": "nobody@example.com", "password": PASSWORD})

    assert wrong.status_code == unknown.status_code == 401
    assert but_for_its_number(wrong) == but_for_its_number(unknown)
    assert "WWW-Authenticate" in wrong.headers


def test_the_wrong_door_sounds_like_a_wrong_password(client):
    alice = a_customer(PASSWORD)

    wrong_door = sign_in(client, alice, "/mechanics/login")
    wrong_password = sign_in(client, alice, "/mechanics/login", "not her password")

    assert but_for_its_number(wrong_door) == but_for_its_number(wrong_password)


@pytest.mark.parametrize(
    "said", [{}, {"email": "a@b.co"}, {"password": "x"}, {"email": 1, "password": 2}]
)
def test_half_a_sign_in_is_no_sign_in(client, said):
    assert client.post("/auth/login", json=said).status_code == 422


# Who am I


def test_me_is_the_account_and_the_customer_behind_it(as_):
    alice = a_customer(name="Alice", phone="555-0100")

    me = as_(alice).get("/auth/me").json

    assert (me["role"], me["customer_id"], me["mechanic_id"]) == ("customer", alice.id, None)
    assert (me["profile"]["id"], me["profile"]["phone"]) == (alice.id, "555-0100")


def test_me_is_the_account_and_the_mechanic_behind_it(as_):
    bob = a_mechanic(name="Bob", specialty="Brakes")

    me = as_(bob).get("/auth/me").json

    assert (me["role"], me["customer_id"], me["mechanic_id"]) == ("mechanic", None, bob.id)
    assert (me["profile"]["id"], me["profile"]["specialty"]) == (bob.id, "Brakes")


def test_customer_one_is_not_mechanic_one(as_):
    alice, bob = a_customer(), a_mechanic()

    assert alice.account_id != bob.account_id
    assert as_(alice).get("/customers").status_code == 403


def test_whoever_registers_may_say_where_they_live(client):
    said = {"name": "Alice", "email": "alice@example.com", "password": PASSWORD}
    registered = client.post("/auth/register", json=said | {"address": "1 Main St"})

    assert (registered.status_code, registered.json["customer"]["address"]) == (201, "1 Main St")
