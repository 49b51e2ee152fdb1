"""Jobs on the page of examples/frontend: staff see them, and customers decide on them."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.factories import PASSWORD
from tests.live import MANAGER
from tests.system.clients.conftest import REPORTS, Regular
from tests.system.clients.front_end import (
    asked_for,
    choose,
    decided,
    lengthen,
    link_to,
    send,
    shows,
)

SHOP = {
    "taxes": [{"name": "Sales tax", "part_percentage": 8.25}],
    "estimate_terms": "Prices are good for 14 days.",
}
PADS = {"kind": "part", "name": "Brake pads, front", "part_number": "BRK-1101"} | {
    "unit_price_cents": 8_000,
    "unit_cost_cents": 987_654,
    "supplier": "Hidden Wholesale",
    "discount_percentage": 10,
    "warranty_months": 12,
}
LABOR = {"kind": "labor", "name": "Replace front pads", "billed_minutes": 60, "rate_cents": 12_000}
BRAKES = {"name": "Front brakes", "note": "Pads at 2 mm.", "lines": [LABOR, PADS]}
FLUSH = {"name": "Brake fluid", "lines": [LABOR | {"name": "Flush", "billed_minutes": 30}]}
WIPERS = {"name": "Wiper blades", "lines": [PADS | {"name": "Blade", "part_number": "WB-22"}]}
YES = "Yes, do this work"


def decide(page, brakes, fluid):
    choose(page, "Front brakes", brakes)
    choose(page, "Brake fluid", fluid)
    send(page)


def says(live, job, **decision):
    """Record what Alice said at the counter about a job."""
    said = {"method": "in_person", "authorized_by_name": "Alice"}
    said["decisions"] = [decision | {"job_id": job["id"]}]
    live.made(f"/service-tickets/{job['ticket_id']}/authorizations", said)


@pytest.fixture
def ticket(open_shop, alice):
    """Return an open ticket of Alice's with two jobs to decide on, and wipers of an earlier visit."""
    assert open_shop.ask("PATCH", "/shop", SHOP)[0] == 200
    earlier, now = alice.brings("Wipers smear"), alice.brings()
    wipers = open_shop.made(f"/service-tickets/{earlier['id']}/jobs", WIPERS)
    says(open_shop, wipers, decision="deferred")
    jobs = f"/service-tickets/{now['id']}/jobs"
    now["jobs"] = [open_shop.made(jobs, job) for job in (BRAKES, FLUSH)]
    return now


@pytest.fixture
def estimate(sign_in, alice, ticket):
    """Return the page on which Alice has opened her ticket."""
    page = sign_in(alice.email)
    link_to(page, ticket).click()
    expect(page.get_by_role("heading", name=ticket["ro_number"])).to_be_focused()
    return page


@pytest.mark.parametrize("role", ["manager", "mechanic"])
def test_staff_see_jobs_lines_and_totals(sign_in, open_shop, ticket, role):
    brakes, flush = ticket["jobs"]
    says(open_shop, brakes, decision="authorized", up_to_cents=25_000)
    says(open_shop, flush, decision="declined")
    email = f"{role}{ticket['id']}@example.com"
    bob = {"name": "Bob Wrench", "role": role, "email": email, "password": PASSWORD}
    open_shop.made("/mechanics", bob)
    page = sign_in(email)
    link_to(page, ticket).click()

    region = page.get_by_role("region", name="Front brakes")
    shows(region, "$192.00", "Authorized up to $250.00", "Pads at 2 mm.", "10% off")
    shows(page.get_by_role("region", name="Brake fluid"), "$60.00", "Declined", "Flush")
    shows(page.get_by_role("article"), "Total with taxes$197.94", "Wiper blades", "No lines yet")
    expect(page.get_by_role("button", name="Send my decisions")).to_have_count(0)

    page.go_back()
    expect(link_to(page, ticket)).to_be_focused()
    assert page.wrong == []


