"""The catalogue: public for what a customer may know, the rest for staff."""

import pytest

from tests.factories import a_customer, a_manager, a_mechanic, a_part, a_ticket, on_shelf

PART = {
    "part_number": "BRK-001",
    "name": "Brake Pad Set",
    "current_cost_cents": 4500,
    "quantity_in_stock": 25,
    "reorder_level": 5,
    "supplier": "Parts Warehouse",
}


def test_the_opening_stock_is_the_first_movement(as_):
    marge = as_(a_manager())
    made = marge.post("/inventory", json=PART)
    assert (made.status_code, made.json["quantity_in_stock"]) == (201, 25)
    assert made.headers["Location"] == f"/inventory/{made.json['id']}"
    ledger = marge.get(f"/inventory/{made.json['id']}/movements").json["items"]
    assert [(each["quantity"], each["reason"]) for each in ledger] == [(25, "received")]


def test_without_a_price_it_sells_at_cost_and_without_a_number_it_is_given_one(as_):
    made = as_(a_manager()).post("/inventory", json={"name": "Bolt", "current_cost_cents": 7}).json
    assert made["price_cents"] == 7
    assert made["part_number"] == f"P-{made['id']:06d}"


def test_a_part_number_is_taken_until_its_part_is_retired(as_):
    marge = as_(a_manager())
    made = marge.post("/inventory", json=PART).json
    again = marge.post("/inventory", json=PART)
    assert (again.status_code, again.json["code"]) == (409, "part_number_taken")
    assert marge.delete(f"/inventory/{made['id']}").status_code == 204
    assert marge.post("/inventory", json=PART).status_code == 201


def test_a_number_typed_by_hand_is_no_other_part_s(as_):
    """Whoever typed the number that a new part would get keeps it."""
    marge = as_(a_manager())
    first = marge.post("/inventory", json={"name": "Bolt", "price_cents": 0}).json
    for ending in ("", "-2"):
        number = f"p-{first['id'] + 3:06d}{ending}"
        marge.post("/inventory", json={"part_number": number, "name": "Nut", "price_cents": 0})
    made = marge.post("/inventory", json={"name": "Bolt", "price_cents": 0, "quantity_in_stock": 4})
    assert made.status_code == 201
    assert made.json["part_number"] == f"P-{made.json['id']:06d}-3"
    assert made.json["version"] == 2  # its opening stock
    assert made.json["quantity_in_stock"] == 4
    trail = marge.get(f"/audit?entity=part&entity_id={made.json['id']}").json["items"]
    assert [each["action"] for each in trail] == ["changed", "created"]
    assert trail[-1]["after"]["part_number"] == made.json["part_number"]


@pytest.mark.parametrize(
    "twin",
    ["brk-001", " BRK-001 ", "BRK-001\u200b", "ＢＲＫ-００１"],
)
def test_one_part_number_written_in_two_ways_is_one(as_, twin):
    marge = as_(a_manager())
    made = marge.post("/inventory", json=PART).json
    again = marge.post("/inventory", json=PART | {"part_number": twin})
    assert (again.status_code, again.json["code"]) == (409, "part_number_taken")
    other = marge.post("/inventory", json=PART | {"part_number": "BRK-002"}).json
    change = marge.patch(f"/inventory/{other['id']}", json={"part_number": twin})
    assert (change.status_code, change.json["code"]) == (409, "part_number_taken")
    same = marge.patch(f"/inventory/{made['id']}", json={"part_number": "Brk-001"})
    assert same.json["part_number"] == "Brk-001"


def test_spaces_within_a_number_are_one_space(as_):
    marge = as_(a_manager())
    marge.post("/inventory", json=PART | {"part_number": "BRK 001"})
    for twin in ("BRK  001", "BRK\u00a0001", "brk \u3000 001"):
        assert marge.post("/inventory", json=PART | {"part_number": twin}).status_code == 409
    assert marge.post("/inventory", json=PART | {"part_number": "BRK001"}).status_code == 201


def test_a_number_whose_folded_form_is_long_fits(as_):
    marge, longest = as_(a_manager()), "\ufdfa" * 60
    assert marge.post("/inventory", json=PART | {"part_number": longest}).status_code == 201
    assert marge.post("/inventory", json=PART | {"part_number": longest}).status_code == 409


def test_a_category_is_found_however_it_is_written(as_, client):
    ids = [a_part(category=each).id for each in ("Brake Pads", "brake  pads", "BRAKE PADS")]
    a_part(category="Brakes")
    for asked in ("brake pads", "Brake%20%20Pads", "BRAKE%C2%A0PADS"):
        found = client.get(f"/inventory?category={asked}").json["items"]
        assert [each["id"] for each in found] == ids
    assert [each["category"] for each in found] == ["Brake Pads", "brake  pads", "BRAKE PADS"]
    as_(a_mechanic()).patch(f"/inventory/{ids[0]}", json={"category": None})
    assert len(client.get("/inventory?category=brake pads").json["items"]) == 2


def test_anyone_sees_the_catalogue_and_only_staff_the_figures(as_, client):
    part = a_part(2, reorder_level=5)
    hidden = {"current_cost_cents", "quantity_in_stock", "supplier", "reorder_level", "low_stock"}
    for reader in (client, as_(a_customer())):
        seen = reader.get(f"/inventory/{part.id}").json
        assert seen["in_stock"] is True
        assert not hidden & seen.keys()
        assert reader.get("/inventory").json["items"] == [seen]
    seen = as_(a_mechanic()).get(f"/inventory/{part.id}").json
    assert hidden <= seen.keys()
    assert as_(a_mechanic()).get("/inventory").json["items"] == [seen]


