"""The actors of the access matrix: a busy shop, a token for each actor, and tokens with a flaw."""

import time
from types import SimpleNamespace

import sqlalchemy as sa

from app import passwords
from app.clock import utc_now
from app.database.session import db
from app.models import Account, Customer, Mechanic, Part, Session, TicketStatus, Vehicle
from tests.auth.door import bearing
from tests.busy_shop import a_busy_shop, done
from tests.factories import (
    PASSWORD,
    a_customer,
    a_manager,
    a_mechanic,
    a_part,
    a_ticket,
    a_vehicle,
    saved,
    token_of,
)
from tests.forgery import KEY, forged
from tests.system.access.seen import SECRETS

FLAWS = {
    "expired": {"exp": int(time.time()) - 3600},
    "issued in the future": {"iat": 2**33},
    "not valid yet": {"nbf": 2**33},
    "badly signed": {"key": KEY},
    "not signed": {"algorithm": "none"},
    "signed as HS512": {"algorithm": "HS512"},
    "of another shop": {"iss": "another-shop"},
    "for another API": {"aud": "another-api"},
    "of another kind": {"typ": "JWT"},
}


def the_cast(app):
    """Return `here` (values by their name in the table), `good` tokens by actor, `bad` ones by flaw."""
    busy = a_busy_shop(app)
    ids = busy.ids
    dan, erin = a_mechanic(name="Dan"), a_manager(name="Erin")
    keep_secrets(ids)
    db.session.execute(sa.update(Account).values(password_hash=passwords.hash_of(PASSWORD)))
    db.session.commit()
    good = {
        "anyone": None,
        "owner": bearer_of(busy.alice),
        "stranger": bearer_of(busy.charlie),
        "assigned": bearer_of(busy.bob),
        "unassigned": token_of(dan),
        "manager": bearer_of(busy.marge),
        "demoted": token_of(erin),
    }
    alice = db.session.get_one(Customer, ids["customer_id"])
    here = ids | {
        "unassigned": dan.id,
        "unused_vehicle": a_vehicle(alice).id,
        "cancelled": a_ticket(
            db.session.get_one(Vehicle, ids["vehicle_id"]), status=TicketStatus.CANCELLED
        ).id,
        "retired": a_part(retired_at=utc_now()).id,
        "vin": db.session.get_one(Vehicle, ids["vehicle_id"]).vin,
        "owner_email": SECRETS["a customer's e-mail"][0],
        "mechanic_email": SECRETS["a mechanic's e-mail"][0],
        "password": PASSWORD,
        "session_id": a_refresh_token(alice).partition(".")[0],
        "refresh_token": a_refresh_token(alice),
        "stale_refresh_token": a_refresh_token(alice) + "?",
    }
    bad = bad_tokens(app, busy)
    done(busy.marge.put(f"/mechanics/{erin.id}", json={"role": "mechanic"}))
    return SimpleNamespace(here=here, good=good, bad=bad)


def keep_secrets(ids):
    text = {name: text for name, (text, _) in SECRETS.items()}
    part, bob = (
        db.session.get_one(Part, ids["part_id"]),
        db.session.get_one(Mechanic, ids["mechanic_id"]),
    )
    part.supplier, part.current_cost_cents = text["supplier"], int(text["cost"])
    part.reorder_level, part.quantity_in_stock = int(text["reorder level"]), 40404049
    bob.email, bob.phone = text["a mechanic's e-mail"], text["a mechanic's phone"]
    bob.salary_cents = round(float(text["salary"]) * 100)
    alice = db.session.get_one(Customer, ids["customer_id"])
    alice.email, alice.phone = text["a customer's e-mail"], text["a customer's phone"]
    alice.address = text["a customer's address"]
    db.session.get_one(Vehicle, ids["vehicle_id"]).license_plate = text["a plate"]
    for person in (bob, alice):
        db.session.get_one(Account, person.account_id).email = person.email


def bad_tokens(app, busy):
    """Return `{flaw: {role: token}}` with the roles `manager` and `customer`.

    Sessions that have ended were ended by requests to the shop, except one.
    """
    marge = busy.marge
    bad = {flaw: {} for flaw in FLAWS}
    for role, a_person in (("manager", a_manager), ("customer", a_customer)):
        for flaw, how in FLAWS.items():
            bad[flaw][role] = forged(app, a_person(), **how)
        leaver, changer = a_person(), a_person(PASSWORD)
        left, before, after = token_of(leaver), token_of(changer), token_of(changer)
        passwords = {"current_password": PASSWORD, "new_password": PASSWORD * 2}
        client = app.test_client()
        done(client.post("/auth/logout", headers=bearing(left)))
        done(client.put("/auth/password", headers=bearing(after), json=passwords))
        bad.setdefault("signed out", {})[role] = left
        bad.setdefault("from before a new password", {})[role] = before
        bad.setdefault("a refresh token", {})[role] = a_refresh_token(a_person())
    for end, person in (
        ("a mechanic who was deactivated", a_mechanic()),
        ("a deactivated mechanic's session", a_mechanic()),
        ("a mechanic who was deleted", a_mechanic()),
        ("a customer who was erased", a_customer()),
    ):
        bad[end] = dict.fromkeys(("manager", "customer"), token_of(person))
        if end.endswith("session"):  # as if signed in during the deactivation
            person.is_active = False
            saved(person)
        elif end.endswith("deactivated"):
            done(marge.put(f"/mechanics/{person.id}", json={"is_active": False}))
        else:
            done(marge.delete(f"/{person.__tablename__}/{person.id}"))
    return bad


def a_refresh_token(person):
    session, token = Session.begin(db.session.get_one(Account, person.account_id))
    saved(session)
    return token


def bearer_of(client):
    return client.environ_base["HTTP_AUTHORIZATION"].removeprefix("Bearer ")
