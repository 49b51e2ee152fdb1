"""Consent to a job: what a decision covers, and what makes the job pending again."""

import pytest

from app.blueprints.service_tickets.services import authorizations
from tests.factories import a_customer, a_manager, a_mechanic, a_part
from tests.service_tickets.consenting import BY_PHONE, LABOR, Order

AUTHORIZED, PENDING = ("authorized", None), "pending"


@pytest.fixture
def order(as_):
    return Order(as_(a_manager()))


def test_a_job_is_pending_until_the_customer_decides(order):
    assert order.state() == (PENDING, None)
    made = order.decide()

    assert order.state() == AUTHORIZED
    job = order.staff.get(f"/jobs/{order.job}").json
    assert (job["authorized_cents"], job["decided_at"]) == (11_500, made["at"])
    order.decide("declined")
    assert order.state() == ("declined", None)
    order.decide("deferred")
    assert order.state() == ("deferred", None)
    assert order.staff.get(f"/jobs/{order.job}").json["authorized_cents"] is None


def test_more_work_makes_it_pending_again_and_less_makes_it_valid(order):
    order.decide()
    more = order.add(**LABOR)
    assert order.state() == (PENDING, "price_raised")
    order.staff.delete(f"/lines/{more}")
    assert order.state() == AUTHORIZED

    free = order.add(**LABOR | {"flat_price_cents": 0})
    assert order.state() == (PENDING, "work_changed")
    order.staff.delete(f"/lines/{free}")
    order.staff.delete(f"/lines/{order.lines[1]}")
    assert order.state() == AUTHORIZED


@pytest.mark.parametrize("change", [{"name": "Other"}, {"condition": "used"}])
def test_another_part_or_condition_is_other_work(order, change):
    order.decide()
    order.staff.patch(f"/lines/{order.lines[1]}", json=change)
    assert order.state() == (PENDING, "work_changed")


def test_the_same_work_for_less_is_covered_and_for_more_is_not(order):
    order.decide()
    for minutes, state in ((30, AUTHORIZED), (61, (PENDING, "price_raised")), (60, AUTHORIZED)):
        order.staff.patch(f"/lines/{order.lines[0]}", json={"billed_minutes": minutes})
        assert order.state() == state, minutes


def test_up_to_an_amount_covers_any_work_below_it(order):
    order.decide(up_to_cents=20_000)
    assert order.staff.get(f"/jobs/{order.job}").json["authorized_cents"] == 20_000
    order.add(**LABOR | {"billed_minutes": 51})
    assert order.state() == AUTHORIZED
    order.add(kind="fee", name="Disposal", unit_price_cents=1)
    assert order.state() == (PENDING, "price_raised")

    refused = order.decide(up_to_cents=20_000, expects=422)
    assert refused["errors"][0]["pointer"] == "/decisions/0/up_to_cents"


def test_a_discount_that_was_seen_must_stand(order):
    coupon = order.discount(discount_percentage=10, applies_to="labor")
    order.decide()
    path = f"/lines/{coupon}"
    for change, state in (
        ({"discount_percentage": 15}, AUTHORIZED),
        ({"discount_percentage": 9.99}, (PENDING, "discount_lowered")),
        ({"discount_percentage": 10, "applies_to": "all"}, AUTHORIZED),
        ({"applies_to": "part"}, (PENDING, "discount_lowered")),
        ({"applies_to": "labor", "discount_cents": 5_000}, (PENDING, "discount_lowered")),
        ({"discount_percentage": 10}, AUTHORIZED),
    ):
        assert order.staff.patch(path, json=change).status_code == 200
        assert order.state() == state, change
    order.staff.delete(path)
    assert order.state() == (PENDING, "discount_lowered")


def test_taxes_supplies_and_other_jobs_do_not_touch_it(order):
    order.decide()
    tax = {"name": "Tax", "labor_percentage": 10, "part_percentage": 10}
    supplies = {"percentage": 5}
    order.staff.patch("/shop", json={"taxes": [tax], "shop_supplies": supplies})
    order.add_job(LABOR, name="Another")
    order.discount(discount_cents=100)
    assert order.state() == AUTHORIZED


