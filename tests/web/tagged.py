"""Rows of every kind that has an ETag, and requests with `If-Match`."""

import pytest

from tests.factories import a_customer, a_mechanic, a_part, a_ticket, a_vehicle

# kind: (the factory of a row, the path of the list, a change of the row)
KINDS = {
    "a customer": (a_customer, "/customers", {"city": "Boulder"}),
    "a vehicle": (a_vehicle, "/vehicles", {"color": "Red"}),
    "a mechanic": (a_mechanic, "/mechanics", {"specialty": "Gearboxes"}),
    "a part": (a_part, "/inventory", {"category": "Brakes"}),
    "a ticket": (a_ticket, "/service-tickets", {"priority": 1}),
}
every_kind = pytest.mark.parametrize("kind", KINDS)


def made(kind):
    """Create a row of this kind; return its path and a valid change."""
    make, path, change = KINDS[kind]
    return f"{path}/{make().id}", change


def do(client, act, path, change, if_match):
    body = {} if act == "DELETE" else {"json": change}
    return client.open(path, method=act, headers={"If-Match": if_match}, **body)


def tag(client, path):
    return client.get(path).headers["ETag"]
