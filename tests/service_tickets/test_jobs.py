"""Jobs of a ticket: added, changed, ordered, deleted, seen, and in which statuses that is refused."""

import pytest

from app.database.session import db
from app.models import Job, ServiceTicket, TicketLine, TicketStatus
from app.models.jobs import MOST_JOBS
from tests.factories import (
    a_customer,
    a_line,
    a_part,
    a_ticket,
    a_vehicle,
    saved,
)
from tests.service_tickets.repair_order import LABOR, added, first_job


def test_a_ticket_has_a_job_named_after_its_problem(bob):
    vehicle = a_vehicle()
    problem = "Squeals\nwhen braking " + "x" * 200
    sent = {"vehicle_id": vehicle.id, "problem_description": problem}
    ticket = bob.post("/service-tickets", json=sent).json

    [job] = bob.get(f"/service-tickets/{ticket['id']}/jobs").json["items"]
    assert job["name"] == ("Squeals when braking " + "x" * 200)[:120]
    assert (job["position"], job["price_cents"], job["lines"]) == (1, 0, [])


def test_a_used_part_is_a_line_of_the_first_job(bob):
    ticket, part = a_ticket(), a_part(5, name="Pads", price_cents=900)
    added(bob, ticket, name="Oil")
    used = bob.post(f"/service-tickets/{ticket.id}/parts/{part.id}", json={"quantity_used": 2}).json

    job = first_job(bob, ticket)
    [line] = job["lines"]
    assert (line["id"], line["kind"], line["name"], line["quantity"]) == (
        used["id"],
        "part",
        "Pads",
        2,
    )
    assert (line["price_source"], line["amount_cents"], line["used_at"]) == (
        *("catalog", 1800),
        used["used_at"],
    )
    assert (
        job["price_cents"] == bob.get(f"/service-tickets/{ticket.id}").json["total_cents"] == 1800
    )


def test_a_job_with_a_used_part_and_the_last_job_stay(bob):
    ticket, part = a_ticket(), a_part(1)
    first = first_job(bob, ticket)
    assert bob.delete(f"/jobs/{first['id']}").json["code"] == "job_in_use"
    other = added(bob, ticket, {"kind": "part", "part_id": part.id}, LABOR)
    line = other["lines"][0]["id"]
    bob.post(f"/lines/{line}/use")
    assert bob.delete(f"/jobs/{other['id']}").json["code"] == "job_in_use"
    bob.post(f"/lines/{line}/return")
    assert bob.delete(f"/jobs/{other['id']}").status_code == 204
    assert db.session.scalars(db.select(TicketLine.id)).all() == []
    assert bob.get(f"/lines/{line}").status_code == 404


def test_jobs_and_lines_are_in_the_order_of_their_positions(bob):
    ticket = a_ticket()
    names = [added(bob, ticket, name=name)["name"] for name in ("Oil", "Tires")]
    jobs = bob.get(f"/service-tickets/{ticket.id}/jobs").json["items"]
    assert [job["name"] for job in jobs][1:] == names
    bob.patch(f"/jobs/{jobs[2]['id']}", json={"position": 0})
    moved = bob.get(f"/service-tickets/{ticket.id}/jobs").json["items"]
    assert [job["name"] for job in moved] == ["Tires", jobs[0]["name"], "Oil"]

    lines = [bob.post(f"/jobs/{jobs[1]['id']}/lines", json=LABOR).json for _ in range(3)]
    bob.patch(f"/lines/{lines[2]['id']}", json={"position": 0})
    shown = bob.get(f"/jobs/{jobs[1]['id']}").json["lines"]
    assert [line["id"] for line in shown] == [lines[n]["id"] for n in (2, 0, 1)]


