"""Statements: a customer's account from day to day, which always adds up, as JSON and as CSV."""

import csv
import io
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from sqlalchemy import select, update

from app.database.session import db
from app.models import CreditNote, Invoice, Payment
from tests.billing.money import credited, issued, pay, refund
from tests.factories import a_customer, a_manager
from tests.service_tickets.consenting import Order

TODAY = date(2026, 11, 30)
ZONE = "America/Los_Angeles"


@pytest.fixture
def order(as_):
    """An invoiced ticket of 115.00, in a shop on the west coast."""
    order = Order(as_(a_manager()))
    order.staff.patch("/shop", json={"time_zone": ZONE})
    order.staff.post(f"/lines/{order.lines[1]}/use", json={})
    order.move("in_progress", "ready")
    return order


def statement(order, first="2020-01-01", last=None, *, by=None, **headers):
    last = last or str(date.fromisoformat(first) + timedelta(days=365))
    path = f"/customers/{order.owner.id}/statement?from={first}&to={last}"
    return (by or order.staff).get(path, headers=headers)


def ids_of(model):
    return list(db.session.scalars(select(model.id).order_by(model.id)))


def dated(model, row_id, on, **more):
    """Date an invoice, credit note or payment; the clock of the tests can't be turned back."""
    at = datetime(on.year, on.month, on.day, 20, tzinfo=UTC)
    when = {"received_at": at} if model is Payment else {"issued_on": on}
    with db.engine.begin() as connection:
        table = model.__table__
        connection.execute(update(table).where(table.c.id == row_id).values(when | more))


def test_it_has_all_that_happened_with_the_balance_after_each(order):
    paid = pay(order, 5_000).json
    invoice = issued(order)
    line = order.staff.get(f"/invoices/{invoice['id']}/lines").json["items"][0]
    credited(order, invoice, lines=[{"invoice_line_id": line["id"], "net_cents": 1_000}])
    pay(order, 5_500)
    refund(order, paid, 200)
    dated(Invoice, invoice["id"], date(2026, 3, 1))
    dated(CreditNote, *ids_of(CreditNote), date(2026, 3, 4))
    for payment, day in zip(ids_of(Payment), (2, 4, 4), strict=True):
        dated(Payment, payment, date(2026, 3, day))
    told = statement(order, "2026-03-01", "2026-03-31").json
    assert [(each["on"], each["kind"], each["balance_cents"]) for each in told["items"]] == [
        ("2026-03-01", "invoice", 11_500),
        ("2026-03-02", "payment", 6_500),
        ("2026-03-04", "credit_note", 5_500),
        ("2026-03-04", "payment", 0),
        ("2026-03-04", "refund", 200),
    ]
    assert (told["opening_balance_cents"], told["closing_balance_cents"]) == (0, 200)
    assert [told["items"][n]["number"] for n in (0, 2)] == ["INV-000001", "CN-000001"]
    assert told["customer"]["id"] == order.owner.id


def test_money_counts_on_the_day_of_the_shop(order):
    before_midnight = datetime(2026, 3, 2, 7, 59, tzinfo=UTC)  # it is still the first in the shop
    dated(Payment, pay(order, 100).json["id"], TODAY, received_at=before_midnight)
    assert len(statement(order, "2026-03-01", "2026-03-01").json["items"]) == 1
    assert statement(order, "2026-03-02", "2026-03-02").json["opening_balance_cents"] == -100


@pytest.mark.parametrize(
    ("late", "group"),
    [
        *((-5, "current"), (0, "current"), (1, "days_1_30"), (30, "days_1_30")),
        *((31, "days_31_60"), (60, "days_31_60"), (61, "days_61_90"), (90, "days_61_90")),
        (91, "over_90"),
    ],
)
def test_what_is_not_paid_is_shown_by_age(order, late, group):
    due_on = TODAY - timedelta(days=late)
    dated(Invoice, issued(order)["id"], date(2026, 1, 1), due_on=due_on)
    dated(Payment, pay(order, 1_500).json["id"], date(2026, 1, 1))
    told = statement(order, "2026-01-01", str(TODAY)).json["ageing"]
    assert {name for name, cents in told.items() if cents} == {f"{group}_cents"}
    assert told[f"{group}_cents"] == 10_000


