"""The price of a ticket over HTTP: worked tickets, random ones, and every place that shows the total."""

import json
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest

from app.blueprints.service_tickets.pricing.order import Terms
from app.blueprints.service_tickets.pricing.price import price
from app.blueprints.service_tickets.queries.prices import order_of
from app.clock import utc_now
from app.database.session import db
from app.models import Customer, LineKind, ServiceTicket, TicketStatus
from app.quantities import priced
from tests.factories import a_manager, a_mechanic, a_part, a_ticket

WORKED = json.loads((Path(__file__).parent / "pricing.json").read_text(encoding="utf-8"))
NOT_SENT = {"a quantity of nothing"}  # no line of nothing is sent: only the model can have one
TOTALS = (
    *("labor_cents", "parts_cents", "sublet_cents", "fees_cents", "discount_cents"),
    *("shop_supplies_cents", "shop_supplies_tax_cents", "core_charges_cents", "core_returns_cents"),
    *("subtotal_cents", "taxes", "tax_cents", "total_cents", "authorized_total_cents"),
)


@pytest.fixture
def marge(as_):
    return as_(a_manager())


def sent(line):
    """Return the body for a line of a worked ticket."""
    named = {name: value for name, value in line.items() if name != "id"} | {"name": "A line"}
    if line["kind"] == "part":
        named["part_number"] = "P-1"
        if not {"unit_price_cents", "markup_percentage"} & line.keys():
            named["price_source"] = "matrix"
    return named


def opened(marge, worked):
    """Set the shop's settings, make the ticket, and return it with its lines by their worked ids."""
    settings = worked["settings"]
    assert marge.patch("/shop", json=settings).status_code == 200
    ticket, lines, decided = a_ticket(), {}, []
    path = f"/service-tickets/{ticket.id}"
    waived = {"shop_supplies_waived": worked["ticket"]["shop_supplies_waived"]}
    exempt = {"tax_exempt": worked["ticket"]["tax_exempt"], "tax_exempt_number": "T-1"}
    assert marge.patch(path, json=waived).status_code == 200
    whose = f"/customers/{ticket.customer_id}/billing-terms"
    assert marge.put(whose, json=exempt).status_code == 200
    for job in worked["ticket"]["jobs"]:
        body = {"name": f"Job {job['id']}", "lines": [sent(line) for line in job["lines"]]}
        made = marge.post(f"{path}/jobs", json=body)
        assert made.status_code == 201, made.json
        lines |= dict(zip([each["id"] for each in job["lines"]], made.json["lines"], strict=True))
        decided.append({"job_id": made.json["id"], "decision": job["authorization"]})
    for line in worked["ticket"]["lines"]:
        discount = {name: value for name, value in sent(line).items() if name != "taxable"}
        lines[line["id"]] = marge.post(f"{path}/lines", json=discount).json
    decisions = [each for each in decided if each["decision"] != "pending"]
    if decisions:
        body = {"method": "in_person", "authorized_by_name": "Alla", "decisions": decisions}
        made = marge.post(f"{path}/authorizations", json=body)
        assert made.status_code == 201, made.json
    return ticket, {n: line["id"] for n, line in lines.items()}


@pytest.mark.parametrize(
    "worked",
    [each for each in WORKED if each["name"] not in NOT_SENT],
    ids=lambda each: each["name"],
)
def test_a_worked_ticket_comes_out_to_the_cent_over_http(marge, worked):
    ticket, line_ids = opened(marge, worked)
    path = f"/service-tickets/{ticket.id}"
    expected = worked["expected"]

    totals = marge.get(f"{path}/totals").json
    assert {name: totals[name] for name in TOTALS} == {
        name: expected["totals"][name] for name in TOTALS
    }
    jobs = marge.get(f"{path}/jobs").json["items"][
        1:
    ]  # behind the one that each ticket begins with
    assert [job["price_cents"] for job in jobs] == [job["price_cents"] for job in expected["jobs"]]
    shown = {line["id"]: line for job in jobs for line in job["lines"]}
    for line in expected["lines"]:
        of_http = shown[line_ids[line["id"]]]
        for name in ("amount_cents", "net_cents", "tax_cents"):
            assert of_http[name] == line[name], (line, name)

    replayed = marge.get(f"{path}/pricing").json
    takes_off = {"line_discount", "job_discount", "ticket_discount", "core_return"}
    signed = [-s["cents"] if s["step"] in takes_off else s["cents"] for s in replayed["steps"]]
    assert sum(signed) == replayed["total_cents"] == totals["total_cents"]

    listed = marge.get("/service-tickets").json["items"][0]["total_cents"]
    assert listed == marge.get(path).json["total_cents"] == totals["total_cents"]


