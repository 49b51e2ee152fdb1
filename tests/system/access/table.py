"""The access rights: a row for each view, with the actors that it refuses and the statuses.

A new operation gets a row: the name of its view, who is refused, the status for everyone else, and
the body that is sent. Older paths, and PUT where there is PATCH, have the same view and the same row.
If the rights depend on the body, a view has several rows, told apart by the words in brackets.
"""

from typing import NamedTuple

# The actors that are refused, and the status. Views that check tokens refuse bad ones.
UNASKED: dict[str, int] = {}
PUBLIC = {"bad token": 401}
SIGNED_IN = PUBLIC | {"anyone": 401}
OWN = SIGNED_IN | {"stranger": 404}
CUSTOMERS_NOT = {"owner": 403, "stranger": 403}
MECHANICS_NOT = {"assigned": 403, "unassigned": 403}
NOBODY_ELSES = OWN | {"assigned": 404, "unassigned": 404, "manager": 404}
STAFF = SIGNED_IN | CUSTOMERS_NOT
MANAGERS = STAFF | MECHANICS_NOT
CUSTOMERS = SIGNED_IN | MECHANICS_NOT | {"manager": 403}

# "@name" is replaced by the value that the cast has for `name`.
PASSWORD, NEW = "@password", "a new and long password"
OWNER = {"email": "@owner_email", "password": PASSWORD}
MECHANIC = {"email": "@mechanic_email", "password": PASSWORD}
NEW_PASSWORD = {"current_password": PASSWORD, "new_password": NEW}
DORA = {"name": "Dora", "email": "dora@example.com"}
ON_TICKET = {"ticket_id": "@ticket_id", "mechanic_id": "@mechanic_id"}
RATTLE = {"problem_description": "Rattle"}
TOLD = {"method": "in_person", "authorized_by_name": "Alice"}
ON_ASKED = {"decisions": [{"job_id": "@asked_job", "decision": "authorized"}]}
AUTHORIZED = {"decisions": [{"job_id": "@other_job", "decision": "authorized"}]}
LABOR = {"lines": [{"kind": "labor", "billed_minutes": 30}]}
CASH = {"amount_cents": 50, "method": "cash"}
# Each check of a password is counted, right or wrong.
TRIES = ("sign_in_attempts",)


class Row(NamedTuple):
    """One row. `at`: ids in the path other than the usual. `noted`: tables that a refusal may change."""

    refused: dict[str, int]
    status: int
    sent: dict | None = None
    at: dict[str, str] = {}
    noted: tuple[str, ...] = ()


