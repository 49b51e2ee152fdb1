"""Checks that statements and reports say what the documents and the ledger say."""

import csv
import io
from collections import Counter
from datetime import timedelta

from app.blueprints.reports.figures import FIGURES
from app.clock import utc_now
from tests.reports.documents import figures

SUMS = {each.name for each in FIGURES if not each.is_quotient and not each.is_grouped}


def asked() -> str:
    """Return the days of the test: all is issued and paid today, in any time zone."""
    today = utc_now().date()
    return f"from={today - timedelta(days=1)}&to={today + timedelta(days=1)}"


def statements_say_what_the_rows_say(scene) -> None:
    """Check the account of each customer: what is invoiced, credited, paid, and still owed."""
    for customer_id in scene.shop.customers():
        path = f"/customers/{customer_id}/statement?{asked()}"
        told = scene.shop.see(path).json
        expected = sorted(_entries(scene, customer_id))
        shown = [
            (each["kind"], each["id"], each["debit_cents"] - each["credit_cents"])
            for each in told["items"]
        ]
        assert sorted(shown) == expected, customer_id
        assert told["opening_balance_cents"] == 0, customer_id
        assert told["closing_balance_cents"] == sum(cents for *_, cents in expected)
        if told["items"]:
            assert told["items"][-1]["balance_cents"] == told["closing_balance_cents"]
        owed = sum(_owed(scene, row) for row in _of(scene.rows.invoices, customer_id))
        assert sum(told["ageing"].values()) == owed, customer_id
        assert _as_csv(scene, path) == [_texts(each) for each in told["items"]]


def _entries(scene, customer_id):
    rows = scene.rows
    for row in _of(rows.tickets, customer_id):
        price = scene.listed["service-tickets"][row["id"]]["total_cents"]
        is_closed = row["status"] == "closed" and not rows.live_invoice(row["id"])
        if is_closed and (due := rows.due(row["id"], price)):
            yield "repair_order", row["id"], due
    for row in _of(rows.invoices, customer_id):
        yield "invoice", row["id"], row["total_cents"]
    for row in _of(rows.notes, customer_id):
        yield "credit_note", row["id"], -row["total_cents"]
    for row in _of(rows.payments, customer_id):
        kind = "payment" if row["amount_cents"] > 0 else "refund"
        yield kind, row["id"], -row["amount_cents"]


def _of(rows, customer_id):
    return [row for row in rows.values() if row["customer_id"] == customer_id]


def _owed(scene, invoice):
    return max(0, scene.listed["invoices"][invoice["id"]]["balance_cents"])


def reports_say_what_the_documents_say(scene) -> None:
    told = scene.shop.see(f"/reports/shop?{asked()}").json["figures"]
    shown = {figure["name"]: figure["value"] for figure in told}
    grouped = {
        (figure["name"], group["of"], group["key"]): group["value"]
        for figure in told
        for group in figure["groups"]
    }
    bills, notes = scene.shop.papers.of("invoices"), scene.shop.papers.of("credit-notes")
    of_notes = [
        (note, bills[scene.rows.notes[note_id]["invoice_id"]]) for note_id, note in notes.items()
    ]
    expected = figures(list(bills.values()), of_notes)
    taxes = expected.pop("tax")
    assert {name: shown[name] for name in expected} == expected
    tax = {
        key: cents for (name, of, key), cents in grouped.items() if (name, of) == ("taxes", "tax")
    }
    assert tax == taxes
    ledger = Counter()
    for row in scene.rows.payments.values():
        ledger[str(row["method"])] += row["amount_cents"]
    net = {key: cents for (_, of, key), cents in grouped.items() if of == "net"}
    assert net == dict(ledger)
    receivables = sum(cents for (name, *_), cents in grouped.items() if name == "receivables")
    assert receivables == sum(_owed(scene, row) for row in scene.rows.invoices.values())
    for figure in told:
        for each in figure["groups"] or [figure]:
            amounts = [int(row["amount"] or -1) for row in _as_csv(scene, each["rows"])]
            if figure["name"] in SUMS or figure["groups"]:
                is_unknown = each["value"] is None and -1 in amounts
                assert is_unknown or sum(amounts) == each["value"], each


def _as_csv(scene, path):
    answer = scene.shop.staff.get(path, headers={"Accept": "text/csv"})
    assert answer.status_code == 200, path
    return list(csv.DictReader(io.StringIO(answer.text)))


def _texts(item):
    return {name: "" if value is None else str(value) for name, value in item.items()}
