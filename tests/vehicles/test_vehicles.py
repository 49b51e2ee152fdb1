"""Vehicles: their owners, their odometer, and a history that stays with them."""

import pytest

from tests.factories import a_customer, a_mechanic, a_part, a_ticket, a_vehicle, a_walk_in
from tests.vehicles.garage import CAR, HONDA, code, garage, ids

PROBLEM = {"problem_description": "Grinding noise"}


def test_alice_puts_her_car_on_file(as_):
    alice = a_customer()

    answer = as_(alice).post(garage(alice), json=CAR | {"vin": f" {HONDA.lower()} "})

    assert answer.status_code == 201
    told = answer.json
    assert answer.headers["Location"] == f"/vehicles/{told['id']}"
    assert {name: told[name] for name in CAR} == CAR
    assert told["customer_id"] == alice.id
    assert as_(alice).get(answer.headers["Location"]).json == told


def test_vehicles_may_come_without_any_of_their_facts(as_):
    walk_in, bob = a_walk_in(), as_(a_mechanic())

    first, second = (bob.post(garage(walk_in), json={}).json for _ in range(2))

    assert first["id"] != second["id"]
    assert (first["vin"], first["vin_check"], first["odometer"]) == (None, "not_applicable", None)


@pytest.mark.parametrize("year", [1885, 2101, "2003", 2003.5])
def test_a_year_is_one_in_which_there_were_cars(as_, year):
    alice = a_customer()

    assert code(as_(alice).post(garage(alice), json={"year": year})) == (422, "invalid")


def test_alice_sees_her_own_vehicles_and_the_staff_see_all(as_):
    alice, charlie = a_customer(), a_customer()
    hers, his = a_vehicle(alice), a_vehicle(charlie)

    assert ids(as_(alice).get("/vehicles")) == ids(as_(alice).get(garage(alice))) == [hers.id]
    assert ids(as_(a_mechanic()).get("/vehicles")) == [hers.id, his.id]
    assert ids(as_(a_mechanic()).get(garage(charlie))) == [his.id]
    assert ids(as_(alice).get("/vehicles", query_string={"customer_id": charlie.id})) == []


@pytest.mark.parametrize("method", ["get", "put", "delete"])
def test_somebody_elses_vehicle_is_as_good_as_none(as_, method):
    alice, his = a_customer(), a_vehicle(a_customer())
    body = {"json": {"color": "red"}} if method == "put" else {}

    refused = getattr(as_(alice), method)(f"/vehicles/{his.id}", **body)

    assert code(refused) == (404, "not_found")
    assert as_(alice).get(f"/vehicles/{his.id}/history").status_code == 404
    assert as_(alice).get(f"/customers/{his.customer_id}/vehicles").status_code == 404
    assert as_(alice).post(f"/customers/{his.customer_id}/vehicles", json={}).status_code == 404


@pytest.mark.parametrize("q", ["1hgcm8", "004352", "abc", "hon", "accord"])
def test_a_vehicle_is_searched_by_vin_plate_make_and_model(as_, q):
    found = a_vehicle(vin=HONDA, license_plate="ABC 123", make="Honda", model="Accord")
    a_vehicle(vin="1M8GDM9AXKP042788", license_plate="XYZ 987", make="Ford", model="Focus")

    assert ids(as_(a_mechanic()).get("/vehicles", query_string={"q": q})) == [found.id]


@pytest.mark.parametrize("method", ["put", "patch"])
def test_what_a_change_leaves_out_stays(as_, method):
    vehicle = a_vehicle(color="blue", license_plate="ABC 123")

    told = getattr(as_(a_mechanic()), method)(f"/vehicles/{vehicle.id}", json={"color": "red"}).json

    assert (told["color"], told["license_plate"], told["vin"]) == ("red", "ABC 123", vehicle.vin)


def test_the_odometer_only_goes_up(as_):
    alice = a_customer()
    client, path = as_(alice), f"/vehicles/{a_vehicle(alice, odometer=50_000).id}"

    assert client.put(path, json={"odometer": 50_001}).json["odometer"] == 50_001
    refused = client.put(path, json={"odometer": 50_000, "color": "red"})

    assert code(refused) == (409, "odometer_lower")
    told = client.get(path).json
    assert (told["odometer"], told["color"]) == (50_001, None)


