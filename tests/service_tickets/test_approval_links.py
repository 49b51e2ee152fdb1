"""Approval links: one decision without signing in, and every state in which a link is no longer good."""

import logging
import re
from datetime import timedelta

import pytest

from app.clock import utc_now
from app.database.session import db
from app.models import ApprovalLink
from app.web.private_pages import without_secrets
from tests.factories import a_customer, a_manager
from tests.service_tickets.consenting import LABOR, Order

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
JSON = {"Accept": "application/json"}


class Link:
    """A new approval link of an order, and what its holder does without a token of their own."""

    def __init__(self, order, holder, **sent):
        made = order.staff.post(f"{order.path}/approval-links", json=sent)
        assert made.status_code == 201, made.json
        self.order, self.holder, self.made = order, holder, made
        self.path, self.id = made.json["path"], made.json["id"]

    def read(self, **headers):
        return self.holder.get(self.path, headers=headers or JSON)

    def decide(self, *decisions, sha256=None, name="Alla P."):
        decided = [{"job_id": job, "decision": word} for job, word in decisions]
        sha256 = sha256 or self.read().json["estimate_sha256"]
        body = {"estimate_sha256": sha256, "authorized_by_name": name, "decisions": decided}
        return self.holder.post(self.path, json=body)

    def send_form(self, **fields):
        return self.holder.post(self.path, data=fields, headers=BROWSER)

    def row(self):
        db.session.expire_all()
        return db.session.get(ApprovalLink, self.id)


@pytest.fixture
def order(as_):
    return Order(as_(a_manager()))


@pytest.fixture
def link(order, client):
    return Link(order, client)


def test_a_link_is_shown_once_and_only_its_hash_is_kept(order, link):
    assert re.fullmatch(r"/approvals/[\w-]{43}", link.path)
    assert link.made.headers["Location"] == link.path
    assert (link.made.json["state"], link.made.json["url"]) == ("open", None)
    [listed] = order.staff.get(f"{order.path}/approval-links").json["items"]
    assert listed == {name: link.made.json[name] for name in listed}
    token = link.path.removeprefix("/approvals/")
    kept = str([db.session.execute(table.select()).all() for table in db.metadata.sorted_tables])
    db.session.rollback()
    assert token not in kept
    assert token not in str(order.staff.get("/audit").json)


def test_its_holder_reads_the_estimate_without_personal_data_and_changes_nothing(order, link):
    order.staff.patch(f"/customers/{order.owner.id}", json={"phone": "555-0177", "city": "Rome"})
    before = order.staff.get(order.path).headers["ETag"]
    shown = link.read()
    assert (shown.status_code, shown.json["state"]) == (200, "open")
    assert shown.json["customer_name"] == "Alla Petrenko"
    vin = order.staff.get(order.path).json["vehicle"]["vin"]
    for text in (shown.get_data(as_text=True), link.read(**BROWSER).get_data(as_text=True)):
        assert not [each for each in ("555-0177", "Rome", order.owner.email, vin) if each in text]
        assert "unit_cost_cents" not in text
    assert order.staff.get(order.path).headers["ETag"] == before


def test_its_headers_keep_the_address_a_secret(link):
    for answer in (link.read(), link.read(**BROWSER), link.holder.get("/approvals/none")):
        headers = answer.headers
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["X-Robots-Tag"] == "noindex, nofollow"
        assert headers["Cache-Control"] == "no-store"
        assert "Accept" in headers["Vary"]
        policy = headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'")
        assert "frame-ancestors 'none'" in policy
        assert "script-src" not in policy
        assert "Set-Cookie" not in headers
    page = link.read(**BROWSER).get_data(as_text=True)
    assert not re.search(r"<script|\bon\w+=|src=|https?://|style=", page)


def test_the_page_is_what_a_browser_gets_and_json_for_who_prefers_it(link):
    kinds = {
        "text/html": ["", "*/*", "text/html", BROWSER["Accept"], "image/png"],
        "application/json": ["application/json", "application/json, text/html;q=0.5"],
    }
    for kind, accepts in kinds.items():
        for accept in accepts:
            assert link.read(Accept=accept).mimetype == kind, accept


