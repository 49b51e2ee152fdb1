"""The page of an approval link in a browser: without script, on a phone and on a desktop, and by axe."""

import contextlib

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.live import serving
from tests.system.clients.conftest import REPORTS, Regular

pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)

PHONE, DESKTOP = (320, 640), (1280, 900)
SIZES = pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
PADS = {"kind": "part", "name": "Brake pads, front", "part_number": "BRK-1101"} | {
    "unit_price_cents": 8_000,
    "core_charge_cents": 1_500,
    "discount_percentage": 10,
    "warranty_months": 12,
}
LABOR = {"kind": "labor", "billed_minutes": 60, "rate_cents": 12_000}
FLUSH = {"name": "Переднє гальмо: промивка", "lines": [LABOR | {"name": "غسيل النظام"}]}
SHOP = {
    "name": "Harbor Street Auto Repair",
    "address_lines": ["1840 Harbor Street", "Oakland, CA 94607"],
    "phone": "(510) 555-0140",
    "time_zone": "America/Los_Angeles",
    "taxes": [{"name": "Sales tax", "part_percentage": 8.25}],
    "estimate_terms": "Prices are good for 14 days.\nNo work is done without your consent.",
}


@pytest.fixture
def link(open_shop):
    """Return `(ticket id, path)` of a link to an estimate with two pending jobs and an authorized one."""
    live = open_shop
    assert live.ask("PATCH", "/shop", SHOP)[0] == 200
    ticket = Regular(live, name="Alla Petrenko").brings()["id"]
    path = f"/service-tickets/{ticket}"
    lines = [LABOR | {"name": "Replace front pads"}, PADS]
    brakes = {"name": "Front brakes", "note": "Pads at 2 mm.", "lines": lines}
    live.made(f"{path}/jobs", brakes)
    live.made(f"{path}/jobs", FLUSH)
    battery = live.made(f"{path}/jobs", {"name": "Battery", "lines": [LABOR]})["id"]
    decided = {"decisions": [{"job_id": battery, "decision": "authorized"}]}
    said = {"method": "in_person", "authorized_by_name": "Alla"}
    live.made(f"{path}/authorizations", said | decided)
    return ticket, live.made(f"{path}/approval-links", {})["path"]


@contextlib.contextmanager
def tab(browser, size, *, script):
    made = {"viewport": {"width": size[0], "height": size[1]}, "java_script_enabled": script}
    with contextlib.closing(browser.new_context(locale="en-US", **made)) as context:
        page = context.new_page()
        page.set_default_timeout(10_000)
        yield page


@SIZES
def test_a_customer_decides_without_script(browser, open_shop, link, size):
    ticket, path = link
    url = f"http://127.0.0.1:{open_shop.port}{path}"
    with tab(browser, size, script=False) as page:
        asked = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(url)
        page.screenshot(path=REPORTS / f"approval-{size[0]}.png", full_page=True)
        brakes = page.get_by_role("group", name="Front brakes")
        expect(brakes).to_contain_text("$207.00")
        brakes.get_by_label("Yes, do this work").check()
        page.get_by_label("Your name").fill("Alla P.")
        page.get_by_role("button", name="Send my decisions").click()
        assert page.url == url  # the browser itself says that a choice is missing
        page.get_by_role("group", name="Переднє").get_by_label("Not now").check()
        page.get_by_role("button", name="Send my decisions").click()

        expect(page.get_by_role("status")).to_contain_text("Thank you, Alla P.")
        assert page.url == url
        assert set(asked) == {url}
        page.screenshot(path=REPORTS / f"approval-decided-{size[0]}.png", full_page=True)
    jobs = open_shop.ask("GET", f"/service-tickets/{ticket}/jobs")[2]["items"]
    states = {job["name"]: job["authorization"] for job in jobs if job["lines"]}
    assert [*states.values()] == ["authorized", "deferred", "authorized"]


@SIZES
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(browser, open_shop, link, size):
    here = f"http://127.0.0.1:{open_shop.port}"
    with tab(browser, size, script=True) as page:
        for path in (link[1], "/approvals/none"):
            page.goto(here + path)
            found = Axe().run(page)
            assert found.violations_count == 0, found.generate_report()
            assert page.evaluate("document.documentElement.scrollWidth") == size[0]
        page.goto(here + link[1])
        page.emulate_media(media="print")
        expect(page.get_by_role("button", name="Send my decisions")).to_be_hidden()
        if size == DESKTOP:
            page.pdf(path=REPORTS / "approval.pdf", format="Letter")


def test_the_token_is_in_no_log_of_the_server(settings, link, tmp_path):
    log, logged = tmp_path / "access.log", {"GUNICORN_CMD_ARGS": "--access-logfile -"}
    with log.open("w") as out, serving(settings | logged, 1, has_manager=True, out=out) as live:
        assert live.send("GET", f"/api{link[1]}").status_code == 200
        assert live.send("GET", f"{link[1]}?utm_source=mail").status_code == 200
        assert live.send("GET", "/shop").status_code == 200
    text = log.read_text(encoding="utf-8")
    assert text.count("/approvals/{token} HTTP/1.1") == 2
    assert "GET /shop HTTP/1.1" in text
    assert link[1].removeprefix("/approvals/") not in text
