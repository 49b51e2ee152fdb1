"""Answers come from memory, and nobody can tell: never another's answer, never an older one."""

import re
import socket
import time
from threading import Thread

import pytest
from redis.connection import AbstractConnection

from app.database.session import db
from app.extensions import cache
from app.web.declared import declared
from tests.busy_shop import READS, a_busy_shop, done, look, told
from tests.factories import a_customer, a_manager, a_part, a_ticket, a_vehicle, signed_in
from tests.web.overheard import overheard
from tests.web.second_shop import REDIS_AWAY, second_shop


@pytest.fixture
def busy(app):
    return a_busy_shop(app)


def cached_views(app):
    return {
        endpoint: set(declared(view).reads_tables)
        for endpoint, view in app.view_functions.items()
        if declared(view).reads_tables
    }


def endpoint_of(app, path):
    return app.url_map.bind("").match(path.partition("?")[0])[0]


def test_every_cached_route_is_looked_at_here(app, busy):
    looked_at = {endpoint_of(app, path.format(**busy.ids)) for path in READS}

    assert looked_at == cached_views(app).keys()


def test_a_second_look_asks_the_database_for_the_session_only(busy):
    first = look(busy)

    with overheard() as said:
        for (path, reader), answer in first.items():
            if isinstance(answer, str):
                assert told(getattr(busy, reader).get(path.format(**busy.ids))) == answer
    assert said == []


def test_what_is_counted_and_what_is_kept_are_one_trip_to_redis(busy, settings, monkeypatch):
    if "CACHE_REDIS_URL" not in settings:
        pytest.skip("both are in the shop's own memory here")
    send, sent = AbstractConnection.send_packed_command, []

    def listen(connection, command, *how, **more):
        sent.append(command)
        return send(connection, command, *how, **more)

    monkeypatch.setattr(AbstractConnection, "send_packed_command", listen)
    path = f"/service-tickets/{busy.ids['ticket_id']}"
    tag = {"If-None-Match": busy.alice.get(path).headers["ETag"]}
    for headers, status in (({}, 200), (tag, 304)):
        sent.clear()
        assert busy.alice.get(path, headers=headers).status_code == status
        assert len(sent) == 1


def test_a_long_answer_is_made_anew(busy, monkeypatch):
    monkeypatch.setattr("app.web.caching.LONGEST", 500)
    asked = {}
    for path in ("/customers", "/mechanics?per_page=1"):
        busy.marge.get(path)
        with overheard() as asked[path]:
            busy.marge.get(path)

    assert len(asked["/customers"]) == 1
    assert asked["/mechanics?per_page=1"] == []


# Changed only together with a row of a table that is named.
WORKED_OUT = {"search_terms", "renamings"}


def test_a_cached_route_names_every_table_it_reads(app, busy):
    for path, readers in READS.items():
        path = path.format(**busy.ids)
        declared = cached_views(app)[endpoint_of(app, path)]
        for reader in readers:
            cache.clear()
            with overheard() as said:
                getattr(busy, reader).get(path)
            words = set(re.findall(r"\w+", " ".join(said)))
            read = words & db.metadata.tables.keys() - {"accounts", "sessions"} - WORKED_OUT
            assert read <= declared, f"GET {path} reads {read - declared} too"


def test_two_customers_see_their_own_tickets(busy):
    assert busy.alice.get("/customers/my-tickets").json["pagination"]["total"] == 5
    assert busy.charlie.get("/customers/my-tickets").json["pagination"]["total"] == 0


@pytest.mark.parametrize("other", ["page=2", "sort=-id", "per_page=2", "q=spare", "category=none"])
def test_another_question_has_another_answer(busy, other):
    first = busy.anyone.get("/inventory?per_page=1").get_data()
    second = busy.anyone.get(f"/inventory?per_page=1&{other}".replace("per_page=1&per", "per"))

    assert second.get_data() != first


def test_under_the_prefix_links_are_others(busy):
    plain = busy.anyone.get("/inventory?per_page=1").headers["Link"]

    assert busy.anyone.get("/api/inventory?per_page=1").headers["Link"] != plain


