"""What a customer gives of itself and its vehicles is unverified until the shop has verified it."""

import pytest

from app.database.session import db
from app.models import Customer, Vehicle
from tests.factories import PASSWORD, a_customer, a_manager, a_mechanic, a_vehicle, a_vin, saved

NEW = {"name": "Dora", "email": "dora@example.com", "password": PASSWORD}


@pytest.fixture
def bob(as_):
    return as_(a_mechanic())


@pytest.mark.parametrize("door", ["/auth/register", "/customers"])
def test_whoever_registers_may_have_any_address(client, bob, door):
    made = client.post(door, json=NEW).json
    customer = made.get("customer", made)

    assert "email_verified" not in customer
    at = f"/customers/{customer['id']}"
    assert bob.get(at).json["email_verified"] is False
    assert bob.patch(at, json={"email_verified": True}).json["email_verified"] is True
    assert bob.get("/customers?q=dora").json["items"][0]["email_verified"] is True


def test_what_staff_enter_is_verified(bob):
    walk_in = bob.post("/customers", json={"name": "Dora", "email": "dora@example.com"}).json
    nobody = bob.post("/customers", json={"name": "Nobody"}).json

    assert (walk_in["email_verified"], nobody["email_verified"]) == (True, False)
    unsure = bob.post(
        "/customers", json={"name": "Eve", "email": "e@b.org", "email_verified": False}
    )
    assert unsure.json["email_verified"] is False


def test_another_address_is_unverified(as_, bob):
    alice = a_customer(email_verified=True)
    at, own = f"/customers/{alice.id}", as_(alice)

    own.patch(at, json={"phone": "555-0100", "email": alice.email.upper()})
    assert bob.get(at).json["email_verified"] is True
    own.patch(at, json={"email": "another@example.com"})
    assert bob.get(at).json["email_verified"] is False
    as_(a_manager()).patch(at, json={"email": "checked@example.com"})
    assert bob.get(at).json["email_verified"] is True


def test_a_merged_customer_keeps_whether_the_address_was_verified(as_, bob):
    kept = saved(Customer(name="Alice"))
    other = a_customer(email="a@b.org", email_verified=True)

    as_(a_manager()).post(f"/customers/{kept.id}/merge", json={"from_id": other.id})

    assert bob.get(f"/customers/{kept.id}").json["email_verified"] is True
    left = db.session.get_one(Customer, other.id, populate_existing=True)
    assert (left.email, left.email_verified) == (None, False)


def test_a_vin_that_a_customer_puts_on_file_is_unverified_in_every_ticket(as_, bob):
    alice, vin = a_customer(), a_vin()
    own = as_(alice)
    made = own.post(f"/customers/{alice.id}/vehicles", json={"vin": vin}).json
    at = f"/vehicles/{made['id']}"

    assert "vin_verified" not in made
    assert bob.get(at).json["vin_verified"] is False
    ticket = bob.post("/service-tickets", json={"vin": vin, "description": "Hum"}).json
    assert ticket["vehicle"]["vin_verified"] is False
    assert "vin_verified" not in own.get(f"/service-tickets/{ticket['id']}").json["vehicle"]

    bob.get("/service-tickets")  # known from here on
    assert bob.patch(at, json={"vin_verified": True}).json["vin_verified"] is True
    assert bob.get("/service-tickets").json["items"][0]["vehicle"]["vin_verified"] is True
    own.patch(at, json={"vin": vin.lower(), "color": "red"})
    assert bob.get(at).json["vin_verified"] is True
    own.patch(at, json={"vin": a_vin()})
    assert bob.get(at).json["vin_verified"] is False


@pytest.mark.parametrize(("who", "verified"), [("alice", False), ("bob", True)])
def test_a_vin_that_comes_with_a_ticket_is_whose_ticket_it_is(as_, bob, who, verified):
    alice, vin = a_customer(), a_vin()
    client = {"alice": as_(alice), "bob": bob}[who]

    client.post(
        "/service-tickets", json={"customer_id": alice.id, "vin": vin, "description": "Hum"}
    )

    [car] = bob.get(f"/vehicles?vin={vin}").json["items"]
    assert car["vin_verified"] is verified


def test_only_the_shop_says_what_it_has_verified(as_, client):
    alice = a_customer()
    car = a_vehicle(alice)
    given = NEW | {"email_verified": True}

    assert client.post("/customers", json=given).json["code"] == "forbidden"
    assert client.post("/auth/register", json=given).json["code"] == "invalid"
    at = f"/customers/{alice.id}/vehicles"
    said = {"vin": a_vin(), "vin_verified": True}
    assert as_(alice).post(at, json=said).json["code"] == "forbidden"

    for path, said in (
        (f"/customers/{alice.id}", {"email_verified": True}),
        (f"/vehicles/{car.id}", {"vin_verified": True}),
    ):
        assert as_(alice).patch(path, json=said).json["code"] == "forbidden"
    db.session.rollback()
    assert not db.session.get_one(Vehicle, car.id, populate_existing=True).vin_verified


def test_only_the_shop_promises_when_a_ticket_is_ready(as_, bob):
    alice = a_customer()
    said = {"customer_id": alice.id, "description": "Hum", "promised_at": "2026-12-01T16:00:00Z"}

    assert as_(alice).post("/service-tickets", json=said).json["code"] == "forbidden"
    assert bob.post("/service-tickets", json=said).status_code == 201
    assert as_(alice).post("/service-tickets", json=said | {"promised_at": None}).status_code == 201


def test_the_words_of_a_former_owner_are_not_the_next_ones(as_, bob):
    alice, charlie = a_customer(), a_customer()
    car = a_vehicle(alice)
    at = f"/vehicles/{car.id}"
    said = {"vehicle_id": car.id, "description": "My ex-husband let the tyres down"}
    as_(alice).post("/service-tickets", json=said)
    bob.patch(at, json={"customer_id": charlie.id})

    [visit] = as_(charlie).get(f"{at}/history").json["items"]
    assert (visit["problem_description"], visit["customer"]) == (None, None)
    [visit] = bob.get(f"{at}/history").json["items"]
    assert visit["problem_description"] == said["description"]
