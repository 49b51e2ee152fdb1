"""A cursor walks a list to its end: nothing is skipped, nothing comes twice, nothing can be forged."""

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest

from app.models import TicketStatus
from tests.factories import a_manager, a_part, a_ticket, a_vehicle


@pytest.fixture
def marge(as_):
    return as_(a_manager())


def walk(client, path, meanwhile=lambda: None):
    """The ids on every page, following next_cursor until there is none."""
    page, ids = client.get(path), []
    while True:
        assert page.status_code == 200, page.json
        ids += [item["id"] for item in page.json["items"]]
        cursor = page.json["pagination"]["next_cursor"]
        if cursor is None:
            return ids
        meanwhile()
        page = client.get(f"{path}&cursor={cursor}")


def twenty_five_parts():
    """Names in another order than ids, and some of them twice."""
    return [a_part(name=f"Part {n * 7 % 20:02d}").id for n in range(25)]


@pytest.mark.parametrize("sort", ["id", "-id", "name", "-name", "part_number", "-part_number"])
def test_a_walk_sees_each_part_once_in_the_order_of_the_whole_list(client, sort):
    expected = set(twenty_five_parts())
    whole = [
        item["id"] for item in client.get(f"/inventory?per_page=100&sort={sort}").json["items"]
    ]

    walked = walk(client, f"/inventory?per_page=4&sort={sort}")

    assert walked == whole
    assert set(walked) == expected


@pytest.mark.parametrize("sort", ["id", "-id", "name", "-name"])
def test_a_walk_sees_each_part_once_while_others_are_put_in(client, sort):
    before = set(twenty_five_parts())

    newcomers = iter(["Aardvark", "Part 09", "Zebra"])

    walked = walk(
        client,
        f"/inventory?per_page=10&sort={sort}",
        meanwhile=lambda: a_part(name=next(newcomers)),
    )

    assert [walked.count(part_id) for part_id in before] == [1] * 25


@pytest.mark.parametrize("column", ["id", "opened_at", "priority", "status"])
@pytest.mark.parametrize("sign", ["", "-"])
def test_tickets_can_be_walked_in_every_order(marge, column, sign):
    vehicle, noon = a_vehicle(), datetime(2026, 3, 2, 12, tzinfo=UTC)
    for n in range(9):
        a_ticket(
            vehicle,
            priority=1 + n % 3,
            status=list(TicketStatus)[n % 4],
            opened_at=noon + timedelta(microseconds=n // 2),
        )
    path = f"/service-tickets?sort={sign}{column}"
    whole = [item["id"] for item in marge.get(path).json["items"]]

    assert walk(marge, f"{path}&per_page=2") == whole


@pytest.mark.parametrize("path", ["/customers?sort=created_at", "/vehicles?sort=-created_at"])
def test_so_can_people_and_vehicles(marge, path):
    for _ in range(7):
        a_vehicle()
    whole = [item["id"] for item in marge.get(path).json["items"]]

    assert walk(marge, f"{path}&per_page=3") == whole


def test_a_walk_keeps_its_filter(client):
    wanted = [a_part(category="Brakes").id for _ in range(5)]
    a_part(category="Lights")

    assert walk(client, "/inventory?category=Brakes&per_page=2") == wanted


def test_a_cursor_stays_good_when_its_row_is_gone(as_, client):
    ids = [a_part().id for _ in range(4)]
    cursor = client.get("/inventory?per_page=2").json["pagination"]["next_cursor"]
    assert as_(a_manager()).delete(f"/inventory/{ids[1]}").status_code == 204

    answer = client.get(f"/inventory?per_page=2&cursor={cursor}")

    assert [item["id"] for item in answer.json["items"]] == ids[2:]


def test_a_page_by_cursor_counts_nothing(client):
    twenty_five_parts()
    cursor = client.get("/inventory?per_page=10").json["pagination"]["next_cursor"]

    answer = client.get(f"/inventory?per_page=10&cursor={cursor}")

    pagination = answer.json["pagination"]
    assert (pagination["page"], pagination["total"], pagination["total_pages"]) == (None,) * 3
    assert (pagination["has_next"], pagination["has_prev"]) == (True, True)
    assert f"cursor={pagination['next_cursor']}" in answer.headers["Link"]


def test_a_cursor_belongs_to_the_order_it_was_made_in(client):
    twenty_five_parts()
    cursor = client.get("/inventory?sort=name").json["pagination"]["next_cursor"]

    for sort in ("id", "-name", "part_number"):
        answer = client.get(f"/inventory?sort={sort}&cursor={cursor}")
        assert answer.status_code == 422
        assert [error["pointer"] for error in answer.json["errors"]] == ["/cursor"]


def forged(*parts):
    said = json.dumps(parts).encode()
    return base64.urlsafe_b64encode(said).decode().rstrip("=")


FORGED = {
    "no base64": "!!!",
    "no ASCII": "é",
    "empty": "",
    "no JSON": base64.urlsafe_b64encode(b"{").decode(),
    "no list": base64.urlsafe_b64encode(b"1").decode(),
    "too short": forged("id", 1),
    "too long": forged("id", 1, 1, 1),
    "a number that is text": forged("id", "1", 1),
    "a number that is true": forged("id", True, 1),
    "a number past 64 bits": forged("id", 2**63, 1),
    "an id that is text": forged("id", 1, "1"),
    "an id that is a fraction": forged("id", 1, 1.5),
    "an id that is null": forged("id", 1, None),
    "an id below 0": forged("id", 1, -1),
    "an id past 32 bits": forged("id", 1, 2**31),
    "500 signs": "A" * 501,
}


@pytest.mark.parametrize("cursor", FORGED.values(), ids=FORGED.keys())
def test_a_forged_cursor_is_refused(client, cursor):
    a_part()

    answer = client.get("/inventory", query_string={"cursor": cursor})

    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json["errors"]] == ["/cursor"]


def test_so_is_one_whose_text_no_database_takes(client):
    answer = client.get(f"/inventory?sort=name&cursor={forged('name', chr(0), 1)}")

    assert answer.status_code == 422


MOMENTS = ["noon", 1, None, "2026-03-02T12:00:00", "0001-01-01T00:00:00+14:00"]


@pytest.mark.parametrize("moment", MOMENTS, ids=str)
def test_so_is_one_whose_time_is_no_moment(marge, moment):
    cursor = forged("-opened_at", moment, 1)

    assert marge.get(f"/service-tickets?cursor={cursor}").status_code == 422


def test_a_name_of_odd_spaces_does_not_end_the_walk(as_):
    marge, names = as_(a_manager()), ["A\u2003B", "Jos\u00e9\u00a0Garc\u00eda", "Zo\u00eb"]
    for name in names:
        marge.post("/customers", json={"name": name})
    seen, cursor = [], ""
    while cursor is not None:
        page = marge.get(f"/customers?sort=name&per_page=1{cursor}").json
        seen += [each["name"] for each in page["items"]]
        following = page["pagination"]["next_cursor"]
        cursor = following and f"&cursor={following}"
    assert sorted(seen) == names
