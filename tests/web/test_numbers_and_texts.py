"""Which whole numbers and which texts a member takes; others are refused where they stand."""

import pytest

from tests.factories import a_manager, a_part, a_ticket, a_vehicle

pytestmark = pytest.mark.one_database  # what the web layer does is the same on both


def test_a_whole_number_may_be_written_with_a_point(post):
    answer = post(b'{"name": "Brake", "price_cents": 12.0, "reorder_level": 1e3}')
    assert (answer.json["price_cents"], answer.json["reorder_level"]) == (12, 1000)


NOT_WHOLE = ['"1"', "1.9", "true", "null", "[]", "-1", str(2**31), str(2**63), "1" + "0" * 400]
SHORT = {"ids": lambda number: number[:20]}


@pytest.mark.parametrize("number", NOT_WHOLE, **SHORT)
def test_a_whole_number_within_its_bounds_is_the_only_whole_number(post, number):
    answer = post(f'{{"name": "Brake", "price_cents": {number}}}'.encode())

    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json["errors"]] == ["/price_cents"]


@pytest.mark.parametrize("number", [*NOT_WHOLE, "0"], **SHORT)
def test_an_id_is_a_positive_whole_number_that_a_row_can_have(bob, number):
    said = f'{{"ticket_id": 1, "mechanic_id": {number}}}'.encode()

    answer = bob.post("/assignments", data=said, content_type="application/json")

    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json["errors"]] == ["/mechanic_id"]


@pytest.mark.parametrize("sign", ["\0", "\a", "\x1b", "\x7f"], ids=repr)
@pytest.mark.parametrize("member", ["name", "part_number", "description", "supplier"])
def test_control_characters_are_not_text(bob, member, sign):
    answer = bob.post(
        "/inventory", json={"name": "Brake", "price_cents": 900} | {member: f"A{sign}B"}
    )

    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json["errors"]] == [f"/{member}"]


@pytest.mark.parametrize("parameter", ["q", "category", "sort", "cursor", "page", "low_stock"])
def test_control_characters_are_not_text_in_a_query_either(client, parameter):
    assert client.get(f"/inventory?{parameter}=%00").status_code == 422


@pytest.mark.parametrize("parameter", ["q", "vin", "status", "opened_from", "mechanic_id"])
def test_nor_in_a_search_for_tickets(bob, parameter):
    assert bob.get(f"/service-tickets?{parameter}=A%00").status_code == 422


def test_a_refresh_token_with_a_nul_is_refused_like_any_other(client):
    answer = client.post("/auth/refresh", json={"refresh_token": "\0.secret"})

    assert answer.status_code in (401, 422)


def test_text_takes_lines_tabs_and_every_script(bob):
    said = "Zündkerze 火花塞 🔧\n\tsecond line"

    answer = bob.post("/inventory", json={"name": "Plug", "price_cents": 900, "description": said})

    assert answer.json["description"] == said


def test_a_length_counts_signs_and_not_bytes(bob):
    assert bob.post("/inventory", json={"name": "🔧" * 120, "price_cents": 900}).status_code == 201


TOO_LONG = {
    "a part's name": ("POST", "/inventory", {"name": "x" * 121, "price_cents": 900}),
    "its number": (
        "POST",
        "/inventory",
        {"name": "Brake", "price_cents": 900, "part_number": "x" * 61},
    ),
    "its description": (
        "POST",
        "/inventory",
        {"name": "Brake", "price_cents": 900, "description": "x" * 1001},
    ),
    "why stock moves": (
        "PATCH",
        "/inventory/{part}/adjust-quantity",
        {"adjustment": 1, "reason": "x" * 201},
    ),
    "a customer's name": ("POST", "/customers", {"name": "x" * 121}),
    "its e-mail": ("POST", "/customers", {"name": "A", "email": "x" * 250 + "@example.com"}),
    "its postal code": ("POST", "/customers", {"name": "A", "postal_code": "x" * 21}),
    "a password": (
        "POST",
        "/customers",
        {"name": "A", "email": "a@example.com", "password": "x" * 129},
    ),
    "a plate": ("PATCH", "/vehicles/{vehicle}", {"license_plate": "x" * 21}),
    "why an odometer goes down": (
        "PATCH",
        "/vehicles/{vehicle}",
        {"odometer": 1, "override_reason": "x" * 201},
    ),
    "a problem": ("PATCH", "/service-tickets/{ticket}", {"problem_description": "x" * 2001}),
    "why a ticket moves": (
        "POST",
        "/service-tickets/{ticket}/transitions",
        {"to": "in_progress", "reason": "x" * 201},
    ),
    "a role": (
        "POST",
        "/assignments",
        {"ticket_id": 1, "mechanic_id": 1, "role": "x" * 61},
    ),
}


@pytest.mark.parametrize(("method", "path", "said"), TOO_LONG.values(), ids=TOO_LONG.keys())
def test_what_is_too_long_is_refused_alike_on_every_database(bob, method, path, said):
    ids = {
        "part": a_part().id,
        "vehicle": a_vehicle(odometer=9).id,
        "ticket": a_ticket().id,
    }

    answer = bob.open(path.format(**ids), method=method, json=said)

    assert answer.status_code == 422
    assert len(answer.json["errors"]) == 1


def test_blank_is_nothing_where_nothing_is_allowed(as_):
    said = {"name": "Alice", "phone": "", "city": "  ", "email": ""}
    made = as_(a_manager()).post("/customers", json=said)
    assert (made.status_code, made.json["phone"], made.json["city"]) == (201, None, None)
    assert as_(a_manager()).get("/customers?q=").status_code == 200
    refused = as_(a_manager()).post("/customers", json={"name": " "})
    assert refused.json["errors"][0]["pointer"] == "/name"


def test_a_blank_of_control_characters_is_no_blank(as_):
    refused = as_(a_manager()).post("/customers", json={"name": "Alice", "phone": "\x1f"})
    assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (422, "/phone")
