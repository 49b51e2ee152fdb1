"""Jobs of a ticket and their lines: added, changed, used, returned, deleted, and when that is refused."""

import pytest

from app.database.session import db
from app.models import Job, Part, ServiceTicket, Shop, TicketLine, TicketStatus
from app.models.jobs import MOST_JOBS
from app.models.shop import SHOP
from tests.factories import (
    a_customer,
    a_line,
    a_mechanic,
    a_part,
    a_ticket,
    a_vehicle,
    on_shelf,
    saved,
)

LABOR = {"kind": "labor", "name": "Replace pads", "billed_minutes": 90, "rate_cents": 10_000}


@pytest.fixture
def bob(as_):
    return as_(a_mechanic())


def first_job(bob, ticket):
    return bob.get(f"/service-tickets/{ticket.id}/jobs").json["items"][0]


def added(bob, ticket, *lines, name="Brakes"):
    made = bob.post(f"/service-tickets/{ticket.id}/jobs", json={"name": name, "lines": [*lines]})
    assert made.status_code == 201, made.json
    return made.json


def test_a_ticket_has_a_job_named_after_its_problem(bob):
    vehicle = a_vehicle()
    problem = "Squeals\nwhen braking " + "x" * 200
    sent = {"vehicle_id": vehicle.id, "problem_description": problem}
    ticket = bob.post("/service-tickets", json=sent).json

    [job] = bob.get(f"/service-tickets/{ticket['id']}/jobs").json["items"]
    assert job["name"] == ("Squeals when braking " + "x" * 200)[:120]
    assert (job["position"], job["price_cents"], job["lines"]) == (1, 0, [])


def test_a_used_part_is_a_line_of_the_first_job(bob):
    ticket, part = a_ticket(), a_part(5, name="Pads", price_cents=900)
    added(bob, ticket, name="Oil")
    used = bob.post(f"/service-tickets/{ticket.id}/parts/{part.id}", json={"quantity_used": 2}).json

    job = first_job(bob, ticket)
    [line] = job["lines"]
    assert (line["id"], line["kind"], line["name"], line["quantity"]) == (
        used["id"],
        "part",
        "Pads",
        2,
    )
    assert (line["price_source"], line["amount_cents"], line["used_at"]) == (
        *("catalog", 1800),
        used["used_at"],
    )
    assert (
        job["price_cents"] == bob.get(f"/service-tickets/{ticket.id}").json["total_cents"] == 1800
    )


def test_a_planned_part_leaves_the_stock_when_it_is_used(bob):
    ticket, part = a_ticket(), a_part(5, price_cents=900)
    [line] = added(bob, ticket, {"kind": "part", "part_id": part.id, "quantity": 3})["lines"]
    assert line["used_at"] is None
    assert on_shelf(part) == 5
    assert bob.get(f"/service-tickets/{ticket.id}").json["parts"] == []

    used = bob.post(f"/lines/{line['id']}/use")
    assert used.status_code == 201
    assert on_shelf(part) == 2
    [shown] = bob.get(f"/service-tickets/{ticket.id}").json["parts"]
    assert (shown["id"], shown["quantity_used"], shown["line_total_cents"]) == (line["id"], 3, 2700)
    assert bob.post(f"/lines/{line['id']}/use").json["code"] == "line_used"

    back = bob.post(f"/lines/{line['id']}/return", json={"quantity": 1}).json
    assert (back["quantity"], on_shelf(part)) == (2, 3)
    assert bob.post(f"/lines/{line['id']}/return", json={"quantity": "1"}).status_code == 422
    again = bob.post(f"/lines/{line['id']}/return").json
    assert (again["quantity"], again["used_at"], on_shelf(part)) == (2, None, 5)
    assert bob.post(f"/lines/{line['id']}/return").json["code"] == "line_not_used"
    assert bob.delete(f"/lines/{line['id']}").status_code == 204


def test_more_than_there_is_stays_planned(bob):
    ticket, part = a_ticket(), a_part(2)
    [line] = added(bob, ticket, {"kind": "part", "part_id": part.id, "quantity": 3})["lines"]
    refused = bob.post(f"/lines/{line['id']}/use")
    assert (refused.status_code, refused.json["code"]) == (409, "out_of_stock")
    assert bob.get(f"/lines/{line['id']}").json["used_at"] is None
    assert on_shelf(part) == 2


