"""Signing out, another password, and other ways in which a session ends or never begins."""

import pytest

from app.blueprints.auth import services as accounts
from app.database.session import db
from app.models import Account
from app.passwords import password_matches
from tests.auth.door import bearing, change_password, is_in, refresh, sign_in
from tests.factories import PASSWORD, a_customer, a_manager, a_mechanic

# Signing out


def test_signing_out_ends_this_session_at_once_and_no_other(client):
    alice = a_customer(PASSWORD)
    phone, laptop = sign_in(client, alice).json, sign_in(client, alice).json

    answer = client.post("/auth/logout", headers=bearing(phone["access_token"]))

    assert answer.status_code == 204
    assert not is_in(client, phone)
    assert refresh(client, phone["refresh_token"]).status_code == 401
    assert is_in(client, laptop)


def test_signing_out_everywhere_ends_every_session_of_the_account_and_of_no_other(client):
    alice, charlie = a_customer(PASSWORD), a_customer(PASSWORD)
    phone, laptop = sign_in(client, alice).json, sign_in(client, alice).json
    elsewhere = sign_in(client, charlie).json

    answer = client.post("/auth/logout-all", headers=bearing(phone["access_token"]))

    assert answer.status_code == 204
    assert not is_in(client, phone)
    assert not is_in(client, laptop)
    assert refresh(client, laptop["refresh_token"]).status_code == 401
    assert is_in(client, elsewhere)


# Another password


def test_a_new_password_ends_every_other_session(client):
    alice = a_customer(PASSWORD)
    phone, laptop = sign_in(client, alice).json, sign_in(client, alice).json

    assert change_password(client, phone, PASSWORD).status_code == 204

    assert is_in(client, phone)
    assert not is_in(client, laptop)
    assert sign_in(client, alice).status_code == 401
    assert sign_in(client, alice, password="another long password").status_code == 200


def test_a_new_password_needs_the_current_one(client):
    alice = a_customer(PASSWORD)
    phone, laptop = sign_in(client, alice).json, sign_in(client, alice).json

    refused = change_password(client, phone, "not her password")

    assert (refused.status_code, refused.json["code"]) == (403, "wrong_password")
    assert is_in(client, laptop)
    assert sign_in(client, alice).status_code == 200


@pytest.mark.parametrize("new", ["", "1234567", "x" * 129, None, 12345678])
def test_a_new_password_has_eight_to_128_characters(client, new):
    signed_in = sign_in(client, a_customer(PASSWORD)).json

    assert change_password(client, signed_in, PASSWORD, new).status_code == 422


def test_the_address_that_a_customer_signs_in_with_is_not_a_mechanic_s_to_change(as_):
    alice, bob = a_customer(), a_mechanic()
    at, said = f"/customers/{alice.id}", {"email": "mine@example.com"}
    assert as_(bob).patch(at, json=said).status_code == 403
    assert as_(bob).patch(at, json={"email": alice.email, "phone": "555"}).status_code == 200
    assert as_(a_manager()).patch(at, json=said).status_code == 200


def test_the_last_manager_who_can_sign_in_stays(as_):
    marge = a_manager()
    as_(marge).post(
        "/mechanics", json={"name": "Paper", "email": "paper@example.com", "role": "manager"}
    )
    answer = as_(marge).delete(f"/mechanics/{marge.id}")
    assert (answer.status_code, answer.json["code"]) == (409, "last_manager")


def test_a_sign_in_that_a_password_change_overtakes_fails(client, monkeypatch):
    """The password is looked at outside of any transaction; what counts is whether it still is the one."""
    alice = a_customer(PASSWORD)

    def changed_meanwhile(password_hash, password):
        matches = password_matches(password_hash, password)
        db.session.execute(db.update(Account).values(password_hash="another"))
        db.session.commit()
        return matches

    monkeypatch.setattr(accounts, "password_matches", changed_meanwhile)
    assert sign_in(client, alice).status_code == 401
