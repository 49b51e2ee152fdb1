"""The estimate: what it shows, to whom, and what its hash covers."""

import hashlib
import json
from io import BytesIO
from random import Random

import pytest
from pypdf import PdfReader

from app.pdf.formats import money
from tests.factories import a_customer, a_manager, a_mechanic, a_part
from tests.service_tickets.consenting import LABOR, Order

SECRET = ("unit_cost_cents", "markup_percentage", "price_source", "supplier", "gross_profit_cents")


@pytest.fixture
def order(as_):
    return Order(as_(a_manager()))


def estimate(order, reader=None):
    return (reader or order.staff).get(f"{order.path}/estimate").json


def pdf_text(order, reader=None):
    answer = (reader or order.staff).get(f"{order.path}/estimate/pdf")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(answer.data)).pages)


def members(value):
    """Yield the names of all members of a JSON value, at any depth."""
    if isinstance(value, dict):
        for name, each in value.items():
            yield name
            yield from members(each)
    elif isinstance(value, list):
        for each in value:
            yield from members(each)


def test_it_is_the_same_for_all_who_see_it_and_has_no_costs(order, as_):
    seen = [estimate(order, as_(person)) for person in (order.owner, a_mechanic(), a_manager())]
    assert seen[0] == seen[1] == seen[2]
    assert not set(members(seen[0])) & set(SECRET)


def test_it_shows_shop_customer_vehicle_jobs_and_decisions(order):
    order.staff.patch("/shop", json={"name": "Harbor Street", "estimate_terms": "14 days"})
    flush = order.add_job(LABOR, name="Flush")
    order.add_job(name="Nothing to do")
    order.decide("deferred", job=flush)
    shown = estimate(order)

    assert shown["shop"]["name"] == "Harbor Street"
    assert shown["customer"]["name"] == "Alla Petrenko"
    assert shown["vehicle"]["year"] == 2003
    assert shown["ticket"]["ro_number"] == f"RO-{order.ticket.id:06d}"
    assert [job["name"] for job in shown["jobs"]] == ["Brakes"]
    assert [job["authorization"] for job in shown["declined_jobs"]] == ["deferred"]
    assert shown["authorizations"][0]["decisions"][0]["name"] == "Flush"
    assert shown["estimate_terms"] == "14 days"


