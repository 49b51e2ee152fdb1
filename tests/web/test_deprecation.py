"""Older paths answer as ever, and say that they are deprecated, until when, and what to call instead."""

import re

import pytest

from app.web import deprecated_paths
from tests.documented_client import swagger
from tests.factories import PASSWORD, a_customer, a_manager, a_part, a_ticket
from tests.web.second_shop import POSTGRES_AWAY, second_shop

pytestmark = pytest.mark.one_database  # what the web layer does is the same on both

SINCE = "@1795219200"
UNTIL = "Sun, 31 Dec 2028 23:59:59 GMT"
NEW = {"name": "Alice", "email": "alice@example.com", "password": PASSWORD}
CALLS = [
    ("POST", "/auth/register", "/customers"),
    ("POST", "/login", "/customers/login"),
    ("GET", "/my-tickets", "/customers/my-tickets"),
    ("GET", "/my-tickets/", "/customers/my-tickets"),
    ("GET", "/service-tickets/my-tickets", "/customers/my-tickets"),
    ("GET", "/service_tickets/my-tickets", "/customers/my-tickets"),
    ("GET", "/mechanics/leaderboard", "/mechanics/top"),
    ("GET", "/mechanics/search?name=bob", "/mechanics"),
    ("GET", "/service_tickets", "/service-tickets"),
    ("HEAD", "/service_tickets", "/service-tickets"),
    ("GET", "/service_tickets/7/history", "/service-tickets/7/history"),
    ("DELETE", "/service_tickets/7", "/service-tickets/7"),
    ("POST", "/service-tickets/7/add-parts", "/service-tickets/7/parts"),
    ("POST", "/service_tickets/7/inventory", "/service-tickets/7/parts"),
    ("DELETE", "/service-tickets/7/remove-part/9", "/service-tickets/7/parts/9"),
    ("DELETE", "/service_tickets/7/remove-part/9", "/service-tickets/7/parts/9"),
    ("PUT", "/service_tickets/7/assign-mechanic/9", "/service-tickets/7/assign-mechanic/9"),
]


def is_deprecated(answer, successor, prefix=""):
    assert (answer.headers["Deprecation"], answer.headers["Sunset"]) == (SINCE, UNTIL)
    links = answer.headers.getlist("Link")
    assert len(links) == 1
    assert f'<{prefix}{successor}>; rel="successor-version"' in links[0]
    assert f'<{prefix}/docs>; rel="deprecation"' in links[0]
    return True


def is_todays(answer):
    assert not {"Deprecation", "Sunset"} & {name for name, _ in answer.headers}
    assert "successor-version" not in answer.headers.get("Link", "")
    assert 'rel="deprecation"' not in answer.headers.get("Link", "")
    return True


@pytest.mark.parametrize("prefix", ["", "/api"])
@pytest.mark.parametrize(("method", "path", "successor"), CALLS)
def test_a_refusal_from_an_older_path_names_today_s(client, prefix, method, path, successor):
    answer = client.open(prefix + path, method=method)

    assert answer.status_code in (401, 422)
    assert is_deprecated(answer, successor, prefix)


def test_answers_do_so_too_and_are_the_same_to_the_byte(as_):
    marge, ticket, part = as_(a_manager()), a_ticket(), a_part(5)
    for path in ("", f"/{ticket.id}", f"/{ticket.id}/history", "?page=1&per_page=1"):
        older, todays = (
            marge.get(root + path) for root in ("/service_tickets", "/service-tickets")
        )
        assert is_deprecated(older, f"/service-tickets{path.partition('?')[0]}")
        assert is_todays(todays)
        assert older.data == todays.data

    at = f"/service-tickets/{ticket.id}"
    used = marge.post(f"{at}/add-parts", json={"part_id": part.id})
    assert used.status_code == 201
    assert is_deprecated(used, f"{at}/parts")
    back = marge.delete(f"{at}/remove-part/{part.id}")
    assert back.status_code == 204
    assert is_deprecated(back, f"{at}/parts/{part.id}")


def test_signing_in_and_registering_the_older_way(client):
    registered = client.post("/auth/register", json=NEW)
    signed_in = client.post("/login", json={"email": NEW["email"], "password": PASSWORD})

    assert (registered.status_code, signed_in.status_code) == (201, 200)
    assert is_deprecated(registered, "/customers")
    assert is_deprecated(signed_in, "/customers/login")


def test_links_to_the_pages_beside_it_stay(as_):
    marge = as_(a_manager())
    for _ in range(3):
        a_ticket()

    link = marge.get("/api/service_tickets?per_page=1&page=2").headers["Link"]

    rels = re.findall(r'rel="([\w-]+)"', link)
    assert rels == ["first", "last", "prev", "next", "successor-version", "deprecation"]
    assert "</api/service_tickets?per_page=1&page=3>" in link


def test_an_answer_from_memory_and_one_without_a_body_say_so_too(as_):
    alice = as_(a_customer())
    first, again = (alice.get("/my-tickets") for _ in range(2))
    unchanged = alice.get("/my-tickets", headers={"If-None-Match": first.headers["ETag"]})
    head = alice.head("/my-tickets")

    assert (unchanged.status_code, head.status_code) == (304, 200)
    for answer in (first, again, unchanged, head):
        assert is_deprecated(answer, "/customers/my-tickets")
    assert first.headers["Link"] == again.headers["Link"]
    for _ in range(2):
        assert is_todays(alice.get("/customers/my-tickets"))


def test_a_replayed_answer_says_so_at_the_older_path_only(as_):
    ticket, part, marge = a_ticket(), a_part(5), as_(a_manager())
    at, key = f"/service-tickets/{ticket.id}", {"Idempotency-Key": "once"}
    send = lambda path: marge.post(at + path, json={"part_id": part.id}, headers=key)  # noqa: E731
    first, again, todays = send("/inventory"), send("/inventory"), send("/parts")

    assert first.data == again.data == todays.data
    assert is_deprecated(first, f"{at}/parts")
    assert is_deprecated(again, f"{at}/parts")
    assert is_todays(todays)


def test_a_database_that_is_away_does_not_hide_it(app, settings):
    with second_shop(settings, **POSTGRES_AWAY) as shop:
        said = {"email": "alice@example.com", "password": PASSWORD}
        answer = shop.test_client().post("/login", json=said)

    assert answer.status_code == 503
    assert is_deprecated(answer, "/customers/login")


@pytest.mark.parametrize(
    "path", ["/", "/healthz", "/docs", "/inventory", "/mechanics/top", "/nowhere", "/problems"]
)
def test_today_s_paths_say_nothing_of_the_kind(client, path):
    assert is_todays(client.get(path))


def test_every_operation_marked_deprecated_has_a_successor_that_is_not(app, as_):
    older = {
        (method, path)
        for path, operations in swagger()["paths"].items()
        for method, operation in operations.items()
        if operation.get("deprecated")
    }
    for method, path in older:
        # Whoever is named by a token alone is led to their own path.
        client = as_(a_customer()) if path == "/customers" else app.test_client()
        answer = client.open(re.sub(r"{\w+}", "7", path), method=method.upper())
        successor = re.search(r'<([^>]*)>; rel="successor-version"', answer.headers["Link"])[1]
        assert is_todays(client.open(successor, method=method.upper()))


def test_there_are_two_years_to_move():
    assert (deprecated_paths.SUNSET - deprecated_paths.DEPRECATED).days >= 2 * 365
