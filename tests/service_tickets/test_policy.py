"""What may be done with a job by its decision, and on a ticket by its status, under both policies."""

import pytest

from app.clock import utc_now
from app.database.session import db
from app.models import TicketStatus, Vehicle
from tests.factories import a_customer, a_manager, a_part, a_ticket
from tests.service_tickets.consenting import BY_PHONE, LABOR, Order

OFF, STRICT = "off", "strict"
DECIDED = ("pending", "authorized", "declined", "deferred")


@pytest.fixture(params=[OFF, STRICT])
def policy(request):
    return request.param


@pytest.fixture
def order(as_, policy):
    marge = as_(a_manager())
    order = Order(marge)
    assert marge.patch("/shop", json={"authorization_policy": policy}).status_code == 200
    return order


def told(answer):
    return answer.status_code if answer.status_code < 400 else answer.json["code"]


def taken_up(order):
    """Take up the job of an order at another visit."""
    visit = a_ticket(db.session.get_one(Vehicle, order.ticket.vehicle_id))
    path = f"/service-tickets/{visit.id}/jobs"
    return order.staff.post(path, json={"revive_job_id": order.job})


def waiting_on(order):
    """Return the id of a job that waits on the vehicle of an order, from a cancelled visit."""
    visit = a_ticket(db.session.get_one(Vehicle, order.ticket.vehicle_id))
    path = f"/service-tickets/{visit.id}"
    job = order.staff.post(f"{path}/jobs", json={"name": "Flush", "lines": [LABOR]}).json["id"]
    order.staff.post(f"{path}/transitions", json={"to": "cancelled"})
    return job


def invoiced(order):
    """Take off the planned part, authorize all that is pending, and move the ticket to invoiced."""
    order.staff.delete(f"/lines/{order.lines[1]}")
    jobs = order.staff.get(f"{order.path}/jobs").json["items"]
    decisions = [{"job_id": job["id"], "decision": "authorized"} for job in jobs]
    order.staff.post(f"{order.path}/authorizations", json=BY_PHONE | {"decisions": decisions})
    return order.staff.post(f"{order.path}/transitions", json={"to": "invoiced"})


def use_planned(order):
    return order.staff.post(f"/lines/{order.lines[1]}/use", json={})


def use_plain(order):
    body = {"job_id": order.job}
    return order.staff.post(f"{order.path}/parts/{order.part.id}", json=body)


# What each state of a job allows: (adding a line, a planned part, authorize, decline, delete, taking it up
# again, dismissing it).
WAITS_NOT = ("not_recommended", "not_recommended")
OF_JOB = {
    (OFF, "pending"): (201, 201, 201, 201, 204, *WAITS_NOT),
    (STRICT, "pending"): (201, "not_authorized", 201, 201, 204, *WAITS_NOT),
    (OFF, "authorized"): (201, 201, 201, 201, "job_in_use", *WAITS_NOT),
    (STRICT, "authorized"): (201, 201, 201, 201, "job_in_use", *WAITS_NOT),
    **{
        (policy, decision): (201, "job_declined", 201, 201, "job_in_use", 201, 201)
        for policy in (OFF, STRICT)
        for decision in ("declined", "deferred")
    },
}


@pytest.mark.parametrize("decision", DECIDED)
def test_every_cell_of_a_job(order, policy, decision):
    def prepared():
        each = Order(order.staff, order.owner)
        if decision != "pending":
            each.decide(decision)
        return each

    def deciding(each, word):
        body = BY_PHONE | {"decisions": [{"job_id": each.job, "decision": word}]}
        return each.staff.post(f"{each.path}/authorizations", json=body)

    acts = (
        lambda each: each.staff.post(f"/jobs/{each.job}/lines", json=LABOR),
        use_planned,
        lambda each: deciding(each, "authorized"),
        lambda each: deciding(each, "declined"),
        lambda each: each.staff.delete(f"/jobs/{each.job}"),
        taken_up,
        lambda each: each.staff.post(f"/jobs/{each.job}/dismiss", json={"reason": "Sold"}),
    )
    assert tuple(told(act(prepared())) for act in acts) == OF_JOB[policy, decision]


@pytest.mark.parametrize("decision", ["pending", "authorized"])
def test_a_job_with_used_parts_is_not_turned_down(order, decision):
    order.decide()
    assert use_planned(order).status_code == 201
    if decision == "pending":
        order.add(**LABOR)
        assert order.state() == ("pending", "price_raised")
    for word in ("declined", "deferred"):
        assert order.decide(word, expects=409)["code"] == "job_has_used_parts"
    order.staff.post(f"/lines/{order.lines[1]}/return", json={})
    order.decide("declined")


def test_strict_refuses_a_part_that_the_customer_was_not_asked_about(order, policy):
    order.decide()
    used = use_plain(order)
    assert told(used) == (201 if policy == OFF else "not_authorized")
    if policy == STRICT:
        assert used.json["jobs"] == [
            {"job_id": order.job, "name": "Brakes", "because": "price_raised"}
            | {"price_cents": 13_000, "authorized_cents": 11_500}
        ]
        assert order.staff.get(order.path).json["parts"] == []
        assert order.staff.get(f"/inventory/{order.part.id}").json["quantity_in_stock"] == 20
        order.decide(up_to_cents=13_000)
        assert told(use_plain(order)) == 201
        assert told(use_plain(order)) == "not_authorized"