def test_the_short_way_to_a_total_is_the_long_way(app):
    rng = Random(7)
    plain = {"kind": LineKind.PART, "discount_bps": None, "discount_cents": None, "taxable": True}
    rest = (
        "billed_minutes",
        "rate_cents",
        "flat_price_cents",
        "core_charge_cents",
        "cores_returned",
    )
    plain |= dict.fromkeys((*rest, "applies_to"))
    for _ in range(500):
        lines = [
            plain
            | {"id": n, "job_id": n // 3, "quantity": Decimal(rng.randint(1, 1_000)) / 100}
            | {"unit_price_cents": rng.choice([0, 1, 333, 99_999])}
            for n in range(rng.randint(0, 8))
        ]
        plain_total = sum(priced(line["quantity"], line["unit_price_cents"]) for line in lines)
        assert plain_total == price(*order_of(lines), Terms()).total


def test_taxes_of_today_are_on_every_open_ticket_and_on_none_that_is_finished(marge):
    ticket, part = a_ticket(), a_part(5, price_cents=1_000)
    marge.post(f"/service-tickets/{ticket.id}/parts/{part.id}")
    path = f"/service-tickets/{ticket.id}"
    assert marge.get(path).json["total_cents"] == 1_000

    marge.patch("/shop", json={"taxes": [{"name": "Tax", "part_percentage": 8.25}]})
    for where in (path, f"{path}/totals"):
        assert marge.get(where).json["total_cents"] == 1_083
    assert marge.get("/service-tickets").json["items"][0]["total_cents"] == 1_083
    marge.patch("/shop", json={"taxes": [{"name": "Tax", "part_percentage": 10}]})
    assert marge.get("/service-tickets").json["items"][0]["total_cents"] == 1_100

    db.session.execute(
        db.update(ServiceTicket).values(status=TicketStatus.CLOSED, updated_at=utc_now())
    )
    db.session.commit()
    for where in (path, f"{path}/totals"):
        assert marge.get(f"{where}").json["total_cents"] == 1_000


def test_a_customer_sees_the_totals_and_not_how_they_are_made(as_, marge):
    ticket = a_ticket()
    owner = db.session.get_one(ServiceTicket, ticket.id).customer_id
    alice = as_(db.session.get_one(Customer, owner))
    assert alice.get(f"/service-tickets/{ticket.id}/totals").status_code == 200
    assert alice.get(f"/service-tickets/{ticket.id}/pricing").status_code == 403
    assert as_(a_mechanic()).get(f"/service-tickets/{ticket.id}/pricing").status_code == 200


def test_jobs_and_totals_come_with_a_ticket_on_request(as_, marge):
    ticket, part = a_ticket(), a_part(5, price_cents=1_000)
    marge.post(f"/service-tickets/{ticket.id}/parts/{part.id}")
    path = f"/service-tickets/{ticket.id}"
    plain = marge.get(path).json
    assert not {"jobs", "totals"} & plain.keys()

    full = marge.get(f"{path}?include=jobs,totals").json
    assert full == plain | {
        "jobs": marge.get(f"{path}/jobs").json["items"],
        "totals": marge.get(f"{path}/totals").json,
    }
    assert marge.get(f"{path}?include=totals").json.keys() - plain.keys() == {"totals"}
    for include, more in (("jobs", {"jobs"}), ("totals,jobs", {"jobs", "totals"})):
        [listed] = marge.get(f"/service-tickets?include={include}").json["items"]
        assert listed == {name: full[name] for name in {*plain, *more}}
    assert marge.get("/service-tickets").json["items"] == [plain]

    owner = as_(db.session.get_one(Customer, plain["customer_id"]))
    [own] = owner.get("/customers/my-tickets?include=jobs").json["items"]
    assert "unit_cost_cents" not in own["jobs"][0]["lines"][0]
    unknown = marge.get(f"{path}?include=jobs,prices")
    assert (unknown.status_code, unknown.json["errors"][0]["pointer"]) == (422, "/include")


def test_an_exempt_customer_pays_no_taxes_and_a_waived_ticket_no_supplies(marge):
    ticket, part = a_ticket(), a_part(5, price_cents=1_000)
    marge.patch(
        "/shop",
        json={
            "taxes": [{"name": "Tax", "part_percentage": 10}],
            "shop_supplies": {"percentage": 5, "of": "part"},
        },
    )
    path, whose = f"/service-tickets/{ticket.id}", f"/customers/{ticket.customer_id}/billing-terms"
    marge.post(f"{path}/parts/{part.id}")

    def totals():
        shown = {marge.get(each).json["total_cents"] for each in (path, f"{path}/totals")}
        [listed] = marge.get("/service-tickets").json["items"]
        return shown | {listed["total_cents"]}

    assert totals() == {1_150}
    marge.patch(path, json={"shop_supplies_waived": True, "customer_po": "PO-7"})
    assert totals() == {1_100}
    marge.put(whose, json={"tax_exempt": True, "tax_exempt_number": "E-1"})
    assert totals() == {1_000}
    assert marge.get(f"{path}?include=terms").json["terms"] == {
        "customer_po": "PO-7",
        "return_replaced_parts": False,
        "shop_supplies_waived": True,
        "tax_exempt": True,
    }

    refused = marge.put(whose, json={"tax_exempt_number": None})
    assert refused.json["errors"][0]["pointer"] == "/tax_exempt_number"
    marge.put(whose, json={"tax_exempt": False, "tax_exempt_number": None})
    assert totals() == {1_100}
    tag = marge.get(whose).headers["ETag"]
    marge.patch(f"/customers/{ticket.customer_id}", json={"phone": "555-0100"})
    assert (
        marge.put(whose, json={"tax_exempt": False}, headers={"If-Match": tag}).status_code == 412
    )


def test_a_ticket_with_all_that_it_shows_on_request_may_be_sent_back(marge):
    ticket, part = a_ticket(), a_part(5)
    marge.post(f"/service-tickets/{ticket.id}/parts/{part.id}")
    path = f"/service-tickets/{ticket.id}"
    whole = marge.get(f"{path}?include=jobs,totals,terms").json
    changed = marge.put(path, json=whole | {"priority": 1})
    assert (changed.status_code, changed.json["priority"]) == (200, 1)
    again = whole | {"version": changed.json["version"], "jobs": []}
    again["updated_at"] = changed.json["updated_at"]
    refused = marge.put(path, json=again | {"priority": 1})
    assert [each["pointer"] for each in refused.json["errors"]] == ["/jobs"]


def test_a_ticket_sent_back_whole_may_be_held_for_another_reason(marge):
    ticket = a_ticket(status="on_hold", hold_reason="parts")
    path = f"/service-tickets/{ticket.id}"
    whole = marge.get(path).json
    assert marge.put(path, json=whole | {"hold_reason": "bay"}).json["hold_reason"] == "bay"


def test_prices_of_any_size_are_explained(marge):
    marge.patch("/shop", json={"taxes": [{"name": "T", "part_percentage": 50}]})
    ticket = a_ticket()
    path = f"/service-tickets/{ticket.id}"
    dear = {"kind": "part", "name": "x", "part_number": "x", "quantity": 10_000}
    dear |= {"unit_price_cents": 1_100_000_000}
    marge.post(f"{path}/jobs", json={"name": "Dear", "lines": [dear] * 9})
    steps = marge.get(f"{path}/pricing").json["steps"]
    assert int(steps[-1]["numerator"]) == 9 * 11 * 10**12 * 500_000
    assert marge.get(f"{path}/totals").json["tax_cents"] == steps[-1]["cents"]


@pytest.mark.parametrize(
    "change",
    [{"discount_percentage": 33.33}, {"discount_cents": 7}, {"core_charge_cents": 99}, {}],
)
def test_a_used_part_that_is_not_plain_is_priced_on_the_ticket_too(marge, change):
    ticket, part = a_ticket(), a_part(5, price_cents=1_001)
    path = f"/service-tickets/{ticket.id}"
    line = marge.post(f"{path}/parts/{part.id}", json={"quantity": 2}).json["id"]
    assert marge.patch(f"/lines/{line}", json=change).status_code == 200
    total = marge.get(f"{path}/totals").json["total_cents"]
    assert (total == 2_002) == (change == {})
    assert marge.get(path).json["total_cents"] == total