def test_only_so_much_of_a_line_comes_back(bob):
    ticket, part = a_ticket(), a_part(2)
    used = bob.post(f"/service-tickets/{ticket.id}/parts/{part.id}").json
    refused = bob.post(f"/lines/{used['id']}/return", json={"quantity": 2})
    assert (refused.json["code"], refused.json["quantity_used"]) == ("too_many_returned", 1)
    assert on_shelf(part) == 1


def test_labor_is_at_the_rate_of_the_shop_unless_it_says_another(bob):
    shop = db.session.get_one(Shop, SHOP)
    shop.labor_rate_cents = 12_000
    saved(shop)
    ticket = a_ticket()
    job = added(bob, ticket, {"kind": "labor", "billed_minutes": 20}, LABOR, name="Brakes")
    at_rate, named = job["lines"]
    assert (at_rate["name"], at_rate["rate_cents"], at_rate["amount_cents"]) == (
        "Brakes",
        12_000,
        4_000,
    )
    assert (named["name"], named["amount_cents"]) == ("Replace pads", 15_000)

    shop.labor_rate_cents = 1
    saved(shop)
    assert bob.get(f"/lines/{at_rate['id']}").json["amount_cents"] == 4_000
    flat = bob.patch(f"/lines/{named['id']}", json={"flat_price_cents": 9_900}).json
    assert (flat["amount_cents"], flat["billed_minutes"]) == (9_900, 90)


def test_the_price_of_goods_is_by_hand_by_markup_or_by_the_matrix(bob):
    shop = db.session.get_one(Shop, SHOP)
    shop.markup_matrix = [
        {"up_to_cents": 500, "markup_bps": 10_000},
        {"up_to_cents": None, "markup_bps": 5_000},
    ]
    saved(shop)
    part = a_part(name="Hose", current_cost_cents=1_000, price_cents=2_222)
    bought = {"kind": "part", "name": "Hose", "part_number": "H-1", "unit_cost_cents": 1_000}
    shelf = {"kind": "part", "part_id": part.id}
    ways = [
        (shelf, 2_222, "catalog", 122.2),
        (shelf | {"price_source": "matrix"}, 1_750, "matrix", 75.0),
        (bought | {"price_source": "matrix"}, 1_750, "matrix", 75.0),
        (bought | {"markup_percentage": 33.33}, 1_333, "markup", 33.33),
        (bought | {"unit_price_cents": 1_500}, 1_500, "manual", 50.0),
    ]
    lines = added(bob, a_ticket(), *(line for line, *_ in ways))["lines"]
    for line, (_, price, source, markup) in zip(lines, ways, strict=True):
        assert (line["unit_price_cents"], line["price_source"]) == (price, source)
        assert line["markup_percentage"] == markup

    by_hand = bob.patch(f"/lines/{lines[0]['id']}", json={"unit_price_cents": 2_000}).json
    assert (by_hand["price_source"], by_hand["markup_percentage"]) == ("manual", 100.0)
    by_matrix = bob.patch(f"/lines/{lines[0]['id']}", json={"price_source": "matrix"}).json
    assert (by_matrix["unit_price_cents"], by_matrix["price_source"]) == (1_750, "matrix")


SUBLET = {"kind": "sublet", "name": "Towing", "unit_price_cents": 5}
NO_PRICE = {"unit_price_cents": ...}
PART = {"kind": "part", "name": "Hose", "part_number": "H-1", "unit_price_cents": 5}


