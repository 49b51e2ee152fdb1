"""Invoices: issued once with the next number, and never changed, whatever changes later."""

import hashlib
import json
from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import select, update

from app.blueprints.service_tickets.pricing.charges import charges_of
from app.blueprints.service_tickets.pricing.price import price
from app.blueprints.service_tickets.services import invoicing
from app.clock import date_in, utc_now
from app.database.session import db
from app.models import Invoice, InvoiceLine, InvoiceLineTax, ServiceTicket, TicketStatus
from tests.billing.money import issue, issued
from tests.factories import a_customer, a_manager, a_mechanic, a_ticket
from tests.service_tickets.consenting import Order
from tests.service_tickets.random_orders import a_random_order

TAX = {"name": "Sales tax", "part_percentage": 8.25, "labor_percentage": 0}
SUPPLIES = {"percentage": 5, "cap_cents": 3_500, "statement": "This charge represents costs."}


@pytest.fixture
def order(as_):
    """A ticket that is ready, with a job of 100.00 of labor and 15.00 for a used part."""
    order = Order(as_(a_manager(name="Marge Rivers")))
    used = order.staff.post(f"/lines/{order.lines[1]}/use", json={})
    assert used.status_code == 201, used.json
    order.move("in_progress", "ready")
    return order


def document_of(order, invoice):
    answer = order.staff.get(f"/invoices/{invoice['id']}/document")
    assert hashlib.sha256(answer.data).hexdigest() == invoice["document_sha256"]
    assert answer.headers["ETag"] == f'"{invoice["document_sha256"]}"'
    return json.loads(answer.data)


def put(order, status):
    """Give a ticket a status as an earlier version of the shop has left it, without an invoice."""
    of_ticket = ServiceTicket.id == order.ticket.id
    db.session.execute(update(ServiceTicket).where(of_ticket).values(status=status))
    db.session.commit()


def status_of(order):
    return order.staff.get(order.path).json["status"]


def test_it_has_the_price_of_the_ticket_and_moves_it(order):
    order.staff.patch("/shop", json={"taxes": [TAX], "shop_supplies": SUPPLIES})
    total = order.staff.get(order.path).json["total_cents"]
    answer = issue(order, odometer_out=50_100)
    invoice = answer.json
    assert answer.status_code == 201
    assert answer.headers["Location"] == f"/invoices/{invoice['id']}"
    assert invoice["number"] == "INV-000001"
    assert invoice["total_cents"] == total == 11_500 + 575 + 124
    assert (invoice["odometer_out"], invoice["is_void"]) == (50_100, False)
    assert status_of(order) == "invoiced"
    history = order.staff.get(f"{order.path}/history").json["items"]
    assert [each["to_status"] for each in history][:2] == ["invoiced", "ready"]
    assert order.staff.get(f"/invoices/{invoice['id']}").json == invoice
    vehicle = order.staff.get(f"/vehicles/{order.ticket.vehicle_id}").json
    assert vehicle["odometer"] == 50_100


def test_the_move_to_invoiced_issues_it_too(order):
    order.move("invoiced")
    [invoice] = order.staff.get("/invoices").json["items"]
    assert (invoice["ticket_id"], invoice["number"]) == (order.ticket.id, "INV-000001")
    assert invoice["due_on"] == invoice["issued_on"] == str(date_in("UTC", utc_now()))
    document_of(order, invoice)


def test_its_price_outlives_new_taxes_and_the_ticket_has_it(order):
    order.staff.patch("/shop", json={"taxes": [TAX], "shop_supplies": SUPPLIES})
    before = order.totals()
    invoice = issued(order)
    order.staff.patch("/shop", json={"taxes": [], "shop_supplies": None})
    after = order.totals()
    assert {**after, "gross_profit_cents": 0} == {**before, "gross_profit_cents": 0}
    listed = order.staff.get("/service-tickets?include=jobs,totals").json["items"][0]
    assert listed["total_cents"] == listed["totals"]["total_cents"] == invoice["total_cents"]
    assert listed["jobs"][1]["lines"][1]["tax_cents"] > 0
    pricing = order.staff.get(f"{order.path}/pricing").json
    assert pricing["steps"] == document_of(order, invoice)["steps"]
    order.staff.post(f"{order.path}/transitions", json={"to": "closed"})
    assert order.staff.get(order.path).json["total_cents"] == invoice["total_cents"]


