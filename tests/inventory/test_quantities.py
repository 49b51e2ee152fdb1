"""Oil is sold by the quart: quantities have two decimals, those of parts by the piece none."""

from decimal import Decimal

import pytest

from app.blueprints.service_tickets.services import used_parts
from app.database.session import db
from app.models import Part, Unit
from tests.factories import a_line, a_manager, a_mechanic, a_part, a_ticket, on_shelf, saved

OIL = {"name": "Engine oil", "unit": "quart", "price_cents": 995, "current_cost_cents": 480}


def test_a_tank_of_oil_is_bought_used_counted_and_billed_by_the_quart(as_):
    bob, ticket = as_(a_mechanic()), a_ticket()
    oil = bob.post("/inventory", json=OIL | {"quantity_in_stock": 47.5, "reorder_level": 43}).json
    assert (oil["quantity_in_stock"], oil["unit"], oil["low_stock"]) == (47.5, "quart", False)

    at = f"/service-tickets/{ticket.id}/parts/{oil['id']}"
    line = bob.post(at, json={"quantity_used": 4.5, "markup_percentage": 33.33}).json
    assert (line["quantity_used"], line["unit"]) == (4.5, "quart")
    assert (line["unit_price_cents"], line["line_total_cents"]) == (640, 2880)
    assert bob.get(f"/service-tickets/{ticket.id}").json["total_cents"] == 2880

    shelf = bob.get(f"/inventory/{oil['id']}")
    assert (shelf.json["quantity_in_stock"], shelf.json["low_stock"]) == (43, True)
    assert b'"quantity_in_stock":43,' in shelf.data
    ledger = bob.get(f"/inventory/{oil['id']}/movements").json["items"]
    assert [each["quantity"] for each in ledger] == [-4.5, 47.5]
    usage = bob.get(f"/inventory/{oil['id']}/usage").json["items"]
    assert [each["quantity_used"] for each in usage] == [4.5]


def test_ten_times_a_tenth_is_one(as_):
    bob, ticket, oil = as_(a_mechanic()), a_ticket(), a_part(1, unit=Unit.LITER, price_cents=333)
    at = f"/service-tickets/{ticket.id}/parts/{oil.id}"
    for _ in range(10):
        assert bob.post(at, json={"quantity_used": 0.1}).json["line_total_cents"] == 33
    assert on_shelf(oil) == 0
    refused = bob.post(at, json={"quantity_used": 0.01})
    assert (refused.status_code, refused.json["quantity_in_stock"]) == (409, 0)


def test_a_refusal_says_what_is_left_with_its_decimals(as_):
    oil = a_part(Decimal("2.25"), unit=Unit.QUART)
    at = f"/service-tickets/{a_ticket().id}/parts/{oil.id}"
    refused = as_(a_mechanic()).post(at, json={"quantity_used": 2.5}).json
    assert (refused["code"], refused["quantity_in_stock"]) == ("out_of_stock", 2.25)


def test_the_audit_trail_tells_of_decimals(as_):
    marge, oil = as_(a_manager()), a_part(Decimal("2.25"), unit=Unit.QUART)
    marge.patch(f"/inventory/{oil.id}/adjust-quantity", json={"adjustment": 1.25})
    entry = marge.get(f"/audit?entity=part&entity_id={oil.id}").json["items"][0]
    assert (entry["before"], entry["after"]) == (
        {"quantity_in_stock": 2.25},
        {"quantity_in_stock": 3.5},
    )


@pytest.mark.parametrize("quantity", [0, 0.001, 4.555, "4.5", True, -1, 10_000.01, None])
def test_what_is_no_quantity_is_refused(as_, quantity):
    oil = a_part(20, unit=Unit.QUART)
    at = f"/service-tickets/{a_ticket().id}/parts/{oil.id}"
    refused = as_(a_mechanic()).post(at, json={"quantity_used": quantity})
    assert (refused.status_code, refused.json["code"]) == (422, "invalid")
    assert refused.json["errors"][0]["pointer"] == "/quantity_used"
    assert on_shelf(oil) == 20


FREE = {"name": "Pads", "price_cents": 0}


