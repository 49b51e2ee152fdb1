"""What stands in one answer has a bound, so that no list of it is too long to be shown."""

import pytest

from app.database.session import db
from app.errors import TicketFull
from app.models import Account, Mechanic, Session
from app.models.accounts import MOST_SESSIONS
from app.models.authorizations import MOST_AUTHORIZATIONS
from app.models.jobs import MOST_JOBS
from app.models.service_tickets import MOST_MECHANICS
from app.models.ticket_lines import MOST_LINES
from tests.factories import (
    PASSWORD,
    a_customer,
    a_line,
    a_mechanic,
    a_part,
    a_ticket,
    an_assignment,
    on_shelf,
    saved,
)

ONE_MORE = {
    "a part": ("POST", "/parts/{part}", lambda _part, _n: None),
    "several": ("POST", "/parts", lambda part, _n: {"part_ids": [part]}),
    "more of a part": ("PUT", "/parts/{part}", lambda _part, n: {"quantity_used": 1_000 * n}),
    "a line": ("POST", "/lines", lambda _part, _n: {"name": "x", "discount_cents": 1}),
    "an edit": ("PUT", "/edit", lambda part, _n: {"add_part_ids": [part]}),
}


def test_the_refusal_names_the_bounds():
    assert (
        f"at most {MOST_LINES} lines, {MOST_JOBS} jobs, {MOST_MECHANICS} mechanics and"
        f" {MOST_AUTHORIZATIONS} authorizations"
    ) in TicketFull.__doc__


@pytest.mark.parametrize("way", ONE_MORE)
def test_a_ticket_has_so_many_lines(as_, way):
    ticket, part, bob = a_ticket(), a_part(20_000), as_(a_mechanic())
    db.session.add_all(a_line(ticket.id, part.id) for _ in range(MOST_LINES - 1))
    db.session.commit()
    method, path, said = ONE_MORE[way]
    at = f"/service-tickets/{ticket.id}{path}".format(part=part.id)

    last = bob.open(at, method=method, json=said(part.id, 1))
    shelf = on_shelf(part)
    bob.patch(f"/inventory/{part.id}", json={"price_cents": 77})  # so that no line is on its terms
    refused = bob.open(at, method=method, json=said(part.id, 2))

    assert (last.status_code // 100, refused.json["code"]) == (2, "ticket_full")
    assert on_shelf(part) == shelf
    assert len(bob.get(f"/service-tickets/{ticket.id}/lines").json["items"]) == MOST_LINES


def test_a_ticket_has_so_many_mechanics(as_):
    ticket, bob = a_ticket(), a_mechanic()
    for n in range(MOST_MECHANICS - 1):
        an_assignment(ticket, saved(Mechanic(name=f"Bob {n}", email=f"bob{n}@example.com")))
    at = f"/service-tickets/{ticket.id}/assign-mechanic"

    assert as_(bob).put(f"{at}/{bob.id}").status_code == 200
    assert as_(bob).put(f"{at}/{a_mechanic().id}").json["code"] == "ticket_full"
    assert as_(bob).put(f"{at}/{bob.id}", json={"role": "Lead"}).status_code == 200


def test_an_account_has_so_many_sessions(client):
    alice = a_customer(PASSWORD)
    account = db.session.get_one(Account, alice.account_id)
    db.session.add_all(Session.begin(account)[0] for _ in range(MOST_SESSIONS + 5))
    db.session.commit()

    said = {"email": alice.email, "password": PASSWORD}
    bearer = {"Authorization": f"Bearer {client.post('/auth/login', json=said).json['token']}"}

    live = client.get("/auth/sessions?per_page=100", headers=bearer).json
    assert live["pagination"]["total"] == MOST_SESSIONS
    assert sum(each["is_current"] for each in live["items"]) == 1
