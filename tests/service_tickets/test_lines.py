"""Lines of parts: planned, used, returned, and what can't change of them."""

from app.database.session import db
from app.models import Part
from tests.factories import (
    a_part,
    a_ticket,
    on_shelf,
)
from tests.service_tickets.repair_order import added, first_job


def test_a_planned_part_leaves_the_stock_when_it_is_used(bob):
    ticket, part = a_ticket(), a_part(5, price_cents=900)
    [line] = added(bob, ticket, {"kind": "part", "part_id": part.id, "quantity": 3})["lines"]
    assert line["used_at"] is None
    assert on_shelf(part) == 5
    assert bob.get(f"/service-tickets/{ticket.id}").json["parts"] == []

    used = bob.post(f"/lines/{line['id']}/use")
    assert used.status_code == 201
    assert on_shelf(part) == 2
    [shown] = bob.get(f"/service-tickets/{ticket.id}").json["parts"]
    assert (shown["id"], shown["quantity_used"], shown["line_total_cents"]) == (line["id"], 3, 2700)
    assert bob.post(f"/lines/{line['id']}/use").json["code"] == "line_used"

    back = bob.post(f"/lines/{line['id']}/return", json={"quantity": 1}).json
    assert (back["quantity"], on_shelf(part)) == (2, 3)
    assert bob.post(f"/lines/{line['id']}/return", json={"quantity": "1"}).status_code == 422
    again = bob.post(f"/lines/{line['id']}/return").json
    assert (again["quantity"], again["used_at"], on_shelf(part)) == (2, None, 5)
    assert bob.post(f"/lines/{line['id']}/return").json["code"] == "line_not_used"
    assert bob.delete(f"/lines/{line['id']}").status_code == 204


def test_more_than_there_is_stays_planned(bob):
    ticket, part = a_ticket(), a_part(2)
    [line] = added(bob, ticket, {"kind": "part", "part_id": part.id, "quantity": 3})["lines"]
    refused = bob.post(f"/lines/{line['id']}/use")
    assert (refused.status_code, refused.json["code"]) == (409, "out_of_stock")
    assert bob.get(f"/lines/{line['id']}").json["used_at"] is None
    assert on_shelf(part) == 2


def test_only_so_much_of_a_line_comes_back(bob):
    ticket, part = a_ticket(), a_part(2)
    used = bob.post(f"/service-tickets/{ticket.id}/parts/{part.id}").json
    refused = bob.post(f"/lines/{used['id']}/return", json={"quantity": 2})
    assert (refused.json["code"], refused.json["quantity_used"]) == ("too_many_returned", 1)
    assert on_shelf(part) == 1


def test_what_can_not_change_of_a_line_is_refused(bob):
    ticket, part = a_ticket(), a_part(9)
    used = bob.post(f"/service-tickets/{ticket.id}/parts/{part.id}").json
    path = f"/lines/{used['id']}"
    assert bob.patch(path, json={"quantity": 2}).json["code"] == "line_used"
    assert bob.delete(path).json["code"] == "line_used"
    others = {"kind": "labor", "part_id": part.id + 1, "billed_minutes": 5, "unit_cost_cents": 5}
    others["part_number"] = "OTHER"
    for member, value in others.items():
        refused = bob.patch(path, json={member: value})
        assert refused.status_code == 422, (member, refused.json)
        assert refused.json["errors"][0]["pointer"] == f"/{member}"
    assert bob.patch(path, json={"unit_price_cents": 5}).json["amount_cents"] == 5
    whole = bob.get(path).json
    assert bob.put(path, json=whole).json == whole


def test_a_retired_part_is_not_planned(bob):
    part = a_part(5)
    bob.delete(f"/inventory/{part.id}")
    job = first_job(bob, a_ticket())
    refused = bob.post(f"/jobs/{job['id']}/lines", json={"kind": "part", "part_id": part.id})
    assert refused.status_code == 404


def test_a_part_by_the_piece_is_planned_in_whole_numbers(bob):
    part = a_part(5)
    [line] = added(bob, a_ticket(), {"kind": "part", "part_id": part.id})["lines"]
    job = first_job(bob, a_ticket())
    sent = {"kind": "part", "part_id": part.id, "quantity": 0.5}
    assert (
        bob.post(f"/jobs/{job['id']}/lines", json=sent).json["errors"][0]["pointer"] == "/quantity"
    )
    assert bob.patch(f"/lines/{line['id']}", json={"quantity": 0.5}).status_code == 422
    assert db.session.get_one(Part, part.id).quantity_in_stock == 5


def test_cores_come_back_no_more_than_there_are_parts(bob):
    ticket, part = a_ticket(), a_part(9)
    line = {"kind": "part", "part_id": part.id, "quantity": 3, "core_charge_cents": 500}
    [line] = added(bob, ticket, line | {"cores_returned": 3})["lines"]
    bob.post(f"/lines/{line['id']}/use")
    bob.put(f"/service-tickets/{ticket.id}/parts/{part.id}", json={"quantity_used": 2})
    assert bob.get(f"/lines/{line['id']}").json["cores_returned"] == 2
    bob.post(f"/lines/{line['id']}/return", json={"quantity": 1})
    assert bob.get(f"/lines/{line['id']}").json["cores_returned"] == 1


def test_more_of_a_part_joins_no_line_that_is_discounted(bob):
    ticket, part = a_ticket(), a_part(9, price_cents=1_000)
    used = bob.post(f"/service-tickets/{ticket.id}/parts/{part.id}").json
    bob.patch(f"/lines/{used['id']}", json={"discount_percentage": 50})
    bob.put(f"/service-tickets/{ticket.id}/parts/{part.id}", json={"quantity_used": 3})
    lines = first_job(bob, ticket)["lines"]
    assert [(line["quantity"], line["net_cents"]) for line in lines] == [(1, 500), (2, 2_000)]


def test_a_part_that_was_retired_meanwhile_is_not_used(bob):
    part = a_part(5)
    [line] = added(bob, a_ticket(), {"kind": "part", "part_id": part.id})["lines"]
    bob.delete(f"/inventory/{part.id}")
    assert bob.post(f"/lines/{line['id']}/use").status_code == 404
    assert on_shelf(part) == 5


def test_cores_of_a_part_by_the_piece_are_whole_and_end_with_a_full_return(bob):
    part, job = a_part(5), first_job(bob, a_ticket())
    core = {"kind": "part", "part_id": part.id, "quantity": 2, "core_charge_cents": 500}
    refused = bob.post(f"/jobs/{job['id']}/lines", json=core | {"cores_returned": 0.5})
    assert refused.json["errors"][0]["pointer"] == "/cores_returned"
    line = bob.post(f"/jobs/{job['id']}/lines", json=core | {"cores_returned": 1}).json
    path = f"/lines/{line['id']}"
    assert bob.patch(path, json={"cores_returned": 0.5}).status_code == 422
    bob.post(f"{path}/use")
    assert bob.post(f"{path}/return").json["cores_returned"] == 0


def test_more_of_a_part_has_the_warranty_of_the_newest_line(bob):
    ticket, part = a_ticket(), a_part(9)
    used = bob.post(f"/service-tickets/{ticket.id}/parts/{part.id}").json
    bob.patch(f"/lines/{used['id']}", json={"warranty_distance": 12_000})
    bob.put(f"/service-tickets/{ticket.id}/parts/{part.id}", json={"quantity_used": 3})
    [line] = first_job(bob, ticket)["lines"]
    assert (line["quantity"], line["warranty_distance"]) == (3, 12_000)
