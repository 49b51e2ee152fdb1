"""What members may be called: older names, halves of a name, amounts, and what was meant by a wrong one."""

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


def refused(answer):
    assert (answer.status_code, answer.json["code"]) == (422, "invalid"), answer.json
    return {error["pointer"]: error["detail"] for error in answer.json["errors"]}


@pytest.mark.parametrize("name", ["VIN", "Vin", "vIn"])
def test_an_older_name_is_taken_in_any_case(as_, name):
    alice = a_customer()
    made = as_(alice).post(f"/customers/{alice.id}/vehicles", json={name: "1HGCM82633A004352"})
    assert made.json["vin"] == "1HGCM82633A004352"


def test_today_s_names_are_taken_as_they_are_written(as_):
    answer = as_(a_manager()).post("/inventory", json={"Name": "Pad", "price_cents": 1})
    assert refused(answer)["/Name"] == "Unknown field; did you mean `name`?"


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"price": 1, "price_cents": 100}, {"/price": "`price_cents` and `price` mean the same"}),
        ({"sku": "A", "part_number": "A"}, {"/sku": "`part_number` and `sku` mean the same"}),
        ({"SKU": "A", "sku": "A"}, {"/SKU": "`SKU` and `sku` mean the same"}),
    ],
)
def test_two_names_for_one_thing_are_refused_by_both_names(as_, sent, told):
    answer = as_(a_manager()).put(f"/inventory/{a_part().id}", json=sent)
    for pointer, why in told.items():
        assert refused(answer)[pointer].startswith(why)


@pytest.mark.parametrize(
    ("price", "cents"),
    [
        ("23.99", 2399),
        ('"23.99"', 2399),
        ("0", 0),
        ("0.29", 29),
        ('" 7 "', 700),
        ("1e2", 10_000),
        ("8.1", 810),
        ("1000000", 100_000_000),
        ("23.990000000000000000000000000000", 2399),
    ],
)
def test_a_price_is_read_exactly(as_, price, cents):
    body = f'{{"name": "Pad", "price": {price}}}'
    made = as_(a_manager()).post("/inventory", data=body, content_type="application/json")
    assert made.json["price_cents"] == cents


@pytest.mark.parametrize(
    "price",
    [
        *("23.999", "23.990000000000000000000000000001", "0.001", "1e-999999", "1000000.01"),
        *("-1", '"-1"', '"$5"', '"1,50"', '""', '"1e2"', '"\u0663"', "true", "[1]", "null", "1e30"),
    ],
)
def test_what_is_no_price_is_refused_where_it_was_sent(as_, price):
    body = f'{{"name": "Pad", "price": {price}}}'.encode()
    answer = as_(a_manager()).post("/inventory", data=body, content_type="application/json")
    assert refused(answer).keys() == {"/price"}


@pytest.mark.parametrize(
    ("was", "sent", "becomes"),
    [
        ("Mary Ann Quimby", {"first_name": "Marie"}, "Marie Ann Quimby"),
        ("Mary Ann Quimby", {"last_name": "Hall"}, "Mary Hall"),
        ("Mary Quimby", {"Last_Name": " Hall "}, "Mary Hall"),
        ("Acme", {"first_name": "Best"}, "Best"),
        ("Acme", {"last_name": "Garage"}, "Acme Garage"),
        ("Mary Quimby", {"first_name": "Jo", "last_name": "Hall"}, "Jo Hall"),
    ],
)
def test_half_a_name_changes_that_half(as_, was, sent, becomes):
    alice, bob = a_customer(name=was), a_mechanic(name=was)
    marge = as_(a_manager())
    for path in (f"/customers/{alice.id}", f"/mechanics/{bob.id}"):
        assert marge.put(path, json=sent).json["name"] == becomes


def test_halves_that_are_too_long_together_are_refused(as_):
    alice = a_customer(name=f"Mary {'Q' * 110}")
    answer = as_(alice).put(f"/customers/{alice.id}", json={"first_name": "M" * 40})
    assert refused(answer).keys() == {"/name"}


