"""Work that waits: declined and deferred jobs stay with the vehicle until they are done or dismissed."""

import pytest

from app.clock import utc_now
from app.database.session import db
from app.models import Vehicle
from tests.factories import a_customer, a_manager, a_part, a_ticket
from tests.service_tickets.consenting import LABOR, Order


@pytest.fixture
def order(as_):
    return Order(as_(a_manager()))


def waiting(order, reader=None):
    path = f"/vehicles/{order.ticket.vehicle_id}/recommendations"
    return (reader or order.staff).get(path).json["items"]


def next_visit(order):
    vehicle = db.session.get_one(Vehicle, order.ticket.vehicle_id)
    return f"/service-tickets/{a_ticket(vehicle).id}"


def revive(order, path, job=None):
    return order.staff.post(f"{path}/jobs", json={"revive_job_id": job or order.job})


def test_declined_and_deferred_work_waits_newest_decision_first(order):
    other = order.add_job(LABOR, name="Flush")
    assert waiting(order) == []
    order.decide("declined")
    order.decide("deferred", job=other)
    first, second = waiting(order)
    assert (first["job_id"], second["job_id"]) == (other, order.job)
    shown = {name: second[name] for name in ("name", "decision", "price_cents", "ro_number")}
    assert shown == {"name": "Brakes", "decision": "declined", "price_cents": 11_500} | {
        "ro_number": f"RO-{order.ticket.id:06d}"
    }
    order.decide("deferred")
    assert [each["job_id"] for each in waiting(order)] == [order.job, other]
    assert order.staff.get(f"{order.path}?include=recommendations").json["recommendations"] == (
        waiting(order)
    )
    order.decide("authorized")
    assert [each["job_id"] for each in waiting(order)] == [other]


def test_undecided_jobs_of_a_cancelled_ticket_wait_as_deferred(order):
    order.move("cancelled")
    [each] = waiting(order)
    assert (each["job_id"], each["decision"], each["decided_at"]) == (order.job, "deferred", None)


def test_it_is_taken_up_again_at_today_s_prices(order):
    retail = a_part(9, price_cents=1_000, current_cost_cents=500)
    for priced in ({}, {"markup_percentage": 40}, {"unit_price_cents": 777}):
        order.add(kind="part", part_id=retail.id, **priced)
    order.add(**LABOR | {"flat_price_cents": 4_200})
    order.add(kind="sublet", name="Tow", unit_cost_cents=100, markup_percentage=10)
    order.add(kind="discount", name="Coupon", discount_percentage=5)
    order.decide("deferred")
    order.staff.patch("/shop", json={"labor_rate_cents": 20_000})
    changed = {"price_cents": 2_000, "current_cost_cents": 600}
    order.staff.patch(f"/inventory/{retail.id}", json=changed)
    order.staff.patch(f"/inventory/{order.part.id}", json={"price_cents": 1_600})
    path = next_visit(order)

    made = revive(order, path)

    assert made.status_code == 201, made.json
    job = made.json
    assert (job["name"], job["revived_from_id"], job["authorization"]) == (
        *("Brakes", order.job),
        "pending",
    )
    prices = [line["unit_price_cents"] for line in job["lines"] if line["kind"] == "part"]
    assert prices == [1_600, 2_000, 840, 777]
    labor = [line for line in job["lines"] if line["kind"] == "labor"]
    assert [(line["rate_cents"], line["flat_price_cents"]) for line in labor] == [
        (20_000, None),
        (20_000, 4_200),
    ]
    assert [line["unit_price_cents"] for line in job["lines"] if line["kind"] == "sublet"] == [110]
    assert job["lines"][-1]["discount_percentage"] == 5
    assert not any(line["used_at"] for line in job["lines"])
    assert waiting(order) == []


def test_it_is_taken_up_once_and_then_waits_as_the_job_of_that_visit(order):
    order.decide("declined")
    path = next_visit(order)
    job = revive(order, path).json["id"]
    again = revive(order, next_visit(order))
    assert (again.status_code, again.json["code"]) == (409, "already_revived")

    order.staff.post(f"{path}/transitions", json={"to": "cancelled"})
    assert [each["job_id"] for each in waiting(order)] == [job]
    assert revive(order, next_visit(order)).json["code"] == "already_revived"
    order.staff.post(f"{path}/transitions", json={"to": "open", "reason": "After all"})
    assert waiting(order) == []
    order.staff.post(f"{path}/transitions", json={"to": "cancelled"})
    assert revive(order, next_visit(order), job).status_code == 201


def test_it_waits_again_if_the_visit_was_of_another_vehicle(order):
    order.decide("deferred")
    path = next_visit(order)
    again = revive(order, path).json["id"]
    assert waiting(order) == []
    order.staff.patch(path, json={"vehicle_id": None})
    assert [each["job_id"] for each in waiting(order)] == [order.job]
    assert order.staff.get(f"/jobs/{again}").json["revived_from_id"] is None


def test_work_that_another_visit_has_taken_up_is_not_authorized_here(order):
    order.decide("declined")
    revive(order, next_visit(order))
    assert order.decide("authorized", expects=409)["code"] == "already_revived"


