"""Canned jobs: templates that become jobs at the prices of the day."""

import pytest

from app.clock import utc_now
from app.database.session import db
from tests.factories import a_manager, a_part, a_ticket

HOSE = {"kind": "part", "name": "Hose", "part_number": "H-1"}
LABOR = {"kind": "labor", "billed_minutes": 30}


@pytest.fixture
def marge(as_):
    return as_(a_manager())


def canned(marge, *lines, **given):
    made = marge.post("/canned-jobs", json={"name": "Oil change", "lines": [*lines]} | given)
    assert made.status_code == 201, made.json
    return made.json


def test_it_shows_its_lines_as_they_were_sent_and_can_be_sent_back(marge):
    oil = a_part(9, unit="quart")
    lines = [
        LABOR | {"discount_percentage": 12.5, "rate_cents": 9_000},
        {"kind": "part", "part_id": oil.id, "quantity": 4.25, "markup_percentage": 95.12},
        {"kind": "part", "name": "Filter", "part_number": "F-1", "price_source": "matrix"}
        | {"unit_cost_cents": 700, "condition": "rebuilt", "cores_returned": 1},
        {"kind": "discount", "name": "Spring", "discount_cents": 500, "applies_to": "labor"},
    ]
    made = canned(marge, *lines)
    assert made["lines"] == lines

    path = f"/canned-jobs/{made['id']}"
    back = marge.put(path, json=marge.get(path).json)
    assert (back.status_code, back.json["version"]) == (200, made["version"])
    made["lines"][1]["quantity"] = 5
    changed = marge.put(path, json=made)
    assert changed.json["lines"][1]["quantity"] == 5
    assert changed.json["version"] == made["version"] + 1


def test_it_becomes_a_job_at_the_prices_of_the_day_and_stays_so(marge):
    part = a_part(5, price_cents=1_500)
    made = canned(marge, LABOR, {"kind": "part", "part_id": part.id}, note="Every 5,000 miles")
    marge.patch("/shop", json={"labor_rate_cents": 10_000})
    marge.patch(f"/inventory/{part.id}", json={"price_cents": 2_000})
    ticket = a_ticket()
    path = f"/service-tickets/{ticket.id}/canned-jobs"

    job = marge.post(path, json={"canned_job_id": made["id"]})

    assert job.status_code == 201
    assert job.headers["Location"] == f"/jobs/{job.json['id']}"
    shown = {name: job.json[name] for name in ("name", "note", "canned_job_id", "price_cents")}
    assert shown == {"name": "Oil change", "note": "Every 5,000 miles"} | {
        "canned_job_id": made["id"],
        "price_cents": 7_000,
    }
    assert [line["used_at"] for line in job.json["lines"]] == [None, None]

    marge.patch(f"/inventory/{part.id}", json={"price_cents": 9_000})
    marge.patch(f"/canned-jobs/{made['id']}", json={"lines": [LABOR]})
    assert marge.delete(f"/canned-jobs/{made['id']}").status_code == 204
    assert marge.get(f"/jobs/{job.json['id']}").json["price_cents"] == 7_000
    assert marge.post(path, json={"canned_job_id": made["id"]}).status_code == 404


def test_a_retired_part_is_named_and_nothing_is_added(marge):
    part = a_part(5, part_number="OF-7")
    made = canned(marge, LABOR, {"kind": "part", "part_id": part.id})
    part.retired_at = utc_now()
    db.session.commit()
    ticket = a_ticket()

    refused = marge.post(
        f"/service-tickets/{ticket.id}/canned-jobs", json={"canned_job_id": made["id"]}
    )

    assert (refused.status_code, refused.json["code"]) == (409, "part_retired")
    assert (refused.json["part_id"], refused.json["part_number"]) == (part.id, "OF-7")
    assert len(marge.get(f"/service-tickets/{ticket.id}/jobs").json["items"]) == 1


def test_names_are_unique_until_one_is_retired(marge):
    first = canned(marge, LABOR)
    again = {"name": "oil   CHANGE", "lines": [LABOR]}
    assert marge.post("/canned-jobs", json=again).json["code"] == "name_taken"
    other = canned(marge, LABOR, name="Brakes")
    renamed = marge.patch(f"/canned-jobs/{other['id']}", json={"name": "Oil Change"})
    assert (renamed.status_code, renamed.json["code"]) == (409, "name_taken")

    marge.delete(f"/canned-jobs/{first['id']}")
    assert marge.post("/canned-jobs", json=again).status_code == 201


def test_they_are_found_by_words_and_category(marge):
    canned(marge, LABOR, name="Oil change", note="Synthetic", category="Upkeep")
    canned(marge, LABOR, name="Brakes", category="Safety")

    def names(query):
        return [each["name"] for each in marge.get(f"/canned-jobs?{query}").json["items"]]

    assert names("") == ["Brakes", "Oil change"]
    assert names("sort=-name") == ["Oil change", "Brakes"]
    assert names("q=synth oil") == ["Oil change"]
    assert names("category=SAFETY") == ["Brakes"]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"lines": []}, "/lines"),
        ({"lines": [LABOR] * 51}, "/lines"),
        ({"lines": [{"kind": "labor"}]}, "/lines/0/billed_minutes"),
        ({"lines": [LABOR, {"kind": "fee", "name": "Fee"}]}, "/lines/1/unit_price_cents"),
        ({"lines": [LABOR | {"used_at": None}]}, "/lines/0/used_at"),
        ({"lines": [HOSE]}, "/lines/0/unit_price_cents"),
        (
            {"lines": [HOSE | {"unit_price_cents": 5, "cores_returned": 2}]},
            "/lines/0/cores_returned",
        ),
        ({"name": "x" * 121, "lines": [LABOR]}, "/name"),
    ],
)
def test_what_is_wrong_is_named(marge, body, pointer):
    refused = marge.post("/canned-jobs", json={"name": "Oil change"} | body)
    assert refused.status_code == 422
    assert pointer in [error["pointer"] for error in refused.json["errors"]]


def test_parts_must_be_in_the_catalogue_and_whole_by_the_piece(marge):
    part = a_part(5)
    lines = [{"kind": "part", "part_id": part.id, "quantity": 0.5}]
    refused = marge.post("/canned-jobs", json={"name": "Oil change", "lines": lines})
    assert refused.json["errors"][0]["pointer"] == "/lines/0/quantity"
    for line in ({"kind": "part", "part_id": part.id + 1}, LABOR | {"mechanic_id": 10**6}):
        unknown = marge.post("/canned-jobs", json={"name": "Oil change", "lines": [line]})
        assert unknown.status_code == 404


def test_a_finished_or_full_ticket_takes_none(marge):
    made = canned(marge, *[LABOR] * 50)
    ticket = a_ticket()
    path, body = f"/service-tickets/{ticket.id}/canned-jobs", {"canned_job_id": made["id"]}
    for _ in range(4):
        assert marge.post(path, json=body).status_code == 201
    assert marge.post(path, json=body).json["code"] == "ticket_full"
    marge.post(f"/service-tickets/{ticket.id}/transitions", json={"to": "cancelled"})
    assert marge.post(path, json=body).json["code"] == "ticket_closed"
