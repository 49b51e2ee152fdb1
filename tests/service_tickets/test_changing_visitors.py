"""A ticket gets its vehicle later, or another vehicle or customer, until the work is over."""

import pytest

from app.models import TicketStatus
from tests.factories import a_customer, a_manager, a_mechanic, a_ticket, a_vehicle, a_vin
from tests.service_tickets.visits import HONDA, TICKETS, ids, refused


@pytest.mark.parametrize("name", ["vehicle_id", "vin"])
def test_staff_name_the_vehicle_later(as_, name):
    alice = a_customer()
    car, bob = a_vehicle(alice), as_(a_mechanic())
    at = f"{TICKETS}/{a_ticket(customer_id=alice.id).id}"

    ticket = bob.patch(at, json={name: {"vehicle_id": car.id, "vin": car.vin}[name]}).json

    assert (ticket["vehicle_id"], ticket["vehicle"]["vin"]) == (car.id, car.vin)
    assert ids(bob.get(f"/vehicles/{car.id}/history")) == [ticket["id"]]


def test_a_vin_that_comes_later_may_be_new(as_):
    alice = a_customer()
    at = f"{TICKETS}/{a_ticket(customer_id=alice.id).id}"

    ticket = as_(a_mechanic()).put(at, json={"vin": HONDA}).json

    assert as_(alice).get(f"/vehicles/{ticket['vehicle_id']}").json["vin"] == HONDA


def test_the_vehicle_of_a_ticket_is_its_customer_s(as_):
    ticket, other = a_ticket(), a_vehicle()
    at, bob = f"{TICKETS}/{ticket.id}", as_(a_mechanic())

    answer = bob.patch(at, json={"vehicle_id": other.id})
    assert (answer.status_code, answer.json["code"]) == (404, "not_found")
    assert str(ticket.customer_id) in answer.json["detail"]
    assert refused(bob.patch(at, json={"vin": other.vin}))[0] == "vin_taken"
    assert bob.get(at).json["vehicle_id"] == ticket.vehicle_id


def test_a_ticket_goes_to_another_customer_with_a_vehicle_that_fits(as_):
    ticket, alice = a_ticket(), a_customer()
    hers, at, bob = a_vehicle(alice), f"{TICKETS}/{ticket.id}", as_(a_mechanic())

    assert bob.patch(at, json={"customer_id": alice.id}).status_code == 404
    assert bob.patch(at, json={"customer_id": 10**6, "vehicle_id": None}).status_code == 404
    moved = bob.patch(at, json={"customer_id": alice.id, "vehicle_id": hers.id}).json
    assert (moved["customer_id"], moved["vehicle_id"]) == (alice.id, hers.id)
    bare = bob.patch(at, json={"customer_id": ticket.customer_id, "vehicle_id": None}).json
    assert (bare["customer_id"], bare["vehicle"]) == (ticket.customer_id, None)
    assert bob.patch(at, json={"customer_id": alice.id}).json["customer_id"] == alice.id
    assert ids(as_(alice).get(TICKETS)) == [ticket.id]


def test_a_vehicle_that_has_a_new_owner_keeps_its_ticket_and_may_take_it_along(as_):
    ticket, alice = a_ticket(), a_customer()
    at, bob = f"{TICKETS}/{ticket.id}", as_(a_mechanic())
    bob.patch(f"/vehicles/{ticket.vehicle_id}", json={"customer_id": alice.id})

    same = {"vehicle_id": ticket.vehicle_id, "customer_id": ticket.customer_id, "priority": 1}
    assert bob.put(at, json=same).json["priority"] == 1
    assert bob.patch(at, json={"customer_id": alice.id}).json["customer_id"] == alice.id


@pytest.mark.parametrize("status", ["ready", "invoiced", "closed", "cancelled"])
def test_when_the_work_is_over_customer_and_vehicle_stay(as_, status):
    car, ticket = a_vehicle(), a_ticket(status=TicketStatus(status))
    at, bob = f"{TICKETS}/{ticket.id}", as_(a_mechanic())

    answer = bob.patch(at, json={"customer_id": car.customer_id, "vehicle_id": car.id})

    assert (answer.status_code, answer.json["code"]) == (409, "ticket_closed")
    assert bob.get(at).json["vehicle_id"] == ticket.vehicle_id


def test_a_ticket_of_one_s_own_shows_no_plate_of_a_vehicle_that_has_gone_on(as_):
    alice = a_customer()
    car = a_vehicle(alice, license_plate="ABC 123")
    at = f"{TICKETS}/{a_ticket(car).id}"
    assert as_(alice).get(at).json["vehicle"]["license_plate"] == "ABC 123"

    as_(a_manager()).patch(f"/vehicles/{car.id}", json={"customer_id": a_customer().id})

    assert as_(alice).get(at).json["vehicle"]["license_plate"] is None


@pytest.mark.parametrize("end", ["closed", "cancelled"])
def test_a_vin_that_changes_after_a_visit_does_not_rewrite_it(as_, end):
    car, bob, right = a_vehicle(vin=HONDA), as_(a_mechanic()), a_vin()
    before, during = a_ticket(car, status=TicketStatus.READY), a_ticket(car)
    if end == "cancelled":
        before = a_ticket(car)
    bob.patch(f"{TICKETS}/{before.id}", json={"status": end})
    shown = bob.get(f"{TICKETS}/{before.id}").json
    assert shown["vehicle"]["vin"] == HONDA

    bob.patch(f"/vehicles/{car.id}", json={"vin": right})

    assert bob.get(f"{TICKETS}/{before.id}").json == shown
    assert shown in bob.get(f"{TICKETS}").json["items"]
    assert shown in bob.get(f"/vehicles/{car.id}/history").json["items"]
    assert bob.get(f"{TICKETS}/{during.id}").json["vehicle"]["vin"] == right
    found = {
        each: set(ids(bob.get(TICKETS, query_string={"vin": each}))) for each in (HONDA, right)
    }
    assert before.id in found[HONDA]
    assert during.id not in found[HONDA]
    assert {before.id, during.id} <= found[right]
    assert before.id in ids(bob.get(TICKETS, query_string={"q": HONDA[-6:]}))


def test_a_ticket_that_is_open_again_shows_the_vehicle_as_it_is(as_):
    car, marge, right = a_vehicle(vin=HONDA), as_(a_manager()), a_vin()
    at = f"{TICKETS}/{a_ticket(car).id}"
    marge.patch(at, json={"status": "cancelled"})
    marge.patch(f"/vehicles/{car.id}", json={"vin": right})

    marge.patch(at, json={"status": "open", "reason": "He came after all"})

    assert marge.get(at).json["vehicle"]["vin"] == right
    assert ids(marge.get(f"{TICKETS}?vin={HONDA}")) == []
