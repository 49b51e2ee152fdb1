"""Signing in, staying signed in and signing out, many at once and on several workers."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import update

from app.clock import utc_now
from app.database.session import db
from app.models import SignInAttempts
from app.models.accounts import FREE_ATTEMPTS, fingerprint
from app.passwords import AT_ONCE, WAITING
from tests.factories import PASSWORD
from tests.system.races.crowd import Request, told
from tests.system.races.fresh import (
    a_colleague,
    a_customer,
    a_part,
    a_ticket,
    an_email,
    on_shelf,
    taking,
)

pytestmark = pytest.mark.one_database("postgres")

DOORS = ("/auth/login", "/customers/login", "/mechanics/login")


def test_a_crowd_of_guesses_has_five_looked_at(shop, live, crowd, rounds):
    for _ in rounds(2):
        email = an_email()
        a_customer(live, email=email, password=PASSWORD)
        right = Request("POST", DOORS[0], {"email": email, "password": PASSWORD})
        wrong = {"email": email, "password": "a wrong password"}
        guesses = [Request("POST", DOORS[n % 3], wrong) for n in range(AT_ONCE + WAITING)]

        assert told(crowd.sends(*guesses)) == {
            "wrong_credentials": FREE_ATTEMPTS,
            "too_many_attempts": 7,
        }
        assert told(crowd.sends(right)) == {"too_many_attempts": 1}

        with shop.app_context():
            let_the_delay_pass(email)
        assert told(crowd.sends(*guesses)) == {"wrong_credentials": 1, "too_many_attempts": 11}
        with shop.app_context():
            let_the_delay_pass(email)
        assert told(crowd.sends(right)) == {200: 1}


def test_right_passwords_at_once_are_all_let_in(live, crowd, rounds):
    """On all devices of one account, some of which change the password into itself."""
    for _ in rounds(2):
        email = an_email()
        a_customer(live, email=email, password=PASSWORD)
        said = {"email": email, "password": PASSWORD}
        [signed_in] = crowd.sends(Request("POST", DOORS[0], said))
        bearer = {"Authorization": f"Bearer {signed_in.json['access_token']}"}
        new = {"current_password": PASSWORD, "new_password": PASSWORD}
        right = [Request("POST", DOORS[n % 2], said) for n in range(9)]
        wrong = [Request("POST", DOORS[0], said | {"password": "wrong"})] * 2

        assert told(crowd.sends(*right, *wrong)) == {200: 9, "wrong_credentials": 2}
        assert told(crowd.sends(*right)) == {200: 9}
        changes = [Request("PUT", "/auth/password", new, bearer)] * 6
        assert told(crowd.sends(*changes)) == {204: 6}


def let_the_delay_pass(email):
    """As if it had: it takes half a minute or more."""
    attempts = SignInAttempts.email_fingerprint == fingerprint(email)
    db.session.execute(update(SignInAttempts).where(attempts).values(blocked_until=utc_now()))
    db.session.commit()


def test_a_refresh_token_has_one_follower_however_many_ask(live, crowd, rounds):
    for _ in rounds(2):
        said = {"name": "Alice Driver", "email": an_email(), "password": PASSWORD}
        first = live.made("/auth/register", said)["refresh_token"]

        answers = crowd.sends(*[refreshing(first)] * 16)

        assert told(answers) == {200: 16}
        [second] = {answer.json["refresh_token"] for answer in answers}
        assert second != first
        for answer in answers[::5]:
            bearer = {"Authorization": f"Bearer {answer.json['access_token']}"}
            assert told(crowd.sends(Request("GET", "/auth/me", None, bearer))) == {200: 1}
        [third] = {answer.json["refresh_token"] for answer in crowd.sends(refreshing(second))}
        assert told(crowd.sends(*[refreshing(first)] * 4)) == {"invalid_token": 4}
        assert told(crowd.sends(refreshing(third))) == {"invalid_token": 1}


def refreshing(token):
    return Request("POST", "/auth/refresh", {"refresh_token": token})


def test_nothing_is_done_in_a_session_once_it_is_signed_out(live, crowd, rounds):
    for _ in rounds(2):
        _, as_bob = a_colleague(live, "mechanic")
        part, ticket = a_part(live, 500), a_ticket(live)
        take = taking(ticket, part, **as_bob)
        begun, over = threading.Event(), threading.Event()

        def work(take=take, begun=begun, over=over):
            """Use parts until refused; whether any that was asked for after the sign-out was given."""
            given = []
            for _ in range(60):
                late = over.is_set()
                [answer] = crowd.sends(take)
                if answer.status_code == 401:
                    break
                given.append(late)
                begun.set()
            return given

        with ThreadPoolExecutor(6) as hands:
            working = [hands.submit(work) for _ in range(6)]
            assert begun.wait(10)
            assert told(crowd.sends(Request("POST", "/auth/logout", None, as_bob))) == {204: 1}
            over.set()
        given = [late for hand in working for late in hand.result()]

        assert not any(given)
        assert told(crowd.sends(take)) == {"invalid_token": 1}
        assert on_shelf(live, part) == 500 - len(given)