TABLE = {
    "assignments.index": Row(STAFF, 200),
    "assignments.create": Row(STAFF, 201, ON_TICKET | {"mechanic_id": "@unassigned"}),
    "assignments.remove": Row(STAFF, 204, ON_TICKET),
    "audit.index": Row(MANAGERS, 200),
    "auth.login": Row(UNASKED, 200, OWNER),
    "auth.login (wrong)": Row(UNASKED, 401, OWNER | {"password": NEW}, noted=TRIES),
    "auth.login_customer": Row(UNASKED, 200, OWNER),
    "auth.login_customer (staff)": Row(UNASKED, 401, MECHANIC, noted=TRIES),
    "auth.login_mechanic": Row(UNASKED, 200, MECHANIC),
    "auth.login_mechanic (a customer)": Row(UNASKED, 401, OWNER, noted=TRIES),
    "auth.register": Row(UNASKED, 201, DORA | {"password": NEW}),
    "auth.refresh": Row(UNASKED, 200, {"refresh_token": "@refresh_token"}),
    # A stale token may be stolen, so its session ends.
    "auth.refresh (stale)": Row(
        UNASKED, 401, {"refresh_token": "@stale_refresh_token"}, noted=("sessions", "audit_entries")
    ),
    "auth.logout": Row(SIGNED_IN, 204),
    "auth.logout_all": Row(SIGNED_IN, 204),
    "auth.change_password": Row(SIGNED_IN, 204, NEW_PASSWORD),
    "auth.change_password (wrong)": Row(
        SIGNED_IN, 403, NEW_PASSWORD | {"current_password": NEW}, noted=TRIES
    ),
    "auth.sessions": Row(SIGNED_IN, 200),
    "auth.end_session": Row(NOBODY_ELSES, 204),
    "auth.end_sessions": Row(SIGNED_IN, 204),
    "auth.keys": Row(UNASKED, 200),
    "auth.me": Row(SIGNED_IN, 200),
    "approval_links.revoke": Row(STAFF, 204),
    "approvals.show": Row(UNASKED, 200),
    "approvals.decide": Row(
        UNASKED,
        201,
        {"estimate_sha256": "@link_sha256", "authorized_by_name": "Alice"} | ON_ASKED,
    ),
    "authorizations.show": Row(OWN, 200),
    "canned_jobs.index": Row(STAFF, 200),
    "canned_jobs.show": Row(STAFF, 200),
    "canned_jobs.create": Row(MANAGERS, 201, {"name": "Oil change"} | LABOR),
    "canned_jobs.change": Row(MANAGERS, 200, {"note": "Synthetic"}),
    "canned_jobs.retire": Row(MANAGERS, 204),
    "service_tickets.estimate": Row(OWN, 200),
    "service_tickets.estimate_pdf": Row(OWN, 200),
    "service_tickets.authorizations": Row(OWN, 200),
    "service_tickets.authorize": Row(OWN | {"owner": 422}, 201, TOLD | AUTHORIZED),
    "service_tickets.authorize (oneself)": Row(
        OWN | dict.fromkeys(("assigned", "unassigned", "manager"), 422),
        201,
        AUTHORIZED | {"estimate_sha256": "@estimate_sha256"},
    ),
    "service_tickets.approval_links": Row(STAFF, 200),
    "service_tickets.add_approval_link": Row(STAFF, 201, {"expires_in_hours": 4}),
    "service_tickets.use_canned_job": Row(STAFF, 201, {"canned_job_id": "@canned_job_id"}),
    "customers.create": Row(PUBLIC, 201, DORA | {"password": NEW}),
    "customers.create (a walk-in)": Row(
        PUBLIC | {"anyone": 422, "owner": 422, "stranger": 422}, 201, {"name": "Dora"}
    ),
    "customers.index": Row(STAFF, 200),
    "customers.my_tickets": Row(CUSTOMERS, 200),
    "customers.show": Row(OWN, 200),
    "customers.change": Row(OWN, 200, {"phone": "555-0199"}),
    "customers.change (an e-mail)": Row(OWN | MECHANICS_NOT, 200, {"email": DORA["email"]}),
    "customers.change (a password)": Row(
        OWN | MECHANICS_NOT | {"owner": 403}, 200, {"password": NEW}, noted=TRIES
    ),
    "customers.change (its own password)": Row(OWN | MECHANICS_NOT, 200, {"password": "@password"}),
    "customers.duplicates": Row(STAFF, 200),
    "customers.billing_terms": Row(STAFF, 200),
    "customers.change_billing_terms": Row(
        STAFF, 200, {"tax_exempt": True, "tax_exempt_number": "T-1"}
    ),
    "customers.merge": Row(MANAGERS, 201, {"from_id": "@other_customer", "keep_account": "this"}),
    "customers.erase": Row(
        SIGNED_IN | MECHANICS_NOT | {"owner": 404}, 204, at={"customer_id": "@other_customer"}
    ),
    "customers.erase (with an open ticket)": Row(OWN | MECHANICS_NOT, 409),
    "customers.change_oneself": Row(CUSTOMERS, 200, {"phone": "555-0199"}),
    "customers.change_oneself (a password)": Row(
        CUSTOMERS | {"owner": 403, "stranger": 403}, 200, {"password": NEW}, noted=TRIES
    ),
    "customers.erase_oneself": Row(CUSTOMERS | {"owner": 409}, 204),
    "health.healthz": Row(UNASKED, 200),
    "health.readyz": Row(UNASKED, 200),
    "health.metrics": Row(UNASKED, 200),
    "health.openapi": Row(UNASKED, 200),
    "health.problems": Row(UNASKED, 200),
    "health.robots": Row(UNASKED, 200),
    "health.home": Row(UNASKED, 302),
    "inventory.index": Row(PUBLIC, 200),
    "inventory.create": Row(
        STAFF, 201, {"name": "Brake pad", "price_cents": 900, "quantity_in_stock": 4}
    ),
    "inventory.show": Row(PUBLIC, 200),
    "inventory.change": Row(STAFF, 200, {"name": "Brake pad"}),
    "inventory.retire": Row(STAFF, 204),
    "inventory.restore": Row(STAFF, 201, at={"part_id": "@retired"}),
    "inventory.adjust_quantity": Row(STAFF, 200, {"adjustment": 1}),
    "inventory.movements": Row(STAFF, 200),
    "inventory.usage": Row(STAFF, 200),
    "invoices.index": Row(SIGNED_IN, 200),
    "invoices.show": Row(OWN, 200),
    "invoices.document": Row(OWN, 200),
    "invoices.pdf": Row(OWN, 200),
    "service_tickets.issue": Row(STAFF, 201, {}, at={"ticket_id": "@ready"}),
    "invoices.lines": Row(OWN, 200),
    "invoices.credit_notes_of_invoice": Row(OWN, 200),
    "invoices.credit": Row(MANAGERS, 201, {"reason": "Wrong", "all": True}),
    "credit_notes.index": Row(SIGNED_IN, 200),
    "credit_notes.show": Row(OWN, 200),
    "credit_notes.document": Row(OWN, 200),
    "credit_notes.pdf": Row(OWN, 200),
    "payments.index": Row(SIGNED_IN, 200),
    "payments.show": Row(OWN, 200),
    "payments.refund": Row(MANAGERS, 201, CASH),
    "service_tickets.payments_of_ticket": Row(OWN, 200),
    "service_tickets.pay": Row(STAFF, 201, CASH, at={"ticket_id": "@invoiced"}),
    "customers.pay_several": Row(STAFF, 201, CASH),
    "customers.statement": Row(OWN, 200),
    "reports.shop": Row(MANAGERS, 200),
    "reports.rows": Row(MANAGERS, 200),
    "jobs.show": Row(OWN, 200),
    "jobs.change": Row(STAFF, 200, {"note": "Worn"}),
    "jobs.delete": Row(STAFF, 204, at={"job_id": "@other_job"}),
    "jobs.add_line": Row(STAFF, 201, {"kind": "labor", "billed_minutes": 30}),
    "jobs.dismiss": Row(STAFF, 201, {"reason": "Sold"}, at={"job_id": "@waiting"}),
    "lines.show": Row(OWN, 200),
    "lines.change": Row(STAFF, 200, {"name": "Brake pads"}),
    "lines.delete": Row(STAFF, 204, at={"line_id": "@planned"}),
    "lines.use": Row(STAFF, 201, at={"line_id": "@planned"}),
    "lines.give_back": Row(STAFF, 201),
    "mechanics.index": Row(SIGNED_IN, 200),
    "mechanics.top": Row(SIGNED_IN, 200),
    "mechanics.show": Row(SIGNED_IN, 200),
    "mechanics.create": Row(MANAGERS, 201, DORA),
    "mechanics.change": Row(MANAGERS, 200, {"salary": 50000}),
    "mechanics.change (own phone)": Row(STAFF | {"unassigned": 403}, 200, {"phone": "555-0199"}),
    "mechanics.change (a role)": Row(MANAGERS, 200, {"role": "manager"}),
    "mechanics.change (a password)": Row(MANAGERS, 200, {"password": NEW}),
    "mechanics.let_go": Row(MANAGERS, 204),
    "service_tickets.index": Row(SIGNED_IN, 200),
    "service_tickets.create": Row(OWN, 201, RATTLE | {"vehicle_id": "@vehicle_id"}),
    "service_tickets.create (by VIN)": Row(
        SIGNED_IN | {"stranger": 409}, 201, RATTLE | {"vin": "@vin"}
    ),
    "service_tickets.create (without a vehicle)": Row(
        SIGNED_IN | dict.fromkeys(("assigned", "unassigned", "manager"), 422), 201, RATTLE
    ),
    "service_tickets.create (for a customer)": Row(
        OWN, 201, RATTLE | {"customer_id": "@customer_id"}
    ),
    "service_tickets.create (begun)": Row(
        OWN | {"owner": 403}, 201, RATTLE | {"vehicle_id": "@vehicle_id", "status": "in_progress"}
    ),
    "service_tickets.create (with a crew)": Row(
        OWN | {"owner": 403},
        201,
        RATTLE | {"vehicle_id": "@vehicle_id", "mechanic_ids": ["@mechanic_id"]},
    ),
    "service_tickets.show": Row(OWN, 200),
    "service_tickets.change": Row(STAFF, 200, {"priority": 1}),
    "service_tickets.change (its customer)": Row(
        STAFF,
        200,
        {"customer_id": "@other_customer", "vehicle_id": None, "odometer_in": None},
        at={"ticket_id": "@mistake"},
    ),
    "service_tickets.delete": Row(MANAGERS, 204, at={"ticket_id": "@mistake"}),
    "service_tickets.move": Row(OWN | {"owner": 403}, 201, {"to": "in_progress"}),
    "service_tickets.move (cancel)": Row(OWN, 201, {"to": "cancelled"}),
    "service_tickets.move (reopen)": Row(
        OWN | MECHANICS_NOT | {"owner": 403},
        201,
        {"to": "open", "reason": "It came after all"},
        at={"ticket_id": "@cancelled"},
    ),
    "service_tickets.history": Row(OWN, 200),
    "service_tickets.assign_mechanic": Row(STAFF, 200, {"role": "Second"}),
    "service_tickets.remove_mechanic": Row(STAFF, 200),
    "service_tickets.take_off": Row(STAFF, 204),
    "service_tickets.edit": Row(STAFF, 200, {"add_ids": ["@unassigned"]}),
    "service_tickets.jobs": Row(OWN, 200),
    "service_tickets.add_job": Row(
        STAFF, 201, {"name": "Brakes", "lines": [{"kind": "part", "part_id": "@part_id"}]}
    ),
    "service_tickets.add_job (that waited)": Row(STAFF, 201, {"revive_job_id": "@waiting"}),
    "service_tickets.add_discount": Row(STAFF, 201, {"name": "Coupon", "discount_cents": 500}),
    "service_tickets.lines": Row(OWN, 200),
    "service_tickets.totals": Row(OWN, 200),
    "service_tickets.pricing": Row(STAFF, 200),
    "service_tickets.parts": Row(OWN, 200),
    "service_tickets.use_part": Row(STAFF, 201, {"quantity_used": 2}),
    "service_tickets.use_parts": Row(STAFF, 201, {"part_ids": ["@part_id", "@spare"]}),
    "service_tickets.set_quantity": Row(STAFF, 200, {"quantity_used": 3}),
    "service_tickets.return_part": Row(STAFF, 204),
    "shop.show": Row(PUBLIC, 200),
    "shop.change": Row(MANAGERS, 200, {"name": "Another"}),
    "vehicles.index": Row(SIGNED_IN, 200),
    "vehicles.index_of_customer": Row(OWN, 200),
    "vehicles.create": Row(OWN, 201, {"make": "Honda"}),
    "vehicles.show": Row(OWN, 200),
    "vehicles.change": Row(OWN, 200, {"color": "red"}),
    "vehicles.change (its owner)": Row(
        OWN | {"owner": 403}, 200, {"customer_id": "@other_customer"}
    ),
    "vehicles.remove": Row(OWN, 204, at={"vehicle_id": "@unused_vehicle"}),
    "vehicles.recommended": Row(OWN, 200),
    "vehicles.history": Row(OWN, 200),
    "vehicles.show_of_customer": Row(OWN, 200),
    "vehicles.change_of_customer": Row(OWN, 200, {"color": "red"}),
    "vehicles.remove_of_customer": Row(OWN, 204, at={"vehicle_id": "@unused_vehicle"}),
}