def test_its_hash_is_that_of_the_record_and_can_be_computed_again(order):
    oil = a_part(9, unit="quart", price_cents=900)
    order.add(kind="part", part_id=oil.id, quantity=4.25)
    order.discount(discount_percentage=12.5)
    order.staff.patch("/shop", json={"taxes": [{"name": "Tax", "part_percentage": 8.875}]})
    shown = estimate(order)
    made = order.decide()
    kept = order.staff.get(f"/authorizations/{made['id']}").json
    text = json.dumps(kept["estimate"], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    digest = hashlib.sha256(text.encode()).hexdigest()
    assert digest == kept["estimate_sha256"] == shown["estimate_sha256"]


def test_its_hash_changes_with_the_work_and_the_total_and_with_nothing_else(order):
    def changed(act):
        before = estimate(order)["estimate_sha256"]
        assert act().status_code < 300
        return estimate(order)["estimate_sha256"] != before

    staff, line, tax = order.staff, f"/lines/{order.lines[0]}", {"name": "Tax"}
    assert changed(lambda: staff.patch(line, json={"billed_minutes": 61}))
    assert changed(lambda: staff.patch(line, json={"name": "Other work"}))
    assert changed(lambda: staff.patch(f"/jobs/{order.job}", json={"note": "Worn"}))
    assert changed(
        lambda: staff.post(f"{order.path}/lines", json={"name": "C", "discount_cents": 1})
    )
    assert changed(lambda: staff.patch("/shop", json={"taxes": [tax | {"labor_percentage": 1}]}))
    assert not changed(lambda: staff.patch(f"/jobs/{order.job}", json={"correction": "Done"}))
    assert not changed(
        lambda: staff.patch(order.path, json={"promised_at": "2027-01-01T00:00:00Z"})
    )
    assert not changed(lambda: staff.patch(f"/customers/{order.owner.id}", json={"city": "Rome"}))
    assert not changed(lambda: staff.post(f"{order.path}/jobs", json={"name": "Empty"}))


def test_list_item_totals_and_estimate_have_the_same_total(order):
    rng = Random(11)
    order.staff.patch("/shop", json={"taxes": [{"name": "T", "labor_percentage": 7.25}]})
    for _ in range(12):
        minutes, percentage = rng.randint(1, 200), rng.choice([None, 12.5, 33.33])
        line = LABOR | {"billed_minutes": minutes, "discount_percentage": percentage}
        job = order.add_job(line, name=f"Job {minutes}")
        if rng.random() < 0.5:
            order.decide(rng.choice(["authorized", "declined", "deferred"]), job=job)
        item = order.staff.get(f"{order.path}?include=jobs,totals").json
        [listed] = order.staff.get("/service-tickets?include=totals").json["items"]
        totals, shown = order.totals(), estimate(order)
        assert item["totals"] == listed["totals"] == totals
        assert item["total_cents"] == listed["total_cents"] == totals["total_cents"]
        paid = ("paid_cents", "balance_cents", "payment_status")
        of_staff = {name: totals[name] for name in paid} | {"gross_profit_cents": None}
        assert shown["totals"] | of_staff == totals
        assert totals["balance_cents"] == totals["total_cents"]
        total = money(totals["total_cents"], "USD")
        assert total in pdf_text(order)
        if link := order.staff.post(f"{order.path}/approval-links", json={}).json.get("path"):
            page = order.staff.get(link, headers={"Accept": "text/html"}).get_data(as_text=True)
            assert f"<td>{total}</td>" in page
        states = {job["id"]: job["authorization"] for job in item["jobs"]}
        in_estimate = {j["id"]: j for j in (*shown["jobs"], *shown["declined_jobs"])}
        assert {n: j["authorization"] for n, j in in_estimate.items()} == {
            n: states[n] for n in in_estimate
        }


def test_gross_profit_is_what_is_left_of_the_price_after_the_cost(order, as_):
    assert order.totals()["gross_profit_cents"] is None  # nobody has said what labor costs
    order.staff.patch("/shop", json={"labor_cost_rate_cents": 4_000})
    assert order.totals()["gross_profit_cents"] == 10_000 - 4_000 + 1_500 - 1_000
    order.add(kind="fee", name="Fee", unit_price_cents=999)
    order.discount(discount_cents=500)
    left = order.totals()["gross_profit_cents"]
    lines = order.staff.get(f"{order.path}/lines").json["items"]
    net = sum(line["net_cents"] for line in lines if line["kind"] in ("labor", "part"))
    assert left == net - 5_000
    order.add(kind="part", name="Hose", part_number="H", unit_price_cents=100)
    assert order.totals()["gross_profit_cents"] is None  # what the hose cost is unknown
    assert "gross_profit_cents" not in as_(a_mechanic()).get(f"{order.path}/totals").json
    bob = as_(a_mechanic())
    for reader in (bob, order.staff, bob):  # the list keeps tickets in the memory of the process
        [listed] = reader.get("/service-tickets?include=totals").json["items"]
        assert ("gross_profit_cents" in listed["totals"]) == (reader is order.staff)


def test_the_pdf_has_what_the_estimate_has_and_is_the_same_until_it_changes(order, as_):
    order.staff.patch("/shop", json={"name": "Harbor Street", "estimate_terms": "14 days"})
    order.discount(discount_percentage=10)
    order.decide("authorized")
    text = pdf_text(order)
    for part in ("Harbor Street", "Alla Petrenko", "Brakes", "$115.00", "14 days", "Authorized"):
        assert part in text
    for part in ("Discounts on the whole order", "Coupon", "-$11.50"):
        assert part in text
    path = f"{order.path}/estimate/pdf"
    first, alla = order.staff.get(path), as_(order.owner)
    assert first.headers["Content-Disposition"] == (
        f'inline; filename="estimate-RO-{order.ticket.id:06d}.pdf"'
    )
    assert (alla.get(path).data, alla.get(path).headers["ETag"]) == (
        first.data,
        first.headers["ETag"],
    )
    known = {"If-None-Match": first.headers["ETag"]}
    assert order.staff.get(path, headers=known).status_code == 304
    order.staff.patch(f"/jobs/{order.job}", json={"note": "Worn"})
    assert order.staff.get(path, headers=known).status_code == 200
    assert as_(a_customer()).get(path).status_code == 404