@pytest.mark.parametrize(
    ("line", "pointer"),
    [
        ({}, "/kind"),
        ({"kind": "labor"}, "/billed_minutes"),
        (LABOR | {"quantity": 2}, "/quantity"),
        ({"kind": "fee", "name": "Disposal"}, "/unit_price_cents"),
        ({"kind": "fee", "unit_price_cents": 5}, "/name"),
        ({"kind": "part", "name": "Hose", "unit_price_cents": 5}, "/part_number"),
        ({"kind": "sublet", "name": "Towing"}, "/unit_price_cents"),
        (SUBLET | {"markup_percentage": 5}, "/markup_percentage"),
        (SUBLET | {"unit_price_cents": -5}, "/unit_price_cents"),
        (SUBLET | {"core_charge_cents": 5}, "/core_charge_cents"),
        (PART | {"cores_returned": 2}, "/cores_returned"),
        (PART | {"part_number": None}, "/part_number"),
        (PART | {"part_number": " "}, "/part_number"),
        (PART | {"price_source": "matrix", "unit_cost_cents": 5} | NO_PRICE, "/price_source"),
        (PART | {"price_source": "manual"}, "/price_source"),
        (PART | {"discount_cents": 5, "discount_percentage": 5}, "/discount_cents"),
        ({"kind": "discount", "name": "Coupon"}, "/discount_percentage"),
        (
            {"kind": "discount", "name": "Coupon", "discount_percentage": 101},
            "/discount_percentage",
        ),
    ],
)
def test_a_line_has_what_its_kind_has_and_nothing_else(bob, line, pointer):
    ticket = a_ticket()
    job = first_job(bob, ticket)
    line = {name: value for name, value in line.items() if value is not ...}
    refused = bob.post(f"/jobs/{job['id']}/lines", json=line)
    assert (refused.status_code, [each["pointer"] for each in refused.json["errors"]]) == (
        422,
        [pointer],
    )

    path = f"/service-tickets/{ticket.id}/jobs"
    inside = bob.post(path, json={"name": "Brakes", "lines": [LABOR, line]})
    assert [each["pointer"] for each in inside.json["errors"]] == [f"/lines/1{pointer}"]
    assert len(bob.get(path).json["items"]) == 1


def test_what_can_not_change_of_a_line_is_refused(bob):
    ticket, part = a_ticket(), a_part(9)
    used = bob.post(f"/service-tickets/{ticket.id}/parts/{part.id}").json
    path = f"/lines/{used['id']}"
    assert bob.patch(path, json={"quantity": 2}).json["code"] == "line_used"
    assert bob.delete(path).json["code"] == "line_used"
    others = {"kind": "labor", "part_id": part.id + 1, "billed_minutes": 5, "unit_cost_cents": 5}
    others["part_number"] = "OTHER"
    for member, value in others.items():
        refused = bob.patch(path, json={member: value})
        assert refused.status_code == 422, (member, refused.json)
        assert refused.json["errors"][0]["pointer"] == f"/{member}"
    assert bob.patch(path, json={"unit_price_cents": 5}).json["amount_cents"] == 5
    whole = bob.get(path).json
    assert bob.put(path, json=whole).json == whole


def test_one_discount_takes_the_place_of_the_other(bob):
    [line] = added(bob, a_ticket(), LABOR | {"discount_percentage": 10})["lines"]
    assert (line["amount_cents"], line["net_cents"]) == (15_000, 13_500)
    changed = bob.patch(f"/lines/{line['id']}", json={"discount_cents": 99}).json
    assert (changed["discount_percentage"], changed["net_cents"]) == (None, 14_901)


def test_a_job_with_a_used_part_and_the_last_job_stay(bob):
    ticket, part = a_ticket(), a_part(1)
    first = first_job(bob, ticket)
    assert bob.delete(f"/jobs/{first['id']}").json["code"] == "job_in_use"
    other = added(bob, ticket, {"kind": "part", "part_id": part.id}, LABOR)
    line = other["lines"][0]["id"]
    bob.post(f"/lines/{line}/use")
    assert bob.delete(f"/jobs/{other['id']}").json["code"] == "job_in_use"
    bob.post(f"/lines/{line}/return")
    assert bob.delete(f"/jobs/{other['id']}").status_code == 204
    assert db.session.scalars(db.select(TicketLine.id)).all() == []
    assert bob.get(f"/lines/{line}").status_code == 404


