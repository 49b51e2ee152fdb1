"""A shop with something in every list, and whoever looks at it: for tests about all routes at once."""

from types import SimpleNamespace

from flask.testing import FlaskClient

from tests.factories import a_customer, a_manager, a_mechanic, a_part, a_vehicle, signed_in


def a_busy_shop(app):
    """The rows, and a client for each of the cast."""
    alice, charlie = a_customer(name="Alice"), a_customer(name="Charlie")
    bob, marge, mona = a_mechanic(name="Bob"), a_manager(name="Marge"), a_manager(name="Mona")
    part, spare = a_part(50, name="Brake"), a_part(5, name="Spare")
    shop = SimpleNamespace(
        alice=person(app, alice),
        charlie=person(app, charlie),
        bob=person(app, bob),
        marge=person(app, marge),
        mona=person(app, mona),
        anyone=FlaskClient(app, app.response_class),
        ids={
            "alice": alice.id,
            "charlie": charlie.id,
            "bob": bob.id,
            "marge": marge.id,
            "mona": mona.id,
            "part": part.id,
            "spare": spare.id,
            "vehicle": a_vehicle(alice, make="Honda").id,
        },
    )
    ids = shop.ids
    for name, by in (("ticket", shop.alice), ("mistake", shop.marge)):
        said = {"vehicle_id": ids["vehicle"], "problem_description": "Rattle", "odometer_in": 9}
        ids[name] = done(by.post("/service-tickets", json=said)).json["id"]
        path = f"/service-tickets/{ids[name]}/assign-mechanic/{ids['bob']}"
        done(shop.marge.put(path, json={"role": "Lead"}))
    use = {"installed_by_mechanic_id": ids["bob"], "quantity_used": 2}
    done(shop.marge.post(f"/service-tickets/{ids['ticket']}/parts/{part.id}", json=use))
    done(shop.mona.patch(f"/inventory/{part.id}/adjust-quantity", json={"adjustment": 1}))
    return shop


def person(app, row):
    """A client with this one's token, which does not check each answer against the document."""
    client = FlaskClient(app, app.response_class)
    client.environ_base = signed_in(app, row).environ_base
    return client


def done(answer):
    assert answer.status_code < 300, answer.get_data(as_text=True)
    return answer


EVERYONE = ("anyone", "alice", "bob")
OWNER = ("alice", "marge")
STAFF = ("marge",)
# Every cached route with every filter that reads other tables, and whose looks differ.
READS = {
    "/auth/me": ("alice", "bob", "marge"),
    "/customers": STAFF,
    "/customers?q=a": STAFF,
    "/customers/my-tickets": ("alice", "charlie"),
    "/customers/{alice}": OWNER,
    "/customers/{alice}/vehicles": OWNER,
    "/customers/{charlie}/vehicles": ("charlie",),
    "/customers/{alice}/vehicles/{vehicle}": ("alice", "charlie", "marge"),
    "/vehicles": ("alice", "charlie", "marge"),
    "/vehicles?q=honda&customer_id={alice}": STAFF,
    "/vehicles/{vehicle}": ("alice", "charlie", "marge"),
    "/vehicles/{vehicle}/history": ("alice", "charlie", "marge"),
    "/mechanics": ("alice", "bob", "marge"),
    "/mechanics?q=bob&is_active=true": STAFF,
    "/mechanics/{bob}": ("alice", "bob", "marge"),
    "/mechanics/top": OWNER,
    "/mechanics/top?by=completed&active_only=true": STAFF,
    "/service-tickets": ("alice", "charlie", "bob"),
    "/service-tickets?q=a&mechanic_id={bob}&customer_id={alice}&status=open": STAFF,
    "/service-tickets/{ticket}": OWNER,
    "/service-tickets/{ticket}/history": OWNER,
    "/customers/{charlie}/duplicates": STAFF,
    "/service-tickets/{ticket}/parts": OWNER,
    "/assignments": STAFF,
    "/assignments?ticket_id={ticket}&mechanic_id={bob}": STAFF,
    "/inventory": EVERYONE,
    "/inventory?q=brake&low_stock=false": STAFF,
    "/inventory?quantity_below=5": STAFF,
    "/inventory/{part}": EVERYONE,
    "/inventory/{part}/movements": STAFF,
    "/inventory/{part}/usage": STAFF,
    "/audit": STAFF,
    "/audit?entity=part&entity_id={part}": STAFF,
}


def look(shop, paths=READS):
    """What every reader is told by these cached routes, of a refusal only its status."""
    return {
        (path, reader): told(getattr(shop, reader).get(path.format(**shop.ids)))
        for path in paths
        for reader in READS[path]
    }


def told(answer):
    return answer.get_data(as_text=True) if answer.status_code == 200 else answer.status_code