@pytest.mark.parametrize("half", ["first_name", "last_name"])
def test_half_a_name_makes_no_new_person(as_, half):
    answer = as_(a_mechanic()).post("/customers", json={half: "Mary"})
    assert refused(answer) == {f"/{half}": "Half a name; send the other half with it."}


@pytest.mark.parametrize(
    ("sent", "becomes"),
    [
        ({"title": "Brakes", "description": "They grind"}, "Brakes: They grind"),
        ({"title": "Brakes", "problem_description": "They grind"}, "Brakes: They grind"),
        ({"title": "Brakes"}, "Brakes"),
        ({"title": None, "description": "They grind"}, "They grind"),
        ({"title": " ", "service_desc": "They grind"}, "They grind"),
    ],
)
def test_a_title_goes_in_front_of_the_description(as_, sent, becomes):
    car = a_vehicle(a_customer())
    answer = as_(a_mechanic()).post("/service-tickets", json=sent | {"vehicle_id": car.id})
    assert answer.json["problem_description"] == becomes


def test_a_title_alone_does_not_take_the_place_of_a_description(as_):
    answer = as_(a_mechanic()).put(f"/service-tickets/{a_ticket().id}", json={"title": "Brakes"})
    assert refused(answer).keys() == {"/title"}


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("unit_price", "did you mean `price_cents`, whole cents?"),
        ("cost", "did you mean `current_cost_cents`, whole cents?"),
        ("stock", "the stock moves by PATCH /inventory/{part_id}/adjust-quantity"),
        ("catagory", "did you mean `category`?"),
    ],
)
def test_an_unknown_member_is_told_what_to_do_instead(as_, name, hint):
    answer = as_(a_manager()).put(f"/inventory/{a_part().id}", json={name: 1})
    assert refused(answer) == {f"/{name}": f"Unknown field; {hint}"}


def test_of_five_thousand_unknown_members_a_hundred_are_named_at_once(as_):
    sent = {f"categori{n}": 1 for n in range(5000)}
    answer = as_(a_manager()).put(f"/inventory/{a_part().id}", json=sent)
    told = refused(answer)
    assert told.pop("") == "4900 more places don't fit."
    assert told.keys() == {f"/categori{n}" for n in range(100)}


def test_what_has_no_home_here_is_named_and_not_kept(as_):
    marge = as_(a_manager())
    sent = {"name": "Bob", "email": "bob@example.com", "hourly_rate": 30, "Hire_Date": "2026-01-01"}

    answer = marge.post("/mechanics", json=sent, headers={"Idempotency-Key": "bob"})
    again = marge.post("/mechanics", json=sent, headers={"Idempotency-Key": "bob"})

    assert answer.headers["Ignored-Members"] == "hourly_rate, Hire_Date"
    assert again.headers["Ignored-Members"] == answer.headers["Ignored-Members"]
    assert not answer.json.keys() & {"hourly_rate", "hire_date", "Hire_Date"}
    assert "Ignored-Members" not in marge.get(answer.headers["Location"]).headers


def test_a_kept_answer_still_names_what_was_ignored(as_):
    bob = as_(a_mechanic())
    for _ in range(2):
        answer = bob.get("/assignments?date_assigned=2026-01-01")
        assert answer.headers["Ignored-Members"] == "date_assigned"


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


def test_a_part_without_a_number_gets_one_from_its_id(as_):
    marge = as_(a_manager())
    made = marge.post("/inventory", json={"name": "Bolt", "price_cents": 0}).json
    assert made["part_number"] == f"P-{made['id']:06d}"
    assert marge.get(f"/inventory/{made['id']}").json["part_number"] == made["part_number"]


def test_a_new_part_says_a_price_or_a_cost(as_):
    marge = as_(a_manager())
    assert refused(marge.post("/inventory", json={"name": "Bolt"})).keys() == {"/price_cents"}
    for said in ({"price_cents": 0}, {"current_cost_cents": 0}, {"price": 0}):
        assert marge.post("/inventory", json={"name": "Bolt"} | said).status_code == 201


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
