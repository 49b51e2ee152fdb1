"""A reading belongs to its visit: the vehicle shows the latest, and a correction looks at its neighbours."""

import pytest

from app.database.session import db
from app.models import ServiceTicket, TicketStatus
from tests.factories import a_customer, a_manager, a_mechanic, a_ticket, a_vehicle

TICKETS = "/service-tickets"


class Log:
    """A vehicle, seen by one of the staff."""

    def __init__(self, client, car=None):
        self.client, self.car = client, car or a_vehicle()

    def visit(self, reading=None, **said):
        said = {"vehicle_id": self.car.id, "problem_description": "It rattles"} | said
        said |= {} if reading is None else {"odometer_in": reading}
        answer = self.client.post(TICKETS, json=said)
        assert answer.status_code == 201, answer.json
        return answer.json["id"]

    def reads(self, reading, **why):
        """Between visits."""
        return self.client.patch(f"/vehicles/{self.car.id}", json={"odometer": reading} | why)

    def corrects(self, ticket_id, reading, **why):
        return self.client.patch(f"{TICKETS}/{ticket_id}", json={"odometer_in": reading} | why)

    @property
    def shown(self):
        return self.client.get(f"/vehicles/{self.car.id}").json["odometer"]

    @property
    def lines(self):
        """The oldest first."""
        told = self.client.get(f"/vehicles/{self.car.id}/history").json["odometer"]
        return [line["reading"] for line in told[::-1]]


@pytest.fixture
def log(as_):
    return Log(as_(a_manager()))


def code(answer):
    return answer.status_code, answer.json["code"]


def test_the_car_shows_the_reading_of_its_latest_visit_that_has_one(log):
    log.visit(40_000)
    log.visit(50_000)
    log.visit()

    assert (log.shown, log.lines) == (50_000, [40_000, 50_000])


def test_a_correction_corrects_the_car(log):
    ticket = log.visit(500_000)

    assert log.corrects(ticket, 50_000).json["odometer_in"] == 50_000

    assert (log.shown, log.lines) == (50_000, [50_000])
    assert log.visit(50_001)


def test_a_reading_that_is_taken_back_leaves_the_one_before(log):
    log.visit(40_000)
    ticket = log.visit(50_000)

    assert log.corrects(ticket, None).json["odometer_in"] is None
    assert (log.shown, log.lines) == (40_000, [40_000])


def test_the_only_reading_taken_back_leaves_none(log):
    ticket = log.visit(40_000)
    log.corrects(ticket, None)
    assert (log.shown, log.lines) == (None, [])


def test_a_deleted_ticket_takes_its_reading_along(log):
    log.visit(40_000)
    ticket = log.visit(50_000)

    assert log.client.delete(f"{TICKETS}/{ticket}").status_code == 204

    assert (log.shown, log.lines) == (40_000, [40_000])


def test_a_cancelled_visit_has_been_there_and_keeps_its_reading(log):
    ticket = log.visit(50_000)
    log.client.patch(f"{TICKETS}/{ticket}", json={"status": "cancelled"})
    assert (log.shown, log.lines) == (50_000, [50_000])


def test_a_correction_of_an_earlier_visit_leaves_what_the_car_shows(log):
    first = log.visit(40_000)
    log.visit(50_000)

    assert log.corrects(first, 41_000).status_code == 200

    assert (log.shown, log.lines) == (50_000, [41_000, 50_000])


@pytest.mark.parametrize("reading", [29_999, 50_001])
def test_a_correction_lies_between_its_neighbours(log, reading):
    log.visit(30_000)
    ticket = log.visit(40_000)
    log.visit(50_000)

    assert code(log.corrects(ticket, reading)) == (409, "odometer_lower")
    refused = log.corrects(ticket, reading).json
    assert (refused["last_reading"], refused["next_reading"]) == (30_000, 50_000)
    assert log.lines == [30_000, 40_000, 50_000]

    why = "The instrument cluster was changed"
    assert log.corrects(ticket, reading, override_reason=why).status_code == 200
    assert (log.shown, log.lines) == (50_000, [30_000, reading, 50_000])
    kept = log.client.get(f"/vehicles/{log.car.id}/history").json["odometer"][1]
    assert (kept["override_reason"], kept["ticket_id"]) == (why, ticket)


@pytest.mark.parametrize("reading", [30_000, 50_000])
def test_a_car_that_was_not_driven_reads_the_same(log, reading):
    log.visit(30_000)
    ticket = log.visit(40_000)
    log.visit(50_000)
    assert log.corrects(ticket, reading).status_code == 200