def test_totals_say_what_is_authorized_and_declined_work_is_in_none(order):
    other = order.add_job(LABOR, name="Flush")
    assert order.totals()["authorization_status"] == "none"
    order.decide()
    totals = order.totals()
    assert (totals["total_cents"], totals["authorized_total_cents"]) == (21_500, 11_500)
    assert totals["authorization_status"] == "partial"
    order.decide("deferred", job=other)
    totals = order.totals()
    assert (totals["total_cents"], totals["authorized_total_cents"]) == (11_500, 11_500)
    assert totals["authorization_status"] == "full"
    assert order.staff.get(f"/jobs/{other}").json["price_cents"] == 10_000
    assert order.staff.get(order.path).json["total_cents"] == 11_500


def test_the_record_says_who_when_how_and_what_was_seen(order):
    made = order.decide(up_to_cents=15_000)
    order.staff.patch(f"/jobs/{order.job}", json={"name": "Renamed"})
    order.staff.patch(f"/lines/{order.lines[0]}", json={"name": "Renamed, too"})

    kept = order.staff.get(f"/authorizations/{made['id']}").json
    assert {name: kept[name] for name in BY_PHONE} == BY_PHONE
    assert kept["decisions"] == [
        {"job_id": order.job, "name": "Brakes", "decision": "authorized"}
        | {"price_cents": 11_500, "up_to_cents": 15_000}
    ]
    assert (kept["authorized_total_cents"], kept["taken_by"]["name"]) == (
        11_500,
        order.staff.get("/auth/me").json["profile"]["name"],
    )
    [seen] = kept["estimate"]["jobs"]
    assert seen["lines"][0]["name"] == "Brakes"
    listed = order.staff.get(f"{order.path}/authorizations").json["items"]
    assert listed == [{name: kept[name] for name in kept if name != "estimate"}]


def test_customers_decide_on_the_estimate_that_they_read(order, as_):
    alla = as_(order.owner)
    path = f"{order.path}/authorizations"
    estimate = alla.get(f"{order.path}/estimate").json
    decided = [{"job_id": order.job, "decision": "authorized"}]
    order.add(**LABOR)

    stale = alla.post(
        path, json={"decisions": decided, "estimate_sha256": estimate["estimate_sha256"]}
    )
    assert (stale.status_code, stale.json["code"]) == (409, "estimate_changed")
    now = alla.get(f"{order.path}/estimate").json["estimate_sha256"]
    made = alla.post(path, json={"decisions": decided, "estimate_sha256": now})
    assert made.status_code == 201
    said = {name: made.json[name] for name in ("method", "authorized_by_name", "taken_by")}
    assert said == {"method": "account", "authorized_by_name": "Alla Petrenko", "taken_by": None}
    assert made.json["contact"] == order.owner.email
    assert order.state() == AUTHORIZED


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({}, ["/authorized_by_name", "/contact", "/method"]),
        ({"method": "in_person", "authorized_by_name": "Alla"}, []),
        ({"method": "account", "authorized_by_name": "Alla", "contact": "x"}, ["/method"]),
        ({"method": "sms", "authorized_by_name": "Alla"}, ["/contact"]),
        ({"method": "sms", "authorized_by_name": None, "contact": "x"}, ["/authorized_by_name"]),
    ],
)
def test_staff_say_how_they_were_told(order, body, pointers):
    decisions = [{"job_id": order.job, "decision": "authorized"}]
    told = order.staff.post(f"{order.path}/authorizations", json=body | {"decisions": decisions})
    assert [error["pointer"] for error in told.json.get("errors", [])] == pointers


def test_customers_say_nothing_that_is_the_shop_s_to_say(order, as_):
    alla = as_(order.owner)
    decisions = [{"job_id": order.job, "decision": "authorized", "up_to_cents": 99_999}]
    refused = alla.post(
        f"{order.path}/authorizations", json={"decisions": decisions, "note": "x"} | BY_PHONE
    )
    assert [error["pointer"] for error in refused.json["errors"]] == [
        *("/method", "/authorized_by_name", "/contact", "/note"),
        *("/decisions/0/up_to_cents", "/estimate_sha256"),
    ]


def test_each_job_once_and_only_of_this_ticket(order):
    twice = [{"job_id": order.job, "decision": each} for each in ("authorized", "declined")]
    refused = order.staff.post(f"{order.path}/authorizations", json=BY_PHONE | {"decisions": twice})
    assert refused.json["errors"][0]["pointer"] == "/decisions"
    other = Order(order.staff)
    order.decide(job=other.job, expects=404)
    assert order.state() == (PENDING, None)


