"""Figures of reports: what the documents of the period say, and nothing that came later."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select, update

from app.database.session import db
from app.models import Authorization, Invoice
from tests.billing.money import issued, pay
from tests.factories import a_part
from tests.reports.documents import figures
from tests.reports.june import (
    JUNE,
    a_note,
    an_invoice,
    dated,
    documents,
    groups,
    lines_of,
    parts_of,
    report,
    values,
)
from tests.service_tickets.consenting import Order


def half(minutes):
    return (minutes * 4_000 * 2 + 60) // 120


@pytest.mark.parametrize(
    "period", [JUNE, ("2026-07-01", "2026-07-31"), ("2026-01-01", "2026-12-31")]
)
def test_it_is_what_the_documents_say(staff, busy, period):
    told, expected = report(staff, period), figures(*documents(staff, period))
    tax = expected.pop("tax")
    shown = values(told)
    assert {name: shown[name] for name in expected} == expected
    assert {key: cents for (key, of), cents in groups(told, "taxes").items() if of == "tax"} == tax


def test_costs_come_back_with_a_void_invoice_only(staff, busy):
    told = values(report(staff))
    parts = sum(line["unit_cost_cents"] * line["quantity"] for line in parts_of(busy[0]))
    assert told["labor_cost"] == 2 * (half(95) + half(60))
    assert told["parts_cost"] == 2 * parts
    assert told["parts_gross_profit"] == told["parts_sales"] - told["parts_cost"]
    assert told["labor_gross_profit"] == told["labor_sales"] - told["labor_cost"]
    assert told["parts_gross_margin"] == pytest.approx(
        100 * told["parts_gross_profit"] / told["parts_sales"], abs=0.005
    )
    [sublet] = lines_of(staff, staff.get("/invoices?sort=id").json["items"][0], "sublet")
    assert told["sublet_gross_profit"] == 2 * (sublet["net_cents"] - 6_100)


def test_a_month_that_is_over_does_not_change(staff, busy):
    before = report(staff)
    order = busy[0]
    an_invoice(staff, on="2026-07-02")
    bill = staff.get("/invoices?sort=id").json["items"][0]
    a_note(order, bill, "2026-07-03", all=True)
    staff.patch("/shop", json={"taxes": [], "labor_cost_rate_cents": 9_999})
    staff.patch(f"/inventory/{order.part.id}", json={"price_cents": 1, "current_cost_cents": 1})
    after = report(staff)
    now = {"stock_value", "stock_turns"}
    for old, new in zip(before["figures"], after["figures"], strict=True):
        assert new == old or new["name"] in now


def test_money_is_told_by_method_and_day(staff, busy):
    told = groups(report(staff), "payments")
    assert told["card", "taken"] == 10_000
    assert (told["cash", "refunded"], told["cash", "net"]) == (4_000, -4_000)
    assert ("card", "refunded") not in told or told["card", "refunded"] == 0
    till = report(staff, ("2026-06-30", "2026-06-30"))
    assert groups(till, "payments")["cash", "net"] == -4_000


def test_mechanics_have_what_they_billed_and_worked(staff, busy):
    order = busy[0]
    told = groups(report(staff), "by_mechanic")
    key = str(order.mechanic.id)
    first = staff.get("/invoices?sort=id").json["items"][0]
    labor = [line["net_cents"] for line in lines_of(staff, first, "labor")]
    assert told[key, "billed_minutes"] == 95
    assert told[key, "labor_sales"] == labor[-1]
    assert told[key, "minutes_worked"] == 80


def test_labor_of_nobody_is_a_group_too(staff, busy):
    order = Order(staff)
    staff.post(f"/lines/{order.lines[1]}/use", json={})
    order.move("in_progress", "ready")
    dated(Invoice, issued(order)["id"], "2026-06-20")
    told = report(staff)
    minutes = {
        key: n for (key, of), n in groups(told, "by_mechanic").items() if of == "billed_minutes"
    }
    assert minutes["nobody"] >= 60
    assert sum(minutes.values()) == values(told)["billed_minutes"]


def test_minutes_worked_go_with_a_void_invoice(staff):
    order, invoice = an_invoice(staff)
    a_note(order, invoice, "2026-07-02", all=True)
    key = (str(order.mechanic.id), "minutes_worked")
    assert groups(report(staff), "by_mechanic")[key] == 80
    assert groups(report(staff, ("2026-07-01", "2026-07-31")), "by_mechanic")[key] == -80
    dated(Invoice, issued(order)["id"], "2026-07-03")
    assert groups(report(staff, ("2026-06-01", "2026-07-31")), "by_mechanic")[key] == 80


def test_the_largest_stock_has_a_value(staff):
    a_part(1_000_000_000, current_cost_cents=100_000_000)
    a_part(Decimal("2.5"), current_cost_cents=333, unit="quart")
    assert values(report(staff))["stock_value"] == 10**17 + 833


def test_the_first_decision_on_a_job_counts(staff):
    order = Order(staff)
    second = order.add_job({"kind": "fee", "name": "Wash", "quantity": 1, "unit_price_cents": 900})
    order.decide("declined", job=second)
    order.decide("authorized")
    for row_id in db.session.scalars(select(Authorization.id)):
        dated(Authorization, row_id, "2026-06-03")
    order.decide("authorized", job=second)
    told = report(staff)
    assert groups(told, "decisions") == {
        ("authorized", "jobs"): 1,
        ("authorized", "price"): 11_500,
        ("declined", "jobs"): 1,
        ("declined", "price"): 900,
    }
    assert values(told)["closing_rate"] == 50


def test_what_is_owed_is_told_by_age(staff):
    order, invoice = an_invoice(staff, on="2026-05-01")
    with db.engine.begin() as connection:
        connection.execute(update(Invoice.__table__).values(due_on=date(2026, 5, 20)))
    assert groups(report(staff), "receivables") == {
        ("days_31_60", "balance"): invoice["total_cents"]
    }
    assert pay(order, invoice["total_cents"]).status_code == 201
    assert groups(report(staff), "receivables") == {
        ("days_31_60", "balance"): invoice["total_cents"]
    }


def test_an_unknown_cost_makes_no_profit(staff):
    staff.patch("/shop", json={"labor_cost_rate_cents": None})
    an_invoice(staff)
    told = values(report(staff))
    assert [told[name] for name in ("labor_cost", "labor_gross_profit", "labor_gross_margin")] == [
        None
    ] * 3
    assert told["parts_cost"] is not None
    page = staff.get("/reports/shop/labor_cost?from={}&to={}".format(*JUNE)).json
    assert (page["sum"], {row["amount"] for row in page["items"]}) == (None, {None})


def test_nothing_is_nothing(staff):
    told = report(staff, ("2020-01-01", "2020-01-31"))
    shown = values(told)
    assert shown["sales"] == shown["parts_cost"] == shown["billed_minutes"] == 0
    assert (
        shown["average_repair_order"]
        is shown["closing_rate"]
        is shown["parts_gross_margin"]
        is None
    )
    assert all(not figure["groups"] for figure in told["figures"])
