"""Answers kept in Redis: bytes that are data, shops that share it, and what it can't take any more."""

import contextlib
import pickle
import re

import msgpack
import pytest

from app.web import caching
from tests.busy_shop import READS, a_busy_shop, done, look
from tests.conftest import SERVERS, on_postgres, on_sqlite
from tests.factories import PASSWORD, a_manager, a_part, signed_in
from tests.refusing import REFUSALS
from tests.servers import PACES
from tests.web.second_shop import second_shop


@pytest.fixture
def with_redis(app, settings, redis, request):
    """The shop under test, its answers kept in Redis and its limits counted there."""
    url = request.config.stash[SERVERS]["Redis"]
    with second_shop(settings, CACHE_REDIS_URL=url, RATELIMIT_STORAGE_URI=url) as shop:
        redis.flushdb()
        yield shop


class Bomb:
    """Pickled, it runs a program for whoever loads it."""

    def __init__(self, target):
        self.target = target

    def __reduce__(self):
        return open, (str(self.target), "w")


@pytest.mark.one_database
def test_bytes_that_somebody_planted_are_no_answer_and_run_nothing(
    with_redis, redis, tmp_path, at_length
):
    busy, paths = a_busy_shop(with_redis), at_length([*READS][::3], slow=READS)
    before = look(busy, paths)
    mark = tmp_path / "mark"
    planted = [
        b"",
        b"\xc1",
        b"!" + pickle.dumps(Bomb(mark)),
        pickle.dumps(Bomb(mark)),
        *map(msgpack.packb, (None, 7, "text", [], [[], [], []], ["", [], b"", {}], {"a": 1})),
    ]
    for bytes_ in planted:
        answers = list(redis.scan_iter("*:answer:*"))
        assert len(answers) >= len(paths)
        for key in (*answers, *redis.scan_iter("*:generation:*")):
            redis.set(key, bytes_)
        assert look(busy, paths) == before
    assert not mark.exists()


@pytest.mark.parametrize("refusal", REFUSALS)
def test_a_redis_that_refuses_to_write_tells_nothing_that_is_over(
    with_redis, redis, refusal, monkeypatch
):
    part = a_part(name="Brake")
    marge, path = signed_in(with_redis, a_manager()), f"/inventory/{part.id}"
    stranger = with_redis.test_client()
    assert [each.get(path).json["name"] for each in (marge, stranger) * 2] == ["Brake"] * 4

    with refusal(redis):
        assert marge.patch(path, json={"name": "Clutch"}).status_code == 200
        assert [each.get(path).json["name"] for each in (marge, stranger)] == ["Clutch"] * 2
    monkeypatch.setitem(caching._redis, "away_until", 0.0)  # as after a second
    assert [each.get(path).json["name"] for each in (marge, stranger)] == ["Clutch"] * 2


@pytest.mark.one_database
def test_a_commit_that_changes_nothing_leaves_redis_in_use(with_redis):
    marge = a_manager(PASSWORD)
    said = {"email": marge.email, "password": PASSWORD}
    answer = with_redis.test_client().post("/auth/login", json=said)  # commits before it hashes
    assert answer.status_code == 200
    assert caching._redis["away_until"] == 0.0


@pytest.mark.one_database
def test_two_shops_in_one_memory_are_told_their_own(
    with_redis, settings, redis, request, tmp_path_factory, at_length
):
    """Rows of both have the same ids, as those of any two shops that began with one."""
    anew = on_postgres if settings["DATABASE_URL"].startswith("postgres") else on_sqlite
    url = request.config.stash[SERVERS]["Redis"]
    shared = {"CACHE_REDIS_URL": url, "RATELIMIT_STORAGE_URI": url}
    shared |= dict.fromkeys(PACES, "100000/hour")
    paths = at_length([*READS][::2], slow=READS)
    with contextlib.ExitStack() as stack:
        shops = []
        for name in ("Brake", "Clutch"):
            begun = stack.enter_context(anew(request.config, tmp_path_factory, name.lower()))
            shop = stack.enter_context(second_shop(begun, **shared))
            stack.enter_context(shop.app_context())
            shops.append(busy := a_busy_shop(shop))
            done(busy.marge.patch(f"/inventory/{busy.ids['part_id']}", json={"name": name}))
        alone = []
        for busy in shops:
            redis.flushdb()
            alone.append(look(busy, paths))
        for busy in shops:
            for name in ("estimate_sha256", "token", "link_sha256"):  # no ids, and not the same
                del busy.ids[name]
        assert shops[0].ids == shops[1].ids
        assert alone[0] != alone[1]

        redis.flushdb()
        assert [look(busy, paths) for busy in shops * 2] == alone * 2
        left = [busy.anyone.get("/inventory").headers["RateLimit"] for busy in shops]
        assert len({re.findall(r"r=(\d+)", each)[0] for each in left}) == 1, "counted together"


def test_what_strangers_ask_has_a_bound(with_redis, redis, monkeypatch):
    monkeypatch.setattr("app.web.caching.PLACES", 4)
    a_part(name="Brake")
    stranger = with_redis.test_client()
    for n in range(40):
        answers = [stranger.get(f"/inventory?q=brake&per_page={n + 1}") for _ in range(2)]
        assert [each.json["pagination"]["per_page"] for each in answers] == [n + 1] * 2

    assert len(list(redis.scan_iter("*:answer:anyone:*"))) == 4
