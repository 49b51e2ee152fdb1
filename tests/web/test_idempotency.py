"""A write with an Idempotency-Key happens once, however often it is sent, and answers the same."""

import pytest
import sqlalchemy as sa

from app.database.session import db
from app.models import (
    Assignment,
    Customer,
    Mechanic,
    Part,
    ServiceTicket,
    StatusChange,
    TicketLine,
    Vehicle,
)
from app.web.transactions import IdempotencyRecord
from tests.factories import a_customer, a_mechanic, a_part, a_ticket, a_vehicle, on_shelf
from tests.web.keyed import BRAKE, KEY, rows, send, told


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
    return path, {"quantity_used": 2}, TicketLine


def using_several():
    said = {"part_ids": [a_part(9).id, a_part(9).id]}
    return f"/service-tickets/{a_ticket().id}/parts", said, TicketLine


def assigning():
    return "/assignments", {"ticket_id": a_ticket().id, "mechanic_id": a_mechanic().id}, Assignment


ACTS = [taking_in, parking, hiring, opening, moving, stocking, using, using_several, assigning]
every_act = pytest.mark.parametrize("act", ACTS, ids=lambda act: act.__name__)


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


def test_without_a_key_or_with_another_it_is_another_act(marge):
    send(marge, "/inventory", BRAKE)

    marge.post("/inventory", json=BRAKE)
    send(marge, "/inventory", BRAKE, "another")

    assert rows(Part) == 3


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
