"""Where somebody is signed in: everybody sees and ends their own sessions, and nobody else's."""

import pytest

from app.clock import utc_now
from app.database.session import db
from app.models import AuditEntry, Session
from tests.auth.door import bearing, but_for_its_number, is_in, refresh, sign_in
from tests.factories import PASSWORD, a_customer, a_manager, a_mechanic

SOMEBODY_S = "0123456789abcdef0123456789abcdef"


def signed_in_on(client, person, device):
    db.session.remove()
    said = {"email": person.email, "password": PASSWORD}
    return client.post("/auth/login", json=said, headers={"User-Agent": device}).json


def sessions(client, signed_in, query=""):
    return client.get(f"/auth/sessions{query}", headers=bearing(signed_in["access_token"]))


def session_of(signed_in):
    return signed_in["refresh_token"].partition(".")[0]


def end(client, signed_in, session_id, **headers):
    path = f"/auth/sessions/{session_id}"
    return client.delete(path, headers=bearing(signed_in["access_token"]) | headers)


def test_alice_sees_where_she_is_signed_in_the_newest_first(client):
    alice = a_customer(PASSWORD)
    signed_in_on(client, a_manager(PASSWORD), "Somebody else's")
    laptop = signed_in_on(client, alice, "Laptop")
    phone = signed_in_on(client, alice, "Phone")

    answer = sessions(client, laptop)

    found = answer.json["items"]
    assert [each["user_agent"] for each in found] == ["Phone", "Laptop"]
    assert [each["id"] for each in found] == [session_of(phone), session_of(laptop)]
    assert [each["is_current"] for each in found] == [False, True]
    assert all(each["created_at"] == each["last_used_at"] < each["expires_at"] for each in found)
    assert answer.json["pagination"]["total"] == 2
    assert [each["is_current"] for each in sessions(client, phone).json["items"]] == [True, False]


def test_a_session_is_not_listed_from_the_moment_on_that_it_expires(client):
    alice = a_customer(PASSWORD)
    laptop = signed_in_on(client, alice, "Laptop")
    phone = signed_in_on(client, alice, "Phone")
    assert len(sessions(client, laptop).json["items"]) == 2

    db.session.get_one(Session, session_of(phone)).expires_at = utc_now()
    db.session.commit()

    assert len(sessions(client, laptop).json["items"]) == 1


def test_a_list_of_sessions_tells_no_secret(client):
    signed_in = sign_in(client, a_customer(PASSWORD)).json

    answer = sessions(client, signed_in)

    assert signed_in["refresh_token"].partition(".")[2] not in answer.text
    assert "fingerprint" not in answer.text


def test_only_a_refresh_moves_when_a_session_was_last_used(client):
    signed_in = sign_in(client, a_customer(PASSWORD)).json
    [before] = sessions(client, signed_in).json["items"]
    assert is_in(client, signed_in)
    assert sessions(client, signed_in).json["items"] == [before]

    refresh(client, signed_in["refresh_token"])

    [after] = sessions(client, signed_in).json["items"]
    assert after["last_used_at"] > before["last_used_at"]
    assert after["expires_at"] > before["expires_at"]
    assert after["created_at"] == before["created_at"]


@pytest.mark.parametrize("how", ["ended_at", "expires_at"])
def test_a_session_that_is_over_is_not_listed(client, how):
    alice = a_customer(PASSWORD)
    over, here = (sign_in(client, alice).json for _ in range(2))
    is_over = db.update(Session).where(Session.id == session_of(over)).values({how: utc_now()})
    db.session.execute(is_over)
    db.session.commit()

    assert [each["id"] for each in sessions(client, here).json["items"]] == [session_of(here)]


def test_the_list_is_walked_by_cursor_and_by_page(client):
    alice = a_customer(PASSWORD)
    here, *_ = [sign_in(client, alice).json for _ in range(5)]
    whole = [each["id"] for each in sessions(client, here).json["items"]]

    for query in ("?per_page=2&sort=-created_at", "?per_page=2"):
        walked, turn = [], ""
        while turn is not None:
            page = sessions(client, here, query + turn).json
            walked += [each["id"] for each in page["items"]]
            cursor = page["pagination"]["next_cursor"]
            turn = cursor and f"&cursor={cursor}"
        assert walked == whole
    by_number = [sessions(client, here, f"?per_page=2&page={n}").json["items"] for n in (1, 2, 3)]
    assert [each["id"] for page in by_number for each in page] == whole


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("  Phone  ", "Phone"),
        ("P\x1bho\x7fne\x85", "Phone"),
        ("x" * 201, "x" * 200),
        ("x" * 199 + " y", "x" * 199),
        ("\x01 \x02", None),
        ("", None),
    ],
)
def test_a_device_is_named_as_it_names_itself_within_reason(client, said, kept):
    signed_in = signed_in_on(client, a_mechanic(PASSWORD), said)

    assert sessions(client, signed_in).json["items"][0]["user_agent"] == kept


