"""The targets of hostile requests: rows that exist, and a valid body for each shape."""

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


def by_link(targets):
    return targets.endpoint == "approvals.decide"


def _line_of(targets):
    """Return a line of the body that an operation takes: of an invoice, or of a job."""
    if targets.endpoint == "invoices.credit":
        return {"invoice_line_id": targets.ids["invoice_line_id"], "net_cents": 5}
    return {"kind": "labor", "billed_minutes": 5}


# The values of some members. Others are the id with this name in `ids`, or else the document's example.
VALUES = {
    "email": lambda t: t.email if t.endpoint in SIGNS_IN else t.new_email(),
    **dict.fromkeys(("password", "current_password", "new_password"), lambda t: PASSWORD),
    "refresh_token": lambda t: t.refresh_token,
    "vin": lambda t: a_vin(),
    "mechanic_id": lambda t: t.ids["idle" if t.endpoint == "assignments.create" else "mechanic_id"],
    "part_ids": lambda t: [t.ids["part_id"]],
    "parts": lambda t: [{"part_id": t.ids["part_id"]}],
    "decisions": lambda t: [
        {"job_id": t.ids["asked_job" if by_link(t) else "job_id"], "decision": "authorized"}
    ],
    "revive_job_id": lambda t: t.ids["waiting"],
    "estimate_sha256": lambda t: t.ids["link_sha256" if by_link(t) else "estimate_sha256"],
    "quantity_used": lambda t: next(serial) % 9,
    **dict.fromkeys(("amount_cents", "net_cents"), lambda t: 5),
    "lines": lambda t: [_line_of(t)],
    "allocations": lambda t: [{"ticket_id": t.ids["invoiced"], "amount_cents": 5}],
}
SIGNS_IN = ("auth.login", "auth.login_customer", "auth.login_mechanic")
# The members of a plain body that are not required.
BESIDES = {
    "CustomerCreate": ("email",),
    "VehicleCreate": ("vin",),
    "TicketCreate": ("vehicle_id",),
    "MechanicCreate": ("email",),
    "PartCreate": ("price_cents",),
    "LineCreate": ("billed_minutes",),
    "AuthorizationCreate": ("method", "authorized_by_name", "contact"),
    "DiscountCreate": ("discount_percentage",),
    "CreditNoteCreate": ("lines",),
    "QuantityAdjust": ("adjustment",),
}


def plain_body(shape, targets):
    """Return a valid body with few members: the required ones and those in BESIDES.

    The document's examples of other members refer to rows of the walkthrough.
    """
    names = (*shape_of(shape).get("required", ()), *BESIDES.get(shape, ()))
    return {name: _value(shape, name, targets) for name in names}


def _value(shape, name, targets):
    if name in VALUES:
        return VALUES[name](targets)
    return targets.ids[name] if name in targets.ids else _example(shape, name)


@lru_cache
def _example(shape, name):
    """Return the document's first example of this member, from this shape if it has one."""
    own_first = sorted(shapes(), key=lambda each: each[1] != shape)
    for operation, _ in own_first:
        content = operation.said["requestBody"]["content"]["application/json"]
        for example in content.get("examples", {}).values():
            if name in example["value"]:
                return example["value"][name]
    raise AssertionError(f"{name} of {shape} is in no example: add it to the recorded day")


def lower():
    """Return a reading below all earlier ones."""
    return 9_000_000 - next(serial)


# What else a body needs so that a member is allowed in it.
BESIDE = {
    ("TicketMove", "hold_reason"): lambda: {"to": "on_hold"},
    ("TicketMove", "on_account"): lambda: {"to": "closed"},
    ("TicketUpdate", "hold_reason"): lambda: {"status": "on_hold"},
    ("TicketUpdate", "reason"): lambda: {"status": "in_progress"},
    ("TicketUpdate", "override_reason"): lambda: {"odometer_in": lower()},
    ("TicketCreate", "override_reason"): lambda: {"odometer_in": lower()},
    ("VehicleUpdate", "override_reason"): lambda: {"odometer": lower()},
    ("InvoiceCreate", "override_reason"): lambda: {"odometer_out": lower()},
}
# Paths and queries name the busy ticket and its rows; these need rows that no other row refers to.
LONELY = {
    "customers.erase": {"customer_id": "zoe"},
    "vehicles.remove": {"vehicle_id": "unused_vehicle"},
    "vehicles.remove_of_customer": {"vehicle_id": "unused_vehicle"},
    "service_tickets.delete": {"ticket_id": "mistake"},
    "service_tickets.return_part": {"part_id": "used"},
    "mechanics.let_go": {"mechanic_id": "idle"},
    "jobs.delete": {"job_id": "other_job"},
    "jobs.dismiss": {"job_id": "waiting"},
    "lines.delete": {"line_id": "planned"},
    "lines.use": {"line_id": "planned"},
    "service_tickets.issue": {"ticket_id": "ready"},
    "service_tickets.pay": {"ticket_id": "invoiced"},
}
BY_CUSTOMERS = {
    *("customers.my_tickets", "customers.change_oneself", "customers.erase_oneself"),
}


class Targets:
    """A busy shop with some more rows, restored after each request."""

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
        """Set the operation that paths, bodies and clients are for from now on."""
        self.endpoint = operation.endpoint(self.app)

    def changed(self):
        """Return the tables that a request has changed, except the counts of wrong passwords."""
        return self.snapshot.changed() - {SignInAttempts.__tablename__}

    def put_back(self):
        """Undo what the last request has changed."""
        if self.snapshot.changed():
            self.snapshot.put_back()
            cache.clear()

    def new_email(self):
        return f"new{next(serial)}@example.com"

    @property
    def email(self):
        return self.emails["bob" if self.endpoint == "auth.login_mechanic" else "alice"]

    def id_of(self, name):
        """Return the id of the row that a path or a query parameter names."""
        return self.ids[LONELY.get(self.endpoint, {}).get(name, name)]

    def path(self, template):
        return re.sub(r"{(\w+)}", lambda name: str(self.id_of(name[1])), template)

    def body(self, operation):
        """Return a plain body as bytes, or None if the operation has none."""
        names = operation.shapes()
        return json.dumps(plain_body(names[0], self)).encode() if names else None

    def by(self):
        """Return the client that sends; it is Zoe's for an erasure, because she has no open ticket."""
        if self.endpoint == "customers.erase_oneself":
            return self.clients["zoe"]
        return self.clients["alice" if self.endpoint in BY_CUSTOMERS else "marge"]

    def are_signed_out(self):
        return self.by().get("/auth/me").status_code == 401
