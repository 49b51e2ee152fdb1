"""A shop with one row of each kind, and clients of its people, for tests about all routes at once.

A new resource gets a row here, with the name of its parameter in a path, and its cached reads in READS.
"""

from types import SimpleNamespace

from flask.testing import FlaskClient

from tests.factories import (
    a_customer,
    a_manager,
    a_mechanic,
    a_part,
    a_vehicle,
    a_walk_in,
    signed_in,
)


def a_busy_shop(app):
    """Return a client for each person, and in `ids` the id of each row by its name in paths."""
    alice, charlie = a_customer(name="Alice"), a_customer(name="Charlie")
    bob, marge, mona = a_mechanic(name="Bob"), a_manager(name="Marge"), a_manager(name="Mona")
    ids = {
        "customer_id": alice.id,
        "owner_id": alice.id,
        "other_customer": charlie.id,
        "mechanic_id": bob.id,
        "marge": marge.id,
        "mona": mona.id,
        "part_id": a_part(50, name="Brake").id,
        "spare": a_part(5, name="Spare").id,
        "vehicle_id": a_vehicle(alice, make="Honda").id,
        "figure": "sales",
    }
    people = {"alice": alice, "charlie": charlie, "bob": bob, "marge": marge, "mona": mona}
    shop = SimpleNamespace(
        **{name: person(app, row) for name, row in people.items()},
        anyone=FlaskClient(app, app.response_class),
        ids=ids,
    )
    for name, by in (("ticket_id", shop.alice), ("mistake", shop.marge)):
        visit = {"vehicle_id": ids["vehicle_id"], "problem_description": "Rattle", "odometer_in": 9}
        ids[name] = done(by.post("/service-tickets", json=visit)).json["id"]
        path = f"/service-tickets/{ids[name]}/assign-mechanic/{bob.id}"
        done(shop.marge.put(path, json={"role": "Lead"}))
    use = {"installed_by_mechanic_id": bob.id, "quantity_used": 2}
    used = shop.marge.post("/service-tickets/{ticket_id}/parts/{part_id}".format(**ids), json=use)
    ids["line_id"] = done(used).json["id"]
    ids["job_id"] = shop.marge.get(f"/lines/{ids['line_id']}").json["job_id"]
    path = f"/service-tickets/{ids['ticket_id']}/jobs"
    lines = [{"kind": "part", "part_id": ids["spare"]}, {"kind": "labor", "billed_minutes": 30}]
    job = done(shop.marge.post(path, json={"name": "Brakes", "lines": lines})).json
    ids |= {"other_job": job["id"], "planned": job["lines"][0]["id"]}
    canned = {"name": "Look at it", "lines": [{"kind": "labor", "billed_minutes": 15}]}
    ids["canned_job_id"] = done(shop.marge.post("/canned-jobs", json=canned)).json["id"]
    path = f"/service-tickets/{ids['ticket_id']}"
    decided = {"decisions": [{"job_id": ids["job_id"], "decision": "authorized"}]}
    decided |= {"method": "email", "authorized_by_name": "Alice", "contact": "alice@example.com"}
    record = done(shop.marge.post(f"{path}/authorizations", json=decided)).json
    ids |= {"authorization_id": record["id"], "estimate_sha256": record["estimate_sha256"]}
    visit = {"vehicle_id": ids["vehicle_id"], "problem_description": "Flush"}
    path = f"/service-tickets/{done(shop.alice.post('/service-tickets', json=visit)).json['id']}"
    waits = {"name": "Flush", "lines": [{"kind": "labor", "billed_minutes": 30}]}
    ids["waiting"] = done(shop.marge.post(f"{path}/jobs", json=waits)).json["id"]
    done(shop.marge.post(f"{path}/transitions", json={"to": "cancelled"}))
    ids |= _a_link(shop)
    done(shop.marge.patch("/shop", json={"labor_rate_cents": 12_000}))
    ids |= _an_invoice(shop)
    done(shop.mona.patch(f"/inventory/{ids['part_id']}/adjust-quantity", json={"adjustment": 1}))
    return shop


