"""Reports: each figure is the sum of its rows, and what the documents of the period say."""

import csv
import io
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select, update

from app.blueprints.reports.figures import FIGURES
from app.database.session import db
from app.models import Authorization, CreditNote, Invoice, Payment
from tests.billing.money import credited, issued, pay, refund
from tests.factories import a_manager, a_mechanic, a_part
from tests.reports.documents import figures
from tests.service_tickets.consenting import Order

JUNE = ("2026-06-01", "2026-06-30")
TAXES = [
    {"name": "State", "part_percentage": 6.25, "labor_percentage": 6.25},
    {"name": "City", "part_percentage": 1.125},
]


@pytest.fixture
def staff(as_):
    staff = as_(a_manager())
    supplies = {"name": "Supplies", "percentage": 4, "statement": "Rags."}
    settings = {"taxes": TAXES, "shop_supplies": supplies, "labor_cost_rate_cents": 4_000}
    assert staff.patch("/shop", json=settings | {"time_zone": "America/Denver"}).status_code == 200
    return staff


def dated(model, row_id, on):
    """Date a row at noon of a day; the clock of the tests can't be turned back."""
    at = datetime.combine(date.fromisoformat(on), datetime.min.time(), UTC) + timedelta(hours=18)
    times = {Payment: {"received_at": at}, Authorization: {"at": at}}
    with db.engine.begin() as connection:
        table = model.__table__
        when = times.get(model, {"issued_on": date.fromisoformat(on)})
        connection.execute(update(table).where(table.c.id == row_id).values(when))


def an_invoice(staff, on="2026-06-10", **line):
    """Invoice an order of labor, a part from stock, a core, a sublet and a fee; return order and invoice."""
    order = Order(staff)
    mechanic = a_mechanic()
    order.add(kind="labor", billed_minutes=95, rate_cents=13_333, mechanic_id=mechanic.id)
    order.add(
        kind="sublet", name="Alignment", quantity=1, unit_price_cents=8_900, unit_cost_cents=6_100
    )
    order.add(kind="fee", name="Disposal", quantity=2, unit_price_cents=275)
    order.add(
        kind="part",
        part_id=a_part(9, price_cents=4_999, current_cost_cents=2_777).id,
        quantity=3,
        core_charge_cents=1_500,
        **line,
    )
    order.discount(kind="discount", discount_percentage=7.5)
    for each in parts_of(order):
        assert staff.post(f"/lines/{each['id']}/use", json={}).status_code == 201
    order.move("in_progress")
    assign = {"mechanic_id": mechanic.id, "minutes_worked": 80}
    assert (
        staff.post("/assignments", json=assign | {"ticket_id": order.ticket.id}).status_code == 201
    )
    order.move("ready")
    invoice = issued(order)
    dated(Invoice, invoice["id"], on)
    order.mechanic = mechanic
    return order, invoice


def parts_of(order):
    lines = order.staff.get(f"/jobs/{order.job}").json["lines"]
    return [line for line in lines if line["part_id"]]


def report(staff, period=JUNE):
    answer = staff.get("/reports/shop?from={}&to={}".format(*period))
    assert answer.status_code == 200, answer.json
    return answer.json


def values(told):
    return {figure["name"]: figure["value"] for figure in told["figures"]}


def groups(told, name):
    [figure] = [each for each in told["figures"] if each["name"] == name]
    return {(each["key"], each["of"]): each["value"] for each in figure["groups"]}


def a_note(order, invoice, on, **body):
    answer = credited(order, invoice, **body)
    assert answer.status_code == 201, answer.json
    dated(CreditNote, answer.json["id"], on)
    return answer.json


def lines_of(staff, invoice, kind):
    lines = staff.get(f"/invoices/{invoice['id']}/lines").json["items"]
    return [line for line in lines if line["kind"] == kind]


@pytest.fixture
def busy(staff):
    """A June with three invoices, a credit of a part and one of all, and money; July has another credit."""
    orders = [an_invoice(staff) for _ in range(3)]
    (first, bill), (second, other), (_, third) = orders
    [core] = lines_of(staff, bill, "core")
    [part, _] = lines_of(staff, bill, "part")
    some = [(core, 500), (part, 333)]
    a_note(
        first,
        bill,
        "2026-06-12",
        lines=[{"invoice_line_id": line["id"], "net_cents": cents} for line, cents in some],
    )
    paid = pay(second, 10_000, method="card").json
    dated(Payment, paid["id"], "2026-06-11")
    dated(Payment, refund(second, paid, 4_000).json["id"], "2026-06-30")
    a_note(second, other, "2026-06-15", all=True)
    a_note(orders[2][0], third, "2026-07-01", all=True)
    return [order for order, _ in orders]


