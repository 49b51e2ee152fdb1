"""What people do in a browser: the documentation tried out, and a front end on another origin."""

import contextlib
import re

import jwt
import pytest
from playwright.sync_api import expect

from tests.clients.conftest import Regular
from tests.conftest import SECRET
from tests.factories import PASSWORD
from tests.live import MANAGER
from tests.servers import free_port

MARKUP = '<b>Bold</b><img src=x onerror="document.title=1"><script>document.title=2</script>'


@pytest.fixture
def sign_in(page, open_shop, front_end):
    """`sign_in(email)` on the page of the front end; `host` is what the page's own origin calls itself."""

    def go(email, password=PASSWORD, *, host="127.0.0.1", port=open_shop.port):
        page.goto(f"http://{host}:{front_end}/?api=http://127.0.0.1:{port}")
        page.get_by_label("E-mail").fill(email)
        page.get_by_label("Password").fill(password)
        page.get_by_role("button", name="Sign in").click()
        return page

    return go


@pytest.fixture
def alice(open_shop):
    return Regular(open_shop)


@pytest.fixture
def board(sign_in, alice):
    """The board that a manager sees, with one ticket of Alice's that is open."""
    ticket = alice.brings()
    board = sign_in(MANAGER["email"], MANAGER["password"])
    expect(column(board, "Open")).to_contain_text(ticket["ro_number"])
    return board, ticket


def column(board, name):
    return board.get_by_role("region", name=name)


def status_of(shop, ticket):
    return shop.ask("GET", f"/service-tickets/{ticket['id']}")[2]["status"]


def move(board, ticket, to):
    board.get_by_role("button", name=f"Move {ticket['ro_number']} to {to}").click()


def row(page, ticket):
    return page.get_by_role("row").filter(has_text=ticket["ro_number"])


def expire(page):
    """Put in the page's hands the access token it has, but of long ago."""
    claims = jwt.decode(page.evaluate("session.access_token"), options={"verify_signature": False})
    token = jwt.encode(claims | {"exp": 1}, SECRET, headers={"typ": "at+jwt"})
    page.evaluate("token => { session.access_token = token }", token)


def asked_for(page, path):
    return [url for url in page.asked if url.endswith(path)]


def test_the_documentation_can_be_tried_out(page, open_shop, photograph):
    here = f"http://127.0.0.1:{open_shop.port}"
    page.goto(f"{here}/docs")
    page.get_by_role("button", name="Authorize").first.click()
    dialog = page.locator(".dialog-ux")
    dialog.get_by_role("textbox").fill(open_shop.token)
    dialog.get_by_role("button", name=re.compile("Apply")).click()
    dialog.get_by_role("button", name="Close", exact=True).click()

    make, look = (page.locator(f".opblock-{each}", has=page.locator('[data-path="/inventory"]'))
                  for each in ("post", "get"))  # fmt: skip
    make.locator(".opblock-summary-control").click()
    example = make.locator("textarea.body-param__text")
    expect(example).to_have_value(re.compile('"part_number"'))
    example.fill(re.sub('("part_number": )"[^"]*"', r'\1"TRIED-OUT"', example.input_value()))
    make.get_by_role("button", name="Execute").click()
    answer = make.locator(".live-responses-table .response")
    expect(answer.locator(".response-col_status")).to_contain_text("201")
    expect(answer).to_contain_text('"part_number": "TRIED-OUT"')
    make.get_by_text("Server response").evaluate("each => each.scrollIntoView()")
    photograph("swagger-ui")

    look.locator(".opblock-summary-control").click()
    look.get_by_role("button", name="Execute").click()
    answer = look.locator(".live-responses-table .response")
    expect(answer.locator(".response-col_status")).to_contain_text("200")
    expect(answer).to_contain_text("TRIED-OUT")

    found = open_shop.ask("GET", "/inventory?q=TRIED-OUT")[2]["items"]
    assert [part["part_number"] for part in found] == ["TRIED-OUT"]
    elsewhere = [url for url in page.asked if not url.startswith((f"{here}/", "data:", "blob:"))]
    assert (elsewhere, page.wrong) == ([], [])


def test_a_customer_sees_vehicles_tickets_and_what_they_cost(sign_in, open_shop, alice, photograph):
    pads = open_shop.made(
        "/inventory", {"name": "Brake pads", "price_cents": 61234, "quantity_in_stock": 9}
    )
    ticket, waiting = alice.brings(), alice.brings("Rattles when it is cold")
    open_shop.made(f"/service-tickets/{ticket['id']}/parts/{pads['id']}", {"quantity_used": 2})
    open_shop.made(f"/service-tickets/{ticket['id']}/transitions", {"to": "in_progress"})

    page = sign_in(alice.email)

    expect(page.get_by_role("list", name="My vehicles")).to_contain_text("2003 Honda Accord")
    for text in ("Grinding noise when braking", "in progress", "$1,224.68"):
        expect(row(page, ticket)).to_contain_text(text)
    for text in ("Rattles when it is cold", "open", "$0.00"):
        expect(row(page, waiting)).to_contain_text(text)
    expect(page.get_by_role("button", name="Older tickets")).to_be_hidden()
    photograph("customer")
    assert page.wrong == []