def test_a_customer_authorizes_one_job_and_defers_another(estimate, open_shop, ticket):
    page = estimate
    brakes = page.get_by_role("group", name="Front brakes · $192.00")
    shows(brakes, "Pads at 2 mm.", "BRK-1101 · new · 10% off · warranty 12 months", "$120.00")
    shows(page.get_by_role("article"), "Sales tax 8.25%$5.94", "Total with taxes$257.94")
    shows(page.get_by_role("article"), "Prices are good for 14 days.", "Wiper blades")
    choose(page, "Front brakes", YES)
    send(page)  # the browser itself says that a choice is missing
    assert asked_for(page, "/authorizations") == []
    choose(page, "Brake fluid", "Not now")
    send(page)

    expect(page.get_by_role("status")).to_have_text(
        "Thank you. In all you have authorized $197.94 with taxes."
    )
    expect(page.get_by_role("heading", name=ticket["ro_number"])).to_be_focused()
    expect(page.get_by_role("group")).to_have_count(0)
    shows(page.get_by_role("region", name="Front brakes"), "Authorized")
    shows(page.get_by_role("region", name="Brake fluid"), "Not now", "$60.00")
    shows(page.get_by_role("article"), "Total with taxes$197.94")
    assert decided(open_shop, ticket) == ["authorized", "deferred"]
    assert len(asked_for(page, "/authorizations")) == 1
    assert page.wrong == []


def test_an_estimate_that_has_changed_is_shown_again(estimate, open_shop, ticket):
    page = estimate
    lengthen(open_shop, ticket["jobs"][1])
    decide(page, YES, "No")

    alert = page.get_by_role("alert")
    shows(alert, "estimate has changed since you read it", "look once more, and decide again")
    expect(page.get_by_role("heading", name="Please decide on each job")).to_be_focused()
    shows(page.get_by_role("group", name="Brake fluid · $90.00"), "Changed since you looked")
    expect(page.get_by_role("group", name="Front brakes")).not_to_contain_text("Changed")
    expect(page.get_by_role("radio", checked=True)).to_have_count(0)
    assert decided(open_shop, ticket) == ["pending", "pending"]

    decide(page, YES, "No")
    expect(alert).to_be_hidden()
    shows(page.get_by_role("region", name="Brake fluid"), "Declined")
    assert decided(open_shop, ticket) == ["authorized", "declined"]


def test_work_that_grows_is_asked_for_again_and_says_why(estimate, open_shop, ticket):
    page = estimate
    decide(page, YES, YES)
    expect(page.get_by_role("group")).to_have_count(0)
    lengthen(open_shop, ticket["jobs"][1])
    page.get_by_role("button", name="Refresh").click()

    shows(page.get_by_role("group", name="Brake fluid · $90.00"), "the price has risen")
    shows(page.get_by_role("group"), "Authorized at $60.00")
    shows(page.get_by_role("region", name="Front brakes"), "Authorized")


def test_a_job_that_has_begun_cannot_be_declined_and_the_page_names_it(estimate, open_shop, ticket):
    page, part = estimate, {"name": "Bulb", "price_cents": 900, "quantity_in_stock": 2}
    bulb = open_shop.made("/inventory", part)["id"]
    open_shop.made(f"/service-tickets/{ticket['id']}/parts/{bulb}", {"quantity_used": 1})
    page.get_by_role("button", name="Refresh").click()
    for job, choice in (("Grinding", "No"), ("Front brakes", "Not now"), ("Brake fluid", "No")):
        choose(page, job, choice)
    send(page)

    shows(page.get_by_role("alert"), "Grinding noise when braking: Parts were already used")
    expect(page.get_by_role("radio", checked=True)).to_have_count(3)


def test_nothing_is_asked_when_the_work_is_over(estimate, open_shop, ticket):
    page = estimate
    open_shop.made(f"/service-tickets/{ticket['id']}/transitions", {"to": "cancelled"})
    page.get_by_role("button", name="Refresh").click()

    shows(page.get_by_role("region", name="Front brakes"), "Not decided yet")
    expect(page.get_by_role("button", name="Send my decisions")).to_have_count(0)


