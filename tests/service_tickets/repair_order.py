"""Functions that add jobs and lines to a ticket."""

LABOR = {"kind": "labor", "name": "Replace pads", "billed_minutes": 90, "rate_cents": 10_000}


def first_job(bob, ticket):
    return bob.get(f"/service-tickets/{ticket.id}/jobs").json["items"][0]


def added(bob, ticket, *lines, name="Brakes"):
    made = bob.post(f"/service-tickets/{ticket.id}/jobs", json={"name": name, "lines": [*lines]})
    assert made.status_code == 201, made.json
    return made.json
