"""How mechanics are found, and who works most."""

import pytest

from app.models import TicketStatus
from tests.factories import a_customer, a_mechanic, a_ticket, an_assignment

OLDER_PATHS = ["/mechanics/leaderboard", "/mechanics/usage", "/mechanics/by-activity"]
OLDER_PATHS += ["/mechanics/most-active"]


def names(answer):
    return [mechanic["name"] for mechanic in answer.json["items"]]


def a_busy_mechanic(name, assigned, completed=0, **given):
    mechanic = a_mechanic(name=name, **given)
    for n in range(assigned):
        status = TicketStatus.READY if n < completed else TicketStatus.OPEN
        an_assignment(a_ticket(status=status), mechanic)
    return mechanic


@pytest.mark.parametrize("path", ["/mechanics?q=", "/mechanics/search?name="])
@pytest.mark.parametrize("q", ["BOB", "wren", "brakes"])
def test_bob_is_found_by_name_and_specialty(as_, path, q):
    a_mechanic(name="Bob Wrench", specialty="Brakes")
    a_mechanic(name="Dan", specialty="Tyres")

    assert names(as_(a_customer()).get(path + q)) == ["Bob Wrench"]


def test_only_the_staff_find_bob_by_his_contact_data(as_):
    bob = a_mechanic(name="Bob", email="bob@example.com", phone="555-0100")

    for q in ("bob@example", "555-01"):
        assert names(as_(bob).get(f"/mechanics?q={q}")) == ["Bob"]
        assert names(as_(a_customer()).get(f"/mechanics?q={q}")) == []


def test_the_top_counts_tickets_and_names_those_with_none(as_):
    bob, dan = a_busy_mechanic("Bob", 3, completed=1), a_mechanic(name="Dan")

    first, last = as_(a_customer()).get("/mechanics/top").json["items"]
    assert (first["id"], first["name"], first["is_active"]) == (bob.id, "Bob", True)
    assert (first["ticket_count"], first["completed_count"]) == (3, 1)
    assert (last["id"], last["ticket_count"], last["completed_count"]) == (dan.id, 0, 0)


@pytest.mark.parametrize(
    ("query", "order"),
    [
        ("", ["Bob", "Gone", "Eve", "Dan"]),
        ("?order=asc", ["Eve", "Dan", "Gone", "Bob"]),
        ("?by=completed", ["Gone", "Eve", "Bob", "Dan"]),
        ("?active_only=true", ["Bob", "Eve", "Dan"]),
        ("?limit=2", ["Bob", "Gone"]),
        ("?by=completed&order=asc&active_only=true&limit=2", ["Bob", "Dan"]),
    ],
)
def test_the_top_in_the_order_asked_for(as_, query, order):
    a_busy_mechanic("Bob", 3)
    a_busy_mechanic("Gone", 2, completed=2, is_active=False)
    a_busy_mechanic("Eve", 1, completed=1)
    a_busy_mechanic("Dan", 1)
    alice = as_(a_customer())

    today = alice.get(f"/mechanics/top{query}")

    assert names(today) == order
    assert {alice.get(path + query).data for path in OLDER_PATHS} == {today.data}
