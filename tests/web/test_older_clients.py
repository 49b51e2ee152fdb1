"""Clients written for earlier systems find their calls answered, at their paths and in their words.

One day of such a client: each call is made as its documentation shows it.
"""

import pytest

from tests.factories import PASSWORD, a_manager

pytestmark = pytest.mark.one_database  # what the web layer does is the same on both

REGISTRATION = {
    "first_name": "John",
    "last_name": "Doe",
    "email": "john@example.com",
    "phone": "555-1234",
    "address": "123 Main St",
    "city": "Denver",
    "state": "CO",
    "postal_code": "80201",
    "password": "securepass123",
}
VEHICLE = {
    "vin": "1HGBH41JXMN109186",
    "make": "Honda",
    "model": "Accord",
    "year": 2020,
    "color": "Silver",
}
MECHANIC = {
    "full_name": "Mike Johnson",
    "email": "mike@example.com",
    "phone": "555-5678",
    "salary": 65000,
    "is_active": True,
}
PART = {
    "part_number": "BRK-001",
    "name": "Brake Pad Set",
    "category": "Brakes",
    "current_cost_cents": 4500,
    "quantity_in_stock": 25,
    "reorder_level": 5,
    "manufacturer": "AutoParts Inc",
    "supplier": "Parts Warehouse",
}
USE = {
    "quantity_used": 2,
    "markup_percentage": 30.0,
    "warranty_months": 12,
}


class Client:
    """An older client: it keeps its token, and expects the status that its documentation shows."""

    def __init__(self, app, token=None):
        self.client, self.token = app.test_client(), token

    def __call__(self, call, said=None, status=200):
        method, path = call.split(" ", 1)
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        answer = self.client.open(path, method=method, json=said, headers=headers)
        assert answer.status_code == status, f"{call}: {answer.get_data(as_text=True)}"
        return answer.json if answer.data else None


@pytest.fixture
def john(app):
    """A customer who registered the older way."""
    stranger = Client(app)
    registered = stranger("POST /auth/register", REGISTRATION, 201)
    assert registered["customer"]["name"] == "John Doe"
    client = Client(app, registered["access_token"])
    client.id = registered["customer"]["id"]
    return client


@pytest.fixture
def marge(app):
    marge = a_manager(PASSWORD)
    client = Client(app)
    said = {"email": marge.email, "password": PASSWORD}
    client.token = client("POST /mechanics/login", said)["token"]
    return client


@pytest.fixture
def car(john):
    return john(f"POST /customers/{john.id}/vehicles", VEHICLE, 201)


@pytest.fixture
def ticket(john, car):
    said = {
        "vehicle_id": car["id"],
        "customer_id": john.id,
        "status": "open",
        "problem_description": "Engine making strange noise",
        "odometer_miles": 45000,
        "priority": 3,
    }
    return john("POST /service-tickets", said, 201)


@pytest.mark.parametrize("path", ["/auth/login", "/customers/login", "/login", "/api/auth/login"])
def test_signing_in_at_any_of_its_paths(app, john, path):
    said = {"email": "john@example.com", "password": "securepass123"}
    answer = Client(app)(f"POST {path}", said)
    assert answer["token"] == answer["access_token"]
    assert answer["account"]["customer_id"] == john.id


def test_a_customer_s_own_calls(app, john, car):
    assert john("GET /auth/me")["email"] == "john@example.com"
    assert john(f"GET /customers/{john.id}")["city"] == "Denver"
    assert john(f"PUT /customers/{john.id}", {"phone": "555-9999"})["phone"] == "555-9999"
    assert john(f"PUT /customers/{john.id}/", {"full_name": "J. Doe"})["name"] == "J. Doe"
    assert john(f"GET /customers/{john.id}/vehicles")["items"] == [
        john(f"GET /vehicles/{car['id']}")
    ]
    assert john(f"PUT /vehicles/{car['id']}", {"color": "Blue"})["color"] == "Blue"
    john(f"DELETE /vehicles/{car['id']}", status=204)
    john(f"DELETE /customers/{john.id}", status=204)
    john("GET /auth/me", status=401)


@pytest.mark.parametrize(
    "path",
    [
        "/my-tickets",
        "/customers/my-tickets",
        "/service_tickets/my-tickets",
        "/service-tickets/my-tickets",
        "/api/my-tickets/",
    ],
)
def test_my_tickets_at_any_of_its_paths(john, ticket, path):
    assert [each["id"] for each in john(f"GET {path}")["items"]] == [ticket["id"]]


@pytest.mark.parametrize("path", ["/service_tickets", "/service-tickets/", "/api/service_tickets/"])
@pytest.mark.parametrize("name", ["description", "service_desc", "problem_description"])
def test_opening_a_ticket_in_any_of_its_words(john, car, path, name):
    said = {"vin": VEHICLE["vin"], "service_date": "2026-03-02", name: "Oil change"}
    opened = john(f"POST {path}", said, 201)
    assert (opened["problem_description"], opened["status"]) == ("Oil change", "open")
    assert opened["vehicle_id"] == car["id"]
    assert opened["service_date"] == "2026-03-02"


