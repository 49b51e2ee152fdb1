"""What clients of earlier systems ask for is done: several things in one call, and at paths of their own."""

import pytest

from app.web.deprecated_paths import HEADERS
from tests.factories import (
    PASSWORD,
    a_customer,
    a_manager,
    a_mechanic,
    a_part,
    a_ticket,
    a_vehicle,
    an_assignment,
)

pytestmark = pytest.mark.one_database  # what the web layer does is the same on both


@pytest.mark.parametrize("sent", [{"part_ids": []}, {"parts": []}, {"parts": [], "part_ids": []}])
def test_no_parts_at_all_are_used_without_harm(as_, sent):
    answer = as_(a_mechanic()).post(f"/service-tickets/{a_ticket().id}/parts", json=sent)
    assert (answer.status_code, answer.json["items"]) == (201, [])


def test_empty_lists_do_no_harm_to_a_ticket(as_):
    alice = a_customer()
    car, nothing = a_vehicle(alice), {"mechanic_ids": [], "inventory_items": []}
    opened = as_(alice).post(
        "/service-tickets", json={"vehicle_id": car.id, "description": "Rattle"} | nothing
    )
    assert (opened.status_code, opened.json["mechanics"]) == (201, [])
    names = ("add_ids", "remove_ids", "add_parts", "add_part_ids", "remove_part_ids")
    lists = {name: [] for name in names}
    at = f"/service-tickets/{opened.json['id']}"
    assert as_(a_mechanic()).put(at, json=lists).status_code == 200
    assert as_(a_mechanic()).put(f"{at}/edit", json=lists).status_code == 200


def test_only_the_shop_puts_a_crew_and_parts_on_a_new_ticket(as_):
    alice, bob = a_customer(), a_mechanic()
    car = a_vehicle(alice)
    for work in ({"mechanic_ids": [bob.id]}, {"add_parts": [{"part_id": a_part(1).id}]}):
        sent = {"vehicle_id": car.id, "problem_description": "Rattle"} | work
        assert as_(alice).post("/service-tickets", json=sent).status_code == 403
    assert as_(alice).get("/service-tickets").json["items"] == []


def test_parts_and_a_move_are_one_act_or_none(as_):
    ticket, part, bob = a_ticket(), a_part(1), as_(a_mechanic())
    at = f"/service-tickets/{ticket.id}"
    sent = {"add_parts": [{"part_id": part.id, "quantity_used": 1}], "priority": 1}

    illegal = bob.put(at, json=sent | {"status": "closed"})
    assert (illegal.status_code, illegal.json["code"]) == (409, "illegal_transition")
    assert bob.get(f"/inventory/{part.id}").json["quantity_in_stock"] == 1

    tag = {"If-Match": bob.get(at).headers["ETag"]}
    done = bob.put(at, json=sent | {"status": "in_progress"}, headers=tag)
    assert (done.json["status"], done.json["priority"], len(done.json["parts"])) == (
        *("in_progress", 1, 1),
    )
    assert bob.put(at, json=sent, headers=tag).status_code == 412


def test_staff_ask_what_there_are_few_of(as_, client):
    few, _many = a_part(4, reorder_level=0), a_part(5, reorder_level=9)
    found = as_(a_mechanic()).get("/inventory?quantity_below=5").json["items"]
    assert [part["id"] for part in found] == [few.id]
    for somebody in (client, as_(a_customer())):
        answer = somebody.get("/inventory?quantity_below=5")
        assert (answer.status_code, answer.json["code"]) == (403, "forbidden")


def test_a_mechanic_shows_how_many_tickets_are_theirs(as_):
    bob, marge = a_mechanic(), as_(a_manager())
    assert marge.get(f"/mechanics/{bob.id}").json["ticket_count"] == 0
    for _ in range(2):
        ticket = a_ticket()
        marge.put(f"/service-tickets/{ticket.id}/assign-mechanic/{bob.id}")
    assert marge.get(f"/mechanics/{bob.id}").json["ticket_count"] == 2