def test_jobs_and_lines_are_in_the_order_of_their_positions(bob):
    ticket = a_ticket()
    names = [added(bob, ticket, name=name)["name"] for name in ("Oil", "Tires")]
    jobs = bob.get(f"/service-tickets/{ticket.id}/jobs").json["items"]
    assert [job["name"] for job in jobs][1:] == names
    bob.patch(f"/jobs/{jobs[2]['id']}", json={"position": 0})
    moved = bob.get(f"/service-tickets/{ticket.id}/jobs").json["items"]
    assert [job["name"] for job in moved] == ["Tires", jobs[0]["name"], "Oil"]

    lines = [bob.post(f"/jobs/{jobs[1]['id']}/lines", json=LABOR).json for _ in range(3)]
    bob.patch(f"/lines/{lines[2]['id']}", json={"position": 0})
    shown = bob.get(f"/jobs/{jobs[1]['id']}").json["lines"]
    assert [line["id"] for line in shown] == [lines[n]["id"] for n in (2, 0, 1)]


def test_everything_on_a_ticket_has_its_version(bob):
    ticket = a_ticket()
    job = first_job(bob, ticket)
    tag = bob.get(f"/jobs/{job['id']}").headers["ETag"]
    made = bob.post(f"/jobs/{job['id']}/lines", json=LABOR, headers={"If-Match": tag}).json
    assert made["version"] == job["version"] + 1
    assert bob.get(f"/service-tickets/{ticket.id}").json["version"] == made["version"]
    overtaken = bob.patch(f"/jobs/{job['id']}", json={"note": "x"}, headers={"If-Match": tag})
    assert overtaken.status_code == 412
    bob.patch(f"/lines/{made['id']}", json={"name": "Other"})
    assert bob.get(f"/jobs/{job['id']}").json["version"] == made["version"] + 1


def test_a_ticket_has_so_many_jobs(bob):
    ticket = a_ticket()
    db.session.add_all(Job(ticket_id=ticket.id, name="x") for _ in range(MOST_JOBS - 1))
    db.session.commit()
    refused = bob.post(f"/service-tickets/{ticket.id}/jobs", json={"name": "One more"})
    assert (refused.status_code, refused.json["code"]) == (409, "ticket_full")


OPEN, WORKED_ON, READY = ("open",), ("in_progress", "on_hold"), ("ready",)
ACTS = {
    "add a job": (
        "POST",
        "/service-tickets/{ticket}/jobs",
        {"name": "x"},
        {*OPEN, *WORKED_ON, *READY},
    ),
    "change a job": ("PATCH", "/jobs/{job}", {"note": "x"}, {*OPEN, *WORKED_ON, *READY}),
    "delete a job": ("DELETE", "/jobs/{other}", None, {*OPEN, *WORKED_ON, *READY}),
    "add a line": ("POST", "/jobs/{job}/lines", LABOR, {*OPEN, *WORKED_ON, *READY}),
    "add a discount": (
        *("POST", "/service-tickets/{ticket}/lines"),
        {"name": "x", "discount_cents": 1},
        {*OPEN, *WORKED_ON, *READY},
    ),
    "change a line": ("PATCH", "/lines/{planned}", {"name": "x"}, {*OPEN, *WORKED_ON, *READY}),
    "delete a line": ("DELETE", "/lines/{planned}", None, {*OPEN, *WORKED_ON, *READY}),
    "use a line": ("POST", "/lines/{planned}/use", None, {*OPEN, *WORKED_ON}),
    "return a line": ("POST", "/lines/{used}/return", None, {*OPEN, *WORKED_ON, "cancelled"}),
}


@pytest.mark.parametrize("status", TicketStatus)
@pytest.mark.parametrize("act", ACTS)
def test_each_act_is_for_some_statuses(bob, act, status):
    ticket, part = a_ticket(), a_part(9)
    job = db.session.scalar(db.select(Job).where(Job.ticket_id == ticket.id))
    other = saved(Job(ticket_id=ticket.id, name="Other"))
    used = saved(a_line(ticket.id, part.id))
    planned = saved(a_line(ticket.id, part.id, used_at=None))
    db.session.execute(db.update(ServiceTicket).values(status=status))
    db.session.commit()

    method, path, body, legal = ACTS[act]
    ids = {"ticket": ticket.id, "job": job.id, "other": other.id}
    ids |= {"used": used.id, "planned": planned.id}
    answer = bob.open(path.format(**ids), method=method, json=body)
    assert answer.status_code < 300 if status in legal else answer.json["code"] == "ticket_closed"