@pytest.mark.parametrize("root", ["/service-tickets", "/service_tickets", "/api/service_tickets"])
def test_the_work_on_a_ticket(marge, ticket, root):
    mike, ann, joe = (
        marge("POST /mechanics", MECHANIC | {"email": f"{name}@example.com"}, 201)["id"]
        for name in ("mike", "ann", "joe")
    )
    at = f"{root}/{ticket['id']}"
    crew = lambda answer: [each["id"] for each in answer["mechanics"]]  # noqa: E731

    assert crew(marge(f"PUT {at}/assign-mechanic/{mike}")) == [mike]
    assert crew(marge(f"PUT {at}/assign-mechanic/{ann}", {"role": "Lead Technician"})) == [
        mike,
        ann,
    ]
    assert crew(marge(f"PUT {at}/remove-mechanic/{mike}")) == [ann]
    edit = {"add_ids": [mike, joe], "remove_ids": [ann], "role": "Helper", "minutes_worked": 0}
    assert crew(marge(f"PUT {at}/edit", edit)) == [mike, joe]
    assert crew(marge(f"PUT {at}/edit", edit)) == [mike, joe]
    assert marge(f"PUT {at}", {"status": "in_progress", "priority": 1})["priority"] == 1
    assert marge(f"PUT {at}", {"status": "completed"})["status"] == "ready"
    assert marge(f"GET {at}")["status"] == "ready"
    marge(f"DELETE {at}", status=409)


@pytest.mark.parametrize("root", ["/service-tickets", "/service_tickets"])
def test_the_parts_on_a_ticket(marge, ticket, root):
    part = marge("POST /inventory", PART, 201)["id"]
    other = marge(
        "POST /inventory", {"sku": "OIL-1", "name": "Oil", "price": 9.5, "quantity": 50}, 201
    )["id"]
    at = f"{root}/{ticket['id']}"

    line = marge(f"POST {at}/parts/{part}", USE, 201)
    assert (line["unit_price_cents"], line["line_total_cents"]) == (5850, 11700)
    marge(f"POST {at}/parts/{part}", status=201)
    marge(f"POST {at}/parts", {"part_id": other, "quantity": 2}, 201)
    marge(f"POST {at}/add-parts", {"part_ids": [part, other]}, 201)
    marge(f"POST {at}/inventory", {"parts": [{"part_id": other, "quantity_used": 3}]}, 201)
    assert len(marge(f"GET {at}/parts")["items"]) == 6
    assert marge(f"GET /inventory/{other}")["quantity_in_stock"] == 44
    marge(f"DELETE {at}/remove-part/{part}", status=204)
    marge(f"DELETE {at}/parts/{other}", status=204)
    marge(f"DELETE {at}/parts/{other}", status=404)
    assert marge(f"GET /inventory/{other}")["quantity_in_stock"] == 50
    marge(f"DELETE {at}", status=204)
    marge(f"GET {at}", status=404)


def test_the_staff(app, marge, john):
    mike = marge("POST /mechanics/", MECHANIC | {"password": PASSWORD}, 201)
    assert (mike["name"], mike["salary"]) == ("Mike Johnson", 65000.0)
    assert marge(f"PUT /mechanics/{mike['id']}", {"salary": 70000})["salary"] == 70000.0
    assert "salary" not in john(f"GET /mechanics/{mike['id']}")
    assert len(john("GET /mechanics?page=1&per_page=10")["items"]) == 2
    assert [each["name"] for each in john("GET /mechanics/search?name=mike")["items"]] == [
        "Mike Johnson"
    ]
    ranking = marge("GET /mechanics/top")
    for path in ("leaderboard", "usage", "by-activity?order=desc&active_only=true"):
        assert marge(f"GET /mechanics/{path}") == ranking
    said = {"email": "mike@example.com", "password": PASSWORD}
    assert Client(app)("POST /mechanics/login", said)["account"]["mechanic_id"] == mike["id"]
    marge(f"DELETE /mechanics/{mike['id']}", status=204)


def test_the_catalogue(app, marge):
    part = marge("POST /inventory/", PART, 201)
    at = f"/inventory/{part['id']}"
    assert marge("GET /inventory")["items"] == [part]
    assert marge("GET /inventory?low_stock=true")["items"] == []
    assert marge(f"PUT {at}", {"name": "Brake Pads", "sku": "BRK-2"})["part_number"] == "BRK-2"
    adjusted = marge(f"PATCH {at}/adjust-quantity", {"adjustment": -20})
    assert (adjusted["previous_quantity"], adjusted["new_quantity"]) == (25, 5)
    assert [each["id"] for each in marge("GET /inventory?low_stock=true")["items"]] == [part["id"]]
    assert "current_cost_cents" not in Client(app)(f"GET {at}")
    marge(f"DELETE {at}", status=204)
    marge(f"GET {at}", status=404)
