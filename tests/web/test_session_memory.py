"""Actors of sessions that a process keeps, as long as Redis confirms them: over from the commit on."""

import contextlib
from datetime import timedelta

import pytest

from app.access import actors
from app.clock import utc_now
from app.database.session import db
from app.models import Session
from app.web import session_memory
from tests.auth import door
from tests.auth.door import sign_in
from tests.conftest import SERVERS
from tests.factories import PASSWORD, a_customer, a_manager, a_mechanic, signed_in
from tests.refusing import REFUSALS
from tests.web.second_shop import second_shop


@pytest.fixture
def shops(app, settings, redis, request):
    """Two shops on one database and one Redis, each with its own memory, as two processes have."""
    url = request.config.stash[SERVERS]["Redis"]
    shared = {"CACHE_REDIS_URL": url, "RATELIMIT_STORAGE_URI": url}
    redis.flushdb()
    with contextlib.ExitStack() as stack:
        yield [stack.enter_context(second_shop(settings, **shared)) for _ in range(2)]


@pytest.fixture
def look_ups(monkeypatch):
    """The ids of the sessions that were looked up in the database."""
    seen, fetch = [], actors.fetch
    monkeypatch.setattr(
        actors, "fetch", lambda query, **of: seen.append(of["session_id"]) or fetch(query, **of)
    )
    return seen


def kept(*clients):
    """Send requests until these clients' sessions are kept, and return the clients."""
    for client in clients:
        for _ in range(3):
            assert client.get("/auth/me").status_code == 200
    return clients


def test_a_session_is_looked_up_once_and_not_at_each_request(shops, look_ups):
    [alice] = kept(signed_in(shops[0], a_customer()))
    look_ups.clear()

    assert [alice.get("/auth/me").status_code for _ in range(5)] == [200] * 5
    assert look_ups == []


def log_out(alice, marge, person):
    assert alice.post("/auth/logout").status_code == 204


def log_out_everywhere(alice, marge, person):
    assert alice.post("/auth/logout-all").status_code == 204


def take_another_password(alice, marge, person):
    assert door.change_password(alice, sign_in(alice, person).json, PASSWORD).status_code == 204


def delete_sessions(alice, marge, person):
    assert alice.delete("/auth/sessions").status_code == 204


def erase(alice, marge, person):
    assert marge.delete(f"/customers/{person.id}").status_code == 204


ENDINGS = (log_out, log_out_everywhere, take_another_password, delete_sessions, erase)


@pytest.mark.parametrize("end", ENDINGS)
def test_a_session_that_ends_in_one_process_is_over_in_all(shops, end):
    person, marge = a_customer(PASSWORD), signed_in(shops[0], a_manager())
    here, there = kept(*(signed_in(shop, person) for shop in shops))
    there.environ_base["HTTP_AUTHORIZATION"] = here.environ_base["HTTP_AUTHORIZATION"]
    kept(there)

    end(here, marge, person)

    assert [each.get("/auth/me").status_code for each in (there, here)] == [401, 401]


def test_a_mechanic_who_leaves_or_rises_does_so_in_every_process(shops):
    bob, marge = a_mechanic(), signed_in(shops[0], a_manager())
    [there] = kept(signed_in(shops[1], bob))
    assert there.get("/audit").status_code == 403

    promoted = marge.patch(f"/mechanics/{bob.id}", json={"role": "manager"})
    assert promoted.status_code == 200
    assert there.get("/audit").status_code == 200
    assert marge.patch(f"/mechanics/{bob.id}", json={"is_active": False}).status_code == 200
    assert there.get("/audit").status_code == 401


def test_an_actor_read_before_a_commit_is_not_kept_after_it(shops, monkeypatch):
    """The session ends between the look-up of its actor and the count of the request."""
    kept(*(signed_in(shop, a_customer()) for shop in shops))
    phone, fetch = signed_in(shops[1], a_customer()), actors.fetch

    def end_meanwhile(query, **of):
        found = fetch(query, **of)
        monkeypatch.setattr(actors, "fetch", fetch)
        db.session.execute(db.update(Session).values(ended_at=utc_now()))
        db.session.commit()
        return found

    monkeypatch.setattr(actors, "fetch", end_meanwhile)
    assert phone.get("/auth/me").status_code == 200  # it was live when it was looked up
    assert phone.get("/auth/me").status_code == 401


@pytest.mark.one_database
@pytest.mark.parametrize("refusal", REFUSALS)
def test_a_redis_that_refuses_to_write_confirms_nothing(shops, redis, refusal):
    here, there = kept(*(signed_in(shop, a_customer()) for shop in shops))
    there.environ_base["HTTP_AUTHORIZATION"] = here.environ_base["HTTP_AUTHORIZATION"]
    kept(there)

    with refusal(redis):
        assert here.post("/auth/logout").status_code == 204
        assert there.get("/auth/me").status_code == 401
    assert there.get("/auth/me").status_code == 401


@pytest.mark.one_database
def test_a_redis_that_has_lost_everything_confirms_nothing(shops, redis, look_ups):
    [alice] = kept(signed_in(shops[0], a_customer()))
    redis.flushdb()
    look_ups.clear()

    assert alice.get("/auth/me").status_code == 200
    assert len(look_ups) == 1


@pytest.mark.one_database
def test_a_session_is_kept_no_longer_than_it_lasts(shops, monkeypatch):
    phone = signed_in(shops[0], a_customer())
    db.session.execute(db.update(Session).values(expires_at=utc_now() + timedelta(seconds=5)))
    db.session.commit()
    [phone] = kept(phone)

    soon = session_memory.time.time() + 6
    monkeypatch.setattr(session_memory.time, "time", lambda: soon)
    monkeypatch.setattr(actors, "utc_now", lambda: utc_now() + timedelta(seconds=6))
    assert phone.get("/auth/me").status_code == 401


@pytest.mark.one_database
def test_a_session_is_kept_for_seconds_only(shops, look_ups, monkeypatch):
    [alice] = kept(signed_in(shops[0], a_customer()))
    look_ups.clear()

    later = session_memory.time.time() + session_memory.KEPT_SECONDS + 1
    monkeypatch.setattr(session_memory.time, "time", lambda: later)
    assert alice.get("/auth/me").status_code == 200
    assert len(look_ups) == 1


@pytest.mark.one_database
def test_the_memory_has_a_bound(shops, monkeypatch):
    monkeypatch.setattr(session_memory, "AT_MOST", 3)
    people = kept(*(signed_in(shops[0], a_customer()) for _ in range(8)))
    assert [each.get("/auth/me").status_code for each in people] == [200] * 8
