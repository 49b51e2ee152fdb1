"""How often one may ask: four paces and one for everything, counted by account or by address."""

import contextlib

import pytest

from tests.auth.door import from_address
from tests.factories import a_customer, a_manager, a_mechanic, a_part, signed_in
from tests.servers import PACES
from tests.web.second_shop import second_shop

GENEROUS = dict.fromkeys(PACES, "1000/hour")


@pytest.fixture
def limited(app, settings):
    """`limited(LIMIT_READS="2/hour")` is a shop with this limit and no other."""
    with contextlib.ExitStack() as stack:
        yield lambda **limits: stack.enter_context(
            second_shop(settings, **{"RATELIMIT_ENABLED": "true"} | GENEROUS | limits)
        )


def statuses(client, path, times=3, **said):
    method = "POST" if said else "GET"
    answers = [client.open(path, method=method, buffered=True, **said) for _ in range(times)]
    return [answer.status_code for answer in answers]


def registration(n=0):
    return {"name": "Alice", "email": f"alice{n}@example.com", "password": "a long enough password"}


def test_reads_have_a_pace(limited):
    client = limited(LIMIT_READS="2/hour").test_client()

    assert statuses(client, "/inventory") == [200, 200, 429]


def test_writes_have_a_pace_of_their_own(limited):
    bob = a_mechanic()
    client = signed_in(limited(LIMIT_WRITES="2/hour"), bob)

    assert statuses(client, "/inventory", json={"name": "Brake", "price_cents": 900}) == [
        201,
        201,
        429,
    ]
    assert client.get("/inventory").status_code == 200


def test_one_pace_is_shared_by_every_route_that_has_it(limited):
    client = signed_in(limited(LIMIT_READS="2/hour"), a_mechanic())

    assert client.get("/inventory").status_code == 200
    assert client.get("/customers").status_code == 200
    assert client.get("/vehicles").status_code == 429


@pytest.mark.parametrize("path", ["/auth/login", "/customers/login", "/mechanics/login", "/login"])
def test_signing_in_has_a_pace(limited, path):
    said = {"email": "nobody@example.com", "password": "wrong"}
    client = limited(LIMIT_SIGN_IN="2/hour").test_client()

    assert statuses(client, path, json=said) == [401, 401, 429]


@pytest.mark.parametrize("path", ["/customers", "/auth/register"])
def test_opening_accounts_has_a_pace(limited, path):
    client = limited(LIMIT_REGISTER="2/hour").test_client()

    answers = [client.post(path, json=registration(n)) for n in range(3)]

    assert [answer.status_code for answer in answers] == [201, 201, 429]


def test_both_ways_to_open_an_account_share_it(limited):
    client = limited(LIMIT_REGISTER="1/hour").test_client()

    assert client.post("/customers", json=registration(1)).status_code == 201
    assert client.post("/auth/register", json=registration(2)).status_code == 429


def test_staff_who_take_customers_in_are_not_held_to_it(limited):
    bob = a_mechanic()
    client = signed_in(limited(LIMIT_REGISTER="1/hour"), bob)

    assert statuses(client, "/customers", json={"name": "Walk-in"}) == [201, 201, 201]


def test_a_customer_who_opens_more_accounts_is(limited):
    client = signed_in(limited(LIMIT_REGISTER="1/hour"), a_customer())

    answers = [client.post("/customers", json=registration(n)) for n in range(2)]

    assert [answer.status_code for answer in answers] == [201, 429]


def test_who_is_too_fast_is_told_when_to_come_back(limited):
    client = limited(LIMIT_READS="1/hour").test_client()
    client.get("/inventory")

    answer = client.get("/inventory")

    assert (answer.status_code, answer.mimetype) == (429, "application/problem+json")
    assert answer.json["code"] == "too_many_requests"
    assert 0 < int(answer.headers["Retry-After"]) <= 3600
    assert answer.headers["RateLimit"].startswith('"reads";r=0;t=')


def test_every_answer_tells_what_is_left(limited):
    client = limited(LIMIT_READS="3/hour").test_client()

    for left in (2, 1, 0):
        answer = client.get("/inventory")
        assert '"reads";q=3;w=3600' in answer.headers["RateLimit-Policy"]
        assert f'"reads";r={left};t=' in answer.headers["RateLimit"]
        assert "Retry-After" not in answer.headers


def test_strangers_are_counted_by_address(limited):
    shop = limited(LIMIT_READS="1/hour")
    one, other = from_address(shop, "192.0.2.1"), from_address(shop, "192.0.2.2")

    assert statuses(one, "/inventory", 2) == [200, 429]
    assert statuses(other, "/inventory", 2) == [200, 429]


