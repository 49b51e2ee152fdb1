"""A customer's data, a sign-in and the names in an answer, for several tests."""

from tests.factories import PASSWORD

ALICE = {"name": "Alice", "email": "alice@example.com", "password": PASSWORD}
SPRINGFIELD = {"address": "1 Main St", "city": "Springfield", "state": "OR", "postal_code": "97477"}


def sign_in(client, email, password=PASSWORD):
    return client.post("/auth/login", json={"email": email, "password": password})


def names(answer):
    return [customer["name"] for customer in answer.json["items"]]
