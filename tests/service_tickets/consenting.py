"""What tests of consent share: a ticket with a job, and what the customer says to it."""

from tests.factories import a_customer, a_part, a_ticket, a_vehicle

LABOR = {"kind": "labor", "billed_minutes": 60, "rate_cents": 10_000}
BY_PHONE = {"method": "phone", "authorized_by_name": "Alla", "contact": "555-0123"}


class Order:
    """A ticket with a job of 100.00 of labor and 15.00 for a planned part, as staff work on it."""

    def __init__(self, staff, owner=None, vehicle=None):
        self.staff, self.owner = staff, owner or a_customer(name="Alla Petrenko")
        self.ticket, self.part = (
            a_ticket(vehicle or a_vehicle(self.owner)),
            a_part(20, price_cents=1_500),
        )
        self.path = f"/service-tickets/{self.ticket.id}"
        self.job = self.add_job(LABOR, {"kind": "part", "part_id": self.part.id})
        self.lines = [line["id"] for line in staff.get(f"/jobs/{self.job}").json["lines"]]

    def add_job(self, *lines, name="Brakes"):
        made = self.staff.post(f"{self.path}/jobs", json={"name": name, "lines": [*lines]})
        assert made.status_code == 201, made.json
        return made.json["id"]

    def add(self, **line):
        made = self.staff.post(f"/jobs/{self.job}/lines", json=line)
        assert made.status_code == 201, made.json
        return made.json["id"]

    def discount(self, **line):
        made = self.staff.post(f"{self.path}/lines", json={"name": "Coupon"} | line)
        assert made.status_code == 201, made.json
        return made.json["id"]

    def decide(self, decision="authorized", *, job=None, expects=201, note=None, **more):
        decided = {"job_id": job or self.job, "decision": decision} | more
        body = BY_PHONE | {"decisions": [decided], "note": note}
        told = self.staff.post(f"{self.path}/authorizations", json=body)
        assert told.status_code == expects, told.json
        return told.json

    def state(self, job=None):
        shown = self.staff.get(f"/jobs/{job or self.job}").json
        return shown["authorization"], shown["because"]

    def totals(self):
        return self.staff.get(f"{self.path}/totals").json

    def move(self, *statuses):
        for status in statuses:
            moved = self.staff.post(f"{self.path}/transitions", json={"to": status})
            assert moved.status_code == 201, moved.json
