"""Of several who want what only one can have, one gets it and the others are told why not."""

from itertools import cycle, islice

import pytest

from app.database.session import db
from app.models import Mechanic, StaffRole
from tests.factories import PASSWORD, a_vin
from tests.system.races.crowd import Request, told
from tests.system.races.fresh import (
    a_colleague,
    a_customer,
    a_part,
    a_ticket,
    a_vehicle,
    adjusting,
    an_email,
    on_shelf,
    taking,
)

pytestmark = pytest.mark.one_database("postgres")


def test_of_20_who_hold_one_etag_one_writes(live, crowd, rounds):
    for n in rounds(6):
        shown, act, status = acts(live)[n % 6]
        held = {"If-Match": live.ask("GET", shown)[1]["ETag"]}

        answers = crowd.sends(*[act._replace(headers=held)] * 20)

        assert told(answers) == {status: 1, "precondition_failed": 19}


def acts(live):
    """What is shown, what is done to it, and the status of that."""
    ticket, part, vehicle = a_ticket(live), a_part(live, 50), a_vehicle(live)
    at, shelf = f"/service-tickets/{ticket['id']}", f"/inventory/{part['id']}"
    car, owner = f"/vehicles/{vehicle['id']}", f"/customers/{vehicle['customer_id']}"
    return [
        (at, taking(ticket, part), 201),
        (shelf, adjusting(part, 1), 200),
        (at, Request("PATCH", at, {"priority": 1}), 200),
        (at, Request("POST", f"{at}/transitions", {"to": "in_progress"}), 201),
        (car, Request("PATCH", car, {"color": "Red"}), 200),
        (owner, Request("PATCH", owner, {"city": "Boulder"}), 200),
    ]


def test_two_managers_who_demote_each_other_leave_one(shop, live, crowd, rounds):
    marge = live.ask("GET", "/auth/me")[2]["mechanic_id"]
    bob, as_bob = a_colleague(live, "manager")
    demotion = {"role": "mechanic"}
    for _ in rounds(20):
        with shop.app_context():
            appoint_only(marge, bob["id"])

        answers = crowd.sends(
            Request("PATCH", f"/mechanics/{bob['id']}", demotion),
            Request("PATCH", f"/mechanics/{marge}", demotion, as_bob),
        )

        with shop.app_context():
            left = managers()
            appoint_only(marge)
        refused = [answer for answer in answers if answer.status_code != 200]
        assert told(refused) in [
            {each: 1} for each in ("last_manager", "forbidden", "invalid_token")
        ]
        assert left == [marge if answers[0].status_code == 200 else bob["id"]]


def managers():
    query = db.select(Mechanic.id).where(Mechanic.role == StaffRole.MANAGER, Mechanic.is_active)
    return list(db.session.scalars(query))


def appoint_only(*ids):
    """Straight in the database, as after a race that went wrong there may be nobody who could."""
    for mechanic in db.session.scalars(db.select(Mechanic)):
        mechanic.role = StaffRole.MANAGER if mechanic.id in ids else StaffRole.MECHANIC
    db.session.commit()


def test_putting_a_mechanic_on_a_ticket_and_taking_it_off_at_once(live, crowd, rounds):
    bob = live.made("/mechanics", {"name": "Bob", "email": an_email()})["id"]
    for _ in rounds(2):
        ticket = a_ticket(live)["id"]
        said = {"ticket_id": ticket, "mechanic_id": bob}
        there = Request("POST", "/assignments", said)
        away = Request("DELETE", "/assignments", said)

        answers = told(crowd.sends(*[there, there, away] * 6))

        assert answers.keys() <= {201, 204, "already_assigned", "not_found"}
        assert answers[201] + answers["already_assigned"] == 12
        crew = live.ask("GET", f"/service-tickets/{ticket}")[2]["mechanics"]
        assert len(crew) == answers[201] - answers[204]


