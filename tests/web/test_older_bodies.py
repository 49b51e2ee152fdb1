"""What the clients of five earlier systems send, line by line: each body as it stands, and what it did."""

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

pytestmark = pytest.mark.one_database  # what the web layer does is the same on both

serial = count(1)
ALICE = {"name": "Alice Ace", "email": "@email", "phone": "555-0100"}
ALICE |= {"address": "12 Main St", "password": PASSWORD}
BOB = {"name": "Bob Wrench", "email": "@email", "phone": "555-0200", "salary": 52000.5}
DORA = {"first_name": "Dora", "last_name": "Deep", "email": "@email", "phone": "555-0300"}
DORA |= {"address": "3 Elm St", "city": "Denver", "state": "CO", "postal_code": "80201"}
HONDA = {"vin": "@new_vin", "make": "Honda", "model": "Accord", "year": 2003, "color": "Silver"}
FIND = "@"


def row(system, by, call, status, sent=None, tells=None, also=None):
    """`tells`: members of the answer; `also`: what else must be so, as `also(shop, answer)`."""
    return pytest.param(by, call, status, sent, tells or {}, also, id=f"{system}: {call}")


def crew(*names):
    return lambda shop, answer: (
        [each["id"] for each in answer["mechanics"]] == [getattr(shop, name) for name in names]
    )


def stock(name, quantity):
    return lambda shop, _answer: on_shelf(shop.parts[name]) == quantity


def gone(path):
    return lambda shop, _answer: shop.ask("manager", f"GET {path}").status_code == 404


def ignored(*names):
    return lambda shop, _answer: shop.ignored == ", ".join(names)


def both(*checks):
    return lambda shop, answer: all(check(shop, answer) for check in checks)


def found(shop, answer):
    return [each["id"] for each in answer["items"]] == [shop.bob]


def signs_in(shop, answer):
    said = {"email": answer["email"], "password": PASSWORD}
    return shop.ask(None, "POST /auth/login", said).status_code == 200


def ranked(shop, answer):
    return answer["items"][0] == shop.ask("alice", "GET /mechanics/top").json["items"][0]


def on_the_board(shop, answer):
    board = shop.ask("bob", "GET /service-tickets?status=open").json["items"]
    return [each["vehicle"] for each in board if each["id"] == answer["id"]] == [None]


def unassigned(shop, _answer):
    return shop.ask("bob", "GET /assignments").json["items"] == []