def test_the_board_says_who_is_at_it_and_what_it_waits_for(open_shop, alice, sign_in, photograph):
    marge = open_shop.ask("GET", "/auth/me")[2]["mechanic_id"]
    for problem, steps in (
        ("Oil service", ["in_progress"]),
        ("Gearbox whines in third", ["in_progress", "on_hold"]),
        ("New tyres, please", ["in_progress", "ready"]),
    ):
        ticket = alice.brings(problem)
        open_shop.ask("PUT", f"/service-tickets/{ticket['id']}/assign-mechanic/{marge}")
        for to in steps:
            why = {"hold_reason": "parts"} if to == "on_hold" else {}
            open_shop.made(f"/service-tickets/{ticket['id']}/transitions", {"to": to} | why)

    page = sign_in(MANAGER["email"], MANAGER["password"])

    for name, text in (
        ("In progress", "Oil service"),
        ("On hold", "Marge Rivers · $0.00 · waits for: parts"),
        ("Ready", "New tyres, please"),
    ):
        expect(column(page, name)).to_contain_text(text)
    photograph("board")


def test_staff_move_a_ticket_across_the_board(board, open_shop, photograph):
    page, ticket = board

    move(page, ticket, "in progress")
    expect(column(page, "In progress")).to_contain_text(ticket["ro_number"])
    expect(page.get_by_role("status")).to_have_text(f"{ticket['ro_number']} is in progress.")
    expect(page.locator(f"#ticket-{ticket['id']}")).to_be_focused()
    assert status_of(open_shop, ticket) == "in_progress"
    photograph("move")

    for to in ("on hold", "in progress", "ready", "invoiced", "closed"):
        move(page, ticket, to)
    expect(page.get_by_role("status")).to_have_text(f"{ticket['ro_number']} is closed.")
    expect(page.locator(f"#ticket-{ticket['id']}")).to_have_count(0)
    assert status_of(open_shop, ticket) == "closed"
    assert page.wrong == []


def test_who_comes_second_is_told_what_is_possible_now(board, open_shop, photograph):
    page, ticket = board
    open_shop.made(f"/service-tickets/{ticket['id']}/transitions", {"to": "in_progress"})

    move(page, ticket, "in progress")

    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("A ticket that is in_progress cannot become in_progress")
    expect(alert).to_contain_text("Possible now: on hold, ready, cancelled.")
    expect(column(page, "In progress")).to_contain_text(ticket["ro_number"])
    photograph("conflict")


def test_a_customer_opens_a_ticket(sign_in, alice):
    page = sign_in(alice.email)
    page.get_by_label("What is wrong?").fill("The horn is too shy")
    page.get_by_label("Odometer").fill("145000")
    page.get_by_role("button", name="Open ticket").click()

    expect(page.get_by_role("row").filter(has_text="The horn is too shy")).to_contain_text("open")
    expect(page.get_by_label("What is wrong?")).to_have_value("")
    (ticket,) = alice.tickets()
    assert (ticket["problem_description"], ticket["odometer_in"]) == ("The horn is too shy", 145000)
    expect(page.get_by_role("status")).to_have_text(f"{ticket['ro_number']} is open.")


def test_sending_again_after_a_lost_answer_opens_no_second_ticket(sign_in, alice):
    page = sign_in(alice.email)
    expect(page.get_by_role("table")).to_be_visible()

    def lose_the_answer(route):
        route.fetch()
        route.abort()

    page.route("**/service-tickets", lose_the_answer, times=1)
    page.get_by_label("What is wrong?").fill("The horn is too shy")
    page.get_by_role("button", name="Open ticket").click()
    expect(page.get_by_role("alert")).to_contain_text("Send it again: nothing is done twice")
    page.get_by_role("button", name="Open ticket").click()

    expect(page.get_by_role("status")).to_contain_text("is open")
    assert len(alice.tickets()) == 1


def test_a_refusal_says_where_and_why(sign_in, alice, photograph):
    page = sign_in(alice.email)
    page.get_by_label("What is wrong?").fill("x" * 2001)
    page.get_by_role("button", name="Open ticket").click()

    expect(page.get_by_role("alert")).to_contain_text("problem_description: Longer than")
    expect(page.get_by_label("What is wrong?")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_role("alert")).to_contain_text("Request ")
    photograph("refusal")


def test_a_wrong_password_is_refused_and_in_the_end_told_to_wait(sign_in, alice, photograph):
    page = sign_in(alice.email, "not the password")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("do not belong together")
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


def test_the_browser_asks_again_by_etag(board, open_shop):
    page, _ = board
    pattern = r'endpoint="service_tickets.index",method="GET",status="304"\} (\d+)'

    def unchanged():
        return sum(map(int, re.findall(pattern, open_shop.ask("GET", "/metrics")[2])))

    before = unchanged()
    page.get_by_role("button", name="Refresh").click()
    expect(page.get_by_role("button", name="Refresh")).to_be_enabled()

    assert unchanged() > before


def test_names_are_text_whatever_stands_in_them(sign_in, open_shop):
    eve = Regular(open_shop, name=MARKUP)
    ticket = eve.brings(MARKUP)
    page = sign_in(eve.email)

    expect(page.locator("#who")).to_have_text(f"{MARKUP} · customer")
    expect(row(page, ticket)).to_contain_text(MARKUP)
    page = sign_in(MANAGER["email"], MANAGER["password"])
    expect(page.locator(f"#ticket-{ticket['id']} p").first).to_have_text(MARKUP)
    expect(page.locator(f"#ticket-{ticket['id']}")).to_contain_text(f"{MARKUP} · 2003 Honda")
    assert page.locator("main b, main img, main script").count() == 0
    assert (page.title(), page.wrong) == ("Mechanic shop", [])


def test_older_tickets_are_a_click_away(sign_in, alice):
    tickets = [alice.brings() for _ in range(21)]
    page = sign_in(alice.email)
    expect(row(page, tickets[-1])).to_be_visible()
    expect(row(page, tickets[0])).to_have_count(0)

    page.get_by_role("button", name="Older tickets").click()

    expect(row(page, tickets[0])).to_be_visible()
    expect(page.locator("tbody tr")).to_have_count(21)
    expect(page.get_by_role("button", name="Older tickets")).to_be_hidden()