def test_20_keys_sent_16_times_at_once_are_20_acts(live, crowd, rounds):
    for _ in rounds(1, slow=10):
        ticket, part = a_ticket(live), a_part(live, 100)
        keys = [f"take-{part['id']}-{n}" for n in range(20)] * 16

        answers = crowd.sends(*(taking(ticket, part, **{"Idempotency-Key": key}) for key in keys))

        told_by_key = {(key, *as_sent(each)) for key, each in zip(keys, answers, strict=True)}
        assert told(answers) == {201: 320}
        assert len(told_by_key) == 20
        assert len({answer.json["id"] for answer in answers}) == 20
        assert on_shelf(live, part) == 80


def as_sent(answer):
    """All of an answer that a replay must repeat."""
    headers = [answer.headers.get(name) for name in ("Content-Type", "Location", "ETag")]
    return answer.get_data(), *headers


def test_an_email_address_opens_one_account(live, crowd, rounds):
    for _ in rounds(2):
        email = an_email()
        said = {"name": "Alice Driver", "email": email, "password": PASSWORD}
        doors = islice(cycle(["/customers", "/auth/register"]), 8)

        answers = crowd.sends(*(Request("POST", door, said) for door in doors))

        assert told(answers) == {201: 1, "email_taken": 7}
        signed_in = live.ask("POST", "/auth/login", {"email": email, "password": PASSWORD})
        [made] = [answer.json for answer in answers if answer.status_code == 201]
        assert signed_in[2]["account"]["customer_id"] == made.get("customer", made)["id"]


def test_a_vin_is_put_on_file_once(live, crowd, rounds):
    owners = [a_customer(live)["id"] for _ in range(12)]
    for _ in rounds(2):
        said = {"vin": a_vin(), "make": "Honda"}

        answers = crowd.sends(
            *(Request("POST", f"/customers/{owner}/vehicles", said) for owner in owners)
        )

        assert told(answers) == {201: 1, "vin_taken": 11}
        [found] = live.ask("GET", f"/vehicles?vin={said['vin']}")[2]["items"]
        assert found in [answer.json for answer in answers]


def test_a_part_number_names_one_part(live, crowd, rounds):
    for _ in rounds(2):
        number = f"RACE-{a_vin()}"
        said = {
            "name": "Brake pad",
            "price_cents": 900,
            "part_number": number,
            "quantity_in_stock": 5,
        }

        answers = crowd.sends(*[Request("POST", "/inventory", said)] * 12)

        assert told(answers) == {201: 1, "part_number_taken": 11}
        [found] = live.ask("GET", f"/inventory?q={number}")[2]["items"]
        assert found in [answer.json for answer in answers]


def test_two_records_merged_crosswise_while_a_ticket_is_opened_leave_one_customer(
    live, crowd, rounds
):
    for _ in rounds(6):
        cars = [a_vehicle(live) for _ in range(2)]
        one, two = (car["customer_id"] for car in cars)
        merges = [
            Request("POST", f"/customers/{this}/merge", {"from_id": other})
            for this, other in ((one, two), (two, one)) * 2
        ]
        opened = [
            Request(
                "POST", "/service-tickets", {"vehicle_id": car["id"], "problem_description": "Hm"}
            )
            for car in cars * 3
        ]
        put_on_file = [
            Request("POST", f"/customers/{each}/vehicles", {"make": "Honda"}) for each in (one, two)
        ]

        answers = crowd.sends(*merges[:2], *opened, *merges[2:], *put_on_file)

        merged = told(answers[:2] + answers[8:10])
        assert merged[201] == 1, merged
        assert merged.keys() <= {201, "not_found", "cannot_merge"}
        assert told(answers[2:8]) == {201: 6}
        assert told(answers[10:]).keys() <= {201, "not_found"}
        seen = [live.send("GET", f"/customers/{each}").status_code for each in (one, two)]
        assert sorted(seen) == [200, 308]
