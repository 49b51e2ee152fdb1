"""Parts leave the shelf with a line on a ticket and come back with it; the ledger always agrees."""

import pytest

from app.models import TicketStatus
from tests.factories import a_customer, a_manager, a_mechanic, a_part, a_ticket, a_vehicle, on_shelf


def test_using_a_part_bills_it_and_takes_it_off_the_shelf(as_):
    ticket, bob = a_ticket(), a_mechanic()
    part = a_part(3, current_cost_cents=1000, price_cents=1999)
    terms = {
        "quantity_used": 2,
        "markup_percentage": 30.0,
        "warranty_months": 12,
        "installed_by_mechanic_id": bob.id,
    }

    answer = as_(bob).post(f"/service-tickets/{ticket.id}/parts/{part.id}", json=terms)

    assert answer.status_code == 201
    line = answer.json
    assert (line["unit_price_cents"], line["line_total_cents"]) == (1300, 2600)
    assert {name: line[name] for name in terms} == terms
    assert line["installed_by"] == bob.name
    assert on_shelf(part) == 1
    whole = as_(bob).get(f"/service-tickets/{ticket.id}").json
    assert whole["total_cents"] == 2600
    assert (
        whole["parts"]
        == as_(bob).get(f"/service-tickets/{ticket.id}/parts").json["items"]
        == [line]
    )


def test_without_a_markup_it_sells_at_its_own_price(as_):
    part = a_part(1, current_cost_cents=1000, price_cents=1999)
    line = as_(a_mechanic()).post(f"/service-tickets/{a_ticket().id}/parts/{part.id}").json
    assert (line["quantity_used"], line["unit_price_cents"]) == (1, 1999)
    assert line["markup_percentage"] == 99.9


def test_tomorrow_s_price_never_rewrites_yesterday_s_ticket(as_):
    ticket, part, marge = a_ticket(), a_part(3, price_cents=1500), as_(a_manager())
    marge.post(f"/service-tickets/{ticket.id}/parts/{part.id}")
    marge.patch(f"/inventory/{part.id}", json={"price_cents": 9900, "current_cost_cents": 8000})
    line = marge.get(f"/service-tickets/{ticket.id}/parts").json["items"][0]
    assert (line["unit_price_cents"], line["unit_cost_cents"]) == (1500, 1000)


def test_the_customer_sees_the_price_and_not_the_cost(as_):
    alice = a_customer()
    ticket, part = a_ticket(a_vehicle(alice)), a_part(1)
    as_(a_mechanic()).post(f"/service-tickets/{ticket.id}/parts/{part.id}")
    line = as_(alice).get(f"/service-tickets/{ticket.id}/parts").json["items"][0]
    assert line["unit_price_cents"] == 1500
    assert not {"unit_cost_cents", "markup_percentage"} & line.keys()
    assert as_(a_customer()).get(f"/service-tickets/{ticket.id}/parts").status_code == 404


def test_a_part_that_is_not_there_is_neither_billed_nor_taken(as_):
    ticket, part, bob = a_ticket(), a_part(1), as_(a_mechanic())
    answer = bob.post(f"/service-tickets/{ticket.id}/parts/{part.id}", json={"quantity_used": 2})
    assert (answer.status_code, answer.json["code"]) == (409, "out_of_stock")
    assert answer.json["quantity_in_stock"] == 1
    assert on_shelf(part) == 1
    assert bob.get(f"/service-tickets/{ticket.id}/parts").json["items"] == []


def test_several_parts_are_all_or_nothing(as_):
    ticket, few, many, bob = a_ticket(), a_part(1), a_part(9), as_(a_mechanic())
    at = f"/service-tickets/{ticket.id}/parts"
    wanted = [{"part_id": many.id, "quantity_used": 2}, {"part_id": few.id, "quantity_used": 2}]
    assert bob.post(at, json={"parts": wanted}).status_code == 409
    assert (on_shelf(few), on_shelf(many)) == (1, 9)
    wanted[1]["quantity_used"] = 1
    answer = bob.post(at, json={"parts": wanted})
    assert answer.status_code == 201
    assert {line["part_id"] for line in answer.json["items"]} == {few.id, many.id}
    assert (on_shelf(few), on_shelf(many)) == (0, 7)


def test_the_same_part_twice_in_one_request_is_two_of_it(as_):
    ticket, part = a_ticket(), a_part(2)
    at = f"/service-tickets/{ticket.id}/parts"
    answer = as_(a_mechanic()).post(at, json={"part_ids": [part.id, part.id]})
    assert [line["quantity_used"] for line in answer.json["items"]] == [2]
    assert as_(a_mechanic()).post(at, json={"part_ids": [part.id]}).status_code == 409
    assert on_shelf(part) == 0