def test_a_customer_reads_its_own_jobs_without_what_they_cost_the_shop(as_, bob):
    alice = a_customer()
    ticket = a_ticket(a_vehicle(alice))
    line = {"kind": "sublet", "name": "Towing", "supplier": "Acme", "unit_cost_cents": 100}
    job = added(bob, ticket, line | {"markup_percentage": 10})
    at = f"/service-tickets/{ticket.id}"
    for path in (
        *(f"{at}/jobs", f"{at}/lines", f"{at}?include=jobs", f"/jobs/{job['id']}"),
        f"/lines/{job['lines'][0]['id']}",
    ):
        seen = as_(alice).get(path)
        assert seen.status_code == 200
        for secret in ("unit_cost_cents", "markup_percentage", "price_source", "supplier", "Acme"):
            assert secret not in seen.get_data(as_text=True)
        assert as_(a_customer()).get(path).status_code == 404


def test_a_retired_part_is_not_planned(bob):
    part = a_part(5)
    bob.delete(f"/inventory/{part.id}")
    job = first_job(bob, a_ticket())
    refused = bob.post(f"/jobs/{job['id']}/lines", json={"kind": "part", "part_id": part.id})
    assert refused.status_code == 404


def test_a_part_by_the_piece_is_planned_in_whole_numbers(bob):
    part = a_part(5)
    [line] = added(bob, a_ticket(), {"kind": "part", "part_id": part.id})["lines"]
    job = first_job(bob, a_ticket())
    sent = {"kind": "part", "part_id": part.id, "quantity": 0.5}
    assert (
        bob.post(f"/jobs/{job['id']}/lines", json=sent).json["errors"][0]["pointer"] == "/quantity"
    )
    assert bob.patch(f"/lines/{line['id']}", json={"quantity": 0.5}).status_code == 422
    assert db.session.get_one(Part, part.id).quantity_in_stock == 5


def test_another_cost_is_priced_in_the_same_way(bob):
    sublet = {"kind": "sublet", "name": "Towing", "unit_cost_cents": 1_000}
    by_markup, by_hand = added(
        bob,
        a_ticket(),
        sublet | {"markup_percentage": 25},
        sublet | {"unit_price_cents": 1_250},
    )["lines"]
    changed = bob.patch(f"/lines/{by_markup['id']}", json={"unit_cost_cents": 2_000}).json
    assert (changed["unit_price_cents"], changed["markup_percentage"]) == (2_500, 25.0)
    kept = bob.patch(f"/lines/{by_hand['id']}", json={"unit_cost_cents": 1_000}).json
    assert (kept["unit_price_cents"], kept["markup_percentage"]) == (1_250, 25.0)
    kept = bob.patch(f"/lines/{by_hand['id']}", json={"unit_cost_cents": 500}).json
    assert (kept["unit_price_cents"], kept["markup_percentage"]) == (1_250, 150.0)


def test_a_markup_needs_a_cost_and_only_a_fee_may_be_negative(bob):
    ticket = a_ticket()
    job, sublet = first_job(bob, ticket), {"kind": "sublet", "name": "Towing"}
    refused = bob.post(f"/jobs/{job['id']}/lines", json=sublet | {"markup_percentage": 5})
    assert refused.json["errors"][0]["pointer"] == "/unit_cost_cents"
    line = bob.post(f"/jobs/{job['id']}/lines", json=sublet | {"unit_price_cents": 5}).json
    for member in ({"unit_price_cents": -1}, {"markup_percentage": 5}):
        assert bob.patch(f"/lines/{line['id']}", json=member).status_code == 422
    fee = {"kind": "fee", "name": "Allowance", "unit_price_cents": -500}
    fee = bob.post(f"/jobs/{job['id']}/lines", json=fee).json
    assert (
        bob.patch(f"/lines/{fee['id']}", json={"unit_price_cents": -600}).json["net_cents"] == -600
    )


def test_cores_come_back_no_more_than_there_are_parts(bob):
    ticket, part = a_ticket(), a_part(9)
    line = {"kind": "part", "part_id": part.id, "quantity": 3, "core_charge_cents": 500}
    [line] = added(bob, ticket, line | {"cores_returned": 3})["lines"]
    bob.post(f"/lines/{line['id']}/use")
    bob.put(f"/service-tickets/{ticket.id}/parts/{part.id}", json={"quantity_used": 2})
    assert bob.get(f"/lines/{line['id']}").json["cores_returned"] == 2
    bob.post(f"/lines/{line['id']}/return", json={"quantity": 1})
    assert bob.get(f"/lines/{line['id']}").json["cores_returned"] == 1