def test_low_stock_is_at_or_below_the_reorder_level(as_):
    low, _enough = a_part(5, reorder_level=5), a_part(6, reorder_level=5)
    bob = as_(a_mechanic())
    assert [each["id"] for each in bob.get("/inventory?low_stock=true").json["items"]] == [low.id]
    assert low.id not in [
        each["id"] for each in bob.get("/inventory?low_stock=false").json["items"]
    ]


def test_searching_by_category_and_words(as_):
    brake = a_part(category="Brakes", name="Ceramic pad")
    a_part(category="Filters")
    bob = as_(a_mechanic())
    for query in ("category=Brakes", "q=ceramic", f"q={brake.part_number.lower()}"):
        found = bob.get(f"/inventory?{query}").json["items"]
        assert [each["id"] for each in found] == [brake.id], query


def test_stock_is_not_among_what_a_change_may_say(as_):
    part = a_part(5)
    answer = as_(a_manager()).put(f"/inventory/{part.id}", json={"quantity_in_stock": 50})
    assert answer.status_code == 422
    assert answer.json["errors"][0]["pointer"] == "/quantity_in_stock"
    assert on_shelf(part) == 5


def test_a_retired_part_is_gone_from_lists_and_kept_on_old_tickets(as_):
    part, ticket, marge = a_part(5), a_ticket(), as_(a_manager())
    marge.post(f"/service-tickets/{ticket.id}/parts/{part.id}")
    assert marge.delete(f"/inventory/{part.id}").status_code == 204
    assert marge.delete(f"/inventory/{part.id}").status_code == 404
    assert marge.get(f"/inventory/{part.id}").status_code == 404
    assert marge.get("/inventory").json["items"] == []
    assert marge.get(f"/service-tickets/{ticket.id}").json["parts"][0]["name"] == part.name
    assert marge.post(f"/service-tickets/{ticket.id}/parts/{part.id}").status_code == 404


def test_the_ledger_of_a_retired_part_stays_readable_to_staff(as_, client):
    part, ticket, bob = a_part(5), a_ticket(), as_(a_mechanic())
    bob.post(f"/service-tickets/{ticket.id}/parts/{part.id}", json={"quantity_used": 2})
    bob.delete(f"/inventory/{part.id}")
    ledger = bob.get(f"/inventory/{part.id}/movements").json["items"]
    assert [each["quantity"] for each in ledger] == [-2, 5]
    assert [each["ticket_id"] for each in bob.get(f"/inventory/{part.id}/usage").json["items"]] == [
        ticket.id
    ]
    assert client.get(f"/inventory/{part.id}").status_code == 404
    assert as_(a_customer()).get(f"/inventory/{part.id}/movements").status_code == 403
    assert bob.get("/inventory/2000000000/movements").status_code == 404


def test_a_part_retired_by_mistake_comes_back_with_its_history(as_, client):
    part, ticket, bob = a_part(5, part_number="BRK-001"), a_ticket(), as_(a_mechanic())
    bob.post(f"/service-tickets/{ticket.id}/parts/{part.id}")
    before = bob.get(f"/inventory/{part.id}").json
    bob.delete(f"/inventory/{part.id}")
    at = f"/inventory/{part.id}/restore"
    assert client.post(at).status_code == 401
    assert as_(a_customer()).post(at).status_code == 403

    back = bob.post(at, headers={"Idempotency-Key": "restored once"})
    assert (back.status_code, back.headers["Location"]) == (201, f"/inventory/{part.id}")
    assert back.json | {"version": 0, "updated_at": ""} == before | {"version": 0, "updated_at": ""}
    assert bob.post(at, headers={"Idempotency-Key": "restored once"}).data == back.data
    assert client.get(f"/inventory/{part.id}").json["in_stock"] is True
    assert len(bob.get(f"/inventory/{part.id}/movements").json["items"]) == 2
    assert bob.post(f"/service-tickets/{ticket.id}/parts/{part.id}").status_code == 201

    again = bob.post(at)  # which changes nothing
    assert (again.status_code, again.json["version"]) == (201, back.json["version"] + 1)
    assert bob.post("/inventory/2000000000/restore").status_code == 404


def test_a_part_comes_back_only_if_its_number_is_free(as_):
    part, bob = a_part(5, part_number="BRK-001"), as_(a_mechanic())
    bob.delete(f"/inventory/{part.id}")
    other = bob.post("/inventory", json=PART | {"part_number": "brk-001"}).json
    refused = bob.post(f"/inventory/{part.id}/restore")
    assert (refused.status_code, refused.json["code"]) == (409, "part_number_taken")
    bob.patch(f"/inventory/{other['id']}", json={"part_number": "BRK-002"})
    assert bob.post(f"/inventory/{part.id}/restore").status_code == 201


def test_usage_names_the_tickets_a_part_went_into(as_):
    part, first, second, bob = a_part(9), a_ticket(), a_ticket(), as_(a_mechanic())
    for ticket in (first, second):
        bob.post(f"/service-tickets/{ticket.id}/parts/{part.id}", json={"quantity_used": 2})
    used = bob.get(f"/inventory/{part.id}/usage").json["items"]
    assert [(each["ticket_id"], each["quantity_used"]) for each in used] == [
        (second.id, 2),
        (first.id, 2),
    ]


def test_customers_do_not_touch_the_shelf(as_, client):
    part, alice = a_part(5), as_(a_customer())
    for path, method in (
        ("/inventory", "POST"),
        (f"/inventory/{part.id}", "PUT"),
        (f"/inventory/{part.id}", "DELETE"),
        (f"/inventory/{part.id}/adjust-quantity", "PATCH"),
        (f"/inventory/{part.id}/movements", "GET"),
        (f"/inventory/{part.id}/usage", "GET"),
    ):
        assert alice.open(path, method=method).status_code == 403
        assert client.open(path, method=method).status_code == 401