def test_one_decision_on_every_pending_job(order, link):
    other = order.add_job(LABOR, name="Flush")
    link = Link(order, link.holder)
    assert link.decide((order.job, "authorized")).json["errors"][0]["pointer"] == "/decisions"
    made = link.decide((order.job, "authorized"), (other, "deferred"))

    assert made.status_code == 201
    assert made.headers["Location"] == link.path
    said = {name: made.json[name] for name in ("method", "authorized_by_name", "contact")}
    assert said == {"method": "link", "authorized_by_name": "Alla P.", "contact": None}
    assert (order.state(), order.state(other)) == (("authorized", None), ("deferred", None))
    again = link.decide((order.job, "declined"), (other, "declined"), sha256="0" * 64)
    assert (again.status_code, again.json["code"]) == (409, "already_decided")
    shown = link.read().json
    assert (shown["state"], shown["decided"]["authorized_by_name"]) == ("decided", "Alla P.")
    assert order.state() == ("authorized", None)


def test_a_decision_on_another_estimate_than_the_one_shown_is_refused(order, link):
    refused = link.decide((order.job, "authorized"), sha256="0" * 64)
    assert (refused.status_code, refused.json["code"]) == (409, "estimate_changed")
    assert order.state() == ("pending", None)
    assert link.read().json["state"] == "open"


def changed(order, link):
    order.add(**LABOR)


def revoked(order, link):
    order.staff.delete(f"/approval-links/{link.id}")


def replaced(order, link):
    Link(order, link.holder)


def cancelled(order, link):
    order.move("cancelled")


def invoiced(order, link):
    order.staff.post(f"/lines/{order.lines[1]}/use", json={})
    order.move("in_progress", "ready", "invoiced")


def expired(order, link):
    link.row().expires_at = utc_now() - timedelta(seconds=1)
    db.session.commit()


@pytest.mark.parametrize(
    ("act", "state"),
    [
        (changed, "changed"),
        (revoked, "revoked"),
        (replaced, "revoked"),
        (cancelled, "revoked"),
        (invoiced, "revoked"),
        (expired, "expired"),
    ],
)
def test_a_link_that_is_over_says_why_and_whom_to_call(order, link, act, state):
    sha256 = link.read().json["estimate_sha256"]
    order.staff.patch("/shop", json={"phone": "(510) 555-0140"})
    act(order, link)
    for answer in (link.read(), link.decide((order.job, "authorized"), sha256=sha256)):
        assert (answer.status_code, answer.json["code"]) == (410, "approval_link_over")
        assert (answer.json["state"], answer.json["phone"]) == (state, "(510) 555-0140")
    page = link.read(**BROWSER)
    assert (page.status_code, page.mimetype) == (410, "text/html")
    assert "(510) 555-0140" in page.get_data(as_text=True)
    [listed] = [
        each
        for each in order.staff.get(f"{order.path}/approval-links").json["items"]
        if each["id"] == link.id
    ]
    assert listed["state"] == state


def test_a_change_that_is_taken_back_makes_the_link_good_again(order, link):
    line = order.add(**LABOR)
    assert link.read().status_code == 410
    order.staff.delete(f"/lines/{line}")
    assert link.read().json["state"] == "open"


def test_what_was_decided_is_shown_until_the_link_expires(order, link):
    link.decide((order.job, "authorized"))
    order.add(**LABOR)
    assert link.read().json["state"] == "decided"
    expired(order, link)
    assert link.read().json["state"] == "expired"


@pytest.mark.parametrize("token", ["x", "a" * 43, "a" * 2_000, "%00", "ü"])
def test_an_unknown_token_is_a_404_that_tells_nothing(link, token):
    answers = [
        link.holder.get(f"/approvals/{token}", headers=JSON),
        link.holder.post(
            f"/approvals/{token}",
            json={"estimate_sha256": "0" * 64, "authorized_by_name": "x"}
            | {"decisions": [{"job_id": 1, "decision": "declined"}]},
        ),
    ]
    for answer in answers:
        assert (answer.status_code, answer.json["detail"]) == (404, "There is no such link.")
    assert link.holder.get(f"/approvals/{token}", headers=BROWSER).mimetype == "text/html"