def test_a_cache_buster_is_nothing(as_):
    marge = as_(a_manager())
    for _ in range(3):
        a_customer()
    plain = marge.get("/customers?per_page=1&sort=name")
    for query in (
        "per_page=1&sort=name&_=17",
        "_=17&per_page=1&sort=name",
        "per_page=1&_=1&sort=name",
    ):
        answer = marge.get(f"/customers?{query}")
        assert (answer.json, answer.headers["Link"]) == (plain.json, plain.headers["Link"])
        assert answer.headers["ETag"] == plain.headers["ETag"]
    assert marge.get("/auth/me?_=17").status_code == 200
    assert marge.get("/auth/me?_=17&x_=1").status_code == 422
    assert marge.put(f"/inventory/{a_part().id}?_=17", json={"name": "Pad"}).status_code == 422


def test_a_customer_is_changed_and_erased_by_its_token_alone(as_, client):
    alice = a_customer(PASSWORD)
    by_alice = as_(alice)
    changed = by_alice.put("/customers", json={"phone": "555", "password": PASSWORD})
    assert changed.json == by_alice.get(f"/customers/{alice.id}").json
    assert changed.headers["Deprecation"] == HEADERS["Deprecation"]
    assert f"</customers/{alice.id}>" in changed.headers["Link"]
    assert by_alice.put("/customers", json=changed.json).status_code == 200

    other = by_alice.put("/customers", json={"phone": "1", "password": "another long password"})
    assert (other.status_code, other.json["code"]) == (403, "forbidden")
    assert by_alice.get(f"/customers/{alice.id}").json["phone"] == "555"
    assert as_(a_manager()).put("/customers", json={"phone": "1"}).status_code == 403
    assert client.put("/customers", json={"phone": "1"}).status_code == 401

    assert by_alice.delete("/customers").status_code == 204
    assert by_alice.get("/auth/me").status_code == 401


def test_nobody_guesses_a_password_with_a_token_that_was_found(as_):
    alice = a_customer(PASSWORD)
    client = as_(alice)
    for path in ("/customers", f"/customers/{alice.id}"):
        for _ in range(3):
            client.put(path, json={"password": "a guess that is wrong"})
    answer = client.put("/customers", json={"password": PASSWORD})
    assert (answer.status_code, answer.json["code"]) == (429, "too_many_attempts")


def test_a_vehicle_of_somebody_else_is_not_at_this_customer_s_path(as_):
    alice, charlie = a_customer(), a_customer()
    car, marge = a_vehicle(alice), as_(a_manager())
    wrong = f"/customers/{charlie.id}/vehicles/{car.id}"
    assert marge.get(wrong).status_code == 404
    assert marge.put(wrong, json={"color": "red"}).status_code == 404
    assert marge.delete(wrong).status_code == 404
    right = f"/customers/{alice.id}/vehicles/{car.id}"
    assert as_(charlie).get(right).status_code == 404
    assert as_(alice).get(right).json == as_(alice).get(f"/vehicles/{car.id}").json
    given = marge.put(right, json={"customer_id": charlie.id})
    assert given.json["customer_id"] == charlie.id
    assert f"</vehicles/{car.id}>" in given.headers["Link"]


def test_a_mechanic_sees_and_changes_where_they_live(as_):
    bob, pat = a_mechanic(), a_mechanic()
    changed = as_(bob).put(f"/mechanics/{bob.id}", json={"address": "1 Elm St"})
    assert changed.json["address"] == "1 Elm St"
    assert as_(pat).get(f"/mechanics/{bob.id}").json["address"] == "1 Elm St"
    assert "address" not in as_(a_customer()).get(f"/mechanics/{bob.id}").json
    assert as_(pat).put(f"/mechanics/{bob.id}", json={"address": "2"}).status_code == 403


def test_taking_a_mechanic_off_twice_is_a_404(as_):
    ticket, bob = a_ticket(), a_mechanic()
    an_assignment(ticket, bob)
    at = f"/service-tickets/{ticket.id}/remove-mechanic/{bob.id}"
    client = as_(bob)
    assert [client.delete(at).status_code for _ in range(2)] == [204, 404]
    assert "Deprecation" in client.delete(at).headers
    assert "Deprecation" not in client.put(at).headers
