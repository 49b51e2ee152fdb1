"""Closing: as before, or by a strict policy only what is invoiced and paid, or on account by a manager."""

import pytest

from tests.billing.money import issued, pay, refund
from tests.factories import a_manager, a_mechanic
from tests.service_tickets.consenting import Order

OFF, STRICT = "off", "strict"


@pytest.fixture(params=[OFF, STRICT])
def policy(request):
    return request.param


@pytest.fixture
def order(as_, policy):
    """A ticket that is ready, of 115.00, in a shop with this policy."""
    order = Order(as_(a_manager()))
    order.staff.patch("/shop", json={"closing_policy": policy})
    order.staff.post(f"/lines/{order.lines[1]}/use", json={})
    order.move("in_progress", "ready")
    return order


def closed(order, *, by=None, **body):
    path = f"{order.path}/transitions"
    return (by or order.staff).post(path, json={"to": "closed", **body})


def told(answer):
    return answer.status_code if answer.status_code < 400 else answer.json["code"]


def test_what_is_due_is_invoiced_first(order, policy):
    assert told(closed(order)) == (201 if policy == OFF else "invoice_required")
    by_patch = order.staff.patch(order.path, json={"status": "closed"})
    assert told(by_patch) == (200 if policy == OFF else "invoice_required")


def test_an_invoice_is_paid_first(order, policy):
    issued(order)
    pay(order, 11_000)
    answer = closed(order)
    if policy == OFF:
        assert told(answer) == 201
        return
    assert (told(answer), answer.json["balance_cents"]) == ("balance_due", 500)
    payment = pay(order, 500).json
    assert told(closed(order)) == 201
    refund(order, payment, 500)
    assert order.totals()["payment_status"] == "partially_paid"
    assert pay(order, 500).status_code == 201


def test_what_costs_nothing_is_closed(as_, policy):
    order = Order(as_(a_manager()))
    order.staff.patch("/shop", json={"closing_policy": policy})
    order.decide("declined")
    order.move("in_progress", "ready")
    assert told(closed(order)) == 201


def test_money_that_the_shop_owes_is_paid_back_first(order, policy):
    payment = pay(order, 11_500).json
    order.staff.delete(f"/lines/{order.lines[0]}")
    issued(order)
    if policy == STRICT:
        assert closed(order).json["balance_cents"] == -10_000
        refund(order, payment, 10_000)
    assert told(closed(order)) == 201


def test_a_manager_closes_on_account_and_the_history_says_so(order, as_):
    issued(order)
    mechanic = as_(a_mechanic())
    assert told(closed(order, by=mechanic, on_account=True)) == "forbidden"
    assert told(closed(order, on_account=True)) == 201
    first, second, *_ = order.staff.get(f"{order.path}/history").json["items"]
    assert (first["to_status"], first["on_account"]) == ("closed", True)
    assert "on_account" not in second
    assert order.totals()["payment_status"] == "unpaid"


def test_what_is_not_invoiced_does_not_go_on_account(order, policy):
    answer = closed(order, on_account=True)
    assert told(answer) == (201 if policy == OFF else "invoice_required")


def test_only_what_is_closed_goes_on_account(order):
    answer = order.staff.post(
        f"{order.path}/transitions", json={"to": "in_progress", "on_account": True}
    )
    assert answer.status_code == 422
    assert answer.json["errors"][0]["pointer"] == "/on_account"
