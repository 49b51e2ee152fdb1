"""What a line of each kind has, and how its price is made."""

import pytest

from app.database.session import db
from app.models import Shop
from app.models.shop import SHOP
from tests.factories import (
    a_part,
    a_ticket,
    saved,
)
from tests.service_tickets.repair_order import LABOR, added, first_job


def test_labor_is_at_the_rate_of_the_shop_unless_it_says_another(bob):
    shop = db.session.get_one(Shop, SHOP)
    shop.labor_rate_cents = 12_000
    saved(shop)
    ticket = a_ticket()
    job = added(bob, ticket, {"kind": "labor", "billed_minutes": 20}, LABOR, name="Brakes")
    at_rate, named = job["lines"]
    assert (at_rate["name"], at_rate["rate_cents"], at_rate["amount_cents"]) == (
        "Brakes",
        12_000,
        4_000,
    )
    assert (named["name"], named["amount_cents"]) == ("Replace pads", 15_000)

    shop.labor_rate_cents = 1
    saved(shop)
    assert bob.get(f"/lines/{at_rate['id']}").json["amount_cents"] == 4_000
    flat = bob.patch(f"/lines/{named['id']}", json={"flat_price_cents": 9_900}).json
    assert (flat["amount_cents"], flat["billed_minutes"]) == (9_900, 90)


def test_the_price_of_goods_is_by_hand_by_markup_or_by_the_matrix(bob):
    shop = db.session.get_one(Shop, SHOP)
    shop.markup_matrix = [
        {"up_to_cents": 500, "markup_bps": 10_000},
        {"up_to_cents": None, "markup_bps": 5_000},
    ]
    saved(shop)
    part = a_part(name="Hose", current_cost_cents=1_000, price_cents=2_222)
    bought = {"kind": "part", "name": "Hose", "part_number": "H-1", "unit_cost_cents": 1_000}
    shelf = {"kind": "part", "part_id": part.id}
    ways = [
        (shelf, 2_222, "catalog", 122.2),
        (shelf | {"price_source": "matrix"}, 1_750, "matrix", 75.0),
        (bought | {"price_source": "matrix"}, 1_750, "matrix", 75.0),
        (bought | {"markup_percentage": 33.33}, 1_333, "markup", 33.33),
        (bought | {"unit_price_cents": 1_500}, 1_500, "manual", 50.0),
    ]
    lines = added(bob, a_ticket(), *(line for line, *_ in ways))["lines"]
    for line, (_, price, source, markup) in zip(lines, ways, strict=True):
        assert (line["unit_price_cents"], line["price_source"]) == (price, source)
        assert line["markup_percentage"] == markup

    by_hand = bob.patch(f"/lines/{lines[0]['id']}", json={"unit_price_cents": 2_000}).json
    assert (by_hand["price_source"], by_hand["markup_percentage"]) == ("manual", 100.0)
    by_matrix = bob.patch(f"/lines/{lines[0]['id']}", json={"price_source": "matrix"}).json
    assert (by_matrix["unit_price_cents"], by_matrix["price_source"]) == (1_750, "matrix")


SUBLET = {"kind": "sublet", "name": "Towing", "unit_price_cents": 5}


NO_PRICE = {"unit_price_cents": ...}


PART = {"kind": "part", "name": "Hose", "part_number": "H-1", "unit_price_cents": 5}


@pytest.mark.parametrize(
    ("line", "pointer"),
    [
        ({}, "/kind"),
        ({"kind": "labor"}, "/billed_minutes"),
        (LABOR | {"quantity": 2}, "/quantity"),
        ({"kind": "fee", "name": "Disposal"}, "/unit_price_cents"),
        ({"kind": "fee", "unit_price_cents": 5}, "/name"),
        ({"kind": "part", "name": "Hose", "unit_price_cents": 5}, "/part_number"),
        ({"kind": "sublet", "name": "Towing"}, "/unit_price_cents"),
        (SUBLET | {"markup_percentage": 5}, "/markup_percentage"),
        (SUBLET | {"unit_price_cents": -5}, "/unit_price_cents"),
        (SUBLET | {"core_charge_cents": 5}, "/core_charge_cents"),
        (PART | {"cores_returned": 2}, "/cores_returned"),
        (PART | {"part_number": None}, "/part_number"),
        (PART | {"part_number": " "}, "/part_number"),
        (PART | {"price_source": "matrix", "unit_cost_cents": 5} | NO_PRICE, "/price_source"),
        (PART | {"price_source": "manual"}, "/price_source"),
        (PART | {"discount_cents": 5, "discount_percentage": 5}, "/discount_cents"),
        ({"kind": "discount", "name": "Coupon"}, "/discount_percentage"),
        (
            {"kind": "discount", "name": "Coupon", "discount_percentage": 101},
            "/discount_percentage",
        ),
    ],
)
def test_a_line_has_what_its_kind_has_and_nothing_else(bob, line, pointer):
    ticket = a_ticket()
    job = first_job(bob, ticket)
    line = {name: value for name, value in line.items() if value is not ...}
    refused = bob.post(f"/jobs/{job['id']}/lines", json=line)
    assert (refused.status_code, [each["pointer"] for each in refused.json["errors"]]) == (
        422,
        [pointer],
    )

    path = f"/service-tickets/{ticket.id}/jobs"
    inside = bob.post(path, json={"name": "Brakes", "lines": [LABOR, line]})
    assert [each["pointer"] for each in inside.json["errors"]] == [f"/lines/1{pointer}"]
    assert len(bob.get(path).json["items"]) == 1


