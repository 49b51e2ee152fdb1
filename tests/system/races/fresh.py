"""Rows that each round creates in a live shop, and requests that are sent many times."""

from itertools import count

from tests.factories import PASSWORD, a_vin
from tests.system.races.crowd import Request

serial = count(1)


def an_email():
    return f"fresh{next(serial)}@example.com"


def a_customer(live, **given):
    return live.made("/customers", {"name": "Alice Driver"} | given)


def a_vehicle(live):
    alice = a_customer(live)
    return live.made(f"/customers/{alice['id']}/vehicles", {"vin": a_vin(), "make": "Honda"})


def tickets(live, number):
    """Return so many new tickets, all on one vehicle."""
    said = {"vehicle_id": a_vehicle(live)["id"], "problem_description": "Many parts"}
    return [live.made("/service-tickets", said) for _ in range(number)]


def a_ticket(live):
    return tickets(live, 1)[0]


def a_part(live, in_stock):
    return live.made(
        "/inventory", {"name": "Brake pad", "price_cents": 900, "quantity_in_stock": in_stock}
    )


def a_colleague(live, role):
    """Return a new member of staff, and the headers for requests with their token."""
    email = an_email()
    bob = live.made(
        "/mechanics", {"name": "Bob", "email": email, "password": PASSWORD, "role": role}
    )
    signed_in = live.ask("POST", "/auth/login", {"email": email, "password": PASSWORD})[2]
    return bob, {"Authorization": f"Bearer {signed_in['access_token']}"}


def taking(ticket, part, **headers):
    path = f"/service-tickets/{ticket['id']}/parts/{part['id']}"
    return Request("POST", path, {"quantity_used": 1}, headers)


def adjusting(part, by):
    return Request("PATCH", f"/inventory/{part['id']}/adjust-quantity", {"adjustment": by})


def on_shelf(live, part):
    return live.ask("GET", f"/inventory/{part['id']}")[2]["quantity_in_stock"]


def lines_of(live, ticket):
    return live.ask("GET", f"/service-tickets/{ticket['id']}/parts?per_page=100")[2]["items"]
