"""What people do on the page of examples/frontend, which is on another origin than the shop."""

import re

import pytest
from playwright.sync_api import expect

from tests.live import MANAGER
from tests.system.clients.conftest import Regular
from tests.system.clients.front_end import column, contrast, move, row, status_of

MARKUP = '<b>Bold</b><img src=x onerror="document.title=1"><script>document.title=2</script>'
PHONE = {"width": 390, "height": 844}


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
    expect(alert).to_contain_text("A ticket that is in progress cannot become in progress")
    expect(alert).to_contain_text("Possible now: on hold, ready, cancelled, open.")
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


def test_on_a_phone_a_ticket_is_a_card(page, sign_in, alice, photograph):
    page.set_viewport_size(PHONE)
    ticket = alice.brings()
    sign_in(alice.email)

    card = row(page, ticket)
    for text in ("2003 Honda Accord", "Grinding noise when braking", "open", "$0.00"):
        expect(card.get_by_role("cell").filter(has_text=text).first).to_be_visible()
    box = card.bounding_box()
    assert (box["x"] >= 0, box["x"] + box["width"] <= PHONE["width"]) == (True, True)
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    assert page.evaluate("named(null)") == "No vehicle yet"
    card.scroll_into_view_if_needed()
    photograph("customer-phone")


def test_on_a_phone_the_board_is_one_column_with_buttons_for_fingers(page, board, photograph):
    page.set_viewport_size(PHONE)

    heights = page.locator("button:visible").evaluate_all(
        "all => all.map((each) => each.getBoundingClientRect().height)"
    )
    assert len(heights) >= 4
    assert min(heights) >= 44
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    photograph("board-phone")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_one_sees_where_to_type(page, sign_in, alice, scheme):
    """WCAG 2.2, 1.4.11: the edge of a field stands out 3 to 1 from what is around and within it."""
    page.emulate_media(color_scheme=scheme)
    sign_in(alice.email)
    for name in ("What is wrong?", "Odometer", "Vehicle"):
        field = page.get_by_label(name).last
        edge, within = (
            field.evaluate(f"each => getComputedStyle(each).{which}")
            for which in ("borderTopColor", "backgroundColor")
        )
        sheet = page.locator("#opening").evaluate("each => getComputedStyle(each).backgroundColor")
        assert contrast(edge, within) >= 3, name
        assert contrast(edge, sheet) >= 3, name