def _an_invoice(shop):
    """Issue an invoice of a ticket of Alice, and make another ticket of hers ready; return their ids."""
    said, tickets = {"vehicle_id": shop.ids["vehicle_id"], "problem_description": "Oil"}, []
    for _ in range(2):
        ticket_id = done(shop.marge.post("/service-tickets", json=said)).json["id"]
        path, labor = f"/service-tickets/{ticket_id}", {"kind": "labor", "billed_minutes": 30}
        done(shop.marge.post(f"{path}/jobs", json={"name": "Oil", "lines": [labor]}))
        done(shop.marge.post(f"{path}/transitions", json={"to": "completed"}))
        tickets.append(ticket_id)
    path, money = f"/service-tickets/{tickets[0]}", {"amount_cents": 100, "method": "cash"}
    invoice = done(shop.marge.post(f"{path}/invoice", json={})).json
    with_key = {"Idempotency-Key": "busy-cash"}
    paid = done(shop.marge.post(f"{path}/payments", json=money, headers=with_key)).json
    [line, *_] = done(shop.marge.get(f"/invoices/{invoice['id']}/lines")).json["items"]
    credit = {"reason": "Less", "lines": [{"invoice_line_id": line["id"], "net_cents": 7}]}
    path, with_key = f"/invoices/{invoice['id']}/credit-notes", {"Idempotency-Key": "busy-credit"}
    note = done(shop.marge.post(path, json=credit, headers=with_key)).json
    ids = {"payment_id": paid["id"], "invoice_id": invoice["id"], "invoice_line_id": line["id"]}
    return ids | {"credit_note_id": note["id"], "invoiced": tickets[0], "ready": tickets[1]}


def _a_link(shop):
    """Make an approval link on a ticket of its own; return its ids, its token and its hash."""
    said = {"customer_id": a_walk_in(name="Paul").id, "problem_description": "Squeal"}
    ticket_id = done(shop.marge.post("/service-tickets", json=said)).json["id"]
    path = f"/service-tickets/{ticket_id}"
    job = {"name": "Look at it", "lines": [{"kind": "labor", "billed_minutes": 30}]}
    job_id = done(shop.marge.post(f"{path}/jobs", json=job)).json["id"]
    link = done(shop.marge.post(f"{path}/approval-links", json={})).json
    asked = done(shop.anyone.get(link["path"], headers={"Accept": "application/json"})).json
    return {
        "link_id": link["id"],
        "asked_ticket": ticket_id,
        "asked_job": job_id,
        "token": link["path"].removeprefix("/approvals/"),
        "link_sha256": asked["estimate_sha256"],
    }


def person(app, row):
    """Return a client with this person's token that does not check answers against the document."""
    client = FlaskClient(app, app.response_class)
    client.environ_base = signed_in(app, row).environ_base
    return client


def done(answer):
    assert answer.status_code < 300, answer.get_data(as_text=True)
    return answer


