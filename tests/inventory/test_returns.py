"""What went into a ticket by mistake comes back: some of it, one line of it, or all."""

import pytest

from app.models import Unit
from tests.factories import a_manager, a_mechanic, a_part, a_ticket, on_shelf


@pytest.fixture
def used(as_):
    """A part of which 2 and then 3, at another price, are on a ticket, and 5 on the shelf."""
    bob, ticket, part = as_(a_mechanic()), a_ticket(), a_part(10)
    at = f"/service-tickets/{ticket.id}/parts/{part.id}"
    bob.post(at, json={"quantity_used": 2})
    bob.post(at, json={"quantity_used": 3, "unit_price_cents": 0})
    return bob, ticket, part, at


def lines(bob, ticket):
    found = bob.get(f"/service-tickets/{ticket.id}/parts").json["items"]
    return [(line["quantity_used"], line["unit_price_cents"]) for line in found]


@pytest.mark.parametrize(
    ("quantity", "left"),
    [
        (1, [(2, 1500), (2, 0)]),
        (3, [(2, 1500)]),
        (4, [(1, 1500)]),
        (5, []),
    ],
)
@pytest.mark.parametrize("where", ["query_string", "json"])
def test_so_many_come_back_from_the_newest_line_on(used, quantity, left, where):
    bob, ticket, part, at = used
    assert bob.delete(at, **{where: {"quantity": quantity}}).status_code == 204
    assert lines(bob, ticket) == left
    assert on_shelf(part) == 5 + quantity
    newest = bob.get(f"/inventory/{part.id}/movements").json["items"][0]
    assert (newest["quantity"], newest["reason"]) == (quantity, "returned")


def test_one_of_two_lines_comes_back_whole_or_in_part(used):
    bob, ticket, part, at = used
    older = bob.get(f"/service-tickets/{ticket.id}/parts").json["items"][0]["id"]
    assert bob.delete(f"{at}?line_id={older}&quantity=1").status_code == 204
    assert lines(bob, ticket) == [(1, 1500), (3, 0)]
    assert bob.delete(at, json={"line_id": older}).status_code == 204
    assert lines(bob, ticket) == [(3, 0)]
    assert bob.delete(f"{at}?line_id={older}").status_code == 404
    assert on_shelf(part) == 7


def test_more_than_there_are_is_refused(used):
    bob, ticket, part, at = used
    newest = bob.get(f"/service-tickets/{ticket.id}/parts").json["items"][1]["id"]
    for query, there in (("quantity=6", 5), (f"quantity=4&line_id={newest}", 3)):
        refused = bob.delete(f"{at}?{query}")
        assert (refused.status_code, refused.json["code"]) == (409, "too_many_returned")
        assert refused.json["quantity_used"] == there
    assert (lines(bob, ticket), on_shelf(part)) == ([(2, 1500), (3, 0)], 5)


@pytest.mark.parametrize(
    ("said", "pointer"),
    [
        ({"quantity": 0}, "/quantity"),
        ({"quantity": 0.5}, "/quantity"),
        ({"quantity": "two"}, "/quantity"),
        ({"line_id": 0}, "/line_id"),
        ({"amount": 2}, "/amount"),
    ],
)
def test_nothing_that_is_sent_with_it_is_dropped(used, said, pointer):
    bob, _ticket, part, at = used
    for where in ("query_string", "json"):
        refused = bob.delete(at, **{where: said})
        assert [each["pointer"] for each in refused.json["errors"]] == [pointer]
    assert on_shelf(part) == 5


def test_half_a_quart_comes_back(as_):
    bob, ticket, oil = as_(a_mechanic()), a_ticket(), a_part(9, unit=Unit.QUART)
    at = f"/service-tickets/{ticket.id}/parts/{oil.id}"
    bob.post(at, json={"quantity_used": 4.5})
    assert bob.delete(f"{at}?quantity=0.5").status_code == 204
    assert bob.get(f"/service-tickets/{ticket.id}").json["parts"][0]["quantity_used"] == 4
    assert on_shelf(oil) == 5


def test_some_come_back_from_a_cancelled_ticket_and_none_from_a_closed_one(as_):
    marge, ticket, part = as_(a_manager()), a_ticket(), a_part(5)
    at = f"/service-tickets/{ticket.id}"
    marge.post(f"{at}/parts/{part.id}", json={"quantity_used": 3})
    marge.post(f"{at}/transitions", json={"to": "cancelled"})
    assert marge.delete(f"{at}/parts/{part.id}?quantity=1").status_code == 204
    assert marge.put(f"{at}/parts/{part.id}", json={"quantity_used": 0}).status_code == 409
    assert on_shelf(part) == 3


