"""Stock under a crowd: nothing is sold twice, nothing is lost, and nobody is told a 5xx."""

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor


def a_live_ticket(live):
    customer = live.made("/customers", {"name": "Alice Driver"})
    vehicle = live.made(f"/customers/{customer['id']}/vehicles", {"make": "Honda"})
    return live.made(
        "/service-tickets", {"vehicle_id": vehicle["id"], "problem_description": "Many parts"}
    )


def a_live_part(live, quantity):
    return live.made("/inventory", {"name": "Brake pad", "quantity_in_stock": quantity})


def ledger_of(live, part):
    """The shelf and every movement of its ledger."""
    movements, cursor = [], ""
    while True:
        path = f"/inventory/{part['id']}/movements?per_page=100{cursor}"
        page = live.ask("GET", path)[2]
        movements += page["items"]
        if not page["pagination"]["next_cursor"]:
            break
        cursor = f"&cursor={page['pagination']['next_cursor']}"
    shelf = live.ask("GET", f"/inventory/{part['id']}")[2]["quantity_in_stock"]
    assert sum(movement["quantity"] for movement in movements) == shelf
    return shelf, movements


def test_120_requests_for_40_parts_give_exactly_40(live):
    ticket, part = a_live_ticket(live), a_live_part(live, 40)
    take = ("POST", f"/service-tickets/{ticket['id']}/parts/{part['id']}", {"quantity_used": 1})

    answers = live.all_at_once(16, [take] * 120)

    assert Counter(status for status, _, _ in answers) == {201: 40, 409: 80}
    assert {answer["code"] for status, _, answer in answers if status == 409} == {"out_of_stock"}
    shelf, movements = ledger_of(live, part)
    assert (shelf, len(movements)) == (0, 41)
    lines = live.ask("GET", f"/service-tickets/{ticket['id']}/parts?per_page=100")[2]["items"]
    assert sum(line["quantity_used"] for line in lines) == 40


def test_100_adjustments_at_once_end_at_the_exact_sum(live):
    part = a_live_part(live, 500)
    path = f"/inventory/{part['id']}/adjust-quantity"
    wanted = [random.Random(n).choice([-4, -3, -1, 1, 2, 5]) for n in range(100)]

    answers = live.all_at_once(16, [("PATCH", path, {"adjustment": each}) for each in wanted])

    assert {status for status, _, _ in answers} == {200}
    for _, _, answer in answers:
        assert answer["new_quantity"] - answer["previous_quantity"] == answer["adjustment"]
    shelf, movements = ledger_of(live, part)
    assert (shelf, len(movements)) == (500 + sum(wanted), 101)


def test_several_parts_in_any_order_never_deadlock(live):
    tickets = [a_live_ticket(live) for _ in range(4)]
    parts = [a_live_part(live, 30) for _ in range(4)]
    requests = []
    for n in range(80):
        ids = [part["id"] for part in parts]
        random.Random(n).shuffle(ids)
        path = f"/service-tickets/{tickets[n % 4]['id']}/parts"
        requests.append(("POST", path, {"part_ids": ids}))

    answers = live.all_at_once(16, requests)

    assert Counter(status for status, _, _ in answers) == {201: 30, 409: 50}
    assert [ledger_of(live, part)[0] for part in parts] == [0, 0, 0, 0]


def test_a_retry_that_races_itself_acts_once(live):
    ticket, part = a_live_ticket(live), a_live_part(live, 100)
    path = f"/service-tickets/{ticket['id']}/parts/{part['id']}"

    def take(key):
        return live.ask("POST", path, {"quantity_used": 1}, **{"Idempotency-Key": key})

    with ThreadPoolExecutor(16) as crowd:
        answers = list(crowd.map(take, [f"take-{n % 10}" for n in range(80)]))

    assert {status for status, _, _ in answers} == {201}
    assert len({answer["id"] for _, _, answer in answers}) == 10
    assert ledger_of(live, part)[0] == 90
