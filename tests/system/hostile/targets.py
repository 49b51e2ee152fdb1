"""What hostile requests are aimed at: rows that are really there, and a plain body for each shape."""

import json
import re
from itertools import count

from app.database.session import db
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
from tests.web.busy_shop import person

serial = count(1)
# A plain body for each shape of the document. `t` are the targets.
PLAIN = {
    "SignIn": lambda t: {"email": t.email, "password": PASSWORD},
    "Registration": lambda t: {"name": "Alice", "email": t.new_email(), "password": PASSWORD},
    "Refresh": lambda t: {"refresh_token": t.refresh_token},
    "PasswordChange": lambda t: {"current_password": PASSWORD, "new_password": PASSWORD},
    "CustomerCreate": lambda t: {"name": "Alice", "email": t.new_email()},
    "CustomerUpdate": lambda t: {},
    "CustomerMerge": lambda t: {"from_id": t.twice_id},
    "VehicleCreate": lambda t: {"vin": a_vin()},
    "VehicleUpdate": lambda t: {},
    "TicketCreate": lambda t: {"vehicle_id": t.vehicle_id, "problem_description": "Rattle"},
    "TicketUpdate": lambda t: {},
    "TicketMove": lambda t: {"to": "in_progress"},
    "Terms": lambda t: {},
    "Crew": lambda t: {},
    "PartUse": lambda t: {},
    "PartQuantity": lambda t: {"quantity_used": next(serial) % 9},
    "PartReturn": lambda t: {},
    "NamedPartUse": lambda t: {"part_id": t.part_id},
    "EachPartUse": lambda t: {"parts": [{"part_id": t.part_id}]},
    "PartIds": lambda t: {"part_ids": [t.part_id]},
    "AssignmentCreate": lambda t: {"ticket_id": t.ticket_id, "mechanic_id": t.idle_id},
    "AssignmentKey": lambda t: {"ticket_id": t.ticket_id, "mechanic_id": t.mechanic_id},
    "MechanicCreate": lambda t: {"name": "Bob", "email": t.new_email()},
    "MechanicUpdate": lambda t: {},
    "PartCreate": lambda t: {"name": "Brake", "price_cents": 900},
    "PartUpdate": lambda t: {},
    "QuantityAdjust": lambda t: {"adjustment": 1},
}


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
        session = db.session()
        session.info["held"] = True  # so that the factories' commits are one
        try:
            self._rows()
        finally:
            session.info["held"] = False
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
        return json.dumps(PLAIN[names[0]](self)).encode() if names else None

    def by(self):
        """Who asks; zoe has no ticket that keeps her from being erased."""
        if self.endpoint == "customers.erase_oneself":
            return self.clients["zoe"]
        return self.clients["alice" if self.endpoint in BY_CUSTOMERS else "marge"]

    def are_signed_out(self):
        return self.by().get("/auth/me").status_code == 401
