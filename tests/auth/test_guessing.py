"""Guessing a password is slow: what delays whom, for how long, and what forgets it."""

from app.clock import utc_now
from app.database.session import db
from app.models import SignInAttempts
from tests.auth.door import LOGINS, change_password, from_address, sign_in
from tests.factories import PASSWORD, a_customer


def test_guessing_the_current_password_is_slowed_like_signing_in(client):
    signed_in = sign_in(client, a_customer(PASSWORD)).json
    for _ in range(5):
        assert change_password(client, signed_in, "not her password").status_code == 403

    refused = change_password(client, signed_in, PASSWORD)

    assert (refused.status_code, refused.json["code"]) == (429, "too_many_attempts")


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