TICKET, CAR = "/service-tickets/@ticket", "/customers/@alice/vehicles/@car"
FRUITS = {"name": "Alice Ace", "phone": "555-0100", "address": "12 Main St"}
USED = {"part_id": "@pads", "quantity_used": 1}
NEW_PAD = {"name": "Brake pad", "price_cents": 2399}
ROWS = [
    row("A", None, "POST /customers", 201, ALICE, FRUITS, signs_in),
    row(
        "A",
        "manager",
        "POST /mechanics",
        201,
        BOB | {"address": "9 Oak St", "specialty": "Brakes", "password": PASSWORD},
        {"salary": 52000.5, "address": "9 Oak St", "specialty": "Brakes"},
        signs_in,
    ),
    row(
        "A",
        "bob",
        "POST /service-tickets",
        201,
        {"description": "Rattle", "vin": "@vin", "customer_id": "@alice"},
        {"problem_description": "Rattle", "vehicle_id": "@car", "customer_id": "@alice"},
    ),
    row(
        "A",
        "alice",
        "POST /service-tickets",
        201,
        {"description": "Rattle"},
        {"problem_description": "Rattle", "vehicle": None, "customer_id": "@alice"},
        on_the_board,
    ),
    row("A", "bob", f"PUT {TICKET}", 200, {"description": "Hum"}, {"problem_description": "Hum"}),
    row(
        "A",
        "bob",
        f"PUT {TICKET}/edit",
        200,
        {"description": "Hum", "add_ids": ["@pat"], "remove_ids": ["@bob"]},
        {"problem_description": "Hum"},
        crew("pat"),
    ),
    row("A", "bob", f"PUT {TICKET}/edit", 200, {"add_ids": [], "remove_ids": []}, {}, crew("bob")),
    row("A", "bob", f"PUT {TICKET}/assign-mechanic/@pat", 200, None, {}, crew("bob", "pat")),
    row("A", "bob", f"PUT {TICKET}/remove-mechanic/@bob", 200, None, {}, crew()),
    row("A", "bob", f"DELETE {TICKET}/remove-mechanic/@bob", 204, None, {}, unassigned),
    row(
        "A",
        "bob",
        f"POST {TICKET}/add-parts",
        201,
        {"part_ids": ["@pads", "@oil"]},
        {},
        both(stock("pads", 7), stock("oil", 49)),
    ),
    row("A", "bob", f"POST {TICKET}/add-parts", 201, {"part_ids": []}, {"items": []}),
    row("A", "bob", f"DELETE {TICKET}/remove-part/@pads", 204, None, {}, stock("pads", 10)),
    row(
        "A",
        "bob",
        "POST /inventory",
        201,
        {"name": "Brake pad", "sku": "BP-1", "description": "Ceramic\nfront", "price": 23.99},
        NEW_PAD | {"part_number": "BP-1", "description": "Ceramic\nfront"},
    ),
    row(
        "A",
        "bob",
        "PUT /inventory/@pads",
        200,
        {"name": "Brake pad", "sku": "BP-1", "description": "Ceramic", "price": 23.99},
        NEW_PAD | {"part_number": "BP-1", "description": "Ceramic"},
    ),
    row(
        "B",
        None,
        "POST /customers",
        201,
        {name: ALICE[name] for name in ("name", "email", "phone", "password")},
        {"phone": "555-0100"},
        signs_in,
    ),
    row(
        "B",
        None,
        "POST /login",
        200,
        {"email": "@alice_email", "password": PASSWORD},
        {"account.customer_id": "@alice"},
    ),
    row(
        "B",
        "alice",
        "PUT /customers",
        200,
        {"name": "Alice B.", "email": "@email", "phone": "555-0101", "password": PASSWORD},
        {"id": "@alice", "name": "Alice B.", "phone": "555-0101"},
        signs_in,
    ),
    row("B", "zoe", "DELETE /customers", 204, None, {}, gone("/customers/@zoe")),
    row("B", "manager", "POST /mechanics", 201, BOB, {"name": "Bob Wrench", "salary": 52000.5}),
    row("B", "alice", "GET /mechanics/most-active", 200, None, {}, ranked),
    row(
        "B, C",
        "alice",
        "POST /service_tickets",
        201,
        {
            "VIN": "@vin",
            "service_date": "2026-03-02",
            "service_desc": "Oil change",
            "customer_id": "@alice",
        },
        {"vehicle_id": "@car", "service_date": "2026-03-02", "problem_description": "Oil change"},
    ),
    row(
        "B",
        "bob",
        f"POST {TICKET}/add-part/@pads",
        201,
        {"quantity": 1},
        USED,
        stock("pads", 7),
    ),
    row("B, C", "bob", "POST /inventory", 201, {"name": "Brake pad", "price": 23.99}, NEW_PAD),
    row("B, C", "bob", "PUT /inventory/@pads", 200, {"name": "Brake pad", "price": 23.99}, NEW_PAD),
    row("C", "alice", "GET /mechanics/search?name=bob", 200, None, {}, found),
    row("C", "alice", "GET /mechanics/usage", 200, None, {}, ranked),
    row(
        "C",
        "bob",
        f"PUT {TICKET}/edit",
        200,
        {
            "add_mechanic_ids": ["@pat"],
            "remove_mechanic_ids": ["@bob"],
            "add_item_ids": ["@oil"],
            "remove_item_ids": ["@pads"],
        },
        {"parts.0.part_id": "@oil", "parts.0.quantity_used": 1},
        both(crew("pat"), stock("pads", 10), stock("oil", 49)),
    ),
    row(
        "C",
        "bob",
        f"POST {TICKET}/inventory",
        201,
        {"part_id": "@oil", "quantity": 3},
        {"part_id": "@oil", "quantity_used": 3},
        stock("oil", 47),
    ),
    row(
        "B, C",
        "alice",
        "POST /service_tickets",
        201,
        {"VIN": "@new_vin", "service_date": "2026-03-02", "service_desc": "Oil change"},
        {"problem_description": "Oil change", "vehicle.vin": "@new_vin"},
    ),
    row(
        "D",
        "bob",
        f"PUT {TICKET}",
        200,
        {
            "vehicle_id": "@car",
            "customer_id": "@alice",
            "status": "completed",
            "problem_description": "Hum",
            "odometer_miles": 145000,
            "priority": 2,
        },
        {"status": "ready", "odometer_in": 145000, "priority": 2, "vehicle_id": "@car"},
    ),
    row(
        "D",
        "bob",
        f"PUT {TICKET}/parts/@oil",
        200,
        {"quantity_used": 3},
        {"parts.1.part_id": "@oil", "parts.1.quantity_used": 3},
        stock("oil", 47),
    ),
    row(
        "D",
        None,
        "POST /auth/register",
        201,
        DORA | {"password": PASSWORD},
        {"customer.name": "Dora Deep", "customer.postal_code": "80201"},
    ),
    row(
        "D",
        None,
        "POST /auth/login",
        200,
        {"email": "@alice_email", "password": PASSWORD},
        {"account.customer_id": "@alice"},
    ),
    row(
        "D",
        "alice",
        "POST /customers/@alice/vehicles",
        201,
        HONDA,
        {"make": "Honda", "year": 2003, "color": "Silver"},
    ),
    row("D", "alice", f"GET {CAR}", 200, None, {"id": "@car", "vin": "@vin"}),
    row(
        "D",
        "alice",
        f"PUT {CAR}",
        200,
        HONDA | {"vin": "@vin"},
        {"id": "@car", "vin": "@vin", "color": "Silver"},
    ),
    row(
        "D",
        "alice",
        "DELETE /customers/@alice/vehicles/@van",
        204,
        None,
        {},
        gone("/vehicles/@van"),
    ),
    row(
        "D",
        "manager",
        "POST /mechanics",
        201,
        {
            "full_name": "Mike Johnson",
            "email": "@email",
            "phone": "555-5678",
            "salary": 65000,
            "is_active": True,
        },
        {"name": "Mike Johnson", "salary": 65000, "is_active": True},
    ),
    row(
        "D",
        "manager",
        "PUT /mechanics/@bob",
        200,
        {
            "full_name": "Mike Johnson",
            "email": "@email",
            "phone": "555-5678",
            "salary": 65000,
            "is_active": False,
        },
        {"name": "Mike Johnson", "phone": "555-5678", "is_active": False},
    ),
    row(
        "D",
        "alice",
        "POST /service-tickets",
        201,
        {
            "vehicle_id": "@car",
            "customer_id": "@alice",
            "status": "open",
            "problem_description": "Rattle",
            "odometer_miles": 45000,
            "priority": 2,
        },
        {"status": "open", "odometer_in": 45000, "priority": 2},
    ),
    row(
        "D",
        "bob",
        f"PUT {TICKET}",
        200,
        {
            "vehicle_id": "@car",
            "customer_id": "@alice",
            "status": "in_progress",
            "problem_description": "Hum",
            "odometer_miles": 45000,
            "priority": 1,
        },
        {"status": "in_progress", "problem_description": "Hum", "odometer_in": 45000},
    ),
    row("D", "bob", f"PUT {TICKET}", 200, {"status": "cancelled"}, {"status": "cancelled"}),
    row(
        "D",
        "bob",
        f"PUT {TICKET}/edit",
        200,
        {"add_ids": ["@pat"], "remove_ids": [], "role": "Lead", "minutes_worked": 45},
        {"mechanics.1.role": "Lead", "mechanics.1.minutes_worked": 45},
        crew("bob", "pat"),
    ),
    row(
        "D",
        "bob",
        f"PUT {TICKET}/assign-mechanic/@pat",
        200,
        {"role": "Helper", "minutes_worked": 10},
        {"mechanics.1.role": "Helper"},
    ),
    row(
        "D",
        "bob",
        f"POST {TICKET}/parts/@oil",
        201,
        {
            "quantity_used": 2,
            "markup_percentage": 30.5,
            "warranty_months": 12,
            "installed_by_mechanic_id": "@bob",
        },
        {"quantity_used": 2, "unit_price_cents": 1305, "warranty_months": 12},
        stock("oil", 48),
    ),
    row(
        "D",
        "bob",
        "POST /inventory",
        201,
        {
            "part_number": "BRK-9",
            "name": "Rotor",
            "description": "Vented",
            "category": "Brakes",
            "manufacturer": "Brembo",
            "supplier": "Parts Ltd",
            "current_cost_cents": 4500,
            "quantity_in_stock": 25,
            "reorder_level": 5,
        },
        {"price_cents": 4500, "current_cost_cents": 4500, "quantity_in_stock": 25},
    ),
    row(
        "D",
        "bob",
        "PUT /inventory/@pads",
        200,
        {
            "part_number": "BRK-9",
            "name": "Rotor",
            "description": "Vented",
            "category": "Brakes",
            "manufacturer": "Brembo",
            "supplier": "Parts Ltd",
            "current_cost_cents": 4500,
            "quantity_in_stock": 8,
            "reorder_level": 5,
        },
        {"part_number": "BRK-9", "current_cost_cents": 4500, "quantity_in_stock": 8},
    ),
    row(
        "D",
        "bob",
        "PATCH /inventory/@pads/adjust-quantity",
        200,
        {"adjustment": -3},
        {"previous_quantity": 8, "new_quantity": 5},
    ),
    row("E", None, "POST /customers", 201, ALICE, FRUITS, signs_in),
    row("E", "alice", "PUT /customers/@alice", 200, ALICE, FRUITS, signs_in),
    row("E", "alice", "PUT /customers/@alice", 200, {"phone": "5"}, {"phone": "5"}),
    row(
        "E",
        "manager",
        "POST /mechanics",
        201,
        BOB | {"address": "9 Oak St", "password": PASSWORD},
        {"address": "9 Oak St", "salary": 52000.5},
        signs_in,
    ),
    row(
        "E",
        "bob",
        "POST /service_tickets",
        201,
        {
            "title": "Brakes",
            "cost": 120.5,
            "date_created": "2026-03-01",
            "description": "Grinding noise",
            "service_date": "2026-03-02",
            "vin": "@vin",
            "customer_id": "@alice",
            "status": "COMPLETED",
            "mechanic_ids": ["@bob", "@pat"],
            "inventory_items": [{"inventory_id": "@oil", "quantity": 4}],
        },
        {
            "problem_description": "Brakes: Grinding noise",
            "parts.0.quantity_used": 4,
            "status": "ready",
        },
        both(crew("bob", "pat"), stock("oil", 46), ignored("cost", "date_created")),
    ),
    row(
        "E",
        "bob",
        f"PUT {TICKET}",
        200,
        {"add_mechanics": ["@pat"], "remove_mechanics": ["@bob"]},
        {},
        crew("pat"),
    ),
    row(
        "E",
        "bob",
        "POST /assignments",
        201,
        {"service_ticket_id": "@ticket", "mechanic_id": "@pat", "date_assigned": "2026-03-02"},
        {"ticket_id": "@ticket", "mechanic_id": "@pat"},
        ignored("date_assigned"),
    ),
    row(
        "E",
        "bob",
        "GET /assignments?service_ticket_id=@ticket&mechanic_id=@bob&date_assigned=2026-03-02",
        200,
        None,
        {"items.0.mechanic_id": "@bob", "pagination.total": 1},
        ignored("date_assigned"),
    ),
    row(
        "E",
        "bob",
        "DELETE /assignments",
        204,
        {"service_ticket_id": "@ticket", "mechanic_id": "@bob", "date_assigned": "2026-03-02"},
        {},
        both(unassigned, ignored("date_assigned")),
    ),
    row(
        "E",
        "bob",
        "DELETE /assignments?service_ticket_id=@ticket&mechanic_id=@bob&date_assigned=2026-03-02",
        204,
        None,
        {},
        unassigned,
    ),
    row(
        "E",
        "bob",
        "POST /inventory",
        201,
        {"part_name": "Brake pad", "price": "23.99", "quantity": 10, "description": "Ceramic"},
        NEW_PAD | {"quantity_in_stock": 10},
    ),
    row(
        "E",
        "bob",
        "PUT /inventory/@pads",
        200,
        {"part_name": "Brake pad", "price": "23.99", "quantity": 8, "description": "Ceramic"},
        NEW_PAD | {"quantity_in_stock": 8},
    ),
]
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
