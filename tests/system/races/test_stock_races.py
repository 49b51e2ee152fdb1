"""Stock under a crowd: nothing is sold twice, nothing is lost, and nobody waits in a circle."""

import random
from collections import Counter

import pytest
from sqlalchemy import text

from app.database.session import db
from tests.system.races.crowd import Request, told
from tests.system.races.fresh import (
    a_part,
    a_ticket,
    adjusting,
    lines_of,
    on_shelf,
    taking,
    tickets,
)

pytestmark = pytest.mark.one_database("sqlite")


def test_the_last_seven_parts_go_to_seven_of_20(live, crowd, rounds):
    for _ in rounds(2):
        part, at = a_part(live, 7), tickets(live, 4)

        answers = crowd.sends(*(taking(at[n % 4], part) for n in range(20)))

        assert told(answers) == {201: 7, "out_of_stock": 13}
        assert on_shelf(live, part) == 0
        assert sum(len(lines_of(live, ticket)) for ticket in at) == 7


def test_adjustments_at_once_end_at_the_exact_sum(live, crowd, rounds):
    for n in rounds(2):
        part = a_part(live, 500)
        wanted = random.Random(n).choices([-4, -3, -1, 1, 2, 5], k=20)

        answers = crowd.sends(*(adjusting(part, by) for by in wanted))

        assert told(answers) == {200: 20}
        said = [answer.json for answer in answers]
        assert [each["new_quantity"] - each["previous_quantity"] for each in said] == wanted
        assert on_shelf(live, part) == 500 + sum(wanted)


def test_a_part_named_twice_is_taken_twice_or_not_at_all(live, crowd, rounds):
    for n in rounds(2):
        part, at = a_part(live, 9), tickets(live, 2)
        again = {"warranty_months": 12} if n % 2 else {}
        said = {"parts": [{"part_id": part["id"]}, {"part_id": part["id"]} | again]}
        paths = [f"/service-tickets/{ticket['id']}/parts" for ticket in at]

        answers = crowd.sends(*(Request("POST", paths[k % 2], said) for k in range(16)))

        assert told(answers) == {201: 4, "out_of_stock": 12}
        assert on_shelf(live, part) == 1
        lines = [line["quantity_used"] for ticket in at for line in lines_of(live, ticket)]
        assert lines == ([1] * 8 if again else [2] * 4)


def test_several_parts_in_any_order_never_wait_in_a_circle(shop, live, crowd, rounds):
    with shop.app_context():
        before = deadlocks()
    for n in rounds(2):
        chance, at = random.Random(n), tickets(live, 4)
        parts = [a_part(live, 9) for _ in range(4)]
        requests = []
        for k in range(20):
            ids = [part["id"] for part in chance.sample(parts, 4)]
            requests.append(
                Request("POST", f"/service-tickets/{at[k % 4]['id']}/parts", {"part_ids": ids})
            )

        answers = crowd.sends(*requests)

        assert told(answers) == {201: 9, "out_of_stock": 11}
        assert [on_shelf(live, part) for part in parts] == [0] * 4
        with shop.app_context():
            assert deadlocks() == before


def test_using_returning_and_adjusting_at_once(live, crowd, rounds):
    for n in rounds(2):
        part, at = a_part(live, 12), tickets(live, 2)
        bring_back = [Request("DELETE", taking(ticket, part).path) for ticket in at]
        requests = [taking(ticket, part) for ticket in at] * 5 + bring_back * 2
        requests += [adjusting(part, by) for by in (-3, -2, -1, 1, 2, 3)]
        random.Random(n).shuffle(requests)

        answers = crowd.sends(*requests)

        assert told(answers).keys() <= {200, 201, 204, "not_found", "out_of_stock"}
        adjusted = sum(each.json["adjustment"] for each in answers if each.status_code == 200)
        on_bills = sum(line["quantity_used"] for ticket in at for line in lines_of(live, ticket))
        assert on_shelf(live, part) + on_bills == 12 + adjusted


def test_nothing_is_used_on_a_ticket_once_it_is_cancelled(live, crowd, rounds):
    for n in rounds(4):
        part, ticket = a_part(live, 50), a_ticket(live)
        cancel = Request(
            "POST", f"/service-tickets/{ticket['id']}/transitions", {"to": "cancelled"}
        )
        requests = [taking(ticket, part)] * 15
        turn = random.Random(n).randrange(1, 15)
        requests.insert(turn, cancel)

        answers = crowd.sends(*requests)

        cancelled = answers.pop(turn)
        used = told(answers)[201]
        assert told([cancelled]) == {201: 1}
        assert told(answers) == Counter({201: used, "ticket_closed": 15 - used})
        assert len(cancelled.json["parts"]) == len(lines_of(live, ticket)) == used
        assert on_shelf(live, part) == 50 - used


def deadlocks():
    """How many PostgreSQL has broken so far; SQLite has one writer at a time."""
    if db.engine.dialect.name == "sqlite":
        return 0
    asked = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
    return db.session.scalar(text(asked))


def test_counts_at_once_end_at_what_one_of_them_found(live, crowd, rounds):
    for n in rounds(2):
        part = a_part(live, 50)
        found = random.Random(n).sample(range(10, 90), k=12)
        path = f"/inventory/{part['id']}/adjust-quantity"

        answers = crowd.sends(*(Request("PATCH", path, {"counted": each}) for each in found))

        assert told(answers) == {200: 12}
        assert [answer.json["new_quantity"] for answer in answers] == found
        before = sorted(answer.json["previous_quantity"] for answer in answers)
        last = on_shelf(live, part)
        assert last in found
        assert sorted([*before, last]) == sorted([50, *found])  # one after the other


def test_of_partial_returns_at_once_no_more_come_back_than_went_in(live, crowd, rounds):
    for _ in rounds(2):
        part, ticket = a_part(live, 10), a_ticket(live)
        path = taking(ticket, part).path
        live.made(path, {"quantity_used": 4})
        live.made(path, {"quantity_used": 3})

        answers = crowd.sends(*[Request("DELETE", path, {"quantity": 2})] * 8)

        assert told(answers) == {204: 3, "too_many_returned": 5}
        assert [line["quantity_used"] for line in lines_of(live, ticket)] == [1]
        assert on_shelf(live, part) == 9


def test_quantities_set_at_once_end_at_one_of_them(live, crowd, rounds):
    for n in rounds(2):
        part, ticket = a_part(live, 20), a_ticket(live)
        wanted = random.Random(n).sample(range(20), k=10)
        path = taking(ticket, part).path

        answers = crowd.sends(*(Request("PUT", path, {"quantity_used": each}) for each in wanted))

        assert told(answers) == {200: 10}
        on_bill = sum(line["quantity_used"] for line in lines_of(live, ticket))
        assert on_bill in wanted
        assert on_shelf(live, part) == 20 - on_bill
