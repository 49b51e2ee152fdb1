"""Queries for invoices."""

import json
from datetime import date

from sqlalchemy import Select, not_

from app.actors import Actor
from app.blueprints.service_tickets.queries import balances as of_tickets
from app.database.statements import Row
from app.extensions import currency
from app.lists.pages import between, equals, filtered, get_or_404, paginated
from app.lists.searching import Searched, Source
from app.models import Invoice, Kind
from app.permissions import invoices_visible_to
from app.words import ro_number

SHOWN = (
    *(Invoice.id, Invoice.number, Invoice.ticket_id, Invoice.customer_id, Invoice.vehicle_id),
    *(Invoice.issued_at, Invoice.issued_on, Invoice.due_on, Invoice.odometer_out),
    *(Invoice.subtotal_cents, Invoice.tax_cents, Invoice.total_cents),
    *(Invoice.credited_cents, Invoice.voided_at, Invoice.document_sha256),
)
TABLES = of_tickets.TABLES
NOTHING_DUE = {"paid_cents": 0, "balance_cents": 0, "payment_status": None}  # if it is void
BY_NOW = ("credited_cents", "paid_cents", "balance_cents")
FOUND_BY = ("customers", "vehicles")  # the tables of the words that the list is searched for
SEARCHED = Searched(
    Invoice.id,
    (
        Source((Kind.INVOICE,), Invoice.id),
        Source((Kind.CUSTOMER,), Invoice.customer_id),
        Source((Kind.VIN, Kind.MODEL), Invoice.vehicle_id),
        Source((Kind.PLATE,), Invoice.vehicle_id, for_staff=True),
    ),
)
SORTS = {
    "id": Invoice.id,
    "number": Invoice.sequence,
    "issued_on": Invoice.issued_on,
    "due_on": Invoice.due_on,
}


def _finish(found: list[Row], _actor: Actor | None) -> list[Row]:
    """Return invoices in their JSON form, with what is left to pay.

    `found` are rows with the columns SHOWN, which are changed in place.
    """
    live = [row["ticket_id"] for row in found if row["voided_at"] is None]
    paid = of_tickets.balances(live)
    for row in found:
        is_void = row.pop("voided_at") is not None
        row |= NOTHING_DUE if is_void else paid[row["ticket_id"]].shown()
        row |= {"ro_number": ro_number(row["ticket_id"]), "is_void": is_void}
        row["currency"] = currency()
    return found


@paginated(SORTS, finish=_finish, searched=SEARCHED)
def invoices(
    actor: Actor,
    *,
    customer_id: int | None = None,
    ticket_id: int | None = None,
    issued_from: date | None = None,
    issued_to: date | None = None,
    due_before: date | None = None,
    open: bool | None = None,
) -> Select:
    """Return a page of the invoices that the actor may see and that match all given filters."""
    return filtered(
        _visible(actor),
        equals(Invoice.customer_id, customer_id),
        equals(Invoice.ticket_id, ticket_id),
        *between(Invoice.issued_on, issued_from, issued_to),
        None if due_before is None else Invoice.due_on < due_before,
        {None: None, True: Invoice.is_open, False: not_(Invoice.is_open)}[open],
    )


def invoice(actor: Actor, invoice_id: int) -> Row:
    return _finish(get_or_404(_visible, actor, invoice_id), actor)[0]


def document(actor: Actor, invoice_id: int) -> Row:
    """Return `{number, document, document_sha256}` of an invoice, or raise NotFound."""
    return get_or_404(_documents, actor, invoice_id)[0]


def with_payments(actor: Actor, invoice_id: int) -> str:
    """Return the document of an invoice as JSON, with what is credited, paid and left by now."""
    found = json.loads(document(actor, invoice_id)["document"])
    now = invoice(actor, invoice_id)
    found["totals"] |= {name: now[name] for name in BY_NOW}
    return json.dumps(found, ensure_ascii=False)


def _visible(actor):
    return invoices_visible_to(actor).with_only_columns(*SHOWN)


def _documents(actor):
    return invoices_visible_to(actor).with_only_columns(
        Invoice.id, Invoice.number, Invoice.document, Invoice.document_sha256
    )
