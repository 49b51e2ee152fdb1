"""What members may be called: older names, halves of a name, amounts, and what was meant by a wrong one."""

import pytest

from tests.factories import a_customer, a_manager, a_mechanic, a_part, a_ticket, a_vehicle

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
