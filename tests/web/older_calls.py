"""The parts of a test case for a call of an earlier system's client: what it sends, and checks."""

import pytest

from tests.factories import PASSWORD, on_shelf

ALICE = {"name": "Alice Ace", "email": "@email", "phone": "555-0100"}
ALICE |= {"address": "12 Main St", "password": PASSWORD}
BOB = {"name": "Bob Wrench", "email": "@email", "phone": "555-0200", "salary": 52000.5}


def row(system, by, call, status, sent=None, tells=None, also=None):
    """Return a test case: `tells` are expected members of the answer.

    `also(shop, answer)` is one more check, which returns whether it passes.
    """
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
NEW_PAD = {"name": "Brake pad", "price_cents": 2399}
