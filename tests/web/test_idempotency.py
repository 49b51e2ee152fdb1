"""A write with an Idempotency-Key happens once, however often it is sent, and answers the same."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.clock import utc_now
from app.database.session import db
from app.models import (
    Assignment,
    Customer,
    Mechanic,
    Part,
    ServiceTicket,
    StatusChange,
    TicketPart,
    Vehicle,
)
from app.web.transactions import IdempotencyRecord
from tests.factories import a_customer, a_manager, a_mechanic, a_part, a_ticket, a_vehicle, on_shelf

KEY = "7c6f0d0e-once"
BRAKE = {"name": "Brake", "price_cents": 900}


def taking_in():
    return "/customers", {"name": "Alice Driver", "email": "alice@example.com"}, Customer


def parking():
    return f"/customers/{a_customer().id}/vehicles", {"license_plate": "ABC-1"}, Vehicle


def hiring():
    return "/mechanics", {"name": "Bob", "email": "bob@example.com"}, Mechanic


def opening():
    said = {"vehicle_id": a_vehicle().id, "problem_description": "Rattle"}
    return "/service-tickets", said, ServiceTicket


def moving():
    return f"/service-tickets/{a_ticket().id}/transitions", {"to": "in_progress"}, StatusChange


def stocking():
    return "/inventory", BRAKE | {"quantity_in_stock": 3}, Part


def using():
    path = f"/service-tickets/{a_ticket().id}/parts/{a_part(9).id}"
    return path, {"quantity_used": 2}, TicketPart


def using_several():
    said = {"part_ids": [a_part(9).id, a_part(9).id]}
    return f"/service-tickets/{a_ticket().id}/parts", said, TicketPart


def assigning():
    return "/assignments", {"ticket_id": a_ticket().id, "mechanic_id": a_mechanic().id}, Assignment


ACTS = [taking_in, parking, hiring, opening, moving, stocking, using, using_several, assigning]
every_act = pytest.mark.parametrize("act", ACTS, ids=lambda act: act.__name__)


@pytest.fixture
def marge(as_):
    return as_(a_manager())


def send(client, path, said, key=KEY):
    return client.post(path, json=said, headers={"Idempotency-Key": key})


def rows(model):
    """How many there are, seen by a transaction of its own."""
    db.session.rollback()
    count = db.session.scalar(db.select(db.func.count()).select_from(model))
    db.session.rollback()
    return count


def told(answer):
    """All of an answer that a replay must repeat."""
    headers = [answer.headers.get(name) for name in ("Content-Type", "Location", "ETag")]
    return answer.status_code, answer.get_data(), headers


@every_act
def test_a_repeated_request_is_answered_alike_and_acts_once(marge, act):
    path, said, model = act()
    first = send(marge, path, said)
    assert first.status_code == 201, first.json
    made = rows(model)

    again = [send(marge, path, said) for _ in range(2)]

    assert [told(answer) for answer in again] == [told(first)] * 2
    assert first.headers["Location"]
    assert first.headers["ETag"]
    assert rows(model) == made


@every_act
def test_the_act_and_its_answer_are_one_commit(marge, act):
    path, said, model = act()
    before, commits = rows(model), []
    count = commits.append
    sa.event.listen(db.engine, "commit", count)

    send(marge, path, said)

    sa.event.remove(db.engine, "commit", count)
    assert len(commits) == 1
    assert rows(model) > before


def test_a_part_used_twice_under_one_key_leaves_the_shelf_once(marge):
    part, ticket = a_part(5), a_ticket()

    for _ in range(3):
        send(marge, f"/service-tickets/{ticket.id}/parts/{part.id}", {"quantity_used": 2})

    assert on_shelf(part) == 3


def adjusting(part, _ticket):
    return "PATCH", f"/inventory/{part.id}/adjust-quantity", {"adjustment": 2}


def counting(part, _ticket):
    return "PATCH", f"/inventory/{part.id}/adjust-quantity", {"counted": 9}


def returning(part, ticket):
    return "DELETE", f"/service-tickets/{ticket.id}/parts/{part.id}", {"quantity": 1}


def returning_all(part, ticket):
    return "DELETE", f"/service-tickets/{ticket.id}/parts/{part.id}", None


def renaming(part, _ticket):
    return "PUT", f"/inventory/{part.id}", {"name": "Clutch"}


def deleting(_part, _ticket):
    return "DELETE", f"/customers/{a_customer().id}", None


@pytest.mark.parametrize("act", [adjusting, counting, returning, returning_all, renaming, deleting])
def test_any_other_write_acts_once_under_one_key(marge, act):
    part, ticket = a_part(5), a_ticket()
    assert send(marge, f"/service-tickets/{ticket.id}/parts/{part.id}", {"quantity": 3}, "use")
    method, path, said = act(part, ticket)
    keyed = {"method": method, "json": said, "headers": {"Idempotency-Key": KEY}}

    answers = [marge.open(path, **keyed) for _ in range(3)]
    left = on_shelf(part)

    assert answers[0].status_code in (200, 204), answers[0].json
    assert [told(answer) for answer in answers] == [told(answers[0])] * 3
    expected = {adjusting: 4, counting: 9, returning: 3, returning_all: 5}
    assert left == expected.get(act, 2)


@pytest.mark.parametrize(
    "other",
    [{"method": "PATCH"}, {"method": "DELETE", "json": None}, {"json": {"name": "Another"}}],
)
def test_a_key_belongs_to_one_method(marge, other):
    path, said = f"/inventory/{a_part().id}", {"json": {"name": "Clutch"}}
    keyed = {"headers": {"Idempotency-Key": KEY}}
    assert marge.put(path, **said, **keyed).status_code == 200

    how = {"method": "PUT"} | said | other
    refused = marge.open(path, **how, **keyed)
    assert (refused.status_code, refused.json["code"]) == (422, "idempotency_key_reused")


def test_without_a_key_or_with_another_it_is_another_act(marge):
    send(marge, "/inventory", BRAKE)

    marge.post("/inventory", json=BRAKE)
    send(marge, "/inventory", BRAKE, "another")

    assert rows(Part) == 3


@pytest.mark.parametrize("other", [BRAKE | {"name": "Clutch"}, BRAKE | {"price_cents": 1}, {}])
def test_a_key_belongs_to_one_body(marge, other):
    send(marge, "/inventory", BRAKE)

    answer = send(marge, "/inventory", other)

    assert answer.status_code == 422
    assert rows(Part) == 1
    if other:
        assert answer.json["code"] == "idempotency_key_reused"


def test_a_key_belongs_to_one_path(marge):
    part, ticket = a_part(5), a_ticket()
    send(marge, f"/service-tickets/{ticket.id}/parts/{part.id}", {})

    answer = send(marge, f"/service-tickets/{a_ticket().id}/parts/{part.id}", {})

    assert answer.json["code"] == "idempotency_key_reused"
    assert on_shelf(part) == 4


def test_a_key_belongs_to_one_account(as_, marge):
    first = send(marge, "/inventory", BRAKE)

    other = send(as_(a_mechanic()), "/inventory", BRAKE)

    assert other.status_code == 201
    assert other.json["id"] != first.json["id"]


def test_whoever_signs_in_again_may_still_repeat(as_):
    boss = a_manager()

    answers = [send(as_(boss), "/inventory", BRAKE) for _ in range(2)]

    assert told(answers[0]) == told(answers[1])


def test_a_stranger_may_repeat_too(client):
    said = {"name": "Alice", "email": "alice@example.com", "password": "a long enough password"}

    answers = [send(client, "/customers", said) for _ in range(2)]

    assert told(answers[0]) == told(answers[1])
    assert answers[0].status_code == 201
    assert rows(Customer) == 1


def test_a_refusal_is_not_kept(marge):
    part, ticket = a_part(1), a_ticket()
    path, said = f"/service-tickets/{ticket.id}/parts/{part.id}", {"quantity_used": 3}
    assert send(marge, path, said).status_code == 409

    marge.patch(f"/inventory/{part.id}/adjust-quantity", json={"adjustment": 2})

    assert send(marge, path, said).status_code == 201
    assert on_shelf(part) == 0


def test_a_body_that_does_not_fit_uses_up_no_key(marge):
    assert send(marge, "/inventory", {"colour": "red"}).status_code == 422

    assert send(marge, "/inventory", BRAKE).status_code == 201


@pytest.mark.parametrize("key", ["", "x" * 256, "é", "a\tb"])
def test_a_key_is_1_to_255_printable_signs(marge, key):
    answer = send(marge, "/inventory", BRAKE, key)

    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json["errors"]] == ["/Idempotency-Key"]
    assert rows(Part) == 0


@pytest.mark.parametrize(("hours", "parts"), [(23, 1), (25, 2)])
def test_an_answer_is_kept_for_a_day(marge, hours, parts):
    send(marge, "/inventory", BRAKE)
    db.session.execute(
        db.update(IdempotencyRecord).values(created_at=utc_now() - timedelta(hours=hours))
    )
    db.session.commit()

    assert send(marge, "/inventory", BRAKE).status_code == 201
    assert rows(Part) == parts


def test_an_old_answer_is_cleared_away(marge):
    send(marge, "/inventory", BRAKE)
    db.session.execute(
        db.update(IdempotencyRecord).values(created_at=utc_now() - timedelta(hours=25))
    )
    db.session.commit()

    send(marge, "/inventory", BRAKE | {"name": "Clutch"}, "another")

    assert rows(IdempotencyRecord) == 1


def test_no_secret_is_kept_for_a_replay(client):
    said = {"name": "Alice", "email": "alice@example.com", "password": "a long enough password"}

    send(client, "/auth/register", said)

    assert rows(IdempotencyRecord) == 0


@pytest.mark.parametrize("first", [BRAKE, BRAKE | {"part_number": "TAKEN"}])
def test_what_follows_a_keyed_request_commits_as_ever(marge, first):
    a_part(part_number="TAKEN")
    send(marge, "/inventory", first)
    before = rows(Part)

    assert marge.post("/inventory", json=BRAKE | {"name": "Clutch"}).status_code == 201

    assert rows(Part) == before + 1


def test_a_key_means_the_same_at_every_path_of_a_route(as_):
    marge, headers = as_(a_manager()), {"Idempotency-Key": "one-part"}
    said = BRAKE | {"part_number": "BRK-1"}
    first = marge.post("/inventory", json=said, headers=headers)
    again = marge.post("/api/inventory/", json=said, headers=headers)
    assert (again.status_code, again.data) == (201, first.data)
