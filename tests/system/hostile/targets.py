"""What hostile requests are aimed at: rows that are really there, and a plain body for each shape."""

import json
import re
from functools import lru_cache
from itertools import count

from app.database.session import db, shop_session
from app.extensions import cache
from app.models import Account, Session, SignInAttempts, TicketPart
from tests.factories import (
    PASSWORD,
    a_customer,
    a_manager,
    a_mechanic,
    a_part,
    a_ticket,
    a_vehicle,
    a_vin,
    a_walk_in,
    an_assignment,
    saved,
)
from tests.snapshot import Snapshot
from tests.system.hostile.aims import shape_of, shapes
from tests.web.busy_shop import person

serial = count(1)
# What a body names is of the targets; other members are as the document's examples have them.
VALUES = {
    "email": lambda t: t.email if t.endpoint in SIGNS_IN else t.new_email(),
    **dict.fromkeys(("password", "current_password", "new_password"), lambda t: PASSWORD),
    "refresh_token": lambda t: t.refresh_token,
    "vin": lambda t: a_vin(),
    "from_id": lambda t: t.twice_id,
    "vehicle_id": lambda t: t.vehicle_id,
    "ticket_id": lambda t: t.ticket_id,
    "mechanic_id": lambda t: t.idle_id if t.endpoint == "assignments.create" else t.mechanic_id,
    "part_id": lambda t: t.part_id,
    "part_ids": lambda t: [t.part_id],
    "parts": lambda t: [{"part_id": t.part_id}],
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
    return {
        name: VALUES[name](targets) if name in VALUES else _example(shape, name) for name in names
    }


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
    "customers.erase": {"customer_id": "lonely_customer_id"},
    "vehicles.remove": {"vehicle_id": "lonely_vehicle_id"},
    "vehicles.remove_of_customer": {"vehicle_id": "lonely_vehicle_id"},
    "service_tickets.delete": {"ticket_id": "mistake_id"},
    "service_tickets.return_part": {"part_id": "used_id"},
    "mechanics.let_go": {"mechanic_id": "idle_id"},
}
BY_CUSTOMERS = {
    *("customers.my_tickets", "customers.change_oneself", "customers.erase_oneself"),
}


class Targets:
    """A shop with one of everything, put back as it was after each request."""

    def __init__(self, app):
        self.app = app
        with shop_session().commit_deferred():
            self._rows()
        db.session.commit()
        self.clients = {
            "marge": person(self.app, self.marge),
            "alice": person(self.app, self.alice),
            "zoe": person(self.app, self.zoe),
        }
        db.session.remove()
        self.snapshot = Snapshot(db.engine)

    def _rows(self):
        self.marge, self.alice = a_manager(PASSWORD), a_customer(PASSWORD)
        self.bob = bob = a_mechanic(PASSWORD)
        vehicle = a_vehicle(self.alice, odometer=9_999_999)
        ticket, part, used = a_ticket(vehicle), a_part(1_000_000), a_part(10)
        an_assignment(ticket, bob)
        line = {"quantity_used": 1, "unit_cost_cents": 1, "unit_price_cents": 1}
        saved(TicketPart(ticket_id=ticket.id, part_id=used.id, **line))
        self.owner_id = self.alice.id
        self.customer_id, self.vehicle_id, self.ticket_id = self.alice.id, vehicle.id, ticket.id
        self.mechanic_id, self.part_id, self.used_id = bob.id, part.id, used.id
        self.twice_id = a_walk_in().id
        self.zoe = a_customer(PASSWORD)
        self.lonely_customer_id = self.zoe.id
        self.idle_id, self.lonely_vehicle_id = a_mechanic().id, a_vehicle(self.alice).id
        self.mistake_id = a_ticket(vehicle).id
        begun, self.refresh_token = Session.begin(
            db.session.get_one(Account, self.marge.account_id)
        )
        self.session_id = saved(begun).id

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
        return (self.bob if self.endpoint == "auth.login_mechanic" else self.alice).email

    def id_of(self, name):
        """The row that a path or a query parameter names."""
        return getattr(self, LONELY.get(self.endpoint, {}).get(name, name))

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
