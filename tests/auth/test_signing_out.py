"""Signing out, another password, and guessing: how a session ends, or never begins."""

import pytest

from app.blueprints.auth import services as accounts
from app.clock import utc_now
from app.database.session import db
from app.models import Account, SignInAttempts
from app.passwords import password_matches
from tests.auth.door import LOGINS, bearing, from_address, is_in, refresh, sign_in
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


def change_password(client, signed_in, current, new="another long password"):
    db.session.remove()
    said = {"current_password": current, "new_password": new}
    return client.put("/auth/password", json=said, headers=bearing(signed_in["access_token"]))


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


def test_guessing_the_current_password_is_slowed_like_signing_in(client):
    signed_in = sign_in(client, a_customer(PASSWORD)).json
    for _ in range(5):
        assert change_password(client, signed_in, "not her password").status_code == 403

    refused = change_password(client, signed_in, PASSWORD)

    assert (refused.status_code, refused.json["code"]) == (429, "too_many_attempts")


# Guessing


def guess(client, email, path="/auth/login"):
    db.session.remove()
    return client.post(path, json={"email": email, "password": "a wrong guess"})


def guess_five_times(client, email):
    assert [guess(client, email).status_code for _ in range(5)] == [401] * 5


def let_the_delay_pass():
    db.session.execute(db.update(SignInAttempts).values(blocked_until=utc_now()))
    db.session.commit()


def delay(answer):
    assert (answer.status_code, answer.json["code"]) == (429, "too_many_attempts")
    return int(answer.headers["Retry-After"])


def test_after_five_wrong_passwords_even_the_right_one_must_wait(client):
    alice = a_customer(PASSWORD)
    guess_five_times(client, alice.email)

    assert 1 <= delay(sign_in(client, alice)) <= 30


def test_the_delay_grows_with_each_wrong_password(client):
    guess_five_times(client, "alice@example.com")
    delays = [delay(guess(client, "alice@example.com"))]
    for _ in range(3):
        let_the_delay_pass()
        assert guess(client, "alice@example.com").status_code == 401
        delays.append(delay(guess(client, "alice@example.com")))

    assert delays == sorted(set(delays))


def test_guesses_from_elsewhere_delay_nobody_at_an_address_that_is_known(client):
    alice = a_customer(PASSWORD)
    at_home = sign_in(client, alice).json
    abroad = from_address(client.application, "203.0.113.9")
    guess_five_times(abroad, alice.email)
    assert delay(sign_in(abroad, alice))

    assert sign_in(client, alice).status_code == 200
    assert change_password(client, at_home, PASSWORD).status_code == 204
    assert delay(guess(abroad, alice.email))


def test_guesses_from_an_address_that_is_known_are_slowed_by_themselves(client):
    alice = a_customer(PASSWORD)
    sign_in(client, alice)
    guess_five_times(client, alice.email)

    assert delay(sign_in(client, alice))
    assert sign_in(from_address(client.application, "203.0.113.9"), alice).status_code == 200


def test_an_address_is_known_to_those_who_signed_in_there_and_to_nobody_else(client):
    alice, charlie = a_customer(PASSWORD), a_customer(PASSWORD)
    guess_five_times(from_address(client.application, "203.0.113.9"), alice.email)
    sign_in(client, charlie)

    assert delay(sign_in(client, alice))


def test_the_delays_double_from_half_a_minute_up_to_a_quarter_of_an_hour(app):
    attempts = SignInAttempts(failures=0)
    delays = []
    for _ in range(13):
        attempts.count()
        blocked, attempts.blocked_until = attempts.blocked_until, None
        delays.append(blocked and round((blocked - attempts.last_at).total_seconds()))

    assert delays == [None] * 4 + [30, 60, 120, 240, 480, 900, 900, 900, 900]


def test_asking_during_the_delay_does_not_prolong_it(client):
    guess_five_times(client, "alice@example.com")
    first = delay(guess(client, "alice@example.com"))

    assert all(delay(guess(client, "alice@example.com")) <= first for _ in range(5))


def test_an_unknown_address_is_slowed_in_the_same_words(client):
    alice = a_customer(PASSWORD)
    answers = []
    for email in (alice.email, "nobody@example.com"):
        guess_five_times(client, email)
        answers.append(guess(client, email).json)

    for answer in answers:
        del answer["request_id"], answer["detail"]
    assert answers[0] == answers[1]


def test_one_address_is_slowed_and_another_is_not(client):
    charlie = a_customer(PASSWORD)
    guess_five_times(client, "alice@example.com")

    assert sign_in(client, charlie).status_code == 200


def test_every_door_counts_the_same_guesses_in_any_case(client):
    alice = a_customer(PASSWORD, email="alice@example.com")
    for path in (*LOGINS, "/login", "/api/auth/login"):
        assert guess(client, "ALICE@example.com", path).status_code == 401

    assert delay(sign_in(client, alice))


def test_nobody_is_locked_out_for_good(client):
    alice = a_customer(PASSWORD)
    guess_five_times(client, alice.email)
    db.session.execute(db.update(SignInAttempts).values(failures=100_000, blocked_until=utc_now()))
    db.session.commit()

    assert guess(client, alice.email).status_code == 401
    assert delay(sign_in(client, alice)) <= 15 * 60
    let_the_delay_pass()
    assert sign_in(client, alice).status_code == 200


def test_the_right_password_after_the_delay_forgets_the_wrong_ones(client):
    alice = a_customer(PASSWORD)
    guess_five_times(client, alice.email)
    let_the_delay_pass()

    assert sign_in(client, alice).status_code == 200
    guess_five_times(client, alice.email)


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