def test_authorized_work_of_a_cancelled_ticket_waits_unless_it_was_done(order):
    done = order.add_job({"kind": "part", "part_id": order.part.id}, name="Done")
    line = order.staff.get(f"/jobs/{done}").json["lines"][0]["id"]
    order.staff.post(f"/lines/{line}/use", json={})
    order.decide("authorized")
    order.move("cancelled")
    [each] = waiting(order)
    shown = (each["job_id"], each["decision"], each["decided_at"])
    assert shown == (order.job, "deferred", None)


def test_labor_keeps_its_rate_in_a_shop_without_one(order):
    order.decide("deferred")
    job = revive(order, next_visit(order)).json
    assert job["lines"][0]["rate_cents"] == 10_000


def test_a_former_owner_is_told_nothing_of_later_visits(order, as_):
    order.move("in_progress", "ready", "closed")
    buyer = a_customer(name="Buyer")
    order.staff.patch(f"/vehicles/{order.ticket.vehicle_id}", json={"customer_id": buyer.id})
    later = Order(order.staff, buyer, db.session.get_one(Vehicle, order.ticket.vehicle_id))
    later.decide("deferred")
    later.staff.patch(
        f"/vehicles/{order.ticket.vehicle_id}", json={"license_plate": "NEW 1", "color": "red"}
    )
    seller = as_(order.owner)
    seen = seller.get(f"{order.path}?include=recommendations").json
    assert (seen["recommendations"], seen["vehicle"]["license_plate"]) == ([], None)
    assert "NEW 1" not in str(seller.get(f"{order.path}/estimate").json)
    assert "NEW 1" in str(order.staff.get(f"{later.path}/estimate").json)


def test_a_new_owner_reads_no_words_of_the_former_one(order, as_):
    [first] = [
        job["id"]
        for job in order.staff.get(f"{order.path}/jobs").json["items"]
        if job["id"] != order.job
    ]
    order.staff.post(f"/jobs/{first}/lines", json=LABOR)
    order.staff.patch(f"/jobs/{order.job}", json={"note": "Call my sister"})
    order.move("cancelled")
    buyer = a_customer(name="Buyer")
    order.staff.patch(f"/vehicles/{order.ticket.vehicle_id}", json={"customer_id": buyer.id})
    names = {each["name"]: each["note"] for each in waiting(order, as_(buyer))}
    assert names == {"Work of an earlier visit": None, "Brakes": None}
    names = {each["name"]: each["note"] for each in waiting(order)}
    assert names == {"Grinding noise when braking": None, "Brakes": "Call my sister"}


@pytest.mark.parametrize("why", ["pending", "authorized", "dismissed", "same", "another"])
def test_what_does_not_wait_is_not_taken_up(order, why):
    path = next_visit(order)
    if why != "pending":
        order.decide("authorized" if why == "authorized" else "deferred")
    if why == "dismissed":
        assert (
            order.staff.post(f"/jobs/{order.job}/dismiss", json={"reason": "x"}).status_code == 201
        )
    if why == "same":
        path = order.path
    if why == "another":
        path = f"/service-tickets/{a_ticket().id}"
    refused = revive(order, path)
    assert (refused.status_code, refused.json["code"]) == (409, "not_recommended")


def test_a_dismissed_job_no_longer_waits_and_says_why(order):
    order.decide("deferred")
    order.move("in_progress", "ready", "closed")
    made = order.staff.post(f"/jobs/{order.job}/dismiss", json={"reason": "Sold"})
    assert (made.status_code, made.json["dismissed_reason"]) == (201, "Sold")
    assert made.json["dismissed_at"]
    assert waiting(order) == []
    again = order.staff.post(f"/jobs/{order.job}/dismiss", json={"reason": "Sold"})
    assert again.json["code"] == "not_recommended"


def test_it_stays_with_the_vehicle_when_the_owner_changes(order, as_):
    order.decide("deferred")
    order.move("in_progress", "ready", "closed")
    buyer = a_customer(name="Buyer")
    path = f"/vehicles/{order.ticket.vehicle_id}"
    assert order.staff.patch(path, json={"customer_id": buyer.id}).status_code == 200
    assert [each["job_id"] for each in waiting(order, as_(buyer))] == [order.job]
    assert "Petrenko" not in str(waiting(order, as_(buyer)))
    assert as_(order.owner).get(f"{path}/recommendations").status_code == 404
    assert order.staff.get("/service-tickets?include=recommendations").status_code == 422


def test_a_part_that_is_retired_can_not_be_planned_again(order):
    order.decide("deferred")
    order.part.retired_at = utc_now()
    db.session.commit()
    refused = revive(order, next_visit(order))
    assert (refused.json["code"], refused.json["part_id"]) == ("part_retired", order.part.id)


@pytest.mark.parametrize(
    ("body", "pointer"),
    [({}, "/name"), ({"revive_job_id": 1, "name": "x"}, "/name"), ({"note": "x"}, "/name")],
)
def test_a_job_has_a_name_or_was_there_before(order, body, pointer):
    refused = order.staff.post(f"{order.path}/jobs", json=body)
    assert refused.status_code == 422
    assert [error["pointer"] for error in refused.json["errors"]] == [pointer]
