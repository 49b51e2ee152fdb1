"""Credit notes: the only way to take back an invoice, to the cent, once, with a document of their own."""

import hashlib
import json
from random import Random

import pytest

from app.blueprints.billing.crediting import Charged, Share, credit, credit_all
from tests.billing import money
from tests.billing.money import issued, pay
from tests.factories import a_customer, a_manager, a_mechanic
from tests.service_tickets.consenting import Order

GST = {"name": "GST", "part_percentage": 5, "labor_percentage": 5}
TAX = {"name": "Sales tax", "part_percentage": 8.875}


@pytest.fixture
def order(as_):
    """An invoiced ticket, with 100.00 of labor, 15.00 for a part, and two taxes."""
    order = Order(as_(a_manager()))
    order.staff.patch("/shop", json={"taxes": [GST, TAX]})
    order.staff.post(f"/lines/{order.lines[1]}/use", json={})
    order.move("in_progress", "ready")
    order.invoice = issued(order)
    return order


def credited(order, *, invoice=None, **body):
    return money.credited(order, invoice or order.invoice, **body)


def lines_of(order):
    return order.staff.get(f"/invoices/{order.invoice['id']}/lines").json["items"]


def some(line, cents):
    return [{"invoice_line_id": line["id"], "net_cents": cents}]


def now(order):
    return order.staff.get(f"/invoices/{order.invoice['id']}").json


def test_a_part_of_a_line_goes_back_with_its_taxes(order):
    _labor, part = lines_of(order)
    answer = credited(order, lines=some(part, 500))
    note = answer.json
    assert answer.status_code == 201
    assert answer.headers["Location"] == f"/credit-notes/{note['id']}"
    assert (note["number"], note["invoice_number"]) == ("CN-000001", "INV-000001")
    assert (note["subtotal_cents"], note["tax_cents"]) == (500, 25 + 44)
    assert note["lines"][0]["name"] == order.part.name
    invoice = now(order)
    assert (invoice["credited_cents"], invoice["is_void"]) == (569, False)
    assert invoice["balance_cents"] == order.invoice["total_cents"] - 569
    assert lines_of(order)[1]["credited_cents"] == 500
    assert order.totals()["balance_cents"] == invoice["balance_cents"]
    assert order.totals()["total_cents"] == order.invoice["total_cents"]


def test_all_voids_the_invoice_and_the_ticket_is_put_right_under_a_new_number(order):
    _labor, part = lines_of(order)
    credited(order, lines=some(part, 500))
    note = credited(order, all=True).json
    assert note["voids"] is True
    invoice = now(order)
    assert (invoice["is_void"], invoice["credited_cents"]) == (True, invoice["total_cents"])
    assert (invoice["balance_cents"], invoice["payment_status"]) == (0, None)
    assert order.staff.get(order.path).json["status"] == "ready"
    history = order.staff.get(f"{order.path}/history").json["items"]
    assert (history[0]["to_status"], history[0]["reason"]) == ("ready", "Made good")
    assert credited(order, all=True).json["code"] == "nothing_to_credit"
    order.staff.patch(f"/lines/{order.lines[0]}", json={"billed_minutes": 30})
    again = issued(order)
    assert again["number"] == "INV-000002"
    listed = order.staff.get(f"/invoices?ticket_id={order.ticket.id}&sort=number").json["items"]
    assert [each["is_void"] for each in listed] == [True, False]


def test_a_closed_ticket_stays_closed_and_nothing_is_due(order):
    pay(order, 1_000)
    order.move("closed")
    assert credited(order, all=True).status_code == 201
    assert order.staff.get(order.path).json["status"] == "closed"
    totals = order.totals()
    assert (totals["balance_cents"], totals["payment_status"]) == (-1_000, "overpaid")
    assert order.staff.delete(order.path).json["code"] == "ticket_in_use"


def test_no_more_goes_back_than_is_left(order):
    _labor, part = lines_of(order)
    credited(order, lines=some(part, 1_400))
    above = credited(order, lines=some(part, 101))
    assert (above.status_code, above.json["code"]) == (409, "above_invoice")
    assert (above.json["invoice_line_id"], above.json["remaining_cents"]) == (part["id"], 100)
    assert credited(order, lines=some(part, 100)).status_code == 201
    other = Order(order.staff)
    other.staff.delete(f"/lines/{other.lines[1]}")
    other.move("in_progress", "ready")
    strange = issued(other)
    assert credited(order, invoice=strange, lines=some(part, 1)).status_code == 404


