"""Each body that the clients of five earlier systems send is taken as it stands, and does what it says."""

from itertools import count, cycle
from types import SimpleNamespace

import pytest

from app.database.session import db
from app.models import ServiceTicket
from tests.factories import (
    PASSWORD,
    a_customer,
    a_manager,
    a_mechanic,
    a_part,
    a_ticket,
    a_vehicle,
    a_vin,
    an_assignment,
    on_shelf,
    token_of,
)
from tests.web import older_bodies_a_to_c, older_bodies_d, older_bodies_e
from tests.web.older_calls import TICKET

pytestmark = pytest.mark.one_database  # what the web layer does is the same on both

serial = count(1)
FIND = "@"
ROWS = [*older_bodies_a_to_c.ROWS, *older_bodies_d.ROWS, *older_bodies_e.ROWS]
SPELLINGS = cycle(
    [
        lambda path: path,
        lambda path: f"{path}/",
        lambda path: f"/api{path}",
        lambda path: path.replace("service-tickets", "service_tickets"),
        lambda path: f"/api{path.replace('service_tickets', 'service-tickets')}/",
    ]
)
SPELLED = [
    pytest.param(next(SPELLINGS), *each.values, id=f"{n} {each.id}")
    for n, each in enumerate(ROWS, 1)
]


@pytest.fixture
def older(app):
    """A shop with one of everything, whose names stand behind `@`."""
    alice, bob, pat = a_customer(PASSWORD), a_mechanic(PASSWORD, name="Bob"), a_mechanic()
    marge, zoe = a_manager(), a_customer()
    car, van = a_vehicle(alice), a_vehicle(alice)
    ticket, pads, oil = a_ticket(car), a_part(10), a_part(50)
    an_assignment(ticket, bob)
    shop = SimpleNamespace(
        alice=alice.id,
        alice_email=alice.email,
        zoe=zoe.id,
        bob=bob.id,
        pat=pat.id,
        car=car.id,
        van=van.id,
        vin=car.vin,
        new_vin=a_vin(),
        ticket=ticket.id,
        pads=pads.id,
        oil=oil.id,
        email=f"somebody{next(serial)}@example.com",
        parts={"pads": pads, "oil": oil},
        ignored=None,
    )
    people = {"alice": alice, "zoe": zoe, "bob": bob, "manager": marge}
    tokens = {name: token_of(each) for name, each in people.items()}

    def ask(by, call, sent=None, spelled=lambda path: path):
        method, _, path = filled(shop, call).partition(" ")
        path, mark, query = path.partition("?")
        headers = {"Authorization": f"Bearer {tokens[by]}"} if by else {}
        body = {} if sent is None else {"json": filled(shop, sent)}
        return app.test_client().open(
            spelled(path) + mark + query, method=method, headers=headers, **body
        )

    shop.ask = ask
    use = {"quantity_used": 2}
    assert shop.ask("bob", f"POST {TICKET}/parts/@pads", use).status_code == 201
    return shop


def filled(shop, said):
    """With the shop's values for its names."""
    if isinstance(said, dict):
        return {name: filled(shop, each) for name, each in said.items()}
    if isinstance(said, list):
        return [filled(shop, each) for each in said]
    if isinstance(said, str) and said.startswith(FIND):
        return getattr(shop, said[1:])
    if isinstance(said, str) and FIND in said and "/" in said:
        for name in ("ticket", "alice", "zoe", "pads", "oil", "bob", "pat", "car", "van"):
            said = said.replace(f"{FIND}{name}", str(getattr(shop, name)))
    return said


def member(answer, path):
    for step in path.split("."):
        answer = answer[int(step)] if step.isdecimal() else answer[step]
    return answer


@pytest.mark.parametrize(("spelled", "by", "call", "status", "sent", "tells", "also"), SPELLED)
def test_a_body_of_an_earlier_system_does_what_it_says(
    older, spelled, by, call, status, sent, tells, also
):
    answer = older.ask(by, call, sent, spelled)

    assert answer.status_code == status, answer.get_data(as_text=True)
    older.ignored = answer.headers.get("Ignored-Members")
    told = {path: member(answer.json, path) for path in tells}
    assert told == filled(older, tells)
    assert also is None or also(older, answer.json)


def test_no_older_act_leaves_half_of_itself(older):
    """What can't be had in an act undoes the ticket that it was to open."""
    sent = {"description": "Rattle", "vin": "@vin", "mechanic_ids": ["@bob"]}
    sent |= {"inventory_items": [{"inventory_id": "@oil", "quantity": 51}]}
    tickets = db.select(db.func.count()).select_from(ServiceTicket)
    before = db.session.scalar(tickets)

    refused = older.ask("bob", "POST /service_tickets", sent)

    assert (refused.status_code, refused.json["code"]) == (409, "out_of_stock")
    db.session.rollback()
    assert db.session.scalar(tickets) == before
    assert on_shelf(older.parts["oil"]) == 50