def test_its_document_says_all_that_is_printed(order):
    shop = {"name": "Harbor Street", "registration_number": "ARD 1", "invoice_terms": "12 months"}
    order.staff.patch("/shop", json=shop)
    order.decide()
    document = document_of(order, issued(order))
    assert document["shop"]["name"] == "Harbor Street"
    assert document["certified_by"] == "Marge Rivers"
    assert document["terms"] == "12 months"
    assert document["customer"]["name"] == "Alla Petrenko"
    [job] = document["jobs"]
    assert [line["name"] for line in job["lines"]] == ["Brakes", order.part.name]
    assert document["authorizations"][0]["authorized_by_name"] == "Alla"
    assert document["totals"]["total_cents"] == 11_500
    assert not {"unit_cost_cents", "cost_cents"} & set(json.dumps(document).split('"'))


def test_it_stays_as_it_was_whatever_changes(order, as_):
    order.staff.patch("/shop", json={"taxes": [TAX], "labor_cost_rate_cents": 4_000})
    invoice = issued(order)
    before = order.staff.get(f"/invoices/{invoice['id']}/document").data
    order.staff.patch("/shop", json={"name": "Another", "taxes": [], "invoice_prefix": "X-"})
    order.staff.patch(f"/inventory/{order.part.id}", json={"price_cents": 1, "name": "Renamed"})
    order.staff.patch(f"/customers/{order.owner.id}", json={"name": "Somebody Else"})
    order.move("closed")
    erased = order.staff.delete(f"/customers/{order.owner.id}")
    assert erased.status_code == 204
    assert order.staff.get(f"/invoices/{invoice['id']}/document").data == before
    assert order.staff.get(f"/invoices/{invoice['id']}").json == invoice


def test_planned_parts_are_used_or_taken_off_first(as_):
    order = Order(as_(a_manager()))
    order.move("in_progress", "ready")
    answer = issue(order)
    assert (answer.status_code, answer.json["code"]) == (409, "unused_parts")
    assert answer.json["line_ids"] == [order.lines[1]]
    assert status_of(order) == "ready"
    order.decide("declined")
    assert issued(order)["total_cents"] == 0


def test_less_than_nothing_is_not_invoiced(order):
    order.add(kind="fee", name="Allowance", unit_price_cents=-20_000)
    answer = issue(order)
    assert (answer.status_code, answer.json["code"]) == (409, "negative_total")
    assert answer.json["total_cents"] == -8_500
    moved = order.staff.post(f"{order.path}/transitions", json={"to": "invoiced"})
    assert moved.json["code"] == "negative_total"
    order.add(kind="fee", name="Pickup", unit_price_cents=8_500)
    assert issued(order)["total_cents"] == 0


def test_a_strict_shop_invoices_what_was_authorized(order):
    order.staff.patch("/shop", json={"authorization_policy": "strict"})
    assert issue(order).json["code"] == "not_authorized"
    assert order.staff.get("/invoices").json["items"] == []
    order.decide()
    assert issued(order)["number"] == "INV-000001"


@pytest.mark.parametrize("status", ["open", "in_progress", "on_hold", "closed", "cancelled"])
def test_only_a_ready_ticket_is_invoiced(as_, status):
    order = Order(as_(a_manager()))
    put(order, status)
    answer = issue(order)
    assert (answer.status_code, answer.json["code"]) == (409, "illegal_transition")


def test_a_ticket_is_invoiced_once_and_does_not_go_back(order):
    issued(order)
    again = issue(order)
    assert (again.status_code, again.json["legal"]) == (409, ["closed"])
    back = order.staff.post(f"{order.path}/transitions", json={"to": "ready", "reason": "Oops"})
    assert back.json["code"] == "illegal_transition"


def test_a_ticket_invoiced_before_there_were_invoices_gets_one_at_its_price(order):
    order.staff.patch("/shop", json={"taxes": [TAX]})
    put(order, "invoiced")
    assert order.staff.get(order.path).json["total_cents"] == 11_500
    assert issued(order)["total_cents"] == 11_500
    assert issue(order).json["code"] == "illegal_transition"


