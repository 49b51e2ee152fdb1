"""Rows that the fuzzer's requests are about, and bodies that only fit these rows."""

from app.blueprints.billing.services import credit_notes, invoices, payments
from app.blueprints.canned_jobs import services as canned_jobs
from app.blueprints.service_tickets.queries.estimates import estimate_by_id
from app.blueprints.service_tickets.services import (
    approvals,
    authorizations,
    jobs,
    tickets,
    work,
)
from app.database.session import db
from app.models import (
    AuthorizationMethod,
    JobDecision,
    LineKind,
    PaymentMethod,
    Shop,
    TicketLine,
    Vehicle,
)
from app.models.shop import SHOP, Policy
from tests import factories

OF_TICKETS = (
    *("ticket_id", "job_id", "line_id", "link_id", "token", "authorization_id"),
    *("invoice_id", "payment", "credit_note_id"),
)
CASH = {"amount_cents": 500, "method": PaymentMethod.CASH}
LABOR = {"kind": "labor", "billed_minutes": 30, "rate_cents": 10_000}
IN_PERSON = {"method": "in_person", "authorized_by_name": "Alla"}


def rows(path, customer_id):
    """Create a vehicle, a ticket, a mechanic and a used part, as the path needs; return their ids.

    `customer_id` is the owner, or None for a new customer.
    """
    # The fuzzer may have set another policy, under which no part is used without consent.
    db.session.get_one(Shop, SHOP).authorization_policy = Policy.OFF
    owner = customer_id or factories.a_customer().id
    vehicle = factories.saved(Vehicle(customer_id=owner))
    mechanic, part = factories.a_mechanic(), factories.a_part(in_stock=1000)
    found = {"customer_id": owner, "owner_id": owner, "vehicle_id": vehicle.id}
    found |= {"mechanic_id": mechanic.id, "part_id": part.id, "figure": "sales"}
    if "canned" in path:
        name = f"Canned {next(factories.serial)}"
        lines = [LABOR]
        actor = factories.the_actor(factories.a_manager())
        found["canned_job_id"] = canned_jobs.add_canned_job(actor, name=name, lines=lines)
    if any(each in path for each in OF_TICKETS) or path == "/assignments":
        ticket = factories.a_ticket(vehicle)
        found["ticket_id"] = ticket.id
        if not path.endswith("{ticket_id}"):
            factories.an_assignment(ticket, mechanic)
            found |= _of_ticket(path, ticket, part, factories.the_actor(mechanic))
    return found


def _of_ticket(path, ticket, part, actor):
    """Use a part on a ticket, plan one in another job, and make what else the path names."""
    if "invoice" in path or "credit" in path:
        return _invoiced(path, ticket, actor)
    used = work.use_part(actor, ticket.id, part.id).line.id
    if "payment" in path:
        if path.startswith("/customers"):
            tickets.move_ticket(actor, ticket.id, to="completed")
            invoices.invoice_ticket(actor, ticket.id)
        return {"payment_id": payments.pay_ticket(actor, ticket.id, **CASH)}
    planned = {"kind": LineKind.PART, "part_id": part.id}
    job_id = jobs.add_job(actor, ticket.id, name="A job", lines=[planned])
    line_id = used if path.endswith("/return") else _line_of(job_id)
    found = {"job_id": job_id, "line_id": line_id, "revive_job_id": job_id}
    if "token" in path or "link_id" in path:
        found["link_id"], found["token"] = approvals.make_link(actor, ticket.id)
    if "authorization_id" in path or path.endswith("/dismiss"):
        decision = {"job_id": job_id, "decision": JobDecision.DEFERRED}
        said = {"method": AuthorizationMethod.IN_PERSON, "authorized_by_name": "Alla"}
        found["authorization_id"] = authorizations.authorize(
            actor, ticket.id, decisions=[decision], **said
        )
    return found


def _invoiced(path, ticket, actor):
    """Make a ticket ready; if the path names an invoice, issue it and return its id."""
    tickets.move_ticket(actor, ticket.id, to="completed")
    if "invoice_id" not in path and "credit" not in path:
        return {}
    found = {"invoice_id": invoices.invoice_ticket(actor, ticket.id)}
    if "credit_note_id" in path:
        note = {"reason": "Wrong", "lines": None}
        found["credit_note_id"] = credit_notes.credit_invoice(actor, found["invoice_id"], **note)
    return found


def _line_of(job_id):
    return db.session.scalar(db.select(TicketLine.id).where(TicketLine.job_id == job_id))


def body_for(label, found, role):
    """Return the body of an operation that fits these rows, or None if any valid body does.

    `label` is the operation, such as `POST /canned-jobs`, and `role` that of the caller.
    """
    sha256 = estimate_by_id(found["ticket_id"])["estimate_sha256"] if "ticket_id" in found else ""
    if label == "POST /canned-jobs":
        return {"name": f"Another {next(factories.serial)}", "lines": [LABOR]}
    if label in ("PUT /lines/{line_id}", "PATCH /lines/{line_id}"):
        return {"name": "Another"}
    if label.startswith("POST ") and label.endswith(("/payments", "/refunds")):
        return {"amount_cents": 100, "method": "cash"}
    if label == "POST /invoices/{invoice_id}/credit-notes":
        return {"reason": "Wrong", "all": True}
    if label.endswith("/edit"):
        return {"add_ids": [found["mechanic_id"]]}
    if label == "POST /service-tickets/{ticket_id}/jobs":
        return {"name": "Another", "lines": [LABOR]}
    if label == "POST /service-tickets/{ticket_id}/authorizations":
        decisions = {"decisions": [{"job_id": found["job_id"], "decision": "authorized"}]}
        return decisions | ({"estimate_sha256": sha256} if role == "customer" else IN_PERSON)
    if label == "POST /approvals/{token}":
        pending = [job["id"] for job in estimate_by_id(found["ticket_id"])["jobs"]]
        return {
            "estimate_sha256": sha256,
            "authorized_by_name": "Alla",
            "decisions": [{"job_id": job_id, "decision": "authorized"} for job_id in pending],
        }
    return None
