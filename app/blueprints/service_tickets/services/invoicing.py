"""Issuing the invoice of a ticket, without a commit; the ticket must be locked."""

import hashlib
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import select

from app.actors import Actor
from app.blueprints.service_tickets.queries.invoice_drafts import Draft, draft
from app.blueprints.service_tickets.services.consent import must_be_authorized
from app.blueprints.vehicles.services.odometer import log_leaving
from app.clock import date_in, utc_now
from app.database.session import db
from app.errors import Invalid, NegativeTotal, UnusedParts
from app.models import (
    CounterName,
    Customer,
    Invoice,
    InvoiceLine,
    InvoiceLineTax,
    Job,
    ServiceTicket,
    Shop,
    TicketLine,
)
from app.models.counters import next_value
from app.models.jobs import TURNED_DOWN
from app.models.shop import SHOP
from app.quantities import as_json

CANONICAL = orjson.OPT_SORT_KEYS | orjson.OPT_UTC_Z


def issue_invoice(
    actor: Actor,
    ticket: ServiceTicket,
    *,
    odometer_out: int | None = None,
    override_reason: str | None = None,
    due_on: date | None = None,
) -> Invoice:
    """Issue the invoice of a locked ticket at its present price, and return it.

    `odometer_out` is the reading when the vehicle leaves; `override_reason` says why it is right,
    although it does not fit the log. `due_on` is by default today plus the customer's payment terms, or
    else the shop's. The status of the ticket must be checked before, and is not changed.

    Raise UnusedParts if parts from stock are planned, but not used, NegativeTotal if the total is below
    0, NotAuthorized as `must_be_authorized` does, Invalid for a wrong `due_on` or `odometer_out`, and
    OdometerLower. The settings are locked, so that all of the invoice follows the same ones.
    """
    db.session.get_one(Shop, SHOP, with_for_update={"read": True})
    _must_have_used_parts(ticket)
    drafted = draft(actor, ticket.id)
    if drafted.price.total < 0:
        raise NegativeTotal(total_cents=drafted.price.total)
    must_be_authorized(ticket.id)
    if odometer_out is not None:
        if ticket.vehicle_id is None:
            raise Invalid.at("/odometer_out", "This ticket has no vehicle.")
        log_leaving(actor, ticket.vehicle_id, odometer_out, override_reason)
    return write_invoice(actor, ticket, drafted, odometer_out=odometer_out, due_on=due_on)


def write_invoice(
    actor: Actor,
    ticket: ServiceTicket,
    drafted: Draft,
    *,
    odometer_out: int | None = None,
    due_on: date | None = None,
    at: datetime | None = None,
) -> Invoice:
    """Write the invoice of a locked ticket as it was drafted, with the next number, and return it.

    `at` is when it is issued, by default now; for the other arguments, see `issue_invoice`. Raise Invalid
    for a wrong `due_on`. The number is taken last, so that nobody waits for a row while holding the
    counter, and the time after it, so that times are in the order of the numbers.
    """
    shop = db.session.get_one(Shop, SHOP)
    ticket.invoiced_terms = asdict(drafted.terms)
    db.session.flush()
    sequence = shop.first_invoice_number - 1 + next_value(CounterName.INVOICE)
    issued_at = at or utc_now()
    today = date_in(shop.time_zone, issued_at)
    invoice = Invoice(
        sequence=sequence,
        number=f"{shop.invoice_prefix}{sequence:06d}",
        ticket_id=ticket.id,
        customer_id=ticket.customer_id,
        vehicle_id=ticket.vehicle_id,
        account_id=actor.account_id,
        issued_at=issued_at,
        issued_on=today,
        due_on=_due(ticket, shop, today, due_on),
        odometer_out=odometer_out,
        subtotal_cents=drafted.price.subtotal,
        tax_cents=drafted.price.tax,
        total_cents=drafted.price.total,
        is_open=drafted.price.total > ticket.paid_cents,
    )
    _freeze(invoice, drafted)
    _add_lines(invoice, drafted)
    return invoice


def _must_have_used_parts(ticket: ServiceTicket) -> None:
    """Raise UnusedParts if a job that is invoiced has a part from stock that was not taken out of it."""
    planned = (
        select(TicketLine.id)
        .join(Job, Job.id == TicketLine.job_id)
        .where(
            TicketLine.ticket_id == ticket.id,
            TicketLine.part_id.is_not(None),
            TicketLine.used_at.is_(None),
            Job.decision.is_(None) | Job.decision.not_in(TURNED_DOWN),
        )
        .order_by(TicketLine.id)
    )
    if line_ids := list(db.session.scalars(planned)):
        raise UnusedParts(line_ids=line_ids)


def _due(ticket: ServiceTicket, shop: Shop, today: date, due_on: date | None) -> date:
    if due_on is None:
        days = db.session.get_one(Customer, ticket.customer_id).payment_terms_days
        return today + timedelta(days=shop.payment_terms_days if days is None else days)
    if due_on < today:
        raise Invalid.at("/due_on", f"It is {today} in the shop: not before that.")
    return due_on


def _freeze(invoice: Invoice, drafted: Draft) -> None:
    """Write the document of an invoice, with its number and dates, and the hash of its bytes."""
    document: dict[str, Any] = drafted.document | {
        "number": invoice.number,
        "issued_at": invoice.issued_at,
        "issued_on": invoice.issued_on,
        "due_on": invoice.due_on,
    }
    document["ticket"] |= {"odometer_out": invoice.odometer_out}
    encoded = orjson.dumps(document, default=as_json, option=CANONICAL)
    invoice.document = encoded.decode()
    invoice.document_sha256 = hashlib.sha256(encoded).hexdigest()


def _add_lines(invoice: Invoice, drafted: Draft) -> None:
    db.session.add(invoice)
    db.session.flush()
    made = [InvoiceLine(invoice_id=invoice.id, **line) for line, _ in drafted.lines]
    db.session.add_all(made)
    db.session.flush()
    for line, (_, taxes) in zip(made, drafted.lines, strict=True):
        db.session.add_all(InvoiceLineTax(invoice_line_id=line.id, **tax) for tax in taxes)
