"""Who comes at the same moment: one vehicle is put on file once, and nobody is erased from under a ticket."""

import pytest

from tests.factories import a_vin
from tests.system.races.crowd import Request, told
from tests.system.races.fresh import a_customer

pytestmark = pytest.mark.one_database("postgres")

RATTLE = {"problem_description": "It rattles"}


def opening(customer_id, **said):
    return Request("POST", "/service-tickets", RATTLE | {"customer_id": customer_id} | said)


def test_a_new_vin_on_many_tickets_of_a_customer_opens_one_vehicle(live, crowd, rounds):
    for _ in rounds(2):
        alice, vin = a_customer(live)["id"], a_vin()

        answers = crowd.sends(*[opening(alice, vin=vin)] * 12)

        assert told(answers) == {201: 12}
        [car] = live.ask("GET", f"/vehicles?vin={vin}")[2]["items"]
        assert {answer.json["vehicle_id"] for answer in answers} == {car["id"]}


def test_a_new_vin_on_tickets_of_many_customers_is_that_of_one(live, crowd, rounds):
    owners = [a_customer(live)["id"] for _ in range(12)]
    for _ in rounds(2):
        vin = a_vin()

        answers = crowd.sends(*(opening(owner, vin=vin) for owner in owners))

        assert told(answers) == {201: 1, "vin_taken": 11}
        [car] = live.ask("GET", f"/vehicles?vin={vin}")[2]["items"]
        [ticket] = [answer.json for answer in answers if answer.status_code == 201]
        assert (ticket["vehicle_id"], ticket["customer_id"]) == (car["id"], car["customer_id"])


def test_who_is_erased_has_no_ticket_that_is_open(live, crowd, rounds):
    for _ in rounds(6):
        alice = a_customer(live)["id"]
        away = Request("DELETE", f"/customers/{alice}")

        answers = told(crowd.sends(*[opening(alice)] * 2, away, *[opening(alice)] * 2))

        opened = live.ask("GET", f"/service-tickets?customer_id={alice}")[2]["items"]
        assert answers.keys() <= {201, 204, "not_found", "tickets_open"}
        assert len(opened) == answers[201]
        assert answers in ({204: 1, "not_found": 4}, {201: 4, "tickets_open": 1})
