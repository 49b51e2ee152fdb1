"""Parts that are brought back after they were billed: stock moves, and the bill stays as it is."""

import pytest

from app.database.session import db
from app.models import Part
from tests import books
from tests.billing.money import credited, issue, issued
from tests.factories import a_manager, a_part
from tests.service_tickets.consenting import Order

ON_LINES = "the lines of a ticket are what was used and not returned"


@pytest.fixture
def order(as_):
    """An invoiced ticket with labor, and three of a part from stock at 20.00."""
    order = Order(as_(a_manager()))
    order.staff.delete(f"/lines/{order.lines[1]}")
    order.part = a_part(10, price_cents=2_000)
    order.line = order.add(kind="part", part_id=order.part.id, quantity=3)
    order.staff.post(f"/lines/{order.line}/use", json={})
    order.move("in_progress", "ready")
    order.invoice = issued(order)
    return order


def bring_back(order, **body):
    return order.staff.post(f"/lines/{order.line}/return", json=body)


def shelf(order):
    db.session.rollback()
    return db.session.get_one(Part, order.part.id, populate_existing=True).quantity_in_stock


@pytest.mark.parametrize("status", ["invoiced", "closed"])
def test_stock_moves_and_the_bill_stays(order, status):
    if status == "closed":
        order.move("closed")
    before = order.totals()
    assert bring_back(order, quantity=1).json["quantity"] == 3
    assert shelf(order) == 8
    assert order.totals() == before
    assert bring_back(order).status_code == 201
    assert shelf(order) == 10
    assert bring_back(order).json["code"] == "line_not_used"
    assert ON_LINES not in books.surprises()


def test_not_more_comes_back_than_is_out(order):
    bring_back(order, quantity=2)
    refused = bring_back(order, quantity=2)
    assert (refused.json["code"], refused.json["quantity_used"]) == ("too_many_returned", 1)
    assert shelf(order) == 9


def test_what_is_brought_back_is_not_billed_again(order):
    bring_back(order, quantity=1)
    credited(order, order.invoice, all=True)
    line = order.staff.get(f"/lines/{order.line}").json
    assert (line["quantity"], line["amount_cents"]) == (2, 4_000)
    assert ON_LINES not in books.surprises()
    assert issued(order)["total_cents"] == 14_000
    assert bring_back(order).status_code == 201
    assert shelf(order) == 10
    assert ON_LINES not in books.surprises()


def test_a_line_that_came_back_as_a_whole_is_planned_again(order):
    bring_back(order)
    credited(order, order.invoice, all=True)
    assert order.staff.get(f"/lines/{order.line}").json["used_at"] is None
    assert issue(order).json["code"] == "unused_parts"
    assert ON_LINES not in books.surprises()


def test_returns_during_the_work_do_not_count(as_):
    order = Order(as_(a_manager()))
    order.line = order.lines[1]
    order.staff.patch(f"/lines/{order.line}", json={"quantity": 4})
    order.staff.post(f"/lines/{order.line}/use", json={})
    bring_back(order, quantity=1)
    order.move("in_progress", "ready")
    assert bring_back(order).json["code"] == "ticket_closed"
    issued(order)
    refused = bring_back(order, quantity=4)
    assert (refused.json["code"], refused.json["quantity_used"]) == ("too_many_returned", 3)
    assert bring_back(order, quantity=3).status_code == 201
    assert shelf(order) == 20