def test_a_part_by_the_piece_comes_whole(as_):
    bob, part, ticket = as_(a_mechanic()), a_part(9), a_ticket()
    shelf, use = f"/inventory/{part.id}", f"/service-tickets/{ticket.id}/parts"
    each = {"part_id": part.id, "quantity_used": 1}
    for method, path, said, pointer in (
        ("POST", "/inventory", FREE | {"quantity_in_stock": 1.5}, "/quantity_in_stock"),
        ("POST", "/inventory", FREE | {"reorder_level": 1.5}, "/reorder_level"),
        ("PATCH", shelf, {"reorder_level": 0.5}, "/reorder_level"),
        ("PATCH", f"{shelf}/adjust-quantity", {"adjustment": 0.5}, "/adjustment"),
        ("PATCH", f"{shelf}/adjust-quantity", {"counted": 8.5}, "/counted"),
        ("POST", f"{use}/{part.id}", {"quantity_used": 0.5}, "/quantity_used"),
        ("POST", use, each | {"quantity_used": 0.5}, "/quantity_used"),
        ("POST", use, {"parts": [each, each | {"quantity_used": 0.5}]}, "/parts/1/quantity_used"),
        ("PUT", f"{use}/{part.id}", {"quantity_used": 1.5}, "/quantity_used"),
    ):
        refused = bob.open(path, method=method, json=said)
        assert refused.status_code == 422, (path, said)
        assert [one["pointer"] for one in refused.json["errors"]] == [pointer]
    assert bob.post(f"{use}/{part.id}", json={"quantity_used": 2.0}).json["quantity_used"] == 2
    assert on_shelf(part) == 7


def test_oil_that_was_kept_by_the_piece_becomes_oil_by_the_quart(as_):
    bob, oil = as_(a_mechanic()), a_part(40)
    bob.post(f"/service-tickets/{a_ticket().id}/parts/{oil.id}", json={"quantity_used": 4})
    changed = bob.patch(f"/inventory/{oil.id}", json={"unit": "quart", "reorder_level": 7.5}).json
    assert (changed["quantity_in_stock"], changed["reorder_level"]) == (36, 7.5)


def test_fractions_on_the_shelf_or_on_a_ticket_keep_the_unit(as_):
    bob, ticket = as_(a_mechanic()), a_ticket()
    oil, coolant = a_part(Decimal("1.5"), unit=Unit.QUART), a_part(9, unit=Unit.LITER)
    for _ in range(2):
        at = f"/service-tickets/{ticket.id}/parts/{coolant.id}"
        bob.post(at, json={"quantity_used": 0.5})
    for part in (oil, coolant):
        refused = bob.patch(f"/inventory/{part.id}", json={"unit": "each"})
        assert (refused.status_code, refused.json["code"]) == (409, "unit_in_use")
    bob.patch(f"/inventory/{oil.id}/adjust-quantity", json={"counted": 2})
    assert bob.patch(f"/inventory/{oil.id}", json={"unit": "each"}).json["unit"] == "each"


def test_a_fraction_that_was_decided_on_before_the_unit_changed_is_refused_by_the_database(
    as_, monkeypatch
):
    """As by somebody who read the part while another changed it."""
    bob, oil, ticket = a_mechanic(), a_part(9, unit=Unit.QUART), a_ticket()
    found = used_parts.find

    def find_then_change(visible, actor, row_id, **how):
        row = found(visible, actor, row_id, **how)
        if isinstance(row, Part):
            db.session.execute(db.update(Part).where(Part.id == row_id).values(unit="each"))
        return row

    monkeypatch.setattr(used_parts, "find", find_then_change)
    at = f"/service-tickets/{ticket.id}/parts/{oil.id}"
    refused = as_(bob).put(at, json={"quantity_used": 4.5})
    assert (refused.status_code, refused.json["code"]) == (409, "conflict")
    assert on_shelf(oil) == 9


def test_a_renamed_unit_is_seen_on_every_ticket_at_once(as_):
    bob, oil, ticket = as_(a_mechanic()), a_part(9), a_ticket()
    bob.post(f"/service-tickets/{ticket.id}/parts/{oil.id}")
    assert bob.get("/service-tickets").json["items"][0]["parts"][0]["unit"] == "each"
    bob.patch(f"/inventory/{oil.id}", json={"unit": "quart"})
    assert bob.get("/service-tickets").json["items"][0]["parts"][0]["unit"] == "quart"


def test_a_list_of_tickets_writes_decimals_as_the_ticket_itself_does(as_):
    oil, ticket = a_part(9, unit=Unit.QUART), a_ticket()
    terms = {"unit_cost_cents": 1, "unit_price_cents": 333}
    saved(a_line(ticket.id, oil.id, quantity=Decimal("4.35"), **terms))
    bob = as_(a_mechanic())
    [listed] = bob.get("/service-tickets").json["items"]
    assert listed == bob.get(f"/service-tickets/{ticket.id}").json
    assert listed["parts"][0]["quantity_used"] == 4.35
    assert listed["total_cents"] == 1449  # 1448.55
