"""Staying signed in: what a refresh token gives, and what ends its session."""

import pytest

from app.clock import utc_now
from app.database.session import db
from app.models import Session
from app.models.accounts import fingerprint
from tests.auth.door import is_in, let_the_grace_pass, refresh, sign_in
from tests.factories import PASSWORD, a_customer
from tests.web.second_shop import second_shop


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
