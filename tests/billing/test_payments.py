"""Payments: a ledger per ticket, never above what is left to pay, never twice, and never a card number."""

from datetime import timedelta

import pytest

from app.clock import utc_now
from tests.billing.money import issued, pay, refund
from tests.factories import a_customer, a_manager, a_mechanic
from tests.service_tickets.consenting import Order


@pytest.fixture
def order(as_):
    """A ticket in progress, with a job of 100.00 of labor and 15.00 for a used part."""
    order = Order(as_(a_manager(name="Marge Rivers")))
    assert order.staff.post(f"/lines/{order.lines[1]}/use", json={}).status_code == 201
    order.move("in_progress")
    return order


def totals(order):
    shown = order.totals()
    return shown["paid_cents"], shown["balance_cents"], shown["payment_status"]


def test_a_deposit_and_the_rest_pay_the_invoice(order):
    assert totals(order) == (0, 11_500, "unpaid")
    deposit = pay(order, 5_000, method="card", reference="auth 004211", note="Deposit")
    assert deposit.status_code == 201
    assert deposit.headers["Location"] == f"/payments/{deposit.json['id']}"
    assert deposit.json["invoice_id"] is None
    assert deposit.json["recorded_by"]["name"] == "Marge Rivers"
    assert totals(order) == (5_000, 6_500, "partially_paid")
    order.move("ready")
    invoice = issued(order)
    assert (invoice["paid_cents"], invoice["balance_cents"]) == (5_000, 6_500)
    rest = pay(order, 6_500).json
    assert (rest["invoice_id"], rest["payment_status"]) == (invoice["id"], "paid")
    assert totals(order) == (11_500, 0, "paid")
    listed = order.staff.get("/service-tickets?include=totals").json["items"][0]["totals"]
    assert (listed["paid_cents"], listed["payment_status"]) == (11_500, "paid")
    assert order.staff.get(f"/invoices/{invoice['id']}").json["payment_status"] == "paid"


def test_more_than_is_left_is_refused(order):
    above = pay(order, 11_501)
    assert (above.status_code, above.json["code"]) == (409, "above_balance")
    assert above.json["balance_cents"] == 11_500
    assert pay(order, 4_000_000_000.0).json["code"] == "above_balance"
    assert pay(order, 11_500).status_code == 201
    assert pay(order, 1).json["code"] == "above_balance"
    assert len(order.staff.get(f"{order.path}/payments").json["items"]) == 1


def test_a_key_is_required_and_records_once(order):
    body = {"amount_cents": 500, "method": "cash"}
    without = order.staff.post(f"{order.path}/payments", json=body)
    assert (without.status_code, without.json["code"]) == (400, "idempotency_key_required")
    first, again = pay(order, 500, key="same"), pay(order, 500, key="same")
    assert (first.data, again.status_code) == (again.data, 201)
    other = pay(order, 600, key="same")
    assert (other.status_code, other.json["code"]) == (422, "idempotency_key_reused")
    assert totals(order)[0] == 500


def test_work_taken_off_leaves_money_that_the_shop_owes(order):
    pay(order, 11_500)
    order.staff.delete(f"/lines/{order.lines[0]}")
    assert totals(order) == (11_500, -10_000, "overpaid")
    [payment] = order.staff.get(f"{order.path}/payments").json["items"]
    refund(order, payment, 10_000)
    assert totals(order) == (1_500, 0, "paid")


def test_all_paid_back_is_refunded_and_the_ledger_shows_both(order):
    payment = pay(order, 5_000).json
    back = refund(order, payment, 2_000, note="Typed wrong").json
    assert (back["amount_cents"], back["refunds_payment_id"]) == (-2_000, payment["id"])
    shown = order.staff.get(f"/payments/{payment['id']}").json
    assert (shown["refunded_cents"], shown["refundable_cents"]) == (2_000, 3_000)
    above = refund(order, payment, 3_001)
    assert (above.status_code, above.json["code"]) == (409, "above_payment")
    assert above.json["refundable_cents"] == 3_000
    assert refund(order, back, 1).json["code"] == "not_a_payment"
    refund(order, payment, 3_000)
    assert refund(order, payment, 1).json["code"] == "above_payment"
    order.staff.delete(f"/lines/{order.lines[0]}")
    order.staff.post(f"/lines/{order.lines[1]}/return", json={})
    order.staff.delete(f"/lines/{order.lines[1]}")
    assert totals(order) == (0, 0, "refunded")
    amounts = [each["amount_cents"] for each in order.staff.get("/payments?sort=id").json["items"]]
    assert amounts == [5_000, -2_000, -3_000]


def test_a_cancelled_ticket_is_paid_back_and_takes_no_money(order):
    payment = pay(order, 5_000).json
    order.staff.post(f"/lines/{order.lines[1]}/return", json={})
    order.move("cancelled")
    assert totals(order) == (5_000, -5_000, "overpaid")
    assert pay(order, 1).json["code"] == "ticket_closed"
    assert refund(order, payment, 5_000).status_code == 201
    assert totals(order) == (0, 0, "refunded")


def test_a_ticket_with_a_payment_stays_and_keeps_its_customer(as_):
    order = Order(as_(a_manager()))
    pay(order, 100)
    assert order.staff.delete(order.path).json["code"] == "ticket_in_use"
    moved = order.staff.patch(order.path, json={"vehicle_id": None})
    assert moved.json["code"] == "ticket_in_use"


def several(order, amount, key="several", **body):
    path = f"/customers/{order.owner.id}/payments"
    said = {"amount_cents": amount, "method": "check", **body}
    return order.staff.post(path, json=said, headers={"Idempotency-Key": key})


