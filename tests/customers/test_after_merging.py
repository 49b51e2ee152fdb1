"""After a merge the other's path leads to the survivor, and the sign-in that was kept goes on."""

import pytest
import sqlalchemy as sa

from app.database.session import db
from app.models import Account
from tests.customers.front_desk import sign_in
from tests.customers.merging import merge, told
from tests.factories import PASSWORD, a_customer, a_mechanic, a_vehicle, a_walk_in


def test_the_other_leads_to_the_survivor_and_is_written_no_more(marge, as_):
    alice, twice = a_walk_in(), a_walk_in(name="Second", phone="555-0100")
    merge(marge, alice, twice)

    moved = marge.get(f"/customers/{twice.id}")

    assert told(moved) == (308, "merged")
    assert moved.headers["Location"] == f"/customers/{alice.id}"
    assert moved.json["customer_id"] == alice.id
    assert as_(a_mechanic()).get(f"/customers/{twice.id}").status_code == 308
    path = f"/customers/{twice.id}"
    assert told(marge.patch(path, json={"name": "Back"})) == (404, "not_found")
    assert told(marge.delete(path)) == (404, "not_found")
    assert told(marge.post(f"{path}/vehicles", json={"make": "Honda"})) == (404, "not_found")
    assert told(marge.get(f"{path}/vehicles")) == (404, "not_found")
    assert [each["id"] for each in marge.get("/customers").json["items"]] == [alice.id]
    assert marge.get("/customers?q=Second").json["items"] == []


def test_under_a_prefix_it_leads_there(marge):
    alice, twice = a_walk_in(), a_walk_in()
    merge(marge, alice, twice)

    moved = marge.get(f"/customers/{twice.id}", environ_overrides={"SCRIPT_NAME": "/shop"})

    assert moved.headers["Location"] == f"/shop/customers/{alice.id}"


def test_a_chain_of_merges_leads_to_its_end_at_once(marge):
    first, second, third = a_walk_in(), a_walk_in(), a_walk_in()

    merge(marge, second, first)
    merge(marge, third, second)

    for each in (first, second):
        assert marge.get(f"/customers/{each.id}").headers["Location"] == f"/customers/{third.id}"


def test_strangers_are_not_told_who_was_merged(marge, as_):
    alice, twice = a_customer(), a_walk_in()
    merge(marge, alice, twice)

    assert as_(a_customer()).get(f"/customers/{twice.id}").status_code == 404
    assert as_(alice).get(f"/customers/{twice.id}").status_code == 308


def test_the_only_sign_in_of_the_two_goes_on(marge, client, as_):
    walk_in, alice = (
        a_walk_in(email="old@example.com"),
        a_customer(PASSWORD, email="alice@example.com"),
    )
    by_alice = as_(alice)
    car = a_vehicle(walk_in)
    assert by_alice.get("/vehicles").json["items"] == []

    told = merge(marge, walk_in, alice).json

    assert (told["email"], told["has_account"]) == ("alice@example.com", True)
    assert by_alice.get("/auth/me").json["customer_id"] == walk_in.id
    assert [each["id"] for each in by_alice.get("/vehicles").json["items"]] == [car.id]
    assert sign_in(client, "alice@example.com").json["account"]["customer_id"] == walk_in.id


def test_her_list_is_hers_although_no_vehicle_was_written(marge, as_):
    """What is kept in memory is kept for the customer who asked, not for the account alone."""
    walk_in, alice = a_walk_in(), a_customer()
    car, by_alice = a_vehicle(walk_in), as_(alice)
    assert by_alice.get("/vehicles").json["items"] == []

    merge(marge, walk_in, alice)

    assert [each["id"] for each in by_alice.get("/vehicles").json["items"]] == [car.id]


def test_of_two_who_sign_in_the_manager_says_which(marge, client, as_):
    alice = a_customer(PASSWORD, email="alice@example.com")
    twice = a_customer(PASSWORD, email="ace@example.com")
    by_alice, by_twice = as_(alice), as_(twice)

    assert told(merge(marge, alice, twice)) == (409, "both_have_accounts")
    assert by_twice.get("/auth/me").status_code == 200
    answer = merge(marge, alice, twice, keep_account="other")

    assert (answer.status_code, answer.json["email"]) == (201, "ace@example.com")
    assert by_alice.get("/auth/me").status_code == 401
    assert by_twice.get("/auth/me").json["customer_id"] == alice.id
    assert sign_in(client, "alice@example.com").status_code == 401
    assert sign_in(client, "ace@example.com").status_code == 200


def test_the_sign_in_that_ends_leaves_its_address_free(marge, client):
    alice, twice = a_customer(email="alice@example.com"), a_customer(email="ace@example.com")

    assert merge(marge, alice, twice, keep_account="this").json["email"] == "alice@example.com"

    said = {"name": "Ace", "email": "ace@example.com", "password": PASSWORD}
    assert client.post("/customers", json=said).status_code == 201
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Account)) == 3


@pytest.mark.parametrize("keep", ["this", "other"])
def test_an_account_that_is_not_there_can_not_be_kept(marge, keep):
    answer = merge(marge, a_walk_in(), a_walk_in(), keep_account=keep)

    assert told(answer) == (422, "invalid")
    assert answer.json["errors"][0]["pointer"] == "/keep_account"
