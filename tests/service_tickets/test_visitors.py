"""Whose ticket it is and on what: without a vehicle, on one that is on file, or on one that is new."""

import pytest

from app.models import TicketStatus
from tests.factories import a_customer, a_manager, a_mechanic, a_ticket, a_vehicle, a_vin, a_walk_in
from tests.service_tickets.visits import HONDA, RATTLE, TICKETS, ids, refused


def test_a_customer_opens_a_ticket_with_a_description_alone(as_):
    alice = a_customer()

    answer = as_(alice).post(TICKETS, json=RATTLE)

    assert answer.status_code == 201
    ticket = answer.json
    assert (ticket["vehicle_id"], ticket["vehicle"]) == (None, None)
    assert ticket["customer"] == {"id": alice.id, "name": alice.name}
    assert as_(alice).get(TICKETS).json["items"] == [
        as_(alice).get(f"{TICKETS}/{ticket['id']}").json
    ]
    assert ids(as_(a_mechanic()).get(f"{TICKETS}?status=open&q=rattles")) == [ticket["id"]]
    assert ids(as_(a_customer()).get(TICKETS)) == []


def test_staff_say_whose_ticket_it_is(as_):
    bob, walk_in = as_(a_mechanic()), a_walk_in()

    assert refused(bob.post(TICKETS, json=RATTLE)) == ("invalid", ["/customer_id"])
    answer = bob.post(TICKETS, json=RATTLE | {"customer_id": walk_in.id, "vehicle_id": None})
    assert (answer.status_code, answer.json["customer_id"]) == (201, walk_in.id)
    assert answer.json["vehicle"] is None


def test_an_odometer_is_that_of_a_vehicle(as_):
    answer = as_(a_customer()).post(TICKETS, json=RATTLE | {"odometer_in": 5})
    assert refused(answer) == ("invalid", ["/odometer_in"])


def test_a_new_vin_puts_the_vehicle_on_file_with_the_ticket(as_):
    alice = a_customer()
    said = RATTLE | {
        "VIN": f"*{HONDA.lower()}*",
        "make": "Honda",
        "year": 2003,
        "odometer_miles": 900,
    }

    ticket = as_(alice).post(TICKETS, json=said).json

    car = as_(alice).get(f"/vehicles/{ticket['vehicle_id']}").json
    assert (car["vin"], car["make"], car["model"], car["year"]) == (HONDA, "Honda", None, 2003)
    assert (car["odometer"], car["vin_check"]) == (900, "valid")
    again = as_(alice).post(TICKETS, json=said | {"odometer_miles": 901}).json
    assert again["vehicle_id"] == car["id"]
    assert ids(as_(alice).get("/vehicles")) == [car["id"]]


def test_a_new_vin_from_staff_needs_its_owner(as_):
    bob, walk_in, vin = as_(a_mechanic()), a_walk_in(), a_vin()

    assert refused(bob.post(TICKETS, json=RATTLE | {"vin": vin})) == ("invalid", ["/customer_id"])
    said = RATTLE | {"vin": vin, "customer_id": walk_in.id}
    assert bob.post(TICKETS, json=said).json["vehicle"]["vin"] == vin
    assert bob.post(TICKETS, json=RATTLE | {"vin": vin}).json["customer_id"] == walk_in.id


def test_a_vin_of_somebody_else_s_vehicle_is_taken(as_):
    car, alice = a_vehicle(), a_customer()
    said = RATTLE | {"vin": car.vin.lower()}

    assert refused(as_(alice).post(TICKETS, json=said))[0] == "vin_taken"
    staff = as_(a_mechanic()).post(TICKETS, json=said | {"customer_id": alice.id})
    assert (staff.status_code, staff.json["code"]) == (409, "vin_taken")
    assert ids(as_(alice).get(TICKETS)) == []


def test_a_vin_that_is_none_opens_nothing(as_):
    alice = a_customer()

    answer = as_(alice).post(TICKETS, json=RATTLE | {"vin": "O" + HONDA[1:]})

    assert refused(answer) == ("invalid", ["/vin"])
    assert ids(as_(alice).get("/vehicles")) == ids(as_(alice).get(TICKETS)) == []


@pytest.mark.parametrize(("about", "status"), [({"make": "HONDA"}, 201), ({"make": "Ford"}, 422)])
def test_what_is_said_of_a_vehicle_on_file_must_be_so(as_, about, status):
    alice = a_customer()
    car = a_vehicle(alice, make="Honda")

    assert as_(alice).post(TICKETS, json=RATTLE | {"vin": car.vin} | about).status_code == status
    assert as_(alice).get(f"/vehicles/{car.id}").json["make"] == "Honda"


def test_a_vehicle_is_said_one_way_or_the_same_twice(as_):
    alice = a_customer()
    car, other = a_vehicle(alice), a_vehicle(alice)
    both = RATTLE | {"vehicle_id": car.id}

    assert refused(as_(alice).post(TICKETS, json=both | {"vin": other.vin})) == (
        "invalid",
        ["/vin"],
    )
    assert as_(alice).post(TICKETS, json=both | {"vin": car.vin}).status_code == 201
    assert refused(as_(alice).post(TICKETS, json=both | {"make": "Ford"})) == ("invalid", ["/make"])


@pytest.mark.parametrize("by", ["herself", "a manager"])
def test_who_has_a_ticket_that_is_not_over_is_not_erased(as_, by):
    alice, marge = a_customer(), as_(a_manager())
    car = a_vehicle(alice)
    over = [a_ticket(car, status=TicketStatus(each)).id for each in ("closed", "cancelled")]
    live = [
        a_ticket(car, status=TicketStatus(each)).id
        for each in ("open", "in_progress", "on_hold", "ready", "invoiced")
    ]
    a_ticket()
    who = marge if by == "a manager" else as_(alice)

    answer = who.delete(f"/customers/{alice.id}")

    assert (answer.status_code, answer.json["code"]) == (409, "tickets_open")
    assert answer.json["ticket_ids"] == live
    assert as_(alice).get(f"/customers/{alice.id}").json["name"] == alice.name
    for ticket_id in live:
        for step in ("in_progress", "ready", "closed", "cancelled"):
            marge.patch(f"{TICKETS}/{ticket_id}", json={"status": step})
    assert who.delete(f"/customers/{alice.id}").status_code == 204
    assert sorted(ids(marge.get(f"{TICKETS}?vehicle_id={car.id}"))) == sorted(over + live)


def test_the_erased_get_no_ticket_again(as_):
    alice, marge = a_customer(), as_(a_manager())
    car = a_vehicle(alice)
    cancelled = a_ticket(car, status=TicketStatus.CANCELLED).id
    marge.delete(f"/customers/{alice.id}")

    assert marge.post(TICKETS, json=RATTLE | {"vehicle_id": car.id}).status_code == 404
    again = {"to": "open", "reason": "It came after all"}
    answer = marge.post(f"{TICKETS}/{cancelled}/transitions", json=again)
    assert (answer.status_code, answer.json["code"]) == (409, "ticket_closed")
    assert marge.get(f"{TICKETS}/{cancelled}").json["status"] == "cancelled"
