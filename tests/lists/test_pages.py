"""Lists come in pages: by number with a total, or by a cursor that never skips and never repeats."""

import re

import pytest

from tests.factories import a_manager, a_mechanic, a_part, a_ticket, an_assignment

STAFF_LISTS = [
    "/customers",
    "/customers/{customer}/vehicles",
    "/vehicles",
    "/vehicles/{vehicle}/history",
    "/mechanics",
    "/service-tickets",
    "/service-tickets/{ticket}/history",
    "/assignments",
    "/inventory",
    "/inventory/{part}/movements",
    "/inventory/{part}/usage",
]
every_list = pytest.mark.parametrize("path", STAFF_LISTS)


@pytest.fixture
def marge(as_):
    return as_(a_manager())


@pytest.fixture
def ids():
    """A row for every list to be about."""
    ticket, part = a_ticket(), a_part(3)
    an_assignment(ticket, a_mechanic())
    return {
        "customer": ticket.customer_id,
        "vehicle": ticket.vehicle_id,
        "ticket": ticket.id,
        "part": part.id,
    }


def names(answer):
    return [item["name"] for item in answer.json["items"]]


def links(answer):
    """The Link header as {rel: path}."""
    header = answer.headers.get("Link", "")
    return {rel: path for path, rel in re.findall(r'<([^>]+)>; rel="(\w+)"', header)}


def refused_at(answer):
    assert answer.status_code == 422
    return [error["pointer"] for error in answer.json["errors"]]


NO_NUMBER = [
    "0",
    "-1",
    "+1",
    "1.5",
    "1e3",
    "0x1",
    "%D9%A3",
    "%C2%B2",
    "",
    "%201",
    "1,2",
    str(10**20),
]


@pytest.mark.parametrize("said", [*NO_NUMBER, "1000001"])
def test_a_page_out_of_bounds_is_refused_and_not_clamped(client, said):
    assert refused_at(client.get(f"/inventory?page={said}")) == ["/page"]


@pytest.mark.parametrize("said", [*NO_NUMBER, "101"])
def test_so_is_a_size_of_page(client, said):
    assert refused_at(client.get(f"/inventory?per_page={said}")) == ["/per_page"]


@pytest.mark.parametrize("said", ["page=1&page=2", "page=1&page=1", "q=a&q=b"])
def test_a_parameter_is_said_once(client, said):
    assert refused_at(client.get(f"/inventory?{said}")) == ["/" + said[: said.index("=")]]


@every_list
def test_every_list_keeps_its_bounds(marge, ids, path):
    path = path.format(**ids)

    assert refused_at(marge.get(f"{path}?page=0")) == ["/page"]
    assert refused_at(marge.get(f"{path}?per_page=101")) == ["/per_page"]
    assert refused_at(marge.get(f"{path}?sort=shoe_size")) == ["/sort"]
    assert refused_at(marge.get(f"{path}?cursor=nonsense")) == ["/cursor"]
    assert marge.get(f"{path}?page=1&per_page=100").status_code == 200


@pytest.mark.parametrize("path", [*STAFF_LISTS, "/mechanics/top"])
def test_an_unknown_parameter_is_refused_and_not_ignored(marge, ids, path):
    assert refused_at(marge.get(f"{path.format(**ids)}?colour=red")) == ["/colour"]


@pytest.mark.parametrize(
    "path",
    [
        "/inventory/{part}",
        "/service-tickets/{ticket}",
        "/service-tickets/{ticket}/parts",
        "/vehicles/{vehicle}",
        "/auth/me",
    ],
)
def test_what_takes_no_parameters_refuses_them_too(marge, ids, path):
    assert refused_at(marge.get(f"{path.format(**ids)}?colour=red")) == ["/colour"]


@every_list
def test_an_empty_page_beyond_the_end_is_an_answer_like_any_other(marge, ids, path):
    answer = marge.get(f"{path.format(**ids)}?page=1000&per_page=7")

    pagination = answer.json["pagination"]
    assert answer.json["items"] == []
    assert (pagination["page"], pagination["per_page"]) == (1000, 7)
    assert (pagination["has_next"], pagination["has_prev"]) == (False, True)
    assert pagination["next_cursor"] is None


def test_a_list_of_nothing_has_one_empty_page(client):
    answer = client.get("/inventory")

    assert answer.json == {
        "items": [],
        "pagination": {
            "page": 1,
            "per_page": 20,
            "total": 0,
            "total_pages": 0,
            "total_is_exact": True,
            "has_next": False,
            "has_prev": False,
            "next_cursor": None,
        },
    }