def test_registering_and_each_door_keep_the_device_and_its_address(client):
    said = {"name": "Alice", "email": "alice@example.com", "password": PASSWORD}
    client.environ_base["REMOTE_ADDR"] = "2001:db8:1:2::9"
    client.environ_base["HTTP_USER_AGENT"] = "Phone"
    ways = [client.post("/auth/register", json=said).json]
    del said["name"]
    ways += [client.post(path, json=said).json for path in ("/customers/login", "/login")]

    found = sessions(client, ways[0]).json["items"]
    assert {(each["user_agent"], each["address"]) for each in found} == {
        ("Phone", "2001:db8:1:2::/64")
    }
    assert len(found) == 3


def test_ending_one_ends_it_at_once_and_no_other(client):
    alice = a_customer(PASSWORD)
    phone, laptop = (sign_in(client, alice).json for _ in range(2))

    assert end(client, laptop, session_of(phone)).status_code == 204

    assert not is_in(client, phone)
    assert refresh(client, phone["refresh_token"]).status_code == 401
    assert is_in(client, laptop)


def test_whoever_ends_the_session_that_asks_is_out(client):
    here = sign_in(client, a_customer(PASSWORD)).json

    assert end(client, here, session_of(here)).status_code == 204
    assert not is_in(client, here)


def test_somebody_else_s_an_ended_and_no_session_are_missing_in_the_same_bytes(client):
    alice, marge = a_customer(PASSWORD), a_manager(PASSWORD)
    here, ended, hers = (sign_in(client, who).json for who in (marge, marge, alice))
    end(client, here, session_of(ended))

    ids = (session_of(hers), session_of(ended), SOMEBODY_S, "1", "no-session")
    answers = [end(client, here, each) for each in ids]

    assert {answer.status_code for answer in answers} == {404}
    assert len({but_for_its_number(answer)[0] for answer in answers}) == 1
    assert is_in(client, hers)


def test_ending_all_leaves_the_account_nowhere(client):
    alice, charlie = a_customer(PASSWORD), a_customer(PASSWORD)
    phone, laptop, elsewhere = (sign_in(client, who).json for who in (alice, alice, charlie))

    answer = client.delete("/auth/sessions", headers=bearing(phone["access_token"]))

    assert answer.status_code == 204
    assert not is_in(client, phone)
    assert not is_in(client, laptop)
    assert is_in(client, elsewhere)
    again = sign_in(client, alice).json
    assert sessions(client, again).json["pagination"]["total"] == 1


def test_a_session_has_no_version_to_match(client):
    alice = a_customer(PASSWORD)
    phone, laptop = (sign_in(client, alice).json for _ in range(2))
    one, token = session_of(phone), bearing(laptop["access_token"])

    assert end(client, laptop, one, **{"If-Match": '"1.x"'}).status_code == 412
    assert end(client, laptop, SOMEBODY_S, **{"If-Match": "*"}).status_code == 404
    old = token | {"If-Match": '"1.x"'}
    assert client.delete("/auth/sessions", headers=old).status_code == 412
    assert is_in(client, phone)
    assert end(client, laptop, one, **{"If-Match": "*"}).status_code == 204
    assert client.delete("/auth/sessions", headers=token | {"If-Match": "*"}).status_code == 204


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", ""), ("DELETE", ""), ("DELETE", f"/{SOMEBODY_S}")],
)
def test_sessions_are_for_who_is_signed_in(client, method, path):
    assert client.open(f"/auth/sessions{path}", method=method).status_code == 401


def test_a_session_that_expired_goes_with_the_next_sign_in_and_on_record(client):
    alice = a_customer(PASSWORD)
    old = session_of(sign_in(client, alice).json)
    db.session.execute(db.update(Session).values(expires_at=utc_now()))
    db.session.commit()

    sign_in(client, alice)

    db.session.rollback()
    assert db.session.scalar(db.select(Session).filter_by(id=old)) is None
    gone = db.select(AuditEntry).filter_by(action="deleted", entity="session")
    assert [entry.before["id"] for entry in db.session.scalars(gone)] == [old]