def documents(staff, period):
    """Return the documents of the invoices and, with those of their invoices, of the credit notes."""
    first, last = period
    issued_in = f"issued_from={first}&issued_to={last}&per_page=100"

    def document(path):
        return staff.get(f"{path}/document").json

    invoices = staff.get(f"/invoices?{issued_in}").json["items"]
    notes = staff.get(f"/credit-notes?{issued_in}").json["items"]
    return (
        [document(f"/invoices/{each['id']}") for each in invoices],
        [
            (document(f"/credit-notes/{each['id']}"), document(f"/invoices/{each['invoice_id']}"))
            for each in notes
        ],
    )


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


def half(minutes):
    return (minutes * 4_000 * 2 + 60) // 120


def test_the_rows_of_each_figure_add_up_to_it(staff, busy):
    Order(staff).decide()
    told = report(staff, ("2026-01-01", "2026-12-31"))
    seen = set()
    for figure in told["figures"]:
        for each in figure["groups"] or [figure]:
            value = each["value"]
            page = staff.get(each["rows"]).json
            total = sum(row["amount"] for row in page["items"])
            assert page["sum"] == total, each
            by_csv = staff.get(each["rows"], headers={"Accept": "text/csv"})
            table = list(csv.DictReader(io.StringIO(by_csv.text)))
            assert [row["id"] for row in table] == [str(row["id"]) for row in page["items"]]
            assert sum(int(row["amount"]) for row in table) == total
            if not quotient(figure["name"]):
                assert total == value, each
            seen.add(figure["name"])
    assert seen == {figure.name for figure in FIGURES}


def quotient(name):
    return next(figure.is_quotient for figure in FIGURES if figure.name == name)


def test_a_quotient_has_the_rows_of_its_denominator_too(staff, busy):
    path = "/reports/shop/average_repair_order?from={}&to={}".format(*JUNE)
    told = values(report(staff))
    sums = [staff.get(f"{path}&of={of}").json["sum"] for of in ("numerator", "denominator")]
    assert sums == [told["sales"], told["repair_orders"]]
    assert told["average_repair_order"] == round(sums[0] / sums[1])


def test_rows_come_page_by_page(staff, busy):
    path = "/reports/shop/sales?from={}&to={}&per_page=3".format(*JUNE)
    first = staff.get(path).json
    rest = staff.get(f"{path}&cursor={first['pagination']['next_cursor']}").json
    both = first["items"] + rest["items"]
    assert [each["source"] for each in both].count("credit_note") == 2
    assert len({(each["source"], each["id"]) for each in both}) == 5
    assert first["pagination"]["total"] == 5
    assert first["sum"] == values(report(staff))["sales"]


@pytest.mark.parametrize("query", ["taxes?of=tax", "by_mechanic?of=labor_sales", "payments?of=net"])
@pytest.mark.parametrize("sort", ["on", "-on"])
def test_no_row_is_lost_between_pages(staff, busy, query, sort):
    path = f"/reports/shop/{query}&from=2026-01-01&to=2026-12-31&per_page=1&sort={sort}"
    found, cursor = [], ""
    while cursor is not None:
        page = staff.get(path + cursor).json
        found += page["items"]
        after = page["pagination"]["next_cursor"]
        cursor = after and f"&cursor={after}"
    assert sum(row["amount"] for row in found) == page["sum"] != 0
    assert len({(row["source"], row["id"]) for row in found}) == len(found)
    table = staff.get(path, headers={"Accept": "text/csv; charset=utf-8"}).text
    assert [row["id"] for row in csv.DictReader(io.StringIO(table))] == [
        str(row["id"]) for row in found
    ]


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


def test_it_is_csv_too(staff, busy):
    path = "/reports/shop?from={}&to={}".format(*JUNE)
    table = list(csv.DictReader(io.StringIO(staff.get(path, headers={"Accept": "text/csv"}).text)))
    told = report(staff)
    assert next(row["value"] for row in table if row["name"] == "sales") == str(
        values(told)["sales"]
    )
    lines = sum(len(figure["groups"]) or 1 for figure in told["figures"])
    assert len(table) == lines > len(told["figures"])


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/reports/shop/payments?key=%00", 422),
        ("/reports/shop?from=2026-01-01&to=2027-01-02", 422),
        ("/reports/shop/wishes?from=2026-01-01&to=2026-01-02", 404),
        ("/reports/shop/sales?from=2026-01-01&to=2026-01-02&of=numerator", 422),
        ("/reports/shop/sales?from=2026-01-01&to=2026-01-02&key=cash", 422),
        ("/reports/shop/payments?from=2026-01-01&to=2026-01-02&of=given", 422),
    ],
)
def test_what_is_asked_must_exist(staff, path, status):
    assert staff.get(path).status_code == status


def test_they_are_for_managers(staff, as_):
    path = "/reports/shop?from=2026-01-01&to=2026-01-02"
    assert as_(a_mechanic()).get(path).status_code == 403
    assert staff.get(path).status_code == 200
