"""What hostile requests are aimed at: rows that are really there, and a plain body for each shape."""

import json
import re
from functools import lru_cache
from itertools import count

from app import passwords
from app.database.session import db
from app.extensions import cache
from app.models import Account, Customer, Mechanic, Session, SignInAttempts
from tests.busy_shop import a_busy_shop, done, person
from tests.factories import (
    PASSWORD,
    a_customer,
    a_mechanic,
    a_part,
    a_vehicle,
    a_vin,
    a_walk_in,
    saved,
)
from tests.snapshot import Snapshot
from tests.system.hostile.aims import shape_of, shapes

serial = count(1)
# A member that is named as a row is has its id; others are of the targets, else as the document shows them.
VALUES = {
    "email": lambda t: t.email if t.endpoint in SIGNS_IN else t.new_email(),
    **dict.fromkeys(("password", "current_password", "new_password"), lambda t: PASSWORD),
    "refresh_token": lambda t: t.refresh_token,
    "vin": lambda t: a_vin(),
    "mechanic_id": lambda t: t.ids["idle" if t.endpoint == "assignments.create" else "mechanic_id"],
    "part_ids": lambda t: [t.ids["part_id"]],
    "parts": lambda t: [{"part_id": t.ids["part_id"]}],
    "quantity_used": lambda t: next(serial) % 9,
}
SIGNS_IN = ("auth.login", "auth.login_customer", "auth.login_mechanic")
# What a plain body has beside the members that must be in it.
BESIDES = {
    "CustomerCreate": ("email",),
    "VehicleCreate": ("vin",),
    "TicketCreate": ("vehicle_id",),
    "MechanicCreate": ("email",),
    "PartCreate": ("price_cents",),
    "QuantityAdjust": ("adjustment",),
}


def plain_body(shape, targets):
    """Return a body with what must be in it; the document's examples of other members are of a real day."""
    names = (*shape_of(shape).get("required", ()), *BESIDES.get(shape, ()))
    return {name: _value(shape, name, targets) for name in names}


def _value(shape, name, targets):
    if name in VALUES:
        return VALUES[name](targets)
    return targets.ids[name] if name in targets.ids else _example(shape, name)


@lru_cache
def _example(shape, name):
    """Return the first value that the document shows for this member, of this shape if there is one."""
    own_first = sorted(shapes(), key=lambda each: each[1] != shape)
    for operation, _ in own_first:
        content = operation.said["requestBody"]["content"]["application/json"]
        for example in content.get("examples", {}).values():
            if name in example["value"]:
                return example["value"][name]
    raise AssertionError(f"{name} of {shape} is in no example: add it to the recorded day")


def lower():
    """A reading below each one before."""
    return 9_000_000 - next(serial)


# What a member means nothing without.
BESIDE = {
    ("TicketMove", "hold_reason"): lambda: {"to": "on_hold"},
    ("TicketUpdate", "hold_reason"): lambda: {"status": "on_hold"},
    ("TicketUpdate", "reason"): lambda: {"status": "in_progress"},
    ("TicketUpdate", "override_reason"): lambda: {"odometer_in": lower()},
    ("TicketCreate", "override_reason"): lambda: {"odometer_in": lower()},
    ("VehicleUpdate", "override_reason"): lambda: {"odometer": lower()},
}
# What a path or a query names by itself is of the busy ticket; these need rows that nothing hangs on.
LONELY = {
    "customers.erase": {"customer_id": "zoe"},
    "vehicles.remove": {"vehicle_id": "unused_vehicle"},
    "vehicles.remove_of_customer": {"vehicle_id": "unused_vehicle"},
    "service_tickets.delete": {"ticket_id": "mistake"},
    "service_tickets.return_part": {"part_id": "used"},
    "mechanics.let_go": {"mechanic_id": "idle"},
}
BY_CUSTOMERS = {
    *("customers.my_tickets", "customers.change_oneself", "customers.erase_oneself"),
}


class Targets:
    """A busy shop with some rows more, put back as it was after each request."""

    def __init__(self, app):
        self.app = app
        busy = a_busy_shop(app)
        self.ids = busy.ids
        self.clients = {"marge": busy.marge, "alice": busy.alice, "zoe": self._more(busy)}
        db.session.execute(db.update(Account).values(password_hash=passwords.hash_of(PASSWORD)))
        db.session.commit()
        db.session.remove()
        self.snapshot = Snapshot(db.engine)

    def _more(self, busy):
        ids = self.ids
        done(busy.marge.patch(f"/vehicles/{ids['vehicle_id']}", json={"odometer": 9_999_999}))
        more = {"adjustment": 999_000}
        done(busy.marge.patch(f"/inventory/{ids['part_id']}/adjust-quantity", json=more))
        find = db.session.get_one
        alice, marge = find(Customer, ids["customer_id"]), find(Mechanic, ids["marge"])
        bob = find(Mechanic, ids["mechanic_id"])
        self.emails = {"alice": alice.email, "bob": bob.email}
        zoe = a_customer()
        ids |= {
            "from_id": a_walk_in().id,
            "idle": a_mechanic().id,
            "unused_vehicle": a_vehicle(alice).id,
            "used": a_part(10).id,
            "zoe": zoe.id,
        }
        done(busy.marge.post("/service-tickets/{ticket_id}/parts/{used}".format(**ids)))
        session, self.refresh_token = Session.begin(find(Account, marge.account_id))
        ids["session_id"] = saved(session).id
        return person(self.app, zoe)

    def aim(self, operation):
        """What is asked for by name from now on is asked for this operation."""
        self.endpoint = operation.endpoint(self.app)

    def changed(self):
        """The tables that a request has changed; wrong passwords are counted by design."""
        return self.snapshot.changed() - {SignInAttempts.__tablename__}

    def put_back(self):
        """Undo what the last request has done."""
        if self.snapshot.changed():
            self.snapshot.put_back()
            cache.clear()

    def new_email(self):
        return f"new{next(serial)}@example.com"

    @property
    def email(self):
        return self.emails["bob" if self.endpoint == "auth.login_mechanic" else "alice"]

    def id_of(self, name):
        """The row that a path or a query parameter names."""
        return self.ids[LONELY.get(self.endpoint, {}).get(name, name)]

    def path(self, template):
        return re.sub(r"{(\w+)}", lambda name: str(self.id_of(name[1])), template)

    def body(self, operation):
        """A plain one, or None where it takes none."""
        names = operation.shapes()
        return json.dumps(plain_body(names[0], self)).encode() if names else None

    def by(self):
        """Who asks; zoe has no ticket that keeps her from being erased."""
        if self.endpoint == "customers.erase_oneself":
            return self.clients["zoe"]
        return self.clients["alice" if self.endpoint in BY_CUSTOMERS else "marge"]

    def are_signed_out(self):
        return self.by().get("/auth/me").status_code == 401
