"""Functions that find and use the parts of the page in examples/frontend."""

import operator
import re

import jwt
from playwright.sync_api import expect

from tests.conftest import SECRET


def column(board, name):
    return board.get_by_role("region", name=name)


def status_of(shop, ticket):
    return shop.ask("GET", f"/service-tickets/{ticket['id']}")[2]["status"]


def move(board, ticket, to):
    board.get_by_role("button", name=f"Move {ticket['ro_number']} to {to}").click()


def row(page, ticket):
    return page.get_by_role("row").filter(has_text=ticket["ro_number"])


def link_to(page, ticket):
    return page.get_by_role("link", name=ticket["ro_number"])


def choose(page, job, choice):
    """Check a radio button, by its text, of the job whose name begins so."""
    page.get_by_role("group", name=job).get_by_label(choice, exact=True).check()


def send(page):
    page.get_by_role("button", name="Send my decisions").click()


def lengthen(live, job):
    """Raise the price of a job by $30, as a second client does while the customer reads."""
    status, _, _ = live.ask("PATCH", f"/lines/{job['lines'][0]['id']}", {"billed_minutes": 45})
    assert status == 200


def decided(live, ticket):
    jobs = live.ask("GET", f"/service-tickets/{ticket['id']}/jobs")[2]["items"]
    return [job["authorization"] for job in jobs if job["lines"]]


def shows(part, *texts):
    for text in texts:
        expect(part).to_contain_text(text)


def expire(page):
    """Replace the page's access token by one that has expired."""
    claims = jwt.decode(page.evaluate("session.access_token"), options={"verify_signature": False})
    token = jwt.encode(claims | {"exp": 1}, SECRET, headers={"typ": "at+jwt"})
    page.evaluate("token => { session.access_token = token }", token)


def asked_for(page, path):
    return [url for url in page.asked if url.endswith(path)]


def contrast(one, other):
    """Return the contrast ratio of two colours as defined by WCAG, from 1 to 21."""
    low, high = sorted(_luminance(colour) for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour):
    parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    linear = [x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in parts]
    return sum(map(operator.mul, (0.2126, 0.7152, 0.0722), linear))
