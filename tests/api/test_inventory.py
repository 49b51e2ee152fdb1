"""The catalogue: public for what a customer may know, the rest for staff."""

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
    assert made["part_number"].startswith("P-")


def test_a_part_number_is_taken_until_its_part_is_retired(as_):
    marge = as_(a_manager())
    made = marge.post("/inventory", json=PART).json
    again = marge.post("/inventory", json=PART)
    assert (again.status_code, again.json["code"]) == (409, "part_number_taken")
    assert marge.delete(f"/inventory/{made['id']}").status_code == 204
    assert marge.post("/inventory", json=PART).status_code == 201


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