def test_everything_on_a_ticket_has_its_version(bob):
    ticket = a_ticket()
    job = first_job(bob, ticket)
    tag = bob.get(f"/jobs/{job['id']}").headers["ETag"]
    made = bob.post(f"/jobs/{job['id']}/lines", json=LABOR, headers={"If-Match": tag}).json
    assert made["version"] == job["version"] + 1
    assert bob.get(f"/service-tickets/{ticket.id}").json["version"] == made["version"]
    overtaken = bob.patch(f"/jobs/{job['id']}", json={"note": "x"}, headers={"If-Match": tag})
    assert overtaken.status_code == 412
    bob.patch(f"/lines/{made['id']}", json={"name": "Other"})
    assert bob.get(f"/jobs/{job['id']}").json["version"] == made["version"] + 1


def test_a_ticket_has_so_many_jobs(bob):
    ticket = a_ticket()
    db.session.add_all(Job(ticket_id=ticket.id, name="x") for _ in range(MOST_JOBS - 1))
    db.session.commit()
    refused = bob.post(f"/service-tickets/{ticket.id}/jobs", json={"name": "One more"})
    assert (refused.status_code, refused.json["code"]) == (409, "ticket_full")


OPEN, WORKED_ON, READY = ("open",), ("in_progress", "on_hold"), ("ready",)


ACTS = {
    "add a job": (
        "POST",
        "/service-tickets/{ticket}/jobs",
        {"name": "x"},
        {*OPEN, *WORKED_ON, *READY},
    ),
    "change a job": ("PATCH", "/jobs/{job}", {"note": "x"}, {*OPEN, *WORKED_ON, *READY}),
    "delete a job": ("DELETE", "/jobs/{other}", None, {*OPEN, *WORKED_ON, *READY}),
    "add a line": ("POST", "/jobs/{job}/lines", LABOR, {*OPEN, *WORKED_ON, *READY}),
    "add a discount": (
        *("POST", "/service-tickets/{ticket}/lines"),
        {"name": "x", "discount_cents": 1},
        {*OPEN, *WORKED_ON, *READY},
    ),
    "change a line": ("PATCH", "/lines/{planned}", {"name": "x"}, {*OPEN, *WORKED_ON, *READY}),
    "delete a line": ("DELETE", "/lines/{planned}", None, {*OPEN, *WORKED_ON, *READY}),
    "use a line": ("POST", "/lines/{planned}/use", None, {*OPEN, *WORKED_ON}),
    "return a line": (
        *("POST", "/lines/{used}/return", None),
        {*OPEN, *WORKED_ON, "cancelled", "invoiced", "closed"},
    ),
}


@pytest.mark.parametrize("status", TicketStatus)
@pytest.mark.parametrize("act", ACTS)
def test_each_act_is_for_some_statuses(bob, act, status):
    ticket, part = a_ticket(), a_part(9)
    job = db.session.scalar(db.select(Job).where(Job.ticket_id == ticket.id))
    other = saved(Job(ticket_id=ticket.id, name="Other"))
    used = saved(a_line(ticket.id, part.id))
    planned = saved(a_line(ticket.id, part.id, used_at=None))
    db.session.execute(db.update(ServiceTicket).values(status=status))
    db.session.commit()

    method, path, body, legal = ACTS[act]
    ids = {"ticket": ticket.id, "job": job.id, "other": other.id}
    ids |= {"used": used.id, "planned": planned.id}
    answer = bob.open(path.format(**ids), method=method, json=body)
    assert answer.status_code < 300 if status in legal else answer.json["code"] == "ticket_closed"


def test_a_customer_reads_its_own_jobs_without_what_they_cost_the_shop(as_, bob):
    alice = a_customer()
    ticket = a_ticket(a_vehicle(alice))
    line = {"kind": "sublet", "name": "Towing", "supplier": "Acme", "unit_cost_cents": 100}
    job = added(bob, ticket, line | {"markup_percentage": 10})
    at = f"/service-tickets/{ticket.id}"
    for path in (
        *(f"{at}/jobs", f"{at}/lines", f"{at}?include=jobs", f"/jobs/{job['id']}"),
        f"/lines/{job['lines'][0]['id']}",
    ):
        seen = as_(alice).get(path)
        assert seen.status_code == 200
        for secret in ("unit_cost_cents", "markup_percentage", "price_source", "supplier", "Acme"):
            assert secret not in seen.get_data(as_text=True)
        assert as_(a_customer()).get(path).status_code == 404