def test_one_discount_takes_the_place_of_the_other(bob):
    [line] = added(bob, a_ticket(), LABOR | {"discount_percentage": 10})["lines"]
    assert (line["amount_cents"], line["net_cents"]) == (15_000, 13_500)
    changed = bob.patch(f"/lines/{line['id']}", json={"discount_cents": 99}).json
    assert (changed["discount_percentage"], changed["net_cents"]) == (None, 14_901)


def test_another_cost_is_priced_in_the_same_way(bob):
    sublet = {"kind": "sublet", "name": "Towing", "unit_cost_cents": 1_000}
    by_markup, by_hand = added(
        bob,
        a_ticket(),
        sublet | {"markup_percentage": 25},
        sublet | {"unit_price_cents": 1_250},
    )["lines"]
    changed = bob.patch(f"/lines/{by_markup['id']}", json={"unit_cost_cents": 2_000}).json
    assert (changed["unit_price_cents"], changed["markup_percentage"]) == (2_500, 25.0)
    kept = bob.patch(f"/lines/{by_hand['id']}", json={"unit_cost_cents": 1_000}).json
    assert (kept["unit_price_cents"], kept["markup_percentage"]) == (1_250, 25.0)
    kept = bob.patch(f"/lines/{by_hand['id']}", json={"unit_cost_cents": 500}).json
    assert (kept["unit_price_cents"], kept["markup_percentage"]) == (1_250, 150.0)


def test_a_markup_needs_a_cost_and_only_a_fee_may_be_negative(bob):
    ticket = a_ticket()
    job, sublet = first_job(bob, ticket), {"kind": "sublet", "name": "Towing"}
    refused = bob.post(f"/jobs/{job['id']}/lines", json=sublet | {"markup_percentage": 5})
    assert refused.json["errors"][0]["pointer"] == "/unit_cost_cents"
    line = bob.post(f"/jobs/{job['id']}/lines", json=sublet | {"unit_price_cents": 5}).json
    for member in ({"unit_price_cents": -1}, {"markup_percentage": 5}):
        assert bob.patch(f"/lines/{line['id']}", json=member).status_code == 422
    fee = {"kind": "fee", "name": "Allowance", "unit_price_cents": -500}
    fee = bob.post(f"/jobs/{job['id']}/lines", json=fee).json
    assert (
        bob.patch(f"/lines/{fee['id']}", json={"unit_price_cents": -600}).json["net_cents"] == -600
    )


def test_a_discount_takes_something_off(bob):
    ticket = a_ticket()
    path = f"/service-tickets/{ticket.id}/lines"
    coupon = bob.post(path, json={"name": "Coupon", "discount_cents": 5}).json
    refused = bob.patch(f"/lines/{coupon['id']}", json={"discount_cents": None})
    assert refused.json["errors"][0]["pointer"] == "/discount_percentage"
    labor = added(bob, ticket, LABOR)["lines"][0]
    listed = [line["id"] for line in bob.get(path).json["items"]]
    assert listed == [labor["id"], coupon["id"]]


def test_one_price_sent_alone_is_an_instruction(bob):
    shop = db.session.get_one(Shop, SHOP)
    shop.markup_matrix = [{"up_to_cents": None, "markup_bps": 5_000}]
    saved(shop)
    sublet = {"kind": "part", "name": "Hose", "part_number": "H", "unit_cost_cents": 1_000}
    [line] = added(bob, a_ticket(), sublet | {"price_source": "matrix"})["lines"]
    shop.markup_matrix = [{"up_to_cents": None, "markup_bps": 10_000}]
    saved(shop)
    path = f"/lines/{line['id']}"
    whole = bob.get(path).json
    assert bob.put(path, json=whole).json == whole  # all of them: nothing changes
    again = {"version": whole["version"], "price_source": "matrix"}
    assert bob.patch(path, json=again).json["unit_price_cents"] == 2_000
    by_hand = {"version": whole["version"] + 1, "unit_price_cents": 2_000}
    assert bob.patch(path, json=by_hand).json["price_source"] == "manual"
