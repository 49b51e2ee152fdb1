"""A service ticket from open to closed: who may do what to it, and when it is too late."""

import pytest

from app.models import TicketStatus
from tests.factories import (
    a_customer,
    a_manager,
    a_mechanic,
    a_part,
    a_ticket,
    a_vehicle,
    an_assignment,
)


def test_a_customer_opens_a_ticket_on_its_own_vehicle(as_):
    alice = a_customer()
    car = a_vehicle(alice)

    answer = as_(alice).post(
        "/service-tickets",
        json={"vehicle_id": car.id, "problem_description": "It squeaks", "odometer_in": 45000},
    )

    assert answer.status_code == 201
    ticket = answer.json
    assert answer.headers["Location"] == f"/service-tickets/{ticket['id']}"
    assert ticket["ro_number"] == f"RO-{ticket['id']:06d}"
    assert (ticket["status"], ticket["customer"]["name"]) == ("open", alice.name)
    assert as_(alice).get(f"/vehicles/{car.id}").json["odometer"] == 45000


def test_a_customer_opens_none_on_somebody_else_s(as_):
    car = a_vehicle(a_customer())
    said = {"vehicle_id": car.id, "problem_description": "It squeaks"}
    assert as_(a_customer()).post("/service-tickets", json=said).status_code == 404
    said = {"vin": car.vin, "problem_description": "It squeaks"}
    answer = as_(a_customer()).post("/service-tickets", json=said)
    assert (answer.status_code, answer.json["code"]) == (409, "vin_taken")


def test_staff_open_one_on_anyone_s_by_vin(as_):
    car = a_vehicle()
    said = {"vin": car.vin.lower(), "problem_description": "It squeaks"}
    answer = as_(a_mechanic()).post("/service-tickets", json=said)
    assert (answer.status_code, answer.json["customer_id"]) == (201, car.customer_id)


def test_a_vehicle_of_another_customer_than_the_one_named_is_not_found(as_):
    car, charlie = a_vehicle(), a_customer()
    said = {"vehicle_id": car.id, "customer_id": charlie.id, "problem_description": "It squeaks"}
    assert as_(a_manager()).post("/service-tickets", json=said).status_code == 404


def test_a_lower_odometer_is_refused_and_nothing_is_opened(as_):
    alice = a_customer()
    car = a_vehicle(alice, odometer=50000)
    said = {"vehicle_id": car.id, "problem_description": "It squeaks", "odometer_in": 49999}
    answer = as_(alice).post("/service-tickets", json=said)
    assert (answer.status_code, answer.json["code"]) == (409, "odometer_lower")
    assert as_(alice).get("/service-tickets").json["items"] == []
    said["override_reason"] = "New instrument cluster"
    assert as_(alice).post("/service-tickets", json=said).status_code == 201


def test_a_customer_sees_only_its_own(as_):
    alice, charlie = a_customer(), a_customer()
    hers, his = a_ticket(a_vehicle(alice)), a_ticket(a_vehicle(charlie))
    assert [each["id"] for each in as_(alice).get("/service-tickets").json["items"]] == [hers.id]
    strangers, missing = (
        as_(alice).get(f"/service-tickets/{ticket_id}").json for ticket_id in (his.id, 987654)
    )
    assert strangers["detail"].replace(str(his.id), "987654") == missing["detail"]
    assert (strangers["status"], strangers["code"]) == (404, "not_found")


def test_a_list_shows_what_an_item_shows(as_):
    ticket, bob = a_ticket(), a_mechanic()
    an_assignment(ticket, bob, role="Lead Technician", minutes_worked=30)
    as_(bob).post(f"/service-tickets/{ticket.id}/parts/{a_part(3).id}")
    item = as_(bob).get(f"/service-tickets/{ticket.id}").json
    assert as_(bob).get("/service-tickets").json["items"] == [item]
    assert item["mechanics"] == [
        {"id": bob.id, "name": bob.name, "role": "Lead Technician", "minutes_worked": 30}
    ]


def test_filters(as_):
    bob, car = a_mechanic(), a_vehicle()
    urgent = a_ticket(car, priority=1, status=TicketStatus.IN_PROGRESS)
    other = a_ticket(problem_description="Oil change")
    an_assignment(urgent, bob)
    wanted = [
        *("status=in_progress", "priority=1", f"vehicle_id={car.id}", f"vin={car.vin}"),
        *(f"customer_id={car.customer_id}", f"mechanic_id={bob.id}", "q=grinding"),
    ]
    for query in wanted:
        found = as_(bob).get(f"/service-tickets?{query}").json["items"]
        assert [each["id"] for each in found] == [urgent.id], query
    found = as_(bob).get("/service-tickets?opened_from=2020-01-01T00:00:00Z&sort=id").json["items"]
    assert [each["id"] for each in found] == [urgent.id, other.id]
    assert as_(bob).get("/service-tickets?opened_to=2020-01-01T00:00:00Z").json["items"] == []
    assert as_(bob).get("/service-tickets?opened_to=2020-01-01t00:00:00z").json["items"] == []
    assert as_(bob).get("/service-tickets?status=pending").json["items"][0]["id"] == other.id


