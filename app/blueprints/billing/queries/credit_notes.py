"""Queries for credit notes, and for the lines of invoices that they take back."""

from collections import defaultdict
from datetime import date

from sqlalchemy import Select, select

from app.actors import Actor
from app.blueprints.billing.queries.invoices import invoice
from app.database.prepared import IDS, Among
from app.database.statements import Row, fetch
from app.extensions import currency
from app.lists.pages import between, equals, filtered, get_or_404, paginated
from app.models import CreditLine, CreditNote, Invoice, InvoiceLine
from app.permissions import credit_notes_visible_to

TABLES = ("credit_notes", "credit_lines", "invoices", "invoice_lines")
SHOWN = (
    *(CreditNote.id, CreditNote.number, CreditNote.invoice_id, CreditNote.ticket_id),
    *(CreditNote.customer_id, CreditNote.issued_at, CreditNote.issued_on, CreditNote.reason),
    *(CreditNote.voids, CreditNote.subtotal_cents, CreditNote.tax_cents),
    *(CreditNote.total_cents, CreditNote.document_sha256),
    Invoice.number.label("invoice_number"),
)
LINES = (
    select(
        *(CreditLine.credit_note_id, CreditLine.invoice_line_id),
        *(CreditLine.net_cents, CreditLine.tax_cents),
        *(InvoiceLine.kind, InvoiceLine.job_name, InvoiceLine.name),
    )
    .join(InvoiceLine, InvoiceLine.id == CreditLine.invoice_line_id)
    .where(Among(CreditLine.credit_note_id, IDS))
    .order_by(CreditLine.id)
)
OF_INVOICE = (
    *(InvoiceLine.id, InvoiceLine.position, InvoiceLine.kind, InvoiceLine.job_id),
    *(InvoiceLine.job_name, InvoiceLine.name, InvoiceLine.amount_cents),
    *(InvoiceLine.discount_cents, InvoiceLine.net_cents, InvoiceLine.tax_cents),
    InvoiceLine.credited_cents,
)
SORTS = {"id": CreditNote.id, "number": CreditNote.sequence, "issued_on": CreditNote.issued_on}


def _finish(found: list[Row], _actor: Actor | None) -> list[Row]:
    """Return credit notes in their JSON form; `found` are rows with the columns SHOWN."""
    lines = defaultdict(list)
    for row in fetch(LINES, ids=[each["id"] for each in found]) if found else ():
        lines[row.pop("credit_note_id")].append(row)
    for each in found:
        each |= {"lines": lines[each["id"]], "currency": currency()}
    return found


@paginated(SORTS, finish=_finish)
def credit_notes(
    actor: Actor,
    *,
    invoice_id: int | None = None,
    customer_id: int | None = None,
    issued_from: date | None = None,
    issued_to: date | None = None,
) -> Select:
    """Return a page of the credit notes that the actor may see and that match all given filters."""
    return filtered(
        _visible(actor),
        equals(CreditNote.invoice_id, invoice_id),
        equals(CreditNote.customer_id, customer_id),
        *between(CreditNote.issued_on, issued_from, issued_to),
    )


def credit_notes_of_invoice(actor: Actor, invoice_id: int, **query) -> dict:
    """Return a page of the credit notes on an invoice, or raise NotFound."""
    invoice(actor, invoice_id)
    return credit_notes(actor, invoice_id=invoice_id, **query)


def credit_note(actor: Actor, credit_note_id: int) -> Row:
    return _finish(get_or_404(_visible, actor, credit_note_id), actor)[0]


def document(actor: Actor, credit_note_id: int) -> Row:
    """Return `{number, document, document_sha256}` of a credit note, or raise NotFound."""
    return get_or_404(_documents, actor, credit_note_id)[0]


def lines_of_invoice(actor: Actor, invoice_id: int) -> dict:
    """Return the lines of an invoice in their order, `{items: [...]}`, or raise NotFound."""
    invoice(actor, invoice_id)
    of_invoice = select(*OF_INVOICE).where(InvoiceLine.invoice_id == invoice_id)
    return {"items": fetch(of_invoice.order_by(InvoiceLine.position))}


def _visible(actor):
    noted = credit_notes_visible_to(actor).join(Invoice, Invoice.id == CreditNote.invoice_id)
    return noted.with_only_columns(*SHOWN)


def _documents(actor):
    return credit_notes_visible_to(actor).with_only_columns(
        CreditNote.id, CreditNote.number, CreditNote.document, CreditNote.document_sha256
    )