def test_more_of_a_part_joins_no_line_that_is_discounted(bob):
    ticket, part = a_ticket(), a_part(9, price_cents=1_000)
    used = bob.post(f"/service-tickets/{ticket.id}/parts/{part.id}").json
    bob.patch(f"/lines/{used['id']}", json={"discount_percentage": 50})
    bob.put(f"/service-tickets/{ticket.id}/parts/{part.id}", json={"quantity_used": 3})
    lines = first_job(bob, ticket)["lines"]
    assert [(line["quantity"], line["net_cents"]) for line in lines] == [(1, 500), (2, 2_000)]


def test_a_part_that_was_retired_meanwhile_is_not_used(bob):
    part = a_part(5)
    [line] = added(bob, a_ticket(), {"kind": "part", "part_id": part.id})["lines"]
    bob.delete(f"/inventory/{part.id}")
    assert bob.post(f"/lines/{line['id']}/use").status_code == 404
    assert on_shelf(part) == 5


def test_a_discount_takes_something_off(bob):
    ticket = a_ticket()
    path = f"/service-tickets/{ticket.id}/lines"
    coupon = bob.post(path, json={"name": "Coupon", "discount_cents": 5}).json
    refused = bob.patch(f"/lines/{coupon['id']}", json={"discount_cents": None})
    assert refused.json["errors"][0]["pointer"] == "/discount_percentage"
    assert [line["id"] for line in bob.get(path).json["items"]] == [coupon["id"]]


def test_cores_of_a_part_by_the_piece_are_whole_and_end_with_a_full_return(bob):
    part, job = a_part(5), first_job(bob, a_ticket())
    core = {"kind": "part", "part_id": part.id, "quantity": 2, "core_charge_cents": 500}
    refused = bob.post(f"/jobs/{job['id']}/lines", json=core | {"cores_returned": 0.5})
    assert refused.json["errors"][0]["pointer"] == "/cores_returned"
    line = bob.post(f"/jobs/{job['id']}/lines", json=core | {"cores_returned": 1}).json
    path = f"/lines/{line['id']}"
    assert bob.patch(path, json={"cores_returned": 0.5}).status_code == 422
    bob.post(f"{path}/use")
    assert bob.post(f"{path}/return").json["cores_returned"] == 0


def test_one_price_sent_alone_is_an_instruction(bob):
    shop = db.session.get_one(Shop, SHOP)
    shop.markup_matrix = [{"up_to_cents": None, "markup_bps": 5_000}]
    saved(shop)
    sublet = {"kind": "part", "name": "Hose", "part_number": "H", "unit_cost_cents": 1_000}
    [line] = added(bob, a_ticket(), sublet | {"price_source": "matrix"})["lines"]
    shop.markup_matrix = [{"up_to_cents": None, "markup_bps": 10_000}]
    saved(shop)
    path = f"/lines/{line['id']}"
    whole = bob.get(path).json
    assert bob.put(path, json=whole).json == whole  # all of them: nothing changes
    again = {"version": whole["version"], "price_source": "matrix"}
    assert bob.patch(path, json=again).json["unit_price_cents"] == 2_000
    by_hand = {"version": whole["version"] + 1, "unit_price_cents": 2_000}
    assert bob.patch(path, json=by_hand).json["price_source"] == "manual"


def test_more_of_a_part_has_the_warranty_of_the_newest_line(bob):
    ticket, part = a_ticket(), a_part(9)
    used = bob.post(f"/service-tickets/{ticket.id}/parts/{part.id}").json
    bob.patch(f"/lines/{used['id']}", json={"warranty_distance": 12_000})
    bob.put(f"/service-tickets/{ticket.id}/parts/{part.id}", json={"quantity_used": 3})
    [line] = first_job(bob, ticket)["lines"]
    assert (line["quantity"], line["warranty_distance"]) == (3, 12_000)