def test_the_way_of_a_ticket_is_kept_with_who_and_why(as_):
    alice, bob = a_customer(), a_mechanic()
    said = {"vehicle_id": a_vehicle(alice).id, "problem_description": "It squeaks"}
    at = f"/service-tickets/{as_(alice).post('/service-tickets', json=said).json['id']}"
    for step in (
        {"to": "in_progress", "reason": "Bay 2 is free"},
        {"to": "on_hold", "hold_reason": "parts"},
        {"to": "in_progress"},
        {"to": "completed"},
        {"to": "closed"},
    ):
        assert as_(bob).post(f"{at}/transitions", json=step).status_code == 201
    ticket = as_(alice).get(at).json
    assert ticket["status"] == "closed"
    assert ticket["closed_at"] is not None
    history = as_(alice).get(f"{at}/history?sort=id").json["items"]
    assert [(each["from_status"], each["to_status"]) for each in history] == [
        (None, "open"),
        ("open", "in_progress"),
        ("in_progress", "on_hold"),
        ("on_hold", "in_progress"),
        ("in_progress", "ready"),
        ("ready", "closed"),
    ]
    assert (history[0]["changed_by"], history[1]["changed_by"]) == (alice.name, bob.name)
    assert history[1]["reason"] == "Bay 2 is free"


def test_a_hold_says_what_for_and_forgets_it_afterwards(as_):
    at = f"/service-tickets/{a_ticket(status=TicketStatus.IN_PROGRESS).id}"
    marge = as_(a_manager())
    held = marge.post(f"{at}/transitions", json={"to": "on_hold", "reason": "customer"}).json
    assert held["hold_reason"] == "customer"
    assert marge.patch(at, json={"status": "in_progress"}).json["hold_reason"] is None


def test_an_illegal_move_names_the_legal_ones(as_):
    answer = as_(a_manager()).post(
        f"/service-tickets/{a_ticket().id}/transitions", json={"to": "closed"}
    )
    assert (answer.status_code, answer.json["code"]) == (409, "illegal_transition")
    assert answer.json["legal"] == ["in_progress", "cancelled"]


def test_a_status_in_a_change_is_the_same_move_or_none(as_):
    ticket, marge = a_ticket(), as_(a_manager())
    at = f"/service-tickets/{ticket.id}"
    assert marge.put(at, json={"status": "open", "priority": 2}).json["priority"] == 2
    assert marge.patch(at, json={"status": "closed"}).status_code == 409
    assert marge.patch(at, json={"status": "cancelled"}).json["status"] == "cancelled"
    assert marge.patch(at, json={"priority": 1}).json["code"] == "ticket_closed"


def test_the_owner_may_cancel_only_what_has_not_been_begun(as_):
    alice = a_customer()
    car = a_vehicle(alice)
    unbegun, begun = a_ticket(car), a_ticket(car, status=TicketStatus.IN_PROGRESS)
    said = {"to": "cancelled"}
    for ticket, status in ((begun, 403), (unbegun, 201), (a_ticket(), 404)):
        answer = as_(alice).post(f"/service-tickets/{ticket.id}/transitions", json=said)
        assert answer.status_code == status
    assert as_(alice).patch(f"/service-tickets/{begun.id}", json={}).status_code == 403


def test_only_a_manager_deletes_and_only_what_was_opened_by_mistake(as_):
    mistake, used, begun = a_ticket().id, a_ticket(), a_ticket(status=TicketStatus.IN_PROGRESS)
    part, marge = a_part(3), as_(a_manager())
    marge.post(f"/service-tickets/{used.id}/parts/{part.id}")
    assert as_(a_mechanic()).delete(f"/service-tickets/{mistake}").status_code == 403
    for each in (used, begun):
        answer = marge.delete(f"/service-tickets/{each.id}")
        assert (answer.status_code, answer.json["code"]) == (409, "ticket_in_use")
        assert "can be deleted" in answer.json["detail"]
    assert marge.delete(f"/service-tickets/{mistake}").status_code == 204
    assert marge.delete(f"/service-tickets/{mistake}").status_code == 404


@pytest.mark.parametrize("status", ["ready", "invoiced", "closed", "cancelled"])
def test_a_ticket_that_is_over_takes_no_mechanics_and_no_parts(as_, status):
    at = f"/service-tickets/{a_ticket(status=TicketStatus(status)).id}"
    marge, bob, part = as_(a_manager()), a_mechanic(), a_part(3)
    for answer in (
        marge.put(f"{at}/assign-mechanic/{bob.id}"),
        marge.put(f"{at}/edit", json={"add_ids": [bob.id]}),
        marge.post(f"{at}/parts/{part.id}"),
        marge.post(f"{at}/parts", json={"part_ids": [part.id]}),
    ):
        assert (answer.status_code, answer.json["code"]) == (409, "ticket_closed")
    assert marge.get(f"/inventory/{part.id}").json["quantity_in_stock"] == 3


def test_a_reading_that_a_change_only_repeats_is_no_new_reading(as_):
    car, marge = a_vehicle(), as_(a_manager())
    said = {"vehicle_id": car.id, "problem_description": "It squeaks"}
    first = marge.post("/service-tickets", json=said | {"odometer_in": 40000}).json
    marge.post("/service-tickets", json=said | {"odometer_in": 50000})
    change = {"odometer_in": 40000, "priority": 1}
    assert marge.put(f"/service-tickets/{first['id']}", json=change).status_code == 200
    assert marge.get(f"/vehicles/{car.id}").json["odometer"] == 50000
