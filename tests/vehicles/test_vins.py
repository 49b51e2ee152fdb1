"""Which numbers of vehicles are taken, what is told of them, and that each is on file once."""

import pytest

from tests.factories import a_customer, a_mechanic, a_vehicle
from tests.vehicles.garage import CAR, HONDA, code, garage, ids


@pytest.mark.parametrize(
    ("vin", "vin_check"),
    [
        (HONDA, "valid"),
        ("1M8GDM9AXKP042788", "valid"),
        ("1HGCM82633A004353", "invalid"),
        ("WP0ZZZ99ZTS392124", "not_applicable"),
    ],
)
def test_a_wrong_check_digit_is_told_and_not_refused(as_, vin, vin_check):
    alice = a_customer()

    answer = as_(alice).post(garage(alice), json={"vin": vin, "year": 1996})

    assert (answer.status_code, answer.json["vin_check"]) == (201, vin_check)


@pytest.mark.parametrize("vin", ["O" + HONDA[1:], "12", "X" * 21, "113,4506", HONDA + HONDA])
def test_a_wrong_alphabet_or_length_is_refused(as_, vin):
    alice = a_customer()

    refused = as_(alice).post(garage(alice), json={"vin": vin, "year": 2003})

    assert code(refused) == (422, "invalid")
    assert [error["pointer"] for error in refused.json["errors"]] == ["/vin"]


@pytest.mark.parametrize(
    ("vin", "year", "vin_check"),
    [
        ("VC55-N001234", 1955, "not_applicable"),
        ("GHN5/123456G", 1963, "not_applicable"),
        ("JZA80-0012345", None, "not_applicable"),
        ("JZA80-0012345", 1994, "invalid"),
        (HONDA[:16], 2003, "invalid"),
    ],
)
def test_a_number_that_is_no_vin_is_kept_as_it_is_and_told(as_, vin, year, vin_check):
    alice = a_customer()

    answer = as_(alice).post(garage(alice), json={"vin": vin.lower(), "year": year})

    assert (answer.status_code, answer.json["vin"], answer.json["vin_check"]) == (
        (201, vin, vin_check)
    )


def test_another_year_may_make_a_number_a_warning_and_never_a_refusal(as_):
    alice = a_customer()
    old = as_(alice).post(garage(alice), json={"vin": "VC55N001234", "year": 1955})

    newer = as_(alice).put(old.headers["Location"], json={"year": 1985})

    assert (newer.status_code, newer.json["vin_check"]) == (200, "invalid")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("JZA80-0012345", "jza80 0012345"),
        (HONDA, f"*{HONDA[:3]}-{HONDA[3:]}*"),
        ("GHN5/123456G", "GHN5123456G"),
    ],
)
def test_one_number_written_two_ways_is_one(as_, first, second):
    alice, bob = a_customer(), as_(a_mechanic())
    car = bob.post(garage(alice), json={"vin": first}).json

    assert code(bob.post(garage(a_customer()), json={"vin": second})) == (409, "vin_taken")
    assert ids(bob.get("/vehicles", query_string={"vin": second})) == [car["id"]]
    assert bob.put(f"/vehicles/{car['id']}", json={"vin": second}).status_code == 200


def test_a_vin_is_on_file_once_whoever_owns_the_vehicle(as_):
    alice, charlie = a_customer(), a_customer()
    a_vehicle(alice, vin=HONDA)
    other = a_vehicle(charlie)

    assert code(as_(charlie).post(garage(charlie), json=CAR)) == (409, "vin_taken")
    refused = as_(charlie).put(f"/vehicles/{other.id}", json={"vin": HONDA.lower()})
    assert code(refused) == (409, "vin_taken")


@pytest.mark.parametrize("vin", [HONDA, HONDA.lower(), f" {HONDA} "])
def test_a_vehicle_is_found_by_its_vin_alone(as_, vin):
    vehicle = a_vehicle(vin=HONDA)
    a_vehicle()

    for path in ("/vehicles", f"/customers/{vehicle.customer_id}/vehicles"):
        assert ids(as_(a_mechanic()).get(path, query_string={"vin": vin})) == [vehicle.id]
        assert ids(as_(a_mechanic()).get(path, query_string={"vin": HONDA[:16]})) == []