def test_a_retired_part_comes_back_too(used):
    bob, _ticket, part, at = used
    bob.delete(f"/inventory/{part.id}")
    assert bob.delete(f"{at}?quantity=1").status_code == 204
    assert bob.put(at, json={"quantity_used": 1}).json["parts"][0]["quantity_used"] == 1
    assert bob.put(at, json={"quantity_used": 2}).status_code == 404
    assert on_shelf(part) == 9


@pytest.mark.parametrize(
    ("quantity", "left"),
    [
        (7, [(2, 1500), (3, 0), (2, 1500)]),
        (5, [(2, 1500), (3, 0)]),
        (4, [(2, 1500), (2, 0)]),
        (1, [(1, 1500)]),
        (0, []),
    ],
)
def test_the_quantity_of_a_part_is_set_in_one_act(used, quantity, left):
    bob, _ticket, part, at = used
    answer = bob.put(at, json={"quantity_used": quantity})
    assert answer.status_code == 200
    assert [
        (each["quantity_used"], each["unit_price_cents"]) for each in answer.json["parts"]
    ] == left
    assert bob.put(at, json={"quantity_used": quantity}).json == answer.json  # no new version
    assert on_shelf(part) == 10 - quantity


def test_more_on_the_same_terms_is_one_line(as_):
    bob, ticket, part = a_mechanic(), a_ticket(), a_part(10)
    at = f"/service-tickets/{ticket.id}/parts/{part.id}"
    terms = {"warranty_months": 12, "installed_by_mechanic_id": bob.id}
    as_(bob).put(at, json={"quantity_used": 2} | terms)
    parts = as_(bob).put(at, json={"quantity_used": 5}).json["parts"]
    assert [(each["quantity_used"], each["warranty_months"]) for each in parts] == [(5, 12)]
    assert parts[0]["line_total_cents"] == 7500
    as_(bob).patch(f"/inventory/{part.id}", json={"price_cents": 1600})
    parts = as_(bob).put(at, json={"quantity_used": 6}).json["parts"]
    assert [(each["quantity_used"], each["unit_price_cents"]) for each in parts] == [
        (5, 1500),
        (1, 1600),
    ]
    movements = as_(bob).get(f"/inventory/{part.id}/movements").json["items"]
    assert [each["quantity"] for each in movements] == [-1, -3, -2, 10]


def test_more_than_the_shelf_holds_sets_nothing(used):
    bob, ticket, part, at = used
    refused = bob.put(at, json={"quantity_used": 11})
    assert (refused.status_code, refused.json["code"]) == (409, "out_of_stock")
    assert (lines(bob, ticket), on_shelf(part)) == ([(2, 1500), (3, 0)], 5)


def test_terms_say_nothing_where_less_is_used(used):
    bob, ticket, _part, at = used
    refused = bob.put(at, json={"quantity_used": 1, "markup_percentage": 30})
    assert [each["pointer"] for each in refused.json["errors"]] == ["/markup_percentage"]
    assert lines(bob, ticket) == [(2, 1500), (3, 0)]


def test_a_price_by_hand_is_the_price(as_):
    bob, ticket = as_(a_mechanic()), a_ticket()
    part = a_part(9, current_cost_cents=1000, price_cents=1500)
    at = f"/service-tickets/{ticket.id}/parts"
    goodwill = bob.post(f"{at}/{part.id}", json={"unit_price_cents": 0, "quantity_used": 2}).json
    assert (goodwill["unit_price_cents"], goodwill["line_total_cents"]) == (0, 0)
    assert (goodwill["unit_cost_cents"], goodwill["markup_percentage"]) == (1000, -100)
    several = {"parts": [{"part_id": part.id, "unit_price_cents": 1250}, {"part_id": part.id}]}
    items = bob.post(at, json=several).json["items"]
    assert [(each["unit_price_cents"], each["markup_percentage"]) for each in items] == [
        (1250, 25),
        (1500, 50),
    ]
    both = bob.post(f"{at}/{part.id}", json={"unit_price_cents": 0, "markup_percentage": 10})
    assert [each["pointer"] for each in both.json["errors"]] == ["/unit_price_cents"]
    assert on_shelf(part) == 5


def test_a_return_is_refused_to_whoever_saw_an_earlier_ticket(used):
    bob, ticket, part, at = used
    tag = bob.get(f"/service-tickets/{ticket.id}").headers["ETag"]
    bob.delete(f"{at}?quantity=1")
    for method, said in (("DELETE", {"quantity": 1}), ("PUT", {"quantity_used": 9})):
        refused = bob.open(at, method=method, json=said, headers={"If-Match": tag})
        assert refused.status_code == 412
    assert on_shelf(part) == 6