def test_a_reason_that_is_not_needed_any_more_is_forgotten(log):
    log.visit(40_000)
    ticket = log.visit(30_000, override_reason="Typed wrong")
    log.corrects(ticket, 41_000)
    told = log.client.get(f"/vehicles/{log.car.id}/history").json["odometer"]
    assert [line["override_reason"] for line in told] == [None, None]


def test_a_reading_that_comes_late_belongs_to_its_visit(log):
    first = log.visit()
    log.visit(50_000)

    assert log.corrects(first, 40_000).status_code == 200
    assert (log.shown, log.lines) == (50_000, [40_000, 50_000])
    assert code(log.corrects(first, 50_001)) == (409, "odometer_lower")


def test_a_reading_between_visits_is_one_of_its_day(log):
    first = log.visit(40_000)
    log.reads(45_000)
    second = log.visit(50_000)

    assert code(log.corrects(first, 45_001)) == (409, "odometer_lower")
    assert code(log.corrects(second, 44_999)) == (409, "odometer_lower")
    log.corrects(second, None)
    assert (log.shown, log.lines) == (45_000, [40_000, 45_000])


def test_a_car_is_read_when_it_comes_in_which_may_be_after_its_ticket_was_opened(log):
    ticket = log.visit()
    log.reads(45_000)

    assert log.corrects(ticket, 45_100).status_code == 200
    assert (log.shown, log.lines) == (45_100, [45_000, 45_100])


def test_what_only_repeats_a_reading_between_visits_is_no_new_one(log):
    log.reads(45_000)
    log.reads(45_000)
    assert log.lines == [45_000]


def test_each_visit_has_its_own_reading_even_of_the_same_miles(log):
    log.visit(45_000)
    second = log.visit(45_000)
    assert log.lines == [45_000, 45_000]
    log.corrects(second, 45_001)
    assert (log.shown, log.lines) == (45_001, [45_000, 45_001])


def test_a_reading_goes_with_its_ticket_to_the_right_car(as_):
    bob, alice = as_(a_mechanic()), a_customer()
    wrong, right = Log(bob, a_vehicle(alice)), Log(bob, a_vehicle(alice))
    wrong.visit(10_000)
    right.visit(80_000)
    ticket = wrong.visit(90_000)

    assert bob.patch(f"{TICKETS}/{ticket}", json={"vehicle_id": right.car.id}).status_code == 200

    assert (wrong.shown, wrong.lines) == (10_000, [10_000])
    assert (right.shown, right.lines) == (90_000, [80_000, 90_000])


def test_a_reading_that_does_not_fit_the_right_car_needs_a_reason_or_another(as_):
    bob, alice = as_(a_mechanic()), a_customer()
    wrong, right = Log(bob, a_vehicle(alice)), Log(bob, a_vehicle(alice))
    right.visit(80_000)
    at = f"{TICKETS}/{wrong.visit(20_000)}"

    assert code(bob.patch(at, json={"vehicle_id": right.car.id})) == (409, "odometer_lower")
    assert wrong.lines == [20_000]
    said = {"vehicle_id": right.car.id, "odometer_in": 80_500}
    assert bob.patch(at, json=said).status_code == 200
    assert (wrong.shown, right.shown) == (None, 80_500)


def test_a_ticket_that_loses_its_vehicle_loses_its_reading_by_word_only(as_):
    log = Log(as_(a_mechanic()))
    at = f"{TICKETS}/{log.visit(20_000)}"

    refused = log.client.patch(at, json={"vehicle_id": None})
    assert [each["pointer"] for each in refused.json["errors"]] == ["/odometer_in"]
    both = {"vehicle_id": None, "odometer_in": None}
    assert log.client.patch(at, json=both).json["odometer_in"] is None
    assert (log.shown, log.lines) == (None, [])


def test_a_reading_is_corrected_on_record(log):
    ticket = log.visit(500_000)
    log.corrects(ticket, 50_000)
    entries = log.client.get("/audit?entity=odometer_reading&sort=id").json["items"]
    assert [(each["action"], each["after"]["reading"]) for each in entries] == [
        ("created", 500_000),
        ("changed", 50_000),
    ]


def test_a_record_keeps_its_reading(log):
    ticket = a_ticket(log.car, status=TicketStatus.CLOSED, odometer_in=5).id
    assert code(log.corrects(ticket, 6)) == (409, "ticket_closed")
    assert db.session.get_one(ServiceTicket, ticket).odometer_in == 5
