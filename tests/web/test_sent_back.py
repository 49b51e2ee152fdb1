"""What a GET answers may be sent back whole: what can't be changed is taken as it is, or refused."""

from datetime import datetime

import pytest

from app.database.session import db
from app.models import Customer
from tests.factories import (
    a_customer,
    a_manager,
    a_mechanic,
    a_part,
    a_ticket,
    a_vehicle,
    a_walk_in,
    an_assignment,
)

pytestmark = pytest.mark.one_database  # what the web layer does is the same on both


def of_a_customer():
    alice = a_customer(phone="555-0100")
    return f"/customers/{alice.id}", {"owner": alice}


def of_a_walk_in():
    return f"/customers/{a_walk_in().id}", {}


def of_a_vehicle():
    alice = a_customer()
    return f"/vehicles/{a_vehicle(alice).id}", {"owner": alice}


def of_a_mechanic():
    bob = a_mechanic(specialty="Brakes", salary_cents=5_200_050)
    return f"/mechanics/{bob.id}", {"mechanic": bob}


def of_a_part():
    return f"/inventory/{a_part(10).id}", {}


def of_a_ticket():
    ticket = a_ticket()
    an_assignment(ticket, a_mechanic())
    return f"/service-tickets/{ticket.id}", {}


THINGS = [of_a_customer, of_a_walk_in, of_a_vehicle, of_a_mechanic, of_a_part, of_a_ticket]
HELD = {
    of_a_customer: {"id": 999_999, "has_account": False, "created_at": "2020-01-01T00:00:00Z"},
    of_a_vehicle: {"id": 999_999, "vin_check": "invalid", "created_at": None},
    of_a_mechanic: {"id": 999_999, "ticket_count": 9, "has_account": False},
    of_a_part: {"id": 999_999, "quantity_in_stock": 11, "in_stock": False, "low_stock": True},
    of_a_ticket: {
        "id": 999_999,
        "ro_number": "RO-7",
        "mechanics": [],
        "parts": [{}],
        "total_cents": 1,
    },
}
OTHERWISE = [(thing, name, value) for thing, held in HELD.items() for name, value in held.items()]


def pointers(answer):
    assert (answer.status_code, answer.json["code"]) == (422, "invalid"), answer.json
    return [error["pointer"] for error in answer.json["errors"]]


WHOSE = [(thing, who) for thing in THINGS for who in ("mechanic", "manager")]
WHOSE += [(of_a_customer, "owner"), (of_a_vehicle, "owner")]


@pytest.mark.parametrize(("thing", "who"), WHOSE)
def test_what_is_read_can_be_sent_back_as_it_is(as_, thing, who):
    """By a mechanic, too, whose own role and specialty are only a manager's to set."""
    path, people = thing()
    others = {"mechanic": a_mechanic, "manager": a_manager}
    client = as_(people.get(who) or others[who]())
    read = client.get(path).json

    answer = client.put(path, json=read)

    assert answer.status_code == 200, answer.json
    moves = {"version", "updated_at"}
    assert {k: v for k, v in answer.json.items() if k not in moves} == {
        k: v for k, v in read.items() if k not in moves
    }


@pytest.mark.parametrize(("thing", "name", "value"), OTHERWISE)
def test_what_cannot_be_changed_is_refused_where_it_differs(as_, thing, name, value):
    path, _ = thing()
    marge = as_(a_manager())
    read = marge.get(path).json

    answer = marge.put(path, json=read | {name: value})

    assert pointers(answer) == [f"/{name}"]
    assert answer.json["errors"][0]["detail"].startswith("Can't be changed here")
    assert marge.get(path).json == read


def test_a_change_among_what_stays_is_made(as_):
    path, _ = of_a_ticket()
    marge = as_(a_manager())

    answer = marge.put(path, json=marge.get(path).json | {"priority": 1, "odometer_in": 9})

    assert (answer.json["priority"], answer.json["odometer_in"]) == (1, 9)


def test_everything_that_cannot_be_changed_is_named_with_whatever_else_is_wrong(as_):
    part = a_part(10)
    marge = as_(a_manager())

    answer = marge.put(
        f"/inventory/{part.id}", json={"quantity": 12, "id": part.id + 1, "name": "", "colour": 1}
    )

    assert sorted(pointers(answer)) == ["/colour", "/id", "/name", "/quantity"]
    why = {error["pointer"]: error["detail"] for error in answer.json["errors"]}
    assert why["/quantity"] == (
        "Can't be changed here; it is 10. Instead: the stock moves by"
        " PATCH /inventory/{part_id}/adjust-quantity"
    )


@pytest.mark.parametrize("thing", [of_a_customer, of_a_vehicle, of_a_part, of_a_ticket])
def test_an_overtaken_representation_is_a_412(as_, thing):
    path, _ = thing()
    marge = as_(a_manager())
    read = marge.get(path).json
    change = {
        of_a_customer: {"phone": "1"},
        of_a_vehicle: {"color": "red"},
        of_a_part: {"reorder_level": 3},
        of_a_ticket: {"priority": 2},
    }[thing]
    assert marge.patch(path, json=change).status_code == 200
    now = marge.get(path).json

    without = {name: value for name, value in read.items() if name != "version"}
    for sent in (read, without, {"version": read["version"]}):
        stale = marge.put(path, json=sent)
        assert (stale.status_code, stale.json["code"]) == (412, "precondition_failed")
    assert marge.get(path).json == now
    assert marge.put(path, json={"version": now["version"]}).status_code == 200


def test_a_version_in_the_body_and_one_in_if_match_must_both_be_todays(as_):
    path, _ = of_a_part()
    marge = as_(a_manager())
    read = marge.get(path)
    tag = {"If-Match": read.headers["ETag"]}
    body = {"version": read.json["version"], "name": "Pad"}

    assert marge.put(path, json=body, headers=tag).status_code == 200
    assert marge.put(path, json={"version": 2}, headers=tag).status_code == 412


@pytest.mark.parametrize("version", ["1", 1.5, True, None, [1]])
def test_a_version_that_is_none_is_refused(as_, version):
    path, _ = of_a_part()
    assert pointers(as_(a_manager()).put(path, json={"version": version})) == ["/version"]


def test_a_moment_may_be_written_as_each_client_writes_it(as_):
    path, _ = of_a_part()
    marge = as_(a_manager())
    read = marge.get(path).json
    created = datetime.fromisoformat(read["created_at"])

    for written in (created.isoformat(), created.isoformat(timespec="milliseconds")):
        assert marge.put(path, json={"created_at": written}).status_code == 200
    assert pointers(marge.put(path, json={"created_at": "yesterday"})) == ["/created_at"]


def test_a_stranger_s_representation_is_still_a_404(as_):
    alice, charlie = a_customer(), as_(a_customer())
    sent = {"id": alice.id, "name": "Mine", "version": 1}

    answer = charlie.put(f"/customers/{alice.id}", json=sent)

    assert answer.status_code == 404
    assert db.session.get_one(Customer, alice.id).name != "Mine"


def test_nobody_learns_of_a_member_that_is_not_theirs_to_see(as_):
    bob = a_mechanic(salary_cents=100)
    answer = as_(bob).put(f"/mechanics/{bob.id}", json={"has_account": True})

    assert pointers(answer) == ["/has_account"]
    assert answer.json["errors"][0]["detail"] == "Can't be changed here."


def test_a_new_thing_brings_no_id(as_):
    sent = {"id": 999_999, "name": "Pad", "price_cents": 1}
    assert pointers(as_(a_manager()).post("/inventory", json=sent)) == ["/id"]