def test_a_past_day_stays_as_it_was(order):
    invoice = issued(order)
    dated(Invoice, invoice["id"], date(2026, 1, 1), due_on=date(2026, 1, 1))
    asked = ("2026-01-01", "2026-01-31")
    before = statement(order, *asked).json
    assert before["ageing"]["days_1_30_cents"] == 11_500
    paid = pay(order, 11_500).json
    assert statement(order, *asked).json == before
    refund(order, paid, 11_500)
    credited(order, invoice, all=True)
    assert statement(order, *asked).json == before
    assert statement(order, "2026-01-01", "2026-12-31").json["closing_balance_cents"] == 0


def test_any_day_begins_with_the_balance_of_the_day_before(order, at_length):
    rng = Random(9)
    invoice = issued(order)
    for amount in (300, 4_000, 1_200):
        refund(order, pay(order, amount).json, amount // 2)
    line = order.staff.get(f"/invoices/{invoice['id']}/lines").json["items"][0]
    for cents in (1, 700, 33):
        part = [{"invoice_line_id": line["id"], "net_cents": cents}]
        assert credited(order, invoice, lines=part).status_code == 201
    for model in (Invoice, CreditNote, Payment):
        for row_id in ids_of(model):
            dated(model, row_id, date(2026, 1, 1) + timedelta(days=rng.randint(0, 40)))
    for _ in range(at_length(10, slow=200)):
        first = date(2025, 12, 20) + timedelta(days=rng.randint(0, 60))
        last = first + timedelta(days=rng.randint(0, 40))
        told = statement(order, str(first), str(last)).json
        moved = sum(each["debit_cents"] - each["credit_cents"] for each in told["items"])
        assert told["opening_balance_cents"] + moved == told["closing_balance_cents"]
        assert all(str(first) <= each["on"] <= str(last) for each in told["items"])
        after = statement(order, str(last + timedelta(days=1))).json
        assert after["opening_balance_cents"] == told["closing_balance_cents"]


def test_it_is_csv_for_who_prefers_that(order):
    today = issued(order)["issued_on"]
    as_json = statement(order, today, today)
    answer = statement(order, today, today, Accept="text/csv")
    assert answer.content_type == "text/csv; charset=utf-8"
    assert "Accept" in answer.headers["Vary"]
    assert "Accept" in as_json.headers["Vary"]
    [row] = csv.DictReader(io.StringIO(answer.text))
    shown = as_json.json["items"][0]
    assert row == {name: "" if each is None else str(each) for name, each in shown.items()}
    assert answer.text.count("\r\n") == 2
    assert statement(order, today, today).json == as_json.json


def test_customers_see_their_own(order, as_):
    assert statement(order, by=as_(order.owner)).status_code == 200
    assert statement(order, by=as_(a_customer())).status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        *("from=2020-01-01", "from=2026-02-01&to=2026-01-31", "from=2025-01-01&to=2026-01-02"),
        *("from=9999-12-31&to=9999-12-31", "from=1899-12-31&to=1900-01-01", "to=x"),
    ],
)
def test_a_period_is_at_most_a_year(order, query):
    answer = order.staff.get(f"/customers/{order.owner.id}/statement?{query}")
    assert answer.status_code == 422
    assert {each["pointer"] for each in answer.json["errors"]} <= {"/from", "/to"}


def test_it_is_of_this_month_if_no_days_are_asked_for(order):
    today = issued(order)["issued_on"]
    told = order.staff.get(f"/customers/{order.owner.id}/statement").json
    assert (told["from"], told["to"]) == (f"{today[:8]}01", today)
    assert told["closing_balance_cents"] == 11_500


def test_a_ticket_that_was_closed_without_an_invoice_is_on_the_account(order):
    order.move("closed")
    told = statement(order, str(TODAY)).json
    [entry] = told["items"]
    assert (entry["kind"], entry["id"], entry["debit_cents"]) == (
        "repair_order",
        order.ticket.id,
        11_500,
    )
    pay(order, 11_500)
    after = statement(order, str(TODAY)).json
    assert (len(after["items"]), after["closing_balance_cents"]) == (2, 0)
    later = str(TODAY + timedelta(days=400))
    assert statement(order, later).json["opening_balance_cents"] == 0


def test_what_was_invoiced_or_voided_is_not_on_it_twice(order):
    invoice = issued(order)
    order.move("closed")
    assert [each["kind"] for each in statement(order, str(TODAY)).json["items"]] == ["invoice"]
    credited(order, invoice, all=True)
    told = statement(order, str(TODAY)).json
    assert [each["kind"] for each in told["items"]] == ["invoice", "credit_note"]
    assert told["closing_balance_cents"] == 0