def test_an_invoice_says_what_is_left_to_pay_and_comes_as_pdf(estimate, open_shop, ticket):
    page, path = estimate, f"/service-tickets/{ticket['id']}"
    open_shop.made(f"{path}/transitions", {"to": "completed"})
    invoice = open_shop.made(f"{path}/invoice", {})
    cash, back = (
        {"amount_cents": 5_000, "method": "cash"},
        {"amount_cents": 1_000, "method": "cash", "note": "Counted wrong"},
    )
    keys = [{"Idempotency-Key": key} for key in ("paid at the desk", "paid back")]
    status, _, paid = open_shop.ask("POST", f"{path}/payments", cash, **keys[0])
    assert status == 201
    assert open_shop.ask("POST", f"/payments/{paid['id']}/refunds", back, **keys[1])[0] == 201
    page.get_by_role("button", name="Refresh").click()

    region = page.get_by_role("region", name=invoice["number"])
    left = invoice["total_cents"] - 4_000
    shows(region, "partially paid", "-$40.00", f"Left to pay${left // 100}.{left % 100:02}")
    shows(page.get_by_role("article"), "Payments", "Payment, cash", "Refund, cash", "Counted wrong")
    shows(page.get_by_role("article"), "$50.00", "-$10.00")
    with page.expect_download() as paper:
        region.get_by_role("button", name=f"Get {invoice['number']} as PDF").click()
    assert paper.value.suggested_filename == f"{invoice['number']}.pdf"
    assert paper.value.path().read_bytes().startswith(b"%PDF")
    assert page.wrong == []


def test_what_the_work_costs_the_shop_reaches_no_customer(sign_in, alice, ticket):
    page = sign_in(alice.email)
    path = f"/service-tickets/{ticket['id']}"
    with (
        page.expect_response(lambda answer: f"{path}?" in answer.url) as of_ticket,
        page.expect_response(lambda answer: answer.url.endswith(f"{path}/estimate")) as of_estimate,
    ):
        link_to(page, ticket).click()
    shows(page.get_by_role("group", name="Front brakes"), "Brake pads, front")

    for told in (page.content(), of_ticket.value.text(), of_estimate.value.text()):
        assert ticket["ro_number"] in told
        for secret in (
            "Hidden Wholesale",
            "supplier",
            "987654",
            "76.54",
            "cost",
            "markup",
            "profit",
        ):
            assert secret not in told


def test_a_ticket_of_others_is_not_found_and_nothing_stays_of_the_one_before(
    estimate, open_shop, ticket
):
    page, other = estimate, Regular(open_shop).brings()
    page.evaluate("id => { location.hash = `tickets/${id}` }", other["id"])

    shows(page.get_by_role("alert"), "There is no service ticket")
    expect(page.get_by_text("Front brakes")).to_have_count(0)
    page.get_by_role("link", name="All tickets").click()
    expect(link_to(page, ticket)).to_be_visible()
    expect(page.get_by_role("alert")).to_be_hidden()


def test_signing_out_leaves_the_ticket_too(estimate, ticket):
    page = estimate
    page.get_by_role("button", name="Sign out").click()

    expect(page.get_by_label("Password")).to_be_visible()
    expect(page.get_by_text(ticket["ro_number"])).to_have_count(0)
    assert page.evaluate("[session, location.hash]") == [None, ""]


@pytest.mark.one_database
@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (1360, "dark")])
def test_axe_finds_nothing_and_a_ticket_fits_a_phone(
    page, estimate, sign_in, open_shop, ticket, width, scheme
):
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)

    def look(name):
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") == width
        targets = page.locator("button:visible, a:visible, fieldset label")
        assert min(targets.evaluate_all("all => all.map((each) => each.offsetHeight)")) >= 44
        page.screenshot(path=REPORTS / f"{name}-{width}-{scheme}.png", full_page=True)

    look("ticket")
    lengthen(open_shop, ticket["jobs"][1])
    decide(page, YES, "Not now")
    shows(page.get_by_role("alert"), "decide again")
    look("ticket-changed")
    decide(page, YES, "Not now")
    shows(page.get_by_role("status"), "Thank you")
    look("ticket-decided")
    page.get_by_role("link", name="All tickets").click()
    expect(link_to(page, ticket)).to_be_focused()
    look("tickets")

    sign_in(MANAGER["email"], MANAGER["password"])
    link_to(page, ticket).click()
    shows(page.get_by_role("region", name="Front brakes"), "Authorized")
    look("ticket-staff")
