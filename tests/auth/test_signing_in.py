"""Signing in, and staying signed in: what a session gives."""

import pytest

from app.clock import utc_now
from app.database.session import db
from app.models import Session
from app.models.accounts import fingerprint
from tests.auth.door import (
    LOGINS,
    bearing,
    but_for_its_number,
    is_in,
    let_the_grace_pass,
    refresh,
    sign_in,
)
from tests.factories import PASSWORD, a_customer, a_manager, a_mechanic
from tests.web.second_shop import second_shop

# Signing in


def test_alice_signs_in_and_is_told_who_she_is(client):
    alice = a_customer(PASSWORD, name="Alice", email="alice@example.com")

    answer = sign_in(client, alice)

    assert answer.status_code == 200
    told = answer.json
    assert told["token"] == told["access_token"]
    assert (told["token_type"], told["expires_in"]) == ("Bearer", 3600)
    assert told["account"].pop("created_at").endswith("Z")
    assert told["account"] == {
        "id": alice.account_id,
        "email": "alice@example.com",
        "role": "customer",
        "name": "Alice",
        "customer_id": alice.id,
        "mechanic_id": None,
    }


@pytest.mark.parametrize(
    ("somebody", "role"),
    [(a_mechanic, "mechanic"), (a_manager, "manager"), (a_customer, "customer")],
)
def test_anybody_signs_in_at_auth_login(client, somebody, role):
    assert sign_in(client, somebody(PASSWORD)).json["account"]["role"] == role


@pytest.mark.parametrize(
    ("somebody", "opens", "stays_shut"),
    [
        (a_customer, "/customers/login", "/mechanics/login"),
        (a_mechanic, "/mechanics/login", "/customers/login"),
        (a_manager, "/mechanics/login", "/customers/login"),
    ],
)
def test_each_kind_has_a_door_and_the_other_stays_shut(client, somebody, opens, stays_shut):
    person = somebody(PASSWORD)

    assert sign_in(client, person, opens).status_code == 200
    refused = sign_in(client, person, stays_shut)
    assert (refused.status_code, refused.json["code"]) == (401, "wrong_credentials")


def test_the_older_login_is_the_customers(client):
    assert sign_in(client, a_customer(PASSWORD), "/login").status_code == 200
    assert sign_in(client, a_mechanic(PASSWORD), "/login").status_code == 401


def test_an_address_is_the_same_in_any_case(client):
    a_customer(PASSWORD, email="alice@example.com")
    said = {"email": " Alice@Example.COM ", "password": PASSWORD}

    assert client.post("/auth/login", json=said).status_code == 200


def test_signing_in_does_not_mind_a_stale_token(client):
    said = {"email": a_customer(PASSWORD).email, "password": PASSWORD}

    assert client.post("/auth/login", json=said, headers=bearing("stale")).status_code == 200


@pytest.mark.parametrize("path", LOGINS)
def test_a_wrong_password_and_an_unknown_address_sound_the_same(client, path):
    alice = a_customer(PASSWORD)

    wrong = sign_in(client, alice, path, "not her password")
    unknown = client.post(path, json={"email": "nobody@example.com", "password": PASSWORD})

    assert wrong.status_code == unknown.status_code == 401
    assert but_for_its_number(wrong) == but_for_its_number(unknown)
    assert "WWW-Authenticate" in wrong.headers


def test_the_wrong_door_sounds_like_a_wrong_password(client):
    alice = a_customer(PASSWORD)

    wrong_door = sign_in(client, alice, "/mechanics/login")
    wrong_password = sign_in(client, alice, "/mechanics/login", "not her password")

    assert but_for_its_number(wrong_door) == but_for_its_number(wrong_password)


@pytest.mark.parametrize(
    "said", [{}, {"email": "a@b.co"}, {"password": "x"}, {"email": 1, "password": 2}]
)
def test_half_a_sign_in_is_no_sign_in(client, said):
    assert client.post("/auth/login", json=said).status_code == 422


# Who am I


def test_me_is_the_account_and_the_customer_behind_it(as_):
    alice = a_customer(name="Alice", phone="555-0100")

    me = as_(alice).get("/auth/me").json

    assert (me["role"], me["customer_id"], me["mechanic_id"]) == ("customer", alice.id, None)
    assert (me["profile"]["id"], me["profile"]["phone"]) == (alice.id, "555-0100")


def test_me_is_the_account_and_the_mechanic_behind_it(as_):
    bob = a_mechanic(name="Bob", specialty="Brakes")

    me = as_(bob).get("/auth/me").json

    assert (me["role"], me["customer_id"], me["mechanic_id"]) == ("mechanic", None, bob.id)
    assert (me["profile"]["id"], me["profile"]["specialty"]) == (bob.id, "Brakes")


def test_customer_one_is_not_mechanic_one(as_):
    alice, bob = a_customer(), a_mechanic()

    assert alice.account_id != bob.account_id
    assert as_(alice).get("/customers").status_code == 403


# Staying signed in