def test_a_lower_reading_with_a_reason_is_recorded_with_it(as_):
    bob, path = as_(a_mechanic()), f"/vehicles/{a_vehicle(odometer=50_000).id}"

    said = {"odometer": 49_000, "override_reason": "typed wrong last time"}

    assert bob.put(path, json=said).json["odometer"] == 49_000
    newest = bob.get(f"{path}/history").json["odometer"][0]
    assert (newest["reading"], newest["override_reason"]) == (49_000, "typed wrong last time")


def test_the_first_reading_and_the_older_name_of_a_reading(as_):
    alice = a_customer()

    car = as_(alice).post(garage(alice), json={"odometer_miles": 12_000}).json

    assert car["odometer"] == 12_000
    log = as_(alice).get(f"/vehicles/{car['id']}/history").json["odometer"]
    assert [line["reading"] for line in log] == [12_000]


@pytest.mark.parametrize("reading", [-1, 10_000_000, 1.5, "1000", True])
def test_a_reading_is_a_whole_number_that_an_odometer_can_show(as_, reading):
    refused = as_(a_mechanic()).put(f"/vehicles/{a_vehicle().id}", json={"odometer": reading})

    assert code(refused) == (422, "invalid")


def test_only_the_shop_gives_a_vehicle_to_another_owner(as_):
    alice, charlie = a_customer(), a_customer()
    path = f"/vehicles/{a_vehicle(alice).id}"
    to_charlie = {"customer_id": charlie.id}

    assert code(as_(a_mechanic()).put(path, json={"customer_id": 2**30})) == (404, "not_found")
    assert code(as_(alice).put(path, json=to_charlie)) == (403, "forbidden")
    assert as_(a_mechanic()).put(path, json=to_charlie).json["customer_id"] == charlie.id
    assert as_(alice).get(path).status_code == 404
    assert as_(charlie).get(path).status_code == 200


def test_the_history_stays_and_does_not_tell_whose_it_was(as_):
    alice, charlie, bob = a_customer(name="Alice"), a_customer(), as_(a_mechanic(name="Bob"))
    vehicle, part = a_vehicle(alice), a_part(3, part_number="PAD-1")
    before = a_ticket(vehicle)
    bob.post(f"/service-tickets/{before.id}/parts/{part.id}")
    bob.put(f"/vehicles/{vehicle.id}", json={"customer_id": charlie.id})
    since = bob.post("/service-tickets", json={"vehicle_id": vehicle.id} | PROBLEM).json

    newest, oldest = as_(charlie).get(f"/vehicles/{vehicle.id}/history").json["items"]

    assert (newest["id"], newest["customer"]["id"]) == (since["id"], charlie.id)
    assert (oldest["id"], oldest["customer"], oldest["customer_id"]) == (before.id, None, None)
    assert [line["part_number"] for line in oldest["parts"]] == ["PAD-1"]
    told = bob.get(f"/vehicles/{vehicle.id}/history").json["items"]
    assert [visit["customer"]["id"] for visit in told] == [charlie.id, alice.id]


def test_a_former_owner_keeps_only_the_visits_that_were_hers(as_):
    alice, charlie = a_customer(), a_customer()
    vehicle = a_vehicle(alice)
    hers = a_ticket(vehicle)
    as_(a_mechanic()).put(f"/vehicles/{vehicle.id}", json={"customer_id": charlie.id})

    assert ids(as_(alice).get("/service-tickets")) == [hers.id]
    assert as_(alice).get(f"/vehicles/{vehicle.id}/history").status_code == 404
    assert as_(charlie).get(f"/service-tickets/{hers.id}").status_code == 404


def test_a_vehicle_without_tickets_is_taken_off_file_once(as_):
    alice = a_customer()
    path = f"/vehicles/{a_vehicle(alice, odometer=5).id}"

    assert [as_(alice).delete(path).status_code for _ in range(2)] == [204, 404]


def test_a_vehicle_with_tickets_stays_on_file(as_):
    ticket = a_ticket()
    path = f"/vehicles/{ticket.vehicle_id}"

    assert code(as_(a_mechanic()).delete(path)) == (409, "vehicle_in_use")
    assert as_(a_mechanic()).get(path).status_code == 200
