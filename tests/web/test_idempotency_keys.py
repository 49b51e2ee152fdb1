"""What an Idempotency-Key belongs to, how it is written, and how long its answer is kept."""

from datetime import timedelta

import pytest

from app.clock import utc_now
from app.database.session import db
from app.models import Customer, Part
from app.web.transactions import IdempotencyRecord
from tests.factories import a_manager, a_mechanic, a_part, a_ticket, on_shelf
from tests.web.keyed import BRAKE, KEY, rows, send, told


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


def test_a_key_means_the_same_at_every_path_of_a_route(as_):
    marge, headers = as_(a_manager()), {"Idempotency-Key": "one-part"}
    said = BRAKE | {"part_number": "BRK-1"}
    first = marge.post("/inventory", json=said, headers=headers)
    again = marge.post("/api/inventory/", json=said, headers=headers)
    assert (again.status_code, again.data) == (201, first.data)