@pytest.mark.parametrize("way", ["parts", "edit", "quantity", "ticket"])
def test_strict_guards_each_way_to_a_part(order, policy, way):
    part, path = a_part(9, price_cents=100), order.path
    answer = {
        "parts": lambda: order.staff.post(f"{path}/parts", json={"part_ids": [part.id]}),
        "edit": lambda: order.staff.put(f"{path}/edit", json={"add_part_ids": [part.id]}),
        "quantity": lambda: order.staff.put(f"{path}/parts/{part.id}", json={"quantity_used": 2}),
        "ticket": lambda: order.staff.patch(path, json={"add_part_ids": [part.id]}),
    }[way]()
    assert (answer.status_code < 300) == (policy == OFF)
    if policy == STRICT:
        assert told(answer) == "not_authorized"
        assert answer.json["jobs"][0]["because"] == "undecided"


def test_strict_demands_consent_for_more_of_a_used_part(order, policy):
    part = a_part(9, price_cents=100)
    order.decide(up_to_cents=11_700)
    body = {"job_id": order.job}
    assert told(order.staff.post(f"{order.path}/parts/{part.id}", json=body)) == 201
    path = f"{order.path}/parts/{part.id}"
    assert order.staff.put(path, json={"quantity_used": 2}).status_code == 200
    more = order.staff.put(path, json={"quantity_used": 3})
    assert told(more) == (200 if policy == OFF else "not_authorized")


def test_strict_invoices_only_what_is_authorized(order, policy):
    other = order.add_job(LABOR, name="Flush")
    order.decide()
    use_planned(order)
    order.move("in_progress", "ready")
    invoiced = order.staff.post(f"{order.path}/transitions", json={"to": "invoiced"})
    if policy == OFF:
        assert invoiced.status_code == 201
        return
    assert told(invoiced) == "not_authorized"
    assert [job["job_id"] for job in invoiced.json["jobs"]] == [other]
    by_put = order.staff.put(order.path, json={"status": "invoiced"})
    assert told(by_put) == "not_authorized"
    order.decide("declined", job=other)
    order.move("invoiced")


# What the status of a ticket allows: (its facts, its crew, a part, a return, lines, decisions, a link, a
# canned job, work that waits, an invoice, delete).
CLOSED, IN_USE = "ticket_closed", "ticket_in_use"
YES = (201,) * 5  # lines, decisions, a link, a canned job, work that waits
NO, ILLEGAL = (CLOSED,) * 5, "illegal_transition"
OF_TICKET = {
    **dict.fromkeys(
        ("open", "in_progress", "on_hold"), (200, 200, 201, 201, *YES, ILLEGAL, IN_USE)
    ),
    "ready": (200, CLOSED, CLOSED, CLOSED, *YES, 201, IN_USE),
    "invoiced": (200, CLOSED, CLOSED, 201, *NO, ILLEGAL, IN_USE),
    "closed": (CLOSED, CLOSED, CLOSED, 201, *NO, ILLEGAL, IN_USE),
    "cancelled": (CLOSED, CLOSED, CLOSED, 201, *NO, ILLEGAL, IN_USE),
}


@pytest.mark.parametrize("status", TicketStatus)
def test_every_cell_of_a_ticket(order, status):
    mechanic = order.staff.get("/auth/me").json["mechanic_id"]
    canned = order.staff.post("/canned-jobs", json={"name": "Oil", "lines": [LABOR]}).json["id"]
    waits = waiting_on(order)
    order.add_job(LABOR, name="Undecided")
    used = order.add(kind="part", part_id=order.part.id)
    order.decide()
    assert order.staff.post(f"/lines/{used}/use", json={}).status_code == 201
    ticket = order.ticket
    db.session.refresh(ticket)
    ticket.status = status
    ticket.closed_at = utc_now() if status in ("closed", "cancelled") else None
    db.session.commit()
    decision = BY_PHONE | {"decisions": [{"job_id": order.job, "decision": "authorized"}]}

    answers = (
        order.staff.patch(order.path, json={"priority": 1}),
        order.staff.put(f"{order.path}/assign-mechanic/{mechanic}", json={}),
        use_planned(order),
        order.staff.post(f"/lines/{used}/return", json={}),
        order.staff.post(f"/jobs/{order.job}/lines", json=LABOR),
        order.staff.post(f"{order.path}/authorizations", json=decision),
        order.staff.post(f"{order.path}/approval-links", json={}),
        order.staff.post(f"{order.path}/canned-jobs", json={"canned_job_id": canned}),
        order.staff.post(f"{order.path}/jobs", json={"revive_job_id": waits}),
        invoiced(order),
        order.staff.delete(order.path),
    )
    assert tuple(told(answer) for answer in answers) == OF_TICKET[status]


def test_an_open_ticket_without_parts_and_decisions_is_deleted(order):
    assert order.staff.delete(order.path).status_code == 204


def test_a_ticket_that_a_customer_has_decided_on_stays_and_stays_theirs(order):
    order.decide()
    assert told(order.staff.delete(order.path)) == IN_USE
    other = a_customer()
    for change in ({"customer_id": other.id, "vehicle_id": None}, {"vehicle_id": None}):
        assert told(order.staff.patch(order.path, json=change)) == IN_USE
    assert order.staff.get(order.path).json["customer_id"] == order.owner.id


@pytest.mark.parametrize("decision", ["declined", "deferred"])
def test_a_job_that_is_named_takes_no_part_if_it_was_turned_down(order, decision):
    order.decide(decision)
    assert told(use_plain(order)) == "job_declined"
    several = {"parts": [{"part_id": order.part.id, "job_id": order.job}]}
    assert told(order.staff.post(f"{order.path}/parts", json=several)) == "job_declined"