@pytest.fixture
def two(order):
    """Two invoiced tickets of one customer, of 115.00 each; the second is due first."""
    order.move("ready")
    other = Order(order.staff, order.owner)
    other.staff.post(f"/lines/{other.lines[1]}/use", json={})
    other.move("in_progress", "ready")
    later = str(utc_now().date() + timedelta(days=30))
    return issued(order, due_on=later), issued(other)


def test_one_payment_is_for_the_open_invoices_that_are_due_first(order, two):
    late, soon = two
    answer = several(order, 12_000)
    assert answer.status_code == 201
    assert answer.headers["Location"] == f"/payments/{answer.json['batch_id']}"
    first, second = answer.json["items"]
    assert (first["ticket_id"], first["amount_cents"]) == (soon["ticket_id"], 11_500)
    assert (second["ticket_id"], second["amount_cents"]) == (late["ticket_id"], 500)
    assert {first["batch_id"], second["batch_id"]} == {first["id"]}
    above = several(order, 11_001, key="above")
    assert (above.json["code"], above.json["balance_cents"]) == ("above_balance", 11_000)
    assert several(order, 11_000, key="rest").status_code == 201


def test_one_payment_is_divided_as_it_says_or_not_at_all(order, two):
    parts = [{"ticket_id": each["ticket_id"], "amount_cents": 6_000} for each in two]
    assert several(order, 12_000, allocations=parts).status_code == 201
    again = several(order, 12_000, key="again", allocations=parts)
    assert (again.status_code, again.json["code"]) == (409, "above_balance")
    assert again.json["ticket_id"] in [each["ticket_id"] for each in two]
    assert len(order.staff.get("/payments").json["items"]) == 2
    nobodys = [{"ticket_id": 2**31 - 1, "amount_cents": 5}]
    assert several(order, 5, key="nobody", allocations=nobodys).status_code == 404


@pytest.mark.parametrize(
    ("parts", "why"),
    [
        ([5, 6], "add up"),
        ([5, None], "same ticket"),
    ],
)
def test_allocations_that_do_not_fit_are_refused(order, two, parts, why):
    one, other = (each["ticket_id"] for each in two)
    said = [{"ticket_id": one, "amount_cents": 5}]
    said += [{"ticket_id": other if parts[1] else one, "amount_cents": parts[1] or 5}]
    answer = several(order, 10, allocations=said)
    assert answer.status_code == 422
    assert why in answer.json["errors"][0]["detail"]


@pytest.mark.parametrize("member", ["reference", "note"])
@pytest.mark.parametrize(
    ("text", "is_refused"),
    [
        ("4111 1111 1111 1111", True),
        ("paid with 4111-1111-1111-1111 today", True),
        ("378282246310005", True),
        ("4111 1111 1111 1112", False),
        ("auth 004211", False),
        ("12345678901234567890123", False),
        ("4111 1111 1111 1111 12/28", True),
        ("4111111111111111 123", True),
        ("12 4111111111111111", True),
        ("4111.1111.1111.1111", True),
        ("card 4242  4242\u20134242 4242, 12/27, 123", True),
        ("slip 4111111111111112 of 12/28", False),
    ],
)
def test_no_card_number_is_stored(order, member, text, is_refused):
    answer = pay(order, 5, **{member: text})
    assert answer.status_code == (422 if is_refused else 201)
    if is_refused:
        assert "card number" in answer.json["errors"][0]["detail"]


@pytest.mark.parametrize(("days", "status"), [(-1, 422), (0, 201), (30, 201), (32, 422)])
def test_money_was_received_within_a_month_and_not_tomorrow(order, days, status):
    at = (utc_now() - timedelta(days=days)).isoformat()
    assert pay(order, 5, received_at=at).status_code == status


def test_who_took_money_is_deactivated_and_stays_on_record(order, as_):
    bob = a_mechanic(name="Bob")
    path = f"{order.path}/payments"
    money = {"amount_cents": 5, "method": "cash"}
    taken = as_(bob).post(path, json=money, headers={"Idempotency-Key": "bob 1"}).json
    assert order.staff.delete(f"/mechanics/{bob.id}").status_code == 204
    assert order.staff.get(f"/mechanics/{bob.id}").json["is_active"] is False
    assert order.staff.get(f"/payments/{taken['id']}").json["recorded_by"]["name"] == "Bob"


def test_customers_read_their_own_and_record_nothing(order, as_):
    owner = a_customer(email="own@example.com", password="a long enough password")
    own = Order(order.staff, owner)
    strange, mine = pay(order, 5).json, pay(own, 7).json
    reader = as_(owner)
    assert [each["id"] for each in reader.get("/payments").json["items"]] == [mine["id"]]
    assert reader.get(f"/payments/{mine['id']}").json["amount_cents"] == 7
    assert reader.get(f"/payments/{strange['id']}").status_code == 404
    assert reader.get(f"{order.path}/payments").status_code == 404
    assert reader.get(f"{own.path}/payments").json["items"][0]["id"] == mine["id"]
    mechanic = as_(a_mechanic())
    assert refund(own, mine, 7, by=mechanic).status_code == 403


def test_the_list_is_filtered(order):
    cash, card = pay(order, 5).json, pay(order, 7, method="card").json

    def listed(query):
        return [each["id"] for each in order.staff.get(f"/payments?{query}").json["items"]]

    assert listed("") == [card["id"], cash["id"]]
    assert listed("method=card") == [card["id"]]
    assert listed(f"ticket_id={order.ticket.id}&sort=id") == [cash["id"], card["id"]]
    assert listed(f"customer_id={order.owner.id + 1}") == []
    assert listed("received_from=2999-01-01T00:00:00Z") == []
    assert listed("received_to=2999-01-01T00:00:00Z&per_page=1") == [card["id"]]
