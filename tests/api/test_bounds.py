"""What stands in one answer has a bound, so that no list of it is too long to be shown."""

import pytest

from app.extensions import db
from app.models import Account, Mechanic, Session, TicketPart
from app.models.accounts import MOST_SESSIONS
from app.models.service_tickets import MOST_LINES, MOST_MECHANICS
from tests.factories import (
    PASSWORD,
    a_customer,
    a_mechanic,
    a_part,
    a_ticket,
    an_assignment,
    on_shelf,
    saved,
)

ONE_MORE = {
    "a part": ("POST", "/parts/{part}", None),
    "several": ("POST", "/parts", {"part_ids": ["{part}"]}),
    "more of a part": ("PUT", "/parts/{part}", {"quantity_used": 9_000}),
    "an edit": ("PUT", "/edit", {"add_part_ids": ["{part}"]}),
}


@pytest.mark.parametrize("way", ONE_MORE)
def test_a_ticket_has_so_many_lines(app, as_, way):
    ticket, part = a_ticket(), a_part(20_000)
    old = {"unit_cost_cents": 1, "unit_price_cents": 1, "quantity_used": 1}
    db.session.add_all(
        TicketPart(ticket_id=ticket.id, part_id=part.id, **old) for _ in range(MOST_LINES - 1)
    )
    db.session.commit()
    bob, before = as_(a_mechanic()), on_shelf(part)
    method, path, said = ONE_MORE[way]
    at = f"/service-tickets/{ticket.id}{path}".format(part=part.id)
    said = {
        name: [part.id] if value == ["{part}"] else value for name, value in (said or {}).items()
    }

    assert bob.open(at, method=method, json=said).status_code in (200, 201)
    after = on_shelf(part)
    assert after != before
    if "quantity_used" in said:
        said["quantity_used"] = 10_000
        saved_price = bob.patch(f"/inventory/{part.id}", json={"price_cents": 77})
        assert saved_price.status_code == 200
    assert bob.open(at, method=method, json=said).json["code"] == "ticket_full"
    assert on_shelf(part) == after
    assert len(bob.get(f"/service-tickets/{ticket.id}").json["parts"]) == MOST_LINES


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