def test_a_refresh_token_gives_the_next_pair(client):
    first = sign_in(client, a_customer(PASSWORD)).json

    second = refresh(client, first["refresh_token"])

    assert second.status_code == 200
    assert second.json["refresh_token"] != first["refresh_token"]
    assert second.json["account"] == first["account"]
    assert is_in(client, second.json)


def test_a_refresh_token_used_twice_at_once_gives_the_same_follower(client):
    first = sign_in(client, a_customer(PASSWORD)).json["refresh_token"]

    once, again = refresh(client, first), refresh(client, first)

    assert again.status_code == 200
    assert again.json["refresh_token"] == once.json["refresh_token"]


def test_a_refresh_token_used_again_after_the_grace_ends_the_session(client):
    first = sign_in(client, a_customer(PASSWORD)).json
    second = refresh(client, first["refresh_token"]).json
    let_the_grace_pass()

    stolen = refresh(client, first["refresh_token"])

    assert (stolen.status_code, stolen.json["code"]) == (401, "invalid_token")
    assert refresh(client, second["refresh_token"]).status_code == 401
    assert not is_in(client, second)


def test_only_the_immediate_predecessor_has_a_grace(client):
    first = sign_in(client, a_customer(PASSWORD)).json
    second = refresh(client, first["refresh_token"]).json
    third = refresh(client, second["refresh_token"]).json

    assert refresh(client, first["refresh_token"]).status_code == 401
    assert refresh(client, third["refresh_token"]).status_code == 401


def test_a_theft_in_one_session_leaves_the_others_alone(client):
    alice = a_customer(PASSWORD)
    phone, laptop = sign_in(client, alice).json, sign_in(client, alice).json
    refresh(client, phone["refresh_token"])
    let_the_grace_pass()

    refresh(client, phone["refresh_token"])

    assert not is_in(client, phone)
    assert is_in(client, laptop)


def test_a_session_that_nobody_refreshed_in_time_is_over(client):
    signed_in = sign_in(client, a_customer(PASSWORD)).json
    db.session.execute(db.update(Session).values(expires_at=utc_now()))
    db.session.commit()

    assert not is_in(client, signed_in)
    assert refresh(client, signed_in["refresh_token"]).status_code == 401


@pytest.mark.parametrize("token", ["", ".", "nonsense", "no.such", "a" * 5000, "\x00.\x00", "٣.٣"])
def test_a_refresh_token_that_never_was_is_refused(client, token):
    assert refresh(client, token).status_code in (401, 422)


@pytest.mark.parametrize("made_up", ["garbage", "garbage.0123456789abcdef0123456789abcdef", ""])
def test_what_is_made_up_of_a_session_s_id_does_not_end_it(client, made_up):
    signed_in = sign_in(client, a_customer(PASSWORD)).json
    session_id = signed_in["refresh_token"].partition(".")[0]

    assert refresh(client, f"{session_id}.{made_up}").status_code == 401
    assert is_in(client, signed_in)
    assert refresh(client, signed_in["refresh_token"]).status_code == 200


def test_a_refresh_token_outlives_the_key_of_its_day(client, settings):
    signed_in = sign_in(client, a_customer(PASSWORD)).json
    with second_shop(settings, SECRET_KEY="another secret, made after the first leaked") as shop:
        assert refresh(shop.test_client(), signed_in["refresh_token"]).status_code == 200


def test_a_session_of_before_tokens_had_a_family_goes_on_and_ends_as_ever(client):
    signed_in = sign_in(client, a_customer(PASSWORD)).json
    session_id, _, secret = signed_in["refresh_token"].partition(".")
    plain = secret.partition(".")[2]
    of_then = {"family_fingerprint": None, "refresh_fingerprint": fingerprint(plain)}
    db.session.execute(db.update(Session).values(of_then))
    db.session.commit()

    second = refresh(client, f"{session_id}.{plain}")
    assert second.status_code == 200
    assert refresh(client, second.json["refresh_token"]).status_code == 200
    let_the_grace_pass()
    assert refresh(client, f"{session_id}.{plain}").status_code == 401
    assert not is_in(client, signed_in)


def test_an_access_token_refreshes_nothing(client):
    signed_in = sign_in(client, a_customer(PASSWORD)).json

    assert refresh(client, signed_in["access_token"]).status_code == 401
    assert is_in(client, signed_in)


def test_refresh_tokens_are_not_kept_readable(client):
    session_id, _, secret = (
        sign_in(client, a_customer(PASSWORD)).json["refresh_token"].partition(".")
    )

    row = db.session.get_one(Session, session_id)
    assert secret not in (row.refresh_fingerprint, row.previous_fingerprint)
    db.session.rollback()


def test_whoever_registers_may_say_where_they_live(client):
    said = {"name": "Alice", "email": "alice@example.com", "password": PASSWORD}
    registered = client.post("/auth/register", json=said | {"address": "1 Main St"})

    assert (registered.status_code, registered.json["customer"]["address"]) == (201, "1 Main St")
