"""A 422 names everything that is wrong at once: members, rules across members, and names."""

import pytest

from tests.factories import a_customer, a_manager, a_mechanic, a_part, a_ticket, a_vehicle

SHORT, UNKNOWN = "short", {"colour": "red"}


def wrong(client, method, path, sent):
    answer = client.open(path, method=method, json=sent)
    assert (answer.status_code, answer.json["code"]) == (422, "invalid"), answer.json
    pointers = [error["pointer"] for error in answer.json["errors"]]
    assert len(pointers) == len(set(pointers)), "one error for each place"
    return {error["pointer"]: error["detail"] for error in answer.json["errors"]}


@pytest.mark.parametrize("path", ["/customers", "/auth/register"])
def test_a_registration_without_an_address_and_with_a_short_password_names_both(client, path):
    told = wrong(client, "POST", path, {"name": "Alice", "password": SHORT})

    assert told.keys() == {"/email", "/password"}


# What breaks a rule across members, together with a member that is wrong by itself.
TICKET, CAR, PART = "/service-tickets/{ticket}", "/vehicles/{car}", "/inventory/{part}"
ALICE = {"name": "Alice"}
TOGETHER = {
    "nothing of an account": ("POST", "/customers", {"name": ""}, "/name /email /password"),
    "the address as a password": (
        "POST",
        "/customers",
        {"name": "", "email": "alice@example.com", "password": "Alice@Example.com"},
        "/name /password",
    ),
    "the same of a mechanic": (
        "POST",
        "/mechanics",
        {"name": "", "email": "bob12345@example.com", "password": "bob12345"},
        "/name /password",
    ),
    "the same at registration": (
        "POST",
        "/auth/register",
        {"name": "", "email": "alice123@example.com", "password": "alice123"},
        "/name /password",
    ),
    "facts of no vehicle": (
        "POST",
        "/service-tickets",
        {"priority": 9, "override_reason": "x", "make": "Honda"},
        "/problem_description /priority /make /override_reason",
    ),
    "a reason without a reading": (
        "PUT",
        TICKET,
        {"priority": 9, "override_reason": "x"},
        "/priority /override_reason",
    ),
    "a reason without a move": (
        "PUT",
        TICKET,
        {"priority": 9, "reason": "x", "hold_reason": "parts"},
        "/priority /reason /hold_reason",
    ),
    "a hold of what is not held": (
        "POST",
        f"{TICKET}/transitions",
        {"to": "ready", "hold_reason": "parts", "reason": 5},
        "/reason /hold_reason",
    ),
    "who comes and goes": (
        "PUT",
        f"{TICKET}/edit",
        {"add_ids": [1, 2], "remove_ids": [2], "role": 5, "add_part_ids": [1]}
        | {"remove_part_ids": [1]},
        "/role /remove_ids /remove_part_ids",
    ),
    "the same in a change": (
        "PUT",
        TICKET,
        {"add_ids": [1, 2], "remove_ids": [2], "priority": 9},
        "/priority /remove_ids",
    ),
    "parts in two ways": (
        "POST",
        f"{TICKET}/parts",
        {"part_id": 1, "part_ids": [1], "quantity_used": 0},
        "/part_id /quantity_used",
    ),
    "terms beside several parts": (
        "POST",
        f"{TICKET}/parts",
        {"part_ids": [1], "warranty_months": -1},
        "/part_ids /warranty_months",
    ),
    "a reading's reason": (
        "PUT",
        CAR,
        {"override_reason": "x", "year": 1},
        "/override_reason /year",
    ),
    "a part without a price": ("POST", "/inventory", {"name": ""}, "/name /price_cents"),
    "an amount that is none": (
        "POST",
        "/inventory",
        {"price": "dear", "reorder_level": -1},
        "/price /reorder_level /name",
    ),
    "two names for one": (
        "PUT",
        PART,
        {"price": 1, "price_cents": 100, "name": ""},
        "/price /name",
    ),
    "pages turned two ways": (
        "GET",
        "/customers?page=2&cursor=x&per_page=1000&sort=age",
        None,
        "/cursor /per_page /sort",
    ),
    "a query where none is asked for": ("PUT", f"{PART}?dry_run=1", {"name": ""}, "/dry_run /name"),
}


@pytest.fixture
def at(app):
    car = a_vehicle(a_customer())
    return {"ticket": a_ticket(car).id, "car": car.id, "part": a_part().id}


@pytest.mark.parametrize("what", TOGETHER)
def test_a_rule_across_members_is_named_with_a_member_and_an_unknown_one(as_, client, at, what):
    method, path, sent, pointers = TOGETHER[what]
    by = client if path in ("/customers", "/auth/register") else as_(a_manager())
    sent = sent if sent is None else sent | UNKNOWN
    if path.startswith("/customers?"):
        path += "&colour=red"

    told = wrong(by, method, path.format(**at), sent)

    assert told.keys() == {*pointers.split(), "/colour"}


def test_what_is_wrong_twice_in_one_place_is_one_error_with_both(client):
    told = wrong(client, "POST", "/auth/register", ALICE | {"email": "x" * 300, "password": SHORT})

    assert told["/email"] == "Longer than maximum length 254. Not a valid email address."


def test_a_wrong_member_is_not_blamed_on_another(as_, at):
    """Who says a status that is none has said one, and what hangs on it isn't refused for that."""
    bob = as_(a_mechanic())
    sent = {"status": "lost", "reason": "x", "hold_reason": "parts"}
    assert wrong(bob, "PUT", TICKET.format(**at), sent).keys() == {"/status"}
    sent = {"odometer_in": "many", "override_reason": "x"}
    assert wrong(bob, "PUT", TICKET.format(**at), sent).keys() == {"/odometer_in"}