EVERYONE = ("anyone", "alice", "bob")
OWNER = ("alice", "marge")
STAFF = ("marge",)
# Every cached route, with every filter that reads other tables, and readers with different answers.
READS = {
    "/auth/me": ("alice", "bob", "marge"),
    "/customers": STAFF,
    "/customers?q=a": STAFF,
    "/customers/my-tickets": ("alice", "charlie"),
    "/customers/{customer_id}": OWNER,
    "/customers/{customer_id}/vehicles": OWNER,
    "/customers/{other_customer}/vehicles": ("charlie",),
    "/customers/{customer_id}/vehicles/{vehicle_id}": ("alice", "charlie", "marge"),
    "/customers/{customer_id}/billing-terms": STAFF,
    "/vehicles": ("alice", "charlie", "marge"),
    "/vehicles?q=honda&customer_id={customer_id}": STAFF,
    "/vehicles/{vehicle_id}": ("alice", "charlie", "marge"),
    "/vehicles/{vehicle_id}/history": ("alice", "charlie", "marge"),
    "/vehicles/{vehicle_id}/recommendations": ("alice", "charlie", "marge"),
    "/service-tickets/{ticket_id}?include=recommendations": OWNER,
    "/mechanics": ("alice", "bob", "marge"),
    "/mechanics?q=bob&is_active=true": STAFF,
    "/mechanics/{mechanic_id}": ("alice", "bob", "marge"),
    "/mechanics/top": OWNER,
    "/mechanics/top?by=completed&active_only=true": STAFF,
    "/service-tickets": ("alice", "charlie", "bob"),
    "/service-tickets?q=a&mechanic_id={mechanic_id}&customer_id={customer_id}&status=open": STAFF,
    "/service-tickets/{ticket_id}": OWNER,
    "/service-tickets/{ticket_id}?include=jobs,totals,terms": OWNER,
    "/service-tickets?include=jobs,totals,terms": OWNER,
    "/service-tickets/{ticket_id}/history": OWNER,
    "/customers/{other_customer}/duplicates": STAFF,
    "/service-tickets/{ticket_id}/parts": OWNER,
    "/service-tickets/{ticket_id}/jobs": OWNER,
    "/service-tickets/{ticket_id}/lines": OWNER,
    "/service-tickets/{ticket_id}/totals": OWNER,
    "/service-tickets/{ticket_id}/pricing": STAFF,
    "/jobs/{job_id}": OWNER,
    "/lines/{line_id}": OWNER,
    "/canned-jobs": STAFF,
    "/canned-jobs?q=look&category=checks": STAFF,
    "/canned-jobs/{canned_job_id}": STAFF,
    "/service-tickets/{ticket_id}/estimate": OWNER,
    "/service-tickets/{ticket_id}/authorizations": OWNER,
    "/authorizations/{authorization_id}": OWNER,
    "/invoices": ("alice", "charlie", "marge"),
    "/invoices?q=alice&customer_id={customer_id}&due_before=2999-01-01": STAFF,
    "/invoices/{invoice_id}": OWNER,
    "/invoices/{invoice_id}/lines": OWNER,
    "/invoices/{invoice_id}/credit-notes": OWNER,
    "/credit-notes": ("alice", "charlie", "marge"),
    "/credit-notes/{credit_note_id}": OWNER,
    "/payments": ("alice", "charlie", "marge"),
    "/payments?method=cash&customer_id={customer_id}": STAFF,
    "/payments/{payment_id}": OWNER,
    "/service-tickets/{invoiced}/payments": OWNER,
    "/customers/{customer_id}/statement": OWNER,
    "/reports/shop": STAFF,
    "/reports/shop/{figure}": STAFF,
    "/reports/shop/decisions?of=price": STAFF,
    "/assignments": STAFF,
    "/assignments?ticket_id={ticket_id}&mechanic_id={mechanic_id}": STAFF,
    "/inventory": EVERYONE,
    "/inventory?q=brake&low_stock=false": STAFF,
    "/inventory?quantity_below=5": STAFF,
    "/inventory/{part_id}": EVERYONE,
    "/inventory/{part_id}/movements": STAFF,
    "/inventory/{part_id}/usage": STAFF,
    "/inventory/{spare}/movements": STAFF,
    "/shop": (*EVERYONE, "marge"),
    "/audit": STAFF,
    "/audit?entity=part&entity_id={part_id}": STAFF,
}


def look(shop, paths=READS):
    """Return `{(path, reader): body}` of these cached routes; only the status if it is not 200."""
    return {
        (path, reader): told(getattr(shop, reader).get(path.format(**shop.ids)))
        for path in paths
        for reader in READS[path]
    }


def told(answer):
    return answer.get_data(as_text=True) if answer.status_code == 200 else answer.status_code