@pytest.mark.parametrize(("method", "path"), [("GET", "/nowhere"), ("DELETE", "/inventory")])
def test_what_is_not_there_is_counted_too(limited, method, path):
    client = limited(GLOBAL_RATE_LIMIT="2/hour").test_client()

    answers = [client.open(path, method=method).status_code for _ in range(3)]
    assert answers[:2] == [404 if path == "/nowhere" else 405] * 2
    assert answers[2] == 429


@pytest.mark.parametrize(
    "same",
    [
        ("2001:db8:1:2::1", "2001:DB8:1:2:ffff::9"),
        ("203.0.113.9", "::ffff:203.0.113.9"),
        ("203.0.113.9:50001", "203.0.113.9:50002"),
        ("[2001:db8:1:2::1]:50001", "2001:db8:1:2::7"),
    ],
)
def test_one_household_has_one_count_however_its_address_is_written(limited, same):
    shop = limited(LIMIT_READS="1/hour")

    assert [statuses(from_address(shop, each), "/inventory", 1) for each in same] == [[200], [429]]


def test_two_households_have_two_counts(limited):
    shop = limited(LIMIT_READS="1/hour")
    households = (
        "2001:db8:1:2::1",
        "2001:db8:1:3::1",
        "203.0.113.9",
        "203.0.113.10",
        "unknown",
        "",
    )

    for each in households:
        assert statuses(from_address(shop, each), "/inventory", 1) == [200]


def test_an_account_is_counted_wherever_it_is(limited):
    shop, alice = limited(LIMIT_READS="1/hour"), a_customer()
    home, phone = signed_in(shop, alice), signed_in(shop, alice)
    phone.environ_base["REMOTE_ADDR"] = "192.0.2.7"

    assert home.get("/inventory").status_code == 200
    assert phone.get("/inventory").status_code == 429


def test_one_account_uses_up_nobody_else_s(limited):
    shop = limited(LIMIT_READS="1/hour")
    alice, charlie = signed_in(shop, a_customer()), signed_in(shop, a_customer())

    assert statuses(alice, "/inventory", 2) == [200, 429]
    assert statuses(charlie, "/inventory", 2) == [200, 429]
    assert statuses(shop.test_client(), "/inventory", 2) == [200, 429]


def test_an_answer_from_memory_counts_too(limited):
    part = a_part()
    client = limited(LIMIT_READS="3/hour").test_client()

    assert statuses(client, f"/inventory/{part.id}", 4) == [200, 200, 200, 429]


@pytest.mark.parametrize(
    ("path", "status"), [("/customers", 401), ("/inventory/404", 404), ("/inventory?page=0", 422)]
)
def test_so_does_what_is_refused(limited, path, status):
    client = limited(LIMIT_READS="2/hour").test_client()

    assert statuses(client, path) == [status, status, 429]


def test_so_does_a_bad_token_and_it_hides_nobody(limited):
    client = limited(LIMIT_READS="2/hour").test_client()

    answers = [
        client.get("/auth/me", headers={"Authorization": f"Bearer guess{n}"}) for n in range(3)
    ]

    assert [answer.status_code for answer in answers] == [401, 401, 429]


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics", "/openapi.yaml"])
def test_probes_and_documents_are_never_held_up(limited, path):
    client = limited(LIMIT_READS="1/hour", GLOBAL_RATE_LIMIT="1/hour").test_client()

    assert statuses(client, path) == [200] * 3


def test_one_limit_stands_above_all_the_others(limited):
    client = signed_in(limited(GLOBAL_RATE_LIMIT="2/hour"), a_manager())

    assert client.get("/inventory").status_code == 200
    assert client.post("/inventory", json={"name": "Brake", "price_cents": 900}).status_code == 201
    answer = client.get("/customers")
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0


def test_even_that_one_is_counted_for_each_apart(limited):
    shop = limited(GLOBAL_RATE_LIMIT="1/hour")
    alice, charlie = signed_in(shop, a_customer()), signed_in(shop, a_customer())

    assert statuses(alice, "/inventory", 2) == [200, 429]
    assert charlie.get("/inventory").status_code == 200


def test_a_limit_may_have_several_parts(limited):
    client = limited(LIMIT_READS="100/hour;2/minute;2/minute").test_client()

    assert statuses(client, "/inventory") == [200, 200, 429]


def test_a_shop_without_limits_has_none_and_says_none(limited):
    client = limited(RATELIMIT_ENABLED="false", LIMIT_READS="1/hour").test_client()
    answers = [client.get("/inventory") for _ in range(3)]

    assert {answer.status_code for answer in answers} == {200}
    assert not [name for name, _ in answers[0].headers if name.startswith("RateLimit")]
