"""Moves over HTTP: taken back with a reason, in the words of earlier systems, and counted."""

import pytest

from app.models import TicketStatus
from tests.factories import a_customer, a_manager, a_mechanic, a_ticket, a_vehicle, an_assignment

TICKETS = "/service-tickets"


def at_(status, **given):
    return f"{TICKETS}/{a_ticket(status=TicketStatus(status), **given).id}"


def way(client, at):
    """From the opening on, where it is on record."""
    lines = client.get(f"{at}/history?sort=id").json["items"]
    return [(line["from_status"], line["to_status"], line["reason"]) for line in lines]


@pytest.fixture(params=["transitions", "put", "patch"])
def moves(request):
    """`moves(client, at, "ready")`: by each of the ways to move a ticket."""

    def move(client, at, to, **why):
        if request.param == "transitions":
            return client.post(f"{at}/transitions", json={"to": to} | why)
        return getattr(client, request.param)(at, json={"status": to} | why)

    return move


@pytest.mark.parametrize(("start", "end"), [("in_progress", "open"), ("invoiced", "ready")])
def test_staff_take_a_move_back_and_say_why(as_, moves, start, end):
    bob, at = as_(a_mechanic()), at_(start)

    refused = moves(bob, at, end)
    assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (422, "/reason")
    assert bob.get(at).json["status"] == start

    assert moves(bob, at, end, reason="The wrong ticket").json["status"] == end
    assert way(bob, at) == [(start, end, "The wrong ticket")]


def test_a_manager_reopens_what_was_cancelled(as_, moves):
    bob, marge, alice = as_(a_mechanic()), as_(a_manager()), a_customer()
    at = f"{TICKETS}/{a_ticket(a_vehicle(alice)).id}"
    moves(bob, at, "cancelled")
    why = {"reason": "She came after all"}

    for nobody in (bob, as_(alice)):
        assert moves(nobody, at, "open", **why).status_code == 403
    assert moves(marge, at, "open").status_code == 422
    ticket = moves(marge, at, "open", **why).json

    assert (ticket["status"], ticket["closed_at"]) == ("open", None)
    assert way(bob, at)[-1] == ("cancelled", "open", "She came after all")
    assert bob.patch(at, json={"priority": 1}).status_code == 200


def test_closed_stays_closed(as_, moves):
    marge, at = as_(a_manager()), at_("closed")
    for status in ("open", "in_progress", "ready", "completed", "cancelled"):
        refused = moves(marge, at, status, reason="Please")
        assert (refused.status_code, refused.json["code"]) == (409, "illegal_transition")
        assert refused.json["legal"] == []


def test_the_refusal_names_the_way_back_too(as_, moves):
    refused = moves(as_(a_manager()), at_("in_progress"), "closed")
    assert refused.json["legal"] == ["on_hold", "ready", "cancelled", "open"]


@pytest.mark.parametrize(
    ("word", "status"),
    [
        *((word, "in_progress") for word in ("In Progress", "IN-PROGRESS", " in_progress ")),
        *(("CANCELLED", "cancelled"), ("Cancelled", "cancelled")),
    ],
)
def test_a_status_in_any_spelling(as_, moves, word, status):
    assert moves(as_(a_mechanic()), at_("open"), word).json["status"] == status


def test_on_hold_in_any_spelling_and_in_a_list(as_, moves):
    bob, at = as_(a_mechanic()), at_("in_progress")
    assert moves(bob, at, "ON-HOLD", hold_reason="PARTS").json["hold_reason"] == "parts"
    assert len(bob.get(f"{TICKETS}?status=On Hold").json["items"]) == 1


def test_a_word_that_is_no_status_is_told_the_older_ones_too(as_, moves):
    refused = moves(as_(a_mechanic()), at_("open"), "done")
    assert refused.status_code == 422
    for word in ("open", "in_progress", "completed", "pending"):
        assert word in refused.json["errors"][0]["detail"]


@pytest.mark.parametrize("word", ["completed", "COMPLETED", "Completed"])
def test_what_is_completed_before_it_was_begun_takes_two_moves_at_once(as_, moves, word):
    bob, at = as_(a_mechanic()), at_("open")

    ticket = moves(bob, at, word, reason="Quick job").json

    assert (ticket["status"], ticket["version"]) == ("ready", 2)
    assert way(bob, at) == [("open", "in_progress", None), ("in_progress", "ready", "Quick job")]


@pytest.mark.parametrize(
    ("start", "word"), [("open", "ready"), ("on_hold", "completed"), ("cancelled", "completed")]
)
def test_any_other_move_only_where_it_is_legal(as_, moves, start, word):
    marge, at = as_(a_manager()), at_(start)
    assert moves(marge, at, word, reason="Quick job").json["code"] == "illegal_transition"
    assert way(marge, at) == []


def test_what_is_ready_is_completed_already(as_):
    at, bob = at_("ready"), as_(a_mechanic())
    assert bob.put(at, json={"status": "COMPLETED"}).status_code == 200
    assert way(bob, at) == []


@pytest.mark.parametrize(
    ("word", "end", "moves_made"),
    [
        ("open", "open", 0),
        ("PENDING", "open", 0),
        ("in_progress", "in_progress", 1),
        ("COMPLETED", "ready", 2),
        ("cancelled", "cancelled", 1),
    ],
)
def test_a_ticket_may_be_opened_in_any_status_that_an_open_one_reaches(as_, word, end, moves_made):
    bob, car = as_(a_mechanic()), a_vehicle()
    said = {"vehicle_id": car.id, "problem_description": "It rattles", "status": word}

    answer = bob.post(TICKETS, json=said)

    assert (answer.status_code, answer.json["status"]) == (201, end)
    assert len(way(bob, answer.headers["Location"])) == 1 + moves_made


@pytest.mark.parametrize(
    ("word", "status"), [("in_progress", 403), ("pending", 201), ("closed", 403)]
)
def test_a_customer_opens_no_work_by_itself(as_, word, status):
    said = {"problem_description": "It rattles", "status": word}
    alice = as_(a_customer())
    assert alice.post(TICKETS, json=said).status_code == status
    assert len(alice.get(TICKETS).json["items"]) == (status == 201)


def test_what_is_taken_back_is_not_counted_as_completed(as_, moves):
    bob, marge = a_mechanic(), as_(a_manager())
    ticket = a_ticket(status=TicketStatus.OPEN)
    an_assignment(ticket, bob)
    at = f"{TICKETS}/{ticket.id}"
    count = lambda: marge.get("/mechanics/top?by=completed").json["items"][0]["completed_count"]  # noqa: E731

    counted = []
    for to in ("completed", "in_progress", "completed", "in_progress", "open"):
        assert moves(marge, at, to, reason="Because").status_code < 300
        counted.append(count())

    assert counted == [1, 0, 1, 0, 0]


def test_a_ticket_on_hold_may_be_held_for_another_reason(as_):
    bob, ticket = as_(a_mechanic()), a_ticket(status="on_hold", hold_reason="parts")
    sent = {"status": "on_hold", "hold_reason": "customer"}
    assert bob.patch(f"/service-tickets/{ticket.id}", json=sent).json["hold_reason"] == "customer"