def test_a_ticket_without_pending_jobs_gets_no_link(order):
    order.decide()
    refused = order.staff.post(f"{order.path}/approval-links", json={})
    assert (refused.status_code, refused.json["code"]) == (409, "nothing_to_approve")
    order.add_job(name="Nothing in it")
    assert order.staff.post(f"{order.path}/approval-links", json={}).status_code == 409
    order.add(**LABOR)
    assert order.staff.post(f"{order.path}/approval-links", json={}).status_code == 201


def test_it_is_good_for_the_shop_s_hours_or_as_long_as_is_said(order, client):
    order.staff.patch("/shop", json={"approval_hours": 5})
    for sent, hours in (({}, 5), ({"expires_in_hours": 720}, 720)):
        row = Link(order, client, **sent).row()
        assert row.expires_at - row.created_at == pytest.approx(
            timedelta(hours=hours), abs=timedelta(seconds=2)
        )
    refused = order.staff.post(f"{order.path}/approval-links", json={"expires_in_hours": 721})
    assert refused.status_code == 422


def test_the_form_of_the_page_decides_and_leads_back_to_it(order, link):
    shown = link.read().json
    fields = {"estimate_sha256": shown["estimate_sha256"], "authorized_by_name": "Alla <b>"}
    sent = link.send_form(**fields, **{f"decision-{order.job}": "authorized"})
    assert (sent.status_code, sent.headers["Location"]) == (303, link.path)
    page = link.read(**BROWSER).get_data(as_text=True)
    assert "Alla &lt;b&gt;" in page
    assert order.state() == ("authorized", None)
    again = link.send_form(**fields, **{f"decision-{order.job}": "declined"})
    assert again.status_code == 409
    assert "decided already" in again.get_data(as_text=True)


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({}, "Please write your name."),
        ({"authorized_by_name": "Alla"}, "Please decide on each job."),
        ({"authorized_by_name": "Alla", "decision": "authorized"}, "Please decide on each job."),
        ({"authorized_by_name": "Alla", "estimate_sha256": "x"}, "Please"),
    ],
)
def test_what_is_missing_in_the_form_is_said_on_the_page(order, link, fields, text):
    sha256 = link.read().json["estimate_sha256"]
    choice = {f"decision-{order.job}": fields["decision"] * 2} if "decision" in fields else {}
    sent = link.send_form(**{"estimate_sha256": sha256} | fields | choice)
    assert sent.status_code == 422
    page = sent.get_data(as_text=True)
    assert 'role="alert"' in page
    assert text in page
    if "authorized_by_name" in fields:
        assert 'value="Alla"' in page
    assert order.state() == ("pending", None)


def test_search_engines_are_asked_to_stay_away(client):
    assert "Disallow: /approvals/" in client.get("/robots.txt").get_data(as_text=True)


def test_no_log_has_a_token(app, caplog, link):
    token = link.path.removeprefix("/approvals/")
    with caplog.at_level(logging.DEBUG):
        app.logger.warning("GET %s went wrong", link.path)
        logging.getLogger("werkzeug").info('"GET /api%s?x=1 HTTP/1.1" 200 -', link.path)
        link.read()
    assert token not in caplog.text
    assert "GET /approvals/{token} went wrong" in caplog.text
    assert without_secrets(f'"GET /api{link.path}?x=1 HTTP/1.1"') == (
        '"GET /api/approvals/{token}?x=1 HTTP/1.1"'
    )


def test_it_stays_revoked_when_a_cancelled_ticket_is_opened_again(order, link):
    order.move("cancelled")
    body = {"to": "open", "reason": "After all"}
    assert order.staff.post(f"{order.path}/transitions", json=body).status_code == 201
    assert link.read().json["state"] == "revoked"


def test_it_is_revoked_when_the_ticket_gets_another_customer(order, link):
    body = {"customer_id": a_customer().id, "vehicle_id": None}
    assert order.staff.patch(order.path, json=body).status_code == 200
    assert link.read().json["state"] == "revoked"


def test_it_is_over_once_everything_was_decided_otherwise(order, link):
    order.decide()
    assert link.read().json["state"] == "changed"


def test_no_stored_answer_has_a_token(order, link):
    key = {"Idempotency-Key": "again"}
    path = f"{order.path}/approval-links"
    made = [order.staff.post(path, json={}, headers=key).json["path"] for _ in range(2)]
    assert made[0] != made[1]
    assert link.holder.get(made[0], headers=JSON).json["state"] == "revoked"
