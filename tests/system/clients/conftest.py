"""Fixtures: a browser, the page of examples/frontend on its own origin, and a shop that allows it."""

import contextlib
import functools
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from itertools import count

import pytest
from playwright.sync_api import expect, sync_playwright

from tests import factories, servers
from tests.conftest import empty
from tests.factories import PASSWORD, a_vin
from tests.live import MANAGER, ROOT, serving
from tests.system.clients.front_end import column

REPORTS = ROOT / "reports"
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
serial = count(1)


@pytest.fixture(scope="session")
def browser(program):
    path = program("Chromium", servers.chromium)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def page(browser):
    """Yield a tab that lists the URLs it requested in `asked`, and its errors in `wrong`."""
    with contextlib.closing(browser.new_context(locale="en-US", timezone_id="UTC")) as context:
        page = context.new_page()
        page.set_viewport_size({"width": 1360, "height": 860})
        page.set_default_timeout(10_000)
        page.asked, page.wrong = [], []
        page.on("request", lambda request: page.asked.append(request.url))
        page.on("pageerror", lambda error: page.wrong.append(str(error)))
        page.on("console", lambda said: said.type == "error" and page.wrong.append(said.text))
        yield page


@pytest.fixture(scope="session")
def front_end():
    """Yield the port of the example page, served as its README says."""

    class Silent(SimpleHTTPRequestHandler):
        def log_message(self, *_said):
            pass

    folder = functools.partial(Silent, directory=ROOT / "examples" / "frontend")
    with ThreadingHTTPServer(("127.0.0.1", 0), folder) as server:
        threading.Thread(target=server.serve_forever).start()
        yield server.server_port
        server.shutdown()


@pytest.fixture(scope="module")
def open_shop(shop, settings, front_end):
    """Yield the shop run by gunicorn, empty at first, with the example page's origin in CORS_ORIGINS.

    All tests of a module share it.
    """
    with shop.app_context():
        empty()
        factories.a_manager(**MANAGER, name="Marge Rivers")
    workers = 2 if settings["DATABASE_URL"].startswith("postgres") else 1
    let_in = {"CORS_ORIGINS": f"http://127.0.0.1:{front_end}"}
    with serving(settings | let_in, workers, has_manager=True) as live:
        yield live


@pytest.fixture
def photograph(page, settings):
    """Return `photograph("board")`, which saves the screenshot reports/board-<db>.png."""
    database = settings["DATABASE_URL"].partition(":")[0].partition("+")[0]

    def take(name):
        page.screenshot(path=REPORTS / f"{name}-{database}.png")

    return take


class Regular:
    """A customer of the live shop, with an account and a vehicle."""

    def __init__(self, live, **given):
        self.live, self.email = live, f"regular{next(serial)}@example.com"
        account = {"name": "Alice Driver", "email": self.email, "password": PASSWORD} | given
        self.id = live.made("/customers", account)["id"]
        car = {"vin": a_vin(), "make": "Honda", "model": "Accord", "year": 2003}
        self.car = live.made(f"/customers/{self.id}/vehicles", car)["id"]

    def brings(self, problem="Grinding noise when braking"):
        said = {"vehicle_id": self.car, "problem_description": problem}
        return self.live.made("/service-tickets", said)

    def tickets(self):
        return self.live.ask("GET", f"/service-tickets?customer_id={self.id}")[2]["items"]


@pytest.fixture
def sign_in(page, open_shop, front_end):
    """Return `sign_in(email)`, which signs in on the example page.

    `host` is the host in the page's own URL.
    """

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
    """Return the board as a manager sees it, and the ticket on it: an open one of Alice's."""
    ticket = alice.brings()
    board = sign_in(MANAGER["email"], MANAGER["password"])
    expect(column(board, "Open")).to_contain_text(ticket["ro_number"])
    return board, ticket