def test_a_stranger_sees_neither_estimate_nor_authorization(order, as_):
    made, stranger = order.decide(), as_(a_customer())
    for path in (
        f"{order.path}/estimate",
        f"{order.path}/authorizations",
        f"/authorizations/{made['id']}",
    ):
        assert stranger.get(path).status_code == 404
    body = {"decisions": [{"job_id": order.job, "decision": "declined"}]}
    assert stranger.post(f"{order.path}/authorizations", json=body).status_code == 404


def test_plain_parts_go_to_the_first_job_that_is_not_turned_down(order):
    [first] = [
        job["id"]
        for job in order.staff.get(f"{order.path}/jobs").json["items"]
        if job["id"] != order.job
    ]
    path = f"{order.path}/parts/{a_part(9).id}"
    line = order.staff.post(path).json["id"]
    assert order.staff.get(f"/lines/{line}").json["job_id"] == first
    order.staff.delete(path)
    order.decide("declined", job=first)
    line = order.staff.post(path).json["id"]
    assert order.staff.get(f"/lines/{line}").json["job_id"] == order.job
    order.staff.delete(path)
    order.decide("deferred")

    line = order.staff.post(path).json["id"]
    job = order.staff.get(f"/jobs/{order.staff.get(f'/lines/{line}').json['job_id']}").json
    assert job["id"] not in (first, order.job)
    assert job["name"] == "Grinding noise when braking"


def test_a_part_goes_into_the_job_that_is_named(order):
    part = a_part(9)
    made = order.staff.post(f"{order.path}/parts", json={"part_id": part.id, "job_id": order.job})
    assert order.staff.get(f"/lines/{made.json['id']}").json["job_id"] == order.job
    several = {"parts": [{"part_id": part.id, "job_id": order.job}, {"part_id": part.id}]}
    jobs = {
        order.staff.get(f"/lines/{line['id']}").json["job_id"]
        for line in order.staff.post(f"{order.path}/parts", json=several).json["items"]
    }
    assert len(jobs) == 2

    other = Order(order.staff)
    for job in (other.job, 10**9):
        refused = order.staff.post(f"{order.path}/parts/{part.id}", json={"job_id": job})
        assert refused.status_code == 404


def test_who_took_an_authorization_is_deactivated_and_not_deleted(order, as_):
    bob = a_mechanic(name="Bob")
    order.staff = as_(bob)
    made = order.decide()
    marge = as_(a_manager())
    assert marge.delete(f"/mechanics/{bob.id}").status_code == 204
    assert marge.get(f"/mechanics/{bob.id}").json["is_active"] is False
    assert marge.get(f"/authorizations/{made['id']}").json["taken_by"]["name"] == "Bob"


def test_customers_decide_only_on_what_is_on_the_estimate(order, as_):
    empty = order.add_job(name="Nothing in it")
    alla = as_(order.owner)
    sha256 = alla.get(f"{order.path}/estimate").json["estimate_sha256"]
    body = {"decisions": [{"job_id": empty, "decision": "authorized"}], "estimate_sha256": sha256}
    assert alla.post(f"{order.path}/authorizations", json=body).status_code == 404
    order.decide(job=empty)


def test_a_ticket_has_at_most_100_authorizations(order, monkeypatch):
    monkeypatch.setattr(authorizations, "MOST_AUTHORIZATIONS", 2)
    for decision in ("authorized", "declined"):
        order.decide(decision)
    assert order.decide("deferred", expects=409)["code"] == "ticket_full"


def test_erasing_a_customer_empties_the_authorizations_and_keeps_the_decisions(order):
    made = order.decide(note="Called twice")
    order.move("cancelled")
    before = order.staff.get(order.path).json["version"]
    assert order.staff.delete(f"/customers/{order.owner.id}").status_code == 204
    kept = order.staff.get(f"/authorizations/{made['id']}").json
    said = {name: kept[name] for name in ("authorized_by_name", "contact", "note")}
    assert said == {"authorized_by_name": "Erased customer", "contact": None, "note": None}
    assert kept["decisions"] == made["decisions"]
    assert order.staff.get(order.path).json["version"] == before
    trail = str(order.staff.get("/audit?entity=authorization").json)
    assert "555-0123" not in trail
