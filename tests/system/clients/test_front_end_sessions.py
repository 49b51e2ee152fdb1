"""Sessions on the page of examples/frontend: wrong passwords, expired tokens, shops that are away."""

import contextlib
import re

from playwright.sync_api import expect

from tests.live import MANAGER
from tests.servers import free_port
from tests.system.clients.front_end import asked_for, column, expire, move


def test_a_wrong_password_is_refused_and_in_the_end_told_to_wait(sign_in, alice, photograph):
    page = sign_in(alice.email, "not the password")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("password is wrong")
    photograph("sign-in")

    for _ in range(5):
        alice.live.ask("POST", "/auth/login", {"email": alice.email, "password": "nor this one"})
    page.get_by_role("button", name="Sign in").click()
    expect(alert).to_contain_text(re.compile(r"Come back in \d+ seconds"))


def test_an_expired_token_is_renewed_unnoticed_and_once(board):
    page, ticket = board
    expire(page)
    page.get_by_role("button", name="Refresh").click()
    expect(page.get_by_role("button", name="Refresh")).to_be_enabled()
    assert len(asked_for(page, "/auth/refresh")) == 1

    expire(page)
    move(page, ticket, "in progress")
    expect(column(page, "In progress")).to_contain_text(ticket["ro_number"])
    assert len(asked_for(page, "/auth/refresh")) == 2
    expect(page.get_by_role("alert")).to_be_hidden()


def test_who_was_signed_out_elsewhere_signs_in_again(board, open_shop):
    page, ticket = board
    with contextlib.ExitStack() as put_back:
        put_back.callback(setattr, open_shop, "token", open_shop.token)
        open_shop.token = page.evaluate("session.access_token")
        assert open_shop.ask("POST", "/auth/logout")[0] == 204

    move(page, ticket, "in progress")

    expect(page.get_by_role("status")).to_have_text("Your session has ended. Sign in again.")
    expect(page.get_by_label("Password")).to_be_visible()
    expect(page.get_by_text(ticket["ro_number"])).to_have_count(0)


def test_signing_out_ends_the_session_in_the_shop_too(board, open_shop):
    page, _ = board
    token = page.evaluate("session.access_token")
    page.get_by_role("button", name="Sign out").click()

    expect(page.get_by_label("Password")).to_be_visible()
    status, _, _ = open_shop.ask("GET", "/auth/me", Authorization=f"Bearer {token}")
    assert status == 401


def test_a_page_that_the_shop_does_not_know_is_told_so(sign_in, front_end, photograph):
    page = sign_in(MANAGER["email"], MANAGER["password"], host="localhost")

    advice = f"does not allow this page. Start it with CORS_ORIGINS=http://localhost:{front_end}"
    expect(page.get_by_role("alert")).to_contain_text(advice)
    photograph("not-allowed")


def test_a_shop_that_is_away_is_told_from_one_that_refuses(sign_in):
    page = sign_in(MANAGER["email"], MANAGER["password"], port=free_port())

    expect(page.get_by_role("alert")).to_contain_text("Is the shop running there?")