def test_numbers_go_on_from_the_first_and_keep_their_prefix(as_):
    staff = as_(a_manager())
    staff.patch("/shop", json={"first_invoice_number": 4711, "invoice_prefix": "2026/"})
    numbers = []
    for prefix in ("2026/", "2026/", "R-"):
        staff.patch("/shop", json={"invoice_prefix": prefix})
        ticket = a_ticket(status=TicketStatus.READY)
        numbers.append(staff.post(f"/service-tickets/{ticket.id}/invoice", json={}).json["number"])
    assert numbers == ["2026/004711", "2026/004712", "R-004713"]
    assert staff.patch("/shop", json={"invoice_prefix": "CN-"}).status_code == 422
    refused = staff.patch("/shop", json={"first_invoice_number": 1})
    assert (refused.status_code, refused.json["code"]) == (409, "numbering_begun")
    assert staff.patch("/shop", json={"first_invoice_number": 4711}).status_code == 200


def test_it_is_due_by_the_terms_of_the_customer_or_else_of_the_shop(order):
    order.staff.patch("/shop", json={"payment_terms_days": 14, "time_zone": "Pacific/Kiritimati"})
    today = date_in("Pacific/Kiritimati", utc_now())
    path = f"/customers/{order.owner.id}/billing-terms"
    terms = order.staff.patch(path, json={"payment_terms_days": 30})
    assert terms.json["payment_terms_days"] == 30
    yesterday = issue(order, due_on=str(today - timedelta(days=1)))
    assert yesterday.json["errors"][0]["pointer"] == "/due_on"
    invoice = issued(order)
    assert invoice["issued_on"] == str(today)
    assert invoice["due_on"] == str(today + timedelta(days=30))


def test_the_day_is_that_of_the_shop_s_time_zone():
    east, west = date_in("Pacific/Kiritimati", utc_now()), date_in("Etc/GMT+12", utc_now())
    assert east - west >= timedelta(days=1)
    assert west <= utc_now().date() <= east


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"odometer_out": -1}, "/odometer_out"),
        ({"override_reason": "Why not"}, "/override_reason"),
        ({"due_on": "tomorrow"}, "/due_on"),
    ],
)
def test_a_wrong_body_is_refused(order, body, pointer):
    answer = issue(order, **body)
    assert answer.status_code == 422
    assert pointer in [each["pointer"] for each in answer.json["errors"]]
    assert status_of(order) == "ready"


def test_a_lower_odometer_reading_needs_a_reason(order):
    issue(order)
    other = Order(order.staff, order.owner)
    other.staff.patch(other.path, json={"odometer_in": 500})
    other.staff.delete(f"/lines/{other.lines[1]}")
    other.move("in_progress", "ready")
    assert issue(other, odometer_out=400).json["code"] == "odometer_lower"
    assert issued(other, odometer_out=400, override_reason="Typed wrong")["odometer_out"] == 400


def test_a_ticket_without_a_vehicle_has_no_odometer(as_):
    staff, ticket = (
        as_(a_manager()),
        a_ticket(customer_id=a_customer().id, status=TicketStatus.READY),
    )
    path = f"/service-tickets/{ticket.id}/invoice"
    answer = staff.post(path, json={"odometer_out": 5})
    assert answer.json["errors"][0]["pointer"] == "/odometer_out"


def test_a_customer_reads_its_own_and_issues_none(order, as_):
    owner = a_customer(email="own@example.com", password="a long enough password")
    own = Order(order.staff, owner)
    own.staff.delete(f"/lines/{own.lines[1]}")
    own.move("in_progress", "ready")
    strange, mine = issued(order), issued(own)
    reader = as_(owner)
    assert [each["id"] for each in reader.get("/invoices").json["items"]] == [mine["id"]]
    assert reader.get(f"/invoices/{mine['id']}").json == mine
    for path in (f"/invoices/{strange['id']}", f"/invoices/{strange['id']}/document"):
        assert reader.get(path).status_code == 404
    assert reader.post(f"{own.path}/invoice", json={}).status_code == 403