@pytest.fixture
def five_parts(app):
    for name in "CAEBD":
        a_part(name=name)


@pytest.mark.parametrize(
    ("page", "shown", "has_next", "has_prev"),
    [(1, "CA", True, False), (2, "EB", True, True), (3, "D", False, True)],
)
def test_a_page_tells_where_it_stands(client, five_parts, page, shown, has_next, has_prev):
    answer = client.get(f"/inventory?per_page=2&page={page}")

    pagination = answer.json["pagination"]
    assert "".join(names(answer)) == shown
    assert (pagination["total"], pagination["total_pages"]) == (5, 3)
    assert (pagination["has_next"], pagination["has_prev"]) == (has_next, has_prev)


def test_a_full_last_page_has_no_next(client, five_parts):
    pagination = client.get("/inventory?per_page=5").json["pagination"]

    assert (pagination["has_next"], pagination["next_cursor"]) == (False, None)


def test_links_lead_to_the_pages_beside_this_one(client, five_parts):
    beside = links(client.get("/inventory?per_page=2&page=2&sort=name"))

    assert beside.keys() == {"first", "prev", "next", "last"}
    assert names(client.get(beside["first"])) == names(client.get(beside["prev"])) == ["A", "B"]
    assert names(client.get(beside["next"])) == names(client.get(beside["last"])) == ["E"]
    assert links(client.get(beside["last"])).keys() == {"first", "prev", "last"}


def test_links_stay_under_the_prefix_they_were_asked_under(client, five_parts):
    beside = links(client.get("/api/inventory?per_page=2"))

    assert beside["next"].startswith("/api/inventory?")
    assert names(client.get(beside["next"])) == ["E", "B"]


def test_from_far_beyond_the_end_the_way_back_leads_to_the_last_page(client, five_parts):
    beside = links(client.get("/inventory?per_page=2&page=900"))

    assert names(client.get(beside["prev"])) == ["D"]


@pytest.fixture
def count_to_three(monkeypatch):
    monkeypatch.setattr("app.lists.selection.COUNTED", 3)


def test_a_total_counts_no_further_than_anybody_would(client, five_parts, count_to_three):
    pagination = client.get("/inventory?per_page=2").json["pagination"]

    assert (pagination["total"], pagination["total_is_exact"]) == (3, False)
    assert (pagination["total_pages"], pagination["has_next"]) == (2, True)


def test_a_total_that_ends_there_is_exact(client, five_parts, count_to_three):
    pagination = client.get("/inventory?per_page=2&q=a").json["pagination"]

    assert (pagination["total"], pagination["total_is_exact"]) == (1, True)


def test_beyond_that_a_cursor_leads_on(client, five_parts, count_to_three):
    beside = links(client.get("/inventory?per_page=1&page=3&sort=name"))

    assert beside.keys() == {"first", "prev", "next"}
    assert "page=4" not in beside["next"]
    assert names(client.get(beside["next"])) == ["D"]
    assert refused_at(client.get("/inventory?per_page=1&page=4")) == ["/page"]


def test_a_list_is_sorted_both_ways(client, five_parts):
    assert "".join(names(client.get("/inventory?sort=name"))) == "ABCDE"
    assert "".join(names(client.get("/inventory?sort=-name"))) == "EDCBA"
    assert "".join(names(client.get("/inventory?sort=-id"))) == "DBEAC"


@pytest.mark.parametrize("said", ["name,id", "--name", "Name", "-", "price_cents", ""])
def test_what_it_can_not_be_sorted_by_is_refused(client, said):
    assert refused_at(client.get(f"/inventory?sort={said}")) == ["/sort"]


@pytest.mark.parametrize("sign", ["%", "_", "\\"])
def test_no_sign_stands_for_any_other(client, sign):
    a_part(name="Ninety five", part_number="A")

    assert names(client.get("/inventory", query_string={"q": f"nine{sign}y"})) == []
    assert names(client.get("/inventory", query_string={"q": f"ninety{sign}f"})) == ["Ninety five"]


def test_a_search_ignores_case_and_blanks_around_it(client):
    a_part(name="Brake Pad Set")

    assert names(client.get("/inventory", query_string={"q": " brake PAD "})) == ["Brake Pad Set"]


def test_pages_are_turned_one_way(client):
    a_part()
    assert client.get("/inventory?page=1&cursor=abc").status_code == 422