def test_a_negative_line_keeps_the_credit_within_the_total(as_):
    order = Order(as_(a_manager()))
    order.staff.delete(f"/lines/{order.lines[1]}")
    order.add(kind="fee", name="Allowance", unit_price_cents=-9_000)
    order.move("in_progress", "ready")
    order.invoice = issued(order)
    labor, allowance = lines_of(order)
    above = credited(order, lines=some(labor, 1_001))
    assert (above.json["code"], above.json["remaining_cents"]) == ("above_invoice", 1_000)
    assert credited(order, lines=some(allowance, 1)).json["remaining_cents"] == 0
    assert credited(order, lines=some(labor, 400)).status_code == 201
    rest = credited(order, all=True).json
    assert (rest["total_cents"], len(rest["lines"])) == (600, 2)


def test_an_invoice_over_nothing_is_voided_too(as_):
    order = Order(as_(a_manager()))
    order.decide("declined")
    order.move("in_progress", "ready")
    order.invoice = issued(order)
    note = credited(order, all=True).json
    assert (note["total_cents"], note["lines"]) == (0, [])
    assert now(order)["is_void"] is True


@pytest.mark.parametrize(
    "body",
    [{}, {"all": False}, {"all": True, "lines": [{"invoice_line_id": 1, "net_cents": 1}]}],
)
def test_a_body_says_lines_or_all(order, body):
    assert credited(order, **body).status_code == 422
    twice = [{"invoice_line_id": 1, "net_cents": 1}] * 2
    assert credited(order, lines=twice).status_code == 422


def test_its_document_and_pdf_are_the_same_for_ever(order):
    order.staff.patch("/shop", json={"name": "Harbor Street"})
    note = credited(order, all=True).json
    path = f"/credit-notes/{note['id']}"
    before = order.staff.get(f"{path}/document")
    assert hashlib.sha256(before.data).hexdigest() == note["document_sha256"]
    document = json.loads(before.data)
    assert document["shop"]["name"] == "Mechanic Shop"  # as on the invoice
    assert document["totals"]["total_cents"] == note["total_cents"] == order.invoice["total_cents"]
    assert [tax["name"] for tax in document["totals"]["taxes"]] == ["GST", "Sales tax"]
    pdf = order.staff.get(f"{path}/pdf")
    order.staff.patch(f"/customers/{order.owner.id}", json={"name": "Another"})
    assert order.staff.get(f"{path}/document").data == before.data
    assert order.staff.get(f"{path}/pdf").data == pdf.data
    assert pdf.data.startswith(b"%PDF")


def test_only_managers_credit_and_customers_read_their_own(order, as_):
    owner = a_customer(email="own@example.com", password="a long enough password")
    own = Order(order.staff, owner)
    own.staff.delete(f"/lines/{own.lines[1]}")
    own.move("in_progress", "ready")
    own.invoice = issued(own)
    assert credited(order, by=as_(a_mechanic()), all=True).status_code == 403
    strange, mine = credited(order, all=True).json, credited(own, all=True).json
    reader = as_(owner)
    assert [each["id"] for each in reader.get("/credit-notes").json["items"]] == [mine["id"]]
    of_mine = reader.get(f"/invoices/{own.invoice['id']}/credit-notes").json["items"]
    assert [each["id"] for each in of_mine] == [mine["id"]]
    for path in (f"/credit-notes/{strange['id']}", f"/invoices/{order.invoice['id']}/lines"):
        assert reader.get(path).status_code == 404


def test_what_was_opened_again_and_closed_without_an_invoice_keeps_its_price(order):
    total = order.invoice["total_cents"]
    assert pay(order, total).status_code == 201
    credited(order, all=True)
    order.move("closed")
    order.staff.patch("/shop", json={"taxes": []})
    totals = order.totals()
    assert (totals["tax_cents"], totals["total_cents"]) == (order.invoice["tax_cents"], total)
    assert (totals["balance_cents"], totals["payment_status"]) == (0, "paid")


def test_a_key_is_required(order):
    path = f"/invoices/{order.invoice['id']}/credit-notes"
    without = order.staff.post(path, json={"reason": "Wrong", "all": True})
    assert without.json["code"] == "idempotency_key_required"
    assert now(order)["is_void"] is False


def test_any_sequence_of_credits_returns_exactly_net_and_tax(at_length):
    rng = Random(2643)
    for _ in range(at_length(2_000, slow=20_000)):
        net = rng.choice([1, 2, 3, 7, 99, 1_000, rng.randint(1, 100_000)])
        shares = [Share(f"T{n}", 1, rng.randint(0, net)) for n in range(rng.randint(0, 3))]
        credited, taxes = 0, [0] * len(shares)
        while credited < net:
            part = rng.randint(1, net - credited)
            made = credit(Charged(1, net, credited, shares), part)
            taxes = [sum(pair) for pair in zip(taxes, (s.cents for s in made.shares), strict=True)]
            assert all(0 <= t <= s.cents for t, s in zip(taxes, shares, strict=True))
            credited += part
        assert taxes == [each.cents for each in shares]
        whole = credit_all([Charged(1, -net, 0, [Share("T", 1, -5)]), Charged(2, net, net)])
        assert [(each.line_id, each.net, each.tax) for each in whole] == [(1, -net, -5)]
