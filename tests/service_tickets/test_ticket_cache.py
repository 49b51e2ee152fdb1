"""Lists keep what tickets look like; whatever changes on one, a list shows it as the ticket itself does."""

import gc
import tracemalloc
from weakref import WeakKeyDictionary

import pytest

from app.blueprints.service_tickets.queries import ticket_cache
from app.database.session import db
from tests.factories import a_customer, a_manager, a_mechanic, a_part, a_ticket, a_vehicle

ACTS = {
    "a mechanic's name": ("PATCH", "/mechanics/{bob}", {"name": "Robert"}),
    "a part's name": ("PATCH", "/inventory/{part}", {"name": "Rotor"}),
    "a part's number": ("PATCH", "/inventory/{part}", {"part_number": "NEW-1"}),
    "a customer's name": ("PATCH", "/customers/{alice}", {"name": "Alicia"}),
    "a plate": ("PATCH", "/vehicles/{car}", {"license_plate": "NEW 1"}),
    "an owner": ("PATCH", "/vehicles/{car}", {"customer_id": "{charlie}"}),
    "a move": ("POST", "/service-tickets/{ticket}/transitions", {"to": "in_progress"}),
    "a fact": ("PATCH", "/service-tickets/{ticket}", {"priority": 1}),
    "one more part": ("POST", "/service-tickets/{ticket}/parts/{part}", {"quantity_used": 1}),
    "a part less": ("DELETE", "/service-tickets/{ticket}/parts/{part}", None),
    "one more on the crew": ("PUT", "/service-tickets/{ticket}/assign-mechanic/{dan}", {}),
    "other terms": ("PUT", "/service-tickets/{ticket}/assign-mechanic/{bob}", {"role": "Lead"}),
    "one less on the crew": ("PUT", "/service-tickets/{ticket}/remove-mechanic/{bob}", {}),
    "an erased customer": ("DELETE", "/customers/{alice}", None),
    "a mechanic who leaves": ("DELETE", "/mechanics/{bob}", None),
    "a part retired": ("DELETE", "/inventory/{part}", None),
}


@pytest.mark.parametrize("act", ACTS)
def test_a_list_shows_a_ticket_as_it_is(as_, act):
    marge, alice = as_(a_manager()), a_customer()
    car = a_vehicle(alice, license_plate="OLD 1")
    ids = {
        "alice": alice.id,
        "charlie": a_customer().id,
        "car": car.id,
        "bob": a_mechanic().id,
        "dan": a_mechanic().id,
        "part": a_part(9).id,
        "ticket": a_ticket(car).id,
    }
    ticket = f"/service-tickets/{ids['ticket']}"
    installed = {"installed_by_mechanic_id": ids["bob"]}
    assert marge.put(f"{ticket}/assign-mechanic/{ids['bob']}").status_code == 200
    assert marge.post(f"{ticket}/parts/{ids['part']}", json=installed).status_code == 201
    if act == "an erased customer":
        assert marge.patch(ticket, json={"status": "cancelled"}).status_code == 200
    readers = [marge, as_(alice)] if act != "an erased customer" else [marge]
    before = [reader.get("/service-tickets").json["items"] for reader in readers]

    method, path, said = ACTS[act]
    said = said and {
        name: ids["charlie"] if value == "{charlie}" else value for name, value in said.items()
    }
    answer = marge.open(path.format(**ids), method=method, json=said)

    assert answer.status_code < 300, answer.json
    after = [reader.get("/service-tickets").json["items"] for reader in readers]
    assert after == [[reader.get(ticket).json] for reader in readers]
    assert (after == before) == (act in ("a mechanic who leaves", "a part retired"))


def test_what_is_kept_takes_the_memory_that_it_is_counted_as(app):
    def look(ids):
        return [{"id": n, "problem_description": "x" * 1500} for n in ids]

    ticket_cache._caches.clear()
    tracemalloc.start()
    try:
        ticket_cache.get_many({n: ("staff", n) for n in range(1000)}, look)
        gc.collect()
        taken, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    counted = ticket_cache._caches[db.engine].bytes
    assert 1_500_000 < counted < taken < 1.5 * counted


def test_a_ticket_that_is_too_large_to_be_kept_is_shown_all_the_same(as_, monkeypatch):
    marge, ticket, part = as_(a_manager()), a_ticket(), a_part(300)
    monkeypatch.setattr(ticket_cache, "AT_MOST", 2_000)
    monkeypatch.setattr(ticket_cache, "_caches", WeakKeyDictionary())
    for _ in range(20):
        assert marge.post(f"/service-tickets/{ticket.id}/parts/{part.id}").status_code == 201

    for _ in range(2):
        shown = marge.get("/service-tickets")
        assert (shown.status_code, len(shown.json["items"])) == (200, 1)
        assert len(shown.json["items"][0]["parts"]) == 20
