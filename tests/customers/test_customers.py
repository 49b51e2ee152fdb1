"""Customers: who takes them in, who sees them, and how they are found and changed."""

import pytest

from tests.customers.front_desk import ALICE, names
from tests.factories import a_customer, a_manager, a_mechanic, a_ticket, a_vehicle


def pointers(answer):
    assert (answer.status_code, answer.json["code"]) == (422, "invalid")
    return [error["pointer"] for error in answer.json["errors"]]


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


@pytest.mark.parametrize("path", ["/customers/my-tickets", "/my-tickets"])
def test_alice_sees_her_own_tickets_and_no_others_the_newest_first(as_, path):
    alice = a_customer()
    older, newer = a_ticket(a_vehicle(alice)), a_ticket(a_vehicle(alice))
    a_ticket(a_vehicle(a_customer()))

    answer = as_(alice).get(path)

    assert [ticket["id"] for ticket in answer.json["items"]] == [newer.id, older.id]
    assert answer.json["pagination"]["total"] == 2
