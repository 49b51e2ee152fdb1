"""Lists are sorted as people read them, in the same order on every database and by cursors, too."""

from datetime import UTC, date, datetime

import pytest

from tests import factories

# As people read them: case, accents and width aside, numbers by their value, what is missing last.
NAMES = [
    *("àgnes", "Anne-Marie", "Ａnton", "anzac 9", "Anzac 10", "Émile", "eve", "O'Brien", "Obst"),
    *("Öz", "Straub", "Strauß", "Strausz", "zoe", "Zoë 2", "zoe 11"),
]
NUMBERS = ["nat-9", "NAT-10", "NAT-010A", "NAT-100", "ＮＡＴ-101", "Nät-102"]
PLATES = ["ab 7", "AB 12", "ÄB 13", "K 9", "k 77", None, None]


def walked(client, path, per_page=3):
    """The items of every page, by cursor, and all at once."""
    items, cursor = [], ""
    while cursor is not None:
        page = client.get(f"{path}&per_page={per_page}{cursor and f'&cursor={cursor}'}").json
        items += page["items"]
        cursor = page["pagination"]["next_cursor"]
    whole = client.get(f"{path}&per_page=100").json["items"]
    assert [item["id"] for item in items] == [item["id"] for item in whole]
    return items


def mixed(values):
    """In another order than the right one."""
    return [*values[1::2], *values[::2]]


@pytest.mark.parametrize("sort", ["name", "-name"])
def test_people_are_sorted_by_name(as_, sort):
    for name in mixed(NAMES):
        factories.a_customer(name=name)
        factories.a_mechanic(name=name)
    marge = as_(factories.a_manager(name="zz"))
    right = NAMES[::-1] if sort == "-name" else NAMES

    assert [item["name"] for item in walked(marge, f"/customers?sort={sort}")] == right
    staff = [item["name"] for item in walked(marge, f"/mechanics?sort={sort}")]
    assert [name for name in staff if name != "zz"] == right


@pytest.mark.parametrize("sort", ["name", "-name", "part_number", "-part_number"])
def test_parts_are_sorted_by_name_and_number(client, sort):
    values = NAMES if "name" in sort else NUMBERS
    for value in mixed(values):
        factories.a_part(**{sort.lstrip("-"): value})

    found = [item[sort.lstrip("-")] for item in walked(client, f"/inventory?sort={sort}")]

    assert found == (values[::-1] if sort.startswith("-") else values)


@pytest.mark.parametrize("sort", ["license_plate", "-license_plate"])
def test_vehicles_are_sorted_by_plate_and_those_without_one_come_last(as_, sort):
    for plate in mixed(PLATES):
        factories.a_vehicle(license_plate=plate)

    found = walked(as_(factories.a_manager()), f"/vehicles?sort={sort}")

    assert [item["license_plate"] for item in found] == (
        PLATES[::-1] if sort.startswith("-") else PLATES
    )


def test_a_new_name_has_a_new_place(as_):
    marge = as_(factories.a_manager())
    bob, eve = factories.a_customer(name="Bob"), factories.a_customer(name="Eve")
    first = marge.get("/customers?sort=name").json["items"]

    assert marge.patch(f"/customers/{bob.id}", json={"name": "Zoe"}).status_code == 200

    assert [item["id"] for item in first] == [bob.id, eve.id]
    then = marge.get("/customers?sort=name").json["items"]
    assert [item["id"] for item in then] == [eve.id, bob.id]
    assert "name_sort" not in then[0]


def moment(day, hour=12):
    return datetime(2026, 3, day, hour, tzinfo=UTC)


@pytest.fixture
def promised(app):
    """The ids of tickets promised on the 2nd, the 1st, never, the 3rd and never."""
    days = (2, 1, None, 3, None)
    return [factories.a_ticket(promised_at=day and moment(day)).id for day in days]


def test_tickets_are_sorted_by_promise_and_those_without_one_come_last(as_, promised):
    marge = as_(factories.a_manager())
    second, first, never, third, never_too = promised
    right = [first, second, third, never, never_too]

    assert [each["id"] for each in walked(marge, "/service-tickets?sort=promised_at", 2)] == right
    down = walked(marge, "/service-tickets?sort=-promised_at", 2)
    assert [each["id"] for each in down] == right[::-1]
    assert down[0]["promised_at"] is None


def test_another_promise_has_another_place(as_, promised):
    marge = as_(factories.a_manager())
    for promise, last in (("2026-04-01T00:00:00Z", 4), (None, 4)):
        said = {"promised_at": promise}
        assert marge.patch(f"/service-tickets/{promised[1]}", json=said).status_code == 200
        found = marge.get("/service-tickets?sort=promised_at&promised_from=2026-01-01T00:00:00Z")
        ids = [each["id"] for each in found.json["items"]]
        assert ids == [promised[0], promised[3], *([promised[1]] if promise else [])]
        assert len(ids) < last


@pytest.mark.parametrize(
    ("asked", "places"),
    [
        ("promised_from=2026-03-02T12:00:00Z", {0, 3}),
        ("promised_to=2026-03-02T12:00:00Z", {0, 1}),
        ("promised_from=2026-03-02T00:00:00Z&promised_to=2026-03-02T23:00:00Z", {0}),
        ("promised_to=9000-12-31T23:59:59Z", {0, 1, 3}),
        ("promised_from=9000-12-31T00:00:00Z", set()),
    ],
)
def test_a_range_of_promises(as_, promised, asked, places):
    found = as_(factories.a_manager()).get(f"/service-tickets?{asked}").json["items"]

    assert {each["id"] for each in found} == {promised[place] for place in places}


@pytest.mark.parametrize(
    ("asked", "days"),
    [
        ("service_date_from=2026-03-02", {2, 3}),
        ("service_date_to=2026-03-02", {1, 2}),
        ("service_date_from=2026-03-02&service_date_to=2026-03-02", {2}),
        ("service_date_from=2026-03-04", set()),
    ],
)
def test_a_range_of_service_dates(as_, asked, days):
    ids = {day: factories.a_ticket(service_date=date(2026, 3, day)).id for day in (1, 2, 3)}
    factories.a_ticket()

    found = as_(factories.a_manager()).get(f"/service-tickets?{asked}").json["items"]

    assert {each["id"] for each in found} == {ids[day] for day in days}


@pytest.mark.parametrize("asked", ["promised_from=today", "service_date_to=2026-02-30"])
def test_what_is_no_time_is_refused(as_, asked):
    assert as_(factories.a_manager()).get(f"/service-tickets?{asked}").status_code == 422