@pytest.mark.parametrize(
    "said",
    [{}, {"part_id": 1, "part_ids": [1]}, {"part_ids": [1], "quantity_used": 2}],
)
def test_parts_are_named_in_one_way(as_, said):
    at = f"/service-tickets/{a_ticket().id}/parts"
    assert as_(a_mechanic()).post(at, json=said).status_code == 422


def test_a_part_taken_off_a_ticket_is_back_on_the_shelf(as_):
    ticket, part, bob = a_ticket(), a_part(5), as_(a_mechanic())
    at = f"/service-tickets/{ticket.id}/parts/{part.id}"
    bob.post(at, json={"quantity_used": 2})
    bob.post(at)
    assert bob.delete(at).status_code == 204
    assert on_shelf(part) == 5
    assert bob.delete(at).status_code == 404
    ledger = bob.get(f"/inventory/{part.id}/movements?sort=id").json["items"]
    assert [(each["quantity"], each["reason"]) for each in ledger] == [
        *((5, "received"), (-2, "used"), (-1, "used"), (3, "returned")),
    ]
    assert {each["ticket_id"] for each in ledger[1:]} == {ticket.id}


def test_an_adjustment_says_what_was_there_and_what_is(as_):
    part, bob = a_part(5), a_mechanic()
    at = f"/inventory/{part.id}/adjust-quantity"
    answer = as_(bob).patch(at, json={"adjustment": -2, "reason": "Two were cracked"}).json
    assert (answer["previous_quantity"], answer["new_quantity"]) == (5, 3)
    as_(bob).patch(at, json={"adjustment": 10, "reason": "received"})
    refused = as_(bob).patch(at, json={"adjustment": -14})
    assert (refused.status_code, refused.json["code"]) == (409, "out_of_stock")
    assert on_shelf(part) == 13
    newest, older = as_(bob).get(f"/inventory/{part.id}/movements").json["items"][:2]
    assert (newest["reason"], newest["note"], newest["moved_by"]) == ("received", None, bob.name)
    assert (older["reason"], older["note"]) == ("adjusted", "Two were cracked")


def test_a_count_is_a_movement_by_the_difference(as_):
    part, bob = a_part(20), as_(a_mechanic())
    at = f"/inventory/{part.id}/adjust-quantity"
    answer = bob.patch(at, json={"counted": 17, "reason": "Half-year stocktaking"})
    assert [answer.json[name] for name in ("adjustment", "previous_quantity", "new_quantity")] == [
        *(-3, 20, 17),
    ]
    assert bob.patch(at, json={"counted": 18, "reason": "counted"}).json["adjustment"] == 1
    before = bob.get(f"/inventory/{part.id}").headers["ETag"]
    same = bob.patch(at, json={"counted": 18})
    assert (same.status_code, same.json["adjustment"], same.json["new_quantity"]) == (200, 0, 18)
    assert bob.get(f"/inventory/{part.id}").headers["ETag"] == before
    assert bob.patch(at, json={"counted": 0, "reason": "received"}).json["new_quantity"] == 0
    ledger = bob.get(f"/inventory/{part.id}/movements").json["items"]
    assert [(each["quantity"], each["reason"], each["note"]) for each in ledger[:3]] == [
        (-18, "counted", "received"),
        (1, "counted", None),
        (-3, "counted", "Half-year stocktaking"),
    ]
    assert on_shelf(part) == 0


@pytest.mark.parametrize("said", [{}, {"counted": 5, "adjustment": 1}, {"counted": -1}])
def test_the_shelf_is_corrected_in_one_way(as_, said):
    part = a_part(5)
    refused = as_(a_mechanic()).patch(f"/inventory/{part.id}/adjust-quantity", json=said)
    assert (refused.status_code, refused.json["code"]) == (422, "invalid")
    assert on_shelf(part) == 5


def test_a_shelf_has_an_end(as_):
    part = a_part(999_999_999)
    at = f"/inventory/{part.id}/adjust-quantity"
    answer = as_(a_manager()).patch(at, json={"adjustment": 2})
    assert (answer.status_code, answer.json["code"]) == (409, "stock_too_high")
    assert on_shelf(part) == 999_999_999


def test_the_parts_of_a_cancelled_ticket_can_come_back(as_):
    ticket, part, marge = a_ticket(), a_part(5), as_(a_manager())
    at = f"/service-tickets/{ticket.id}"
    marge.post(f"{at}/parts/{part.id}")
    marge.post(f"{at}/transitions", json={"to": "cancelled"})
    assert marge.post(f"{at}/parts/{part.id}").status_code == 409
    assert marge.delete(f"{at}/parts/{part.id}").status_code == 204
    assert on_shelf(part) == 5


@pytest.mark.parametrize("status", ["ready", "invoiced", "closed"])
def test_those_of_a_finished_one_cannot(as_, status):
    at = f"/service-tickets/{a_ticket(status=TicketStatus(status)).id}"
    assert as_(a_manager()).delete(f"{at}/parts/{a_part(1).id}").status_code == 409