def test_the_list_is_filtered_sorted_and_searched(as_):
    staff = as_(a_mechanic())
    made = []
    for n, name in enumerate(("Ada Quark", "Bob Zeta")):
        ticket = a_ticket(customer_id=a_customer(name=name).id, status=TicketStatus.READY)
        due = str(date_in("UTC", utc_now()) + timedelta(days=5 - n))
        path = f"/service-tickets/{ticket.id}/invoice"
        made.append(staff.post(path, json={"due_on": due}).json)
    ada, bob = made

    def listed(query):
        answer = staff.get(f"/invoices?{query}")
        assert answer.status_code == 200, answer.json
        return [each["id"] for each in answer.json["items"]]

    assert listed("") == [bob["id"], ada["id"]]
    assert listed("sort=due_on") == [bob["id"], ada["id"]]
    assert listed("sort=-issued_on") == [bob["id"], ada["id"]]
    assert listed("q=quark") == listed("q=INV-000001") == listed("q=000001") == [ada["id"]]
    assert listed(f"ticket_id={bob['ticket_id']}") == [bob["id"]]
    assert listed(f"customer_id={ada['customer_id']}") == [ada["id"]]
    assert listed(f"due_before={ada['due_on']}") == [bob["id"]]
    assert listed(f"issued_from={ada['issued_on']}&issued_to={ada['issued_on']}") != []
    assert listed("issued_to=2001-01-01") == []
    first = staff.get("/invoices?sort=due_on&per_page=1").json
    cursor = first["pagination"]["next_cursor"]
    assert listed(f"sort=due_on&per_page=1&cursor={cursor}") == [ada["id"]]


def test_lines_and_shares_of_taxes_add_up_to_what_is_printed(order):
    gst = {"name": "GST", "part_percentage": 5, "labor_percentage": 5, "fee_percentage": 5}
    order.staff.patch(
        "/shop",
        json={"taxes": [gst, TAX], "shop_supplies": SUPPLIES, "labor_cost_rate_cents": 4_500},
    )
    order.add(kind="part", name="Caliper", part_number="C 1", quantity=3, unit_price_cents=3_333,
              unit_cost_cents=2_000, core_charge_cents=1_501, cores_returned=1)  # fmt: skip
    order.discount(discount_percentage=10)
    invoice = issued(order)
    document = document_of(order, invoice)
    rows = db.session.scalars(select(InvoiceLine).order_by(InvoiceLine.position)).all()
    kinds = [row.kind for row in rows]
    assert kinds == ["labor", "part", "part", "core", "core", "shop_supplies"]
    assert [row.cost_cents for row in rows] == [4_500, order.part.current_cost_cents, 6_000] + [
        None
    ] * 3
    assert sum(row.net_cents for row in rows) == invoice["subtotal_cents"]
    assert sum(row.tax_cents for row in rows) == invoice["tax_cents"]
    assert [charge["net_cents"] for charge in document["charges"]] == [
        row.net_cents for row in rows
    ]
    by_tax = {}
    for share in db.session.scalars(select(InvoiceLineTax)):
        key = share.name, share.millionths
        by_tax[key] = by_tax.get(key, 0) + share.tax_cents
    printed = {
        (t["name"], round(t["percentage"] * 10_000)): t["tax_cents"]
        for t in document["totals"]["taxes"]
    }
    assert by_tax == printed


def test_charges_add_up_for_any_order():
    rng = Random(1981)
    for _ in range(500):
        jobs, discounts, terms = a_random_order(rng)
        priced = price(jobs, discounts, terms)
        charges = charges_of(priced, terms)
        assert sum(charge.net for charge in charges) == priced.subtotal
        assert sum(charge.tax for charge in charges) == priced.tax
        for line in priced.lines:
            of_line = [each.tax for each in charges if each.line is line.line]
            assert sum(of_line) == line.tax


def test_nothing_is_issued_if_the_transaction_fails(order, monkeypatch):
    before = db.session.scalar(select(ServiceTicket.version))
    monkeypatch.setattr(invoicing, "_add_lines", fails)
    with pytest.raises(RuntimeError):
        issue(order)
    db.session.rollback()
    assert db.session.scalars(select(Invoice)).all() == []
    monkeypatch.undo()
    assert db.session.scalar(select(ServiceTicket.version)) == before
    assert issued(order)["number"] == "INV-000001"


def fails(*_args):
    raise RuntimeError
