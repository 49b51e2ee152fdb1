"""What is typed in full comes first, whatever the order of the rest, on every page and by cursors."""

import pytest

from tests import factories
from tests.lists.test_search import ids


@pytest.mark.parametrize("sort", ["id", "-id", "name", "-name", "part_number", "-part_number"])
@pytest.mark.parametrize("typed", ["BRK-110", "brk110", "Brk 110"])
def test_what_is_typed_in_full_comes_first_whatever_the_order(client, sort, typed):
    for number, name in (("BRK-1101", "Aa"), ("BRK-110", "Mm"), ("BRK-1102", "Zz")):
        factories.a_part(part_number=number, name=name)

    items = client.get("/inventory", query_string={"q": typed, "sort": sort}).json["items"]

    assert items[0]["part_number"] == "BRK-110"
    rest = [item["part_number"] for item in items[1:]]
    assert rest == sorted(rest, reverse=sort.startswith("-"))


@pytest.mark.parametrize(
    ("typed", "by"),
    [("K 7", "license_plate"), ("1HGCM82633A004352", "vin"), ("415-555-0132", "phone")],
)
def test_a_plate_a_vin_and_a_phone_typed_in_full_come_first(as_, typed, by):
    boris = factories.a_customer(phone="+1 (415) 555-0132")
    bob = factories.a_customer(name="K 7111", phone="415-555-0132 9")
    others = [factories.a_vehicle(bob, license_plate="K 77", model=typed) for _ in range(2)]
    car = factories.a_vehicle(boris, license_plate="K 7", vin="1HGCM82633A004352")
    visits = [factories.a_ticket(each) for each in (others[0], car, others[1])]
    marge = as_(factories.a_manager())

    for sort in ("id", "-id", "opened_at", "-opened_at", "priority", "promised_at"):
        found = marge.get("/service-tickets", query_string={"q": typed, "sort": sort})
        assert ids(found)[0] == visits[1].id, (by, sort)
    for sort in ("id", "-id", "created_at", "license_plate") if by != "phone" else ():
        found = marge.get("/vehicles", query_string={"q": typed, "sort": sort})
        assert ids(found)[0] == car.id, (by, sort)
    for sort in ("id", "-id", "name", "-name"):
        found = marge.get("/customers", query_string={"q": typed, "sort": sort})
        assert ids(found)[0] == boris.id, (by, sort)


@pytest.mark.parametrize("sort", ["id", "-name", "part_number"])
@pytest.mark.parametrize("per_page", [1, 2, 3, 7, 100])
def test_pages_go_on_after_what_came_first(client, sort, per_page):
    for n in range(12):
        factories.a_part(part_number=f"X-1{n or ''}", name=f"Part {n * 5 % 12}")
    wanted = {"q": "x1", "sort": sort}
    whole = client.get("/inventory", query_string=wanted | {"per_page": 100}).json
    order = [item["id"] for item in whole["items"]]
    assert whole["items"][0]["part_number"] == "X-1"

    numbered, page = [], 0
    while page := page + 1:
        said = client.get("/inventory", query_string=wanted | {"per_page": per_page, "page": page})
        numbered += ids(said)
        if not said.json["pagination"]["has_next"]:
            break
    walked, cursor = [], None
    while True:
        said = client.get(
            "/inventory",
            query_string=wanted | {"per_page": per_page} | ({"cursor": cursor} if cursor else {}),
        )
        walked += ids(said)
        if not (cursor := said.json["pagination"]["next_cursor"]):
            break

    assert len(order) == 12
    assert numbered == walked == order


@pytest.fixture
def few(monkeypatch):
    """As if three rows were more than are counted: what is found is looked up row by row."""
    monkeypatch.setattr("app.lists.selection.COUNTED", 3)


@pytest.mark.parametrize("sort", ["id", "-id", "name", "-name"])
def test_what_many_have_is_found_in_the_order_of_the_list(client, few, sort):
    for n in range(9):
        factories.a_part(
            name=f"Brake {'front' if n % 3 else 'rear'} {n * 4 % 9}", part_number=f"N{n}"
        )
    factories.a_part(name="Brake front", part_number="brake")
    factories.a_part(name="Front lamp")

    wanted = {"q": "brake front", "sort": sort, "per_page": 2}
    first = client.get("/inventory", query_string=wanted).json
    walked, cursor = [item["name"] for item in first["items"]], first["pagination"]["next_cursor"]
    while cursor:
        page = client.get("/inventory", query_string=wanted | {"cursor": cursor}).json
        walked += [item["name"] for item in page["items"]]
        cursor = page["pagination"]["next_cursor"]

    assert (first["pagination"]["total"], first["pagination"]["total_is_exact"]) == (3, False)
    assert sorted(walked) == ["Brake front"] + [f"Brake front {n}" for n in (1, 2, 4, 5, 7, 8)]
    if "name" in sort:
        assert walked == sorted(walked, reverse=sort == "-name")


def test_what_many_words_lead_to_is_counted_once(client, few):
    factories.a_part(name="b ba bab baba babab", description="bb bc bd be")

    assert client.get("/inventory?q=b").json["pagination"]["total"] == 1