def test_an_answer_from_memory_has_the_headers_of_the_first(busy):
    first, second = (busy.marge.get("/inventory?per_page=1") for _ in range(2))

    for name in ("ETag", "Link", "Content-Type", "Cache-Control", "Vary"):
        assert second.headers.get(name) == first.headers.get(name)
    held = {"If-None-Match": first.headers["ETag"]}
    assert busy.marge.get("/inventory?per_page=1", headers=held).status_code == 304


def test_looking_at_the_head_only_spoils_nothing(busy):
    path = "/inventory/{part_id}".format(**busy.ids)
    assert busy.anyone.head(path).get_data() == b""

    assert busy.anyone.get(path).json["name"] == "Brake"


@pytest.mark.parametrize(
    ("reader", "path", "status"),
    [
        ("anyone", "/customers", 401),
        ("alice", "/customers", 403),
        ("anyone", "/inventory/404", 404),
        ("charlie", "/vehicles/{vehicle_id}", 404),
        ("anyone", "/inventory?page=0", 422),
    ],
)
def test_a_refusal_is_not_kept(busy, reader, path, status):
    answers = [getattr(busy, reader).get(path.format(**busy.ids)) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [status] * 2
    first, second = (answer.json["request_id"] for answer in answers)
    assert first != second


def test_a_write_that_is_refused_makes_nobody_ask_again(busy):
    path = "/service-tickets/{ticket_id}/parts".format(**busy.ids)
    before = look(busy)
    said = {
        "parts": [{"part_id": busy.ids["part_id"]}, {"part_id": busy.ids["spare"], "quantity": 99}]
    }
    assert busy.marge.post(path, json=said).status_code == 409

    with overheard() as asked:
        after = look(busy)
    assert after == before
    assert not [each for each in asked if "ticket_lines" in each or "stock_movements" in each]


def test_what_was_read_just_before_a_write_is_not_kept_as_if_after_it(app, settings):
    """On SQLite a request reads from the moment its session was looked up."""
    part, boss, reader = a_part(name="Brake"), a_manager(), a_customer()
    with second_shop(settings) as shop:
        path, writer, alice = (
            f"/inventory/{part.id}",
            signed_in(shop, boss),
            signed_in(shop, reader),
        )
        writes = [Thread(target=lambda: done(writer.patch(path, json={"name": "Clutch"})))]

        @shop.before_request
        def just_now():
            if writes:
                write = writes.pop()
                write.start()
                write.join()

        alice.get(path)

        assert alice.get(path).json["name"] == "Clutch"


def test_without_redis_the_shop_reads_and_writes(app, settings):
    boss, ticket, part = a_manager(), a_ticket(a_vehicle()), a_part(5)
    with second_shop(settings, RATELIMIT_ENABLED="true", **REDIS_AWAY) as shop:
        marge, path = signed_in(shop, boss), f"/service-tickets/{ticket.id}"
        for used in (1, 2):
            done(marge.post(f"{path}/parts/{part.id}"))
            assert [len(marge.get(path).json["parts"]) for _ in range(2)] == [used] * 2
        assert marge.post(f"{path}/parts/{part.id}", json={"quantity": 9}).status_code == 409
        assert shop.test_client().get("/inventory").status_code == 200


def test_a_redis_that_never_answers_is_waited_for_once(app, settings):
    """0.25 s, not once for each of the tables that a ticket is read from."""
    boss, ticket = a_manager(), a_ticket(a_vehicle())
    with socket.create_server(("127.0.0.1", 0), backlog=100) as frozen:
        url = f"redis://127.0.0.1:{frozen.getsockname()[1]}/0"
        with second_shop(settings, CACHE_REDIS_URL=url) as shop:
            marge = signed_in(shop, boss)
            marge.get("/healthz")
            began = time.monotonic()
            assert marge.get(f"/service-tickets/{ticket.id}").status_code == 200
            assert time.monotonic() - began < 1

            began = time.monotonic()
            done(marge.patch(f"/service-tickets/{ticket.id}", json={"priority": 1}))
            assert time.monotonic() - began < 1
