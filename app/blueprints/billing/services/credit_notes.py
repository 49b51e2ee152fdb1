"""Issuing credit notes, the only way to take back an invoice."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import select

from app.actors import Actor
from app.blueprints.billing.crediting import Charged, Credit, Share, credit_all, credit_some
from app.blueprints.billing.queries.credit_documents import document_of
from app.blueprints.service_tickets.services.moving import put_back
from app.clock import date_in, utc_now
from app.database.session import db
from app.errors import AboveInvoice, NotFound, NothingToCredit
from app.lookup import find
from app.models import (
    CounterName,
    CreditLine,
    CreditLineTax,
    CreditNote,
    Invoice,
    InvoiceLine,
    InvoiceLineTax,
    Shop,
    TicketStatus,
)
from app.models.counters import next_value
from app.models.invoices import keep_open
from app.models.shop import SHOP
from app.permissions import invoices_visible_to, tickets_visible_to

CANONICAL = orjson.OPT_SORT_KEYS | orjson.OPT_UTC_Z


def credit_invoice(
    actor: Actor,
    invoice_id: int,
    *,
    reason: str,
    lines: list[dict[str, int]] | None = None,
    **_all: bool,
) -> int:
    """Issue a credit note on an invoice, and return its id.

    `lines` is `[{invoice_line_id, net_cents}]`, what to take back of which lines. If it is None, all that
    is left is taken back, which voids the invoice: the ticket goes back from `invoiced` to `ready`, but a
    closed one stays closed. Stock and money are not moved.

    Raise AboveInvoice if more would be taken back than is left, NotFound for a line of another invoice,
    and NothingToCredit if the invoice is void.
    """
    ticket_id = find(invoices_visible_to, actor, invoice_id).ticket_id
    ticket = find(tickets_visible_to, actor, ticket_id, lock=True)
    invoice = find(invoices_visible_to, actor, invoice_id, lock=True)
    if invoice.voided_at is not None:
        raise NothingToCredit()
    if lines is None and ticket.status is TicketStatus.INVOICED:
        put_back(actor, ticket, reason)
    note = write_credit_note(actor, invoice, reason=reason, lines=lines)
    keep_open(ticket)
    db.session.commit()
    return note.id


def write_credit_note(
    actor: Actor,
    invoice: Invoice,
    *,
    reason: str,
    lines: list[dict[str, int]] | None = None,
    at: datetime | None = None,
) -> CreditNote:
    """Write a credit note on a locked invoice that is not void, and return it, without a commit.

    `at` is when it is issued, by default now. For `lines` and the errors, see `credit_invoice`. The
    ticket is not changed.
    """
    rows = _locked_lines(invoice)
    credits = credit_all(_charged(rows)) if lines is None else _some(rows, lines)
    total = sum(each.total for each in credits)
    if total > invoice.total_cents - invoice.credited_cents:
        left = invoice.total_cents - invoice.credited_cents
        raise AboveInvoice(f"{left} is left of the invoice.", remaining_cents=left)
    for each in credits:
        rows[each.line_id].credited_cents += each.net
    invoice.credited_cents += total
    if lines is None:
        invoice.voided_at, invoice.is_open = at or utc_now(), False
    return _issue(actor, invoice, rows, credits, reason, at)


def _locked_lines(invoice: Invoice) -> dict[int, InvoiceLine]:
    """Lock the lines of an invoice in the order of their ids; return them by id."""
    of_invoice = select(InvoiceLine).where(InvoiceLine.invoice_id == invoice.id)
    locked = of_invoice.order_by(InvoiceLine.id).with_for_update()
    return {row.id: row for row in db.session.scalars(locked)}


def _charged(rows: dict[int, InvoiceLine]) -> list[Charged]:
    shares: dict[int, list[Share]] = {row_id: [] for row_id in rows}
    of_lines = select(InvoiceLineTax).where(InvoiceLineTax.invoice_line_id.in_(rows))
    for tax in db.session.scalars(of_lines.order_by(InvoiceLineTax.id)):
        shares[tax.invoice_line_id].append(Share(tax.name, tax.millionths, tax.tax_cents))
    return [
        Charged(row.id, row.net_cents, row.credited_cents, shares[row.id]) for row in rows.values()
    ]


def _some(rows: dict[int, InvoiceLine], wanted: list[dict[str, int]]) -> list[Credit]:
    """Return the Credits that `wanted` asks for, `[{invoice_line_id, net_cents}]`, or refuse them."""
    charged = {line.id: line for line in _charged(rows)}
    for each in wanted:
        line = charged.get(each["invoice_line_id"])
        if line is None:
            raise NotFound(f"There is no line {each['invoice_line_id']} on this invoice.")
        if each["net_cents"] > line.remaining:
            raise AboveInvoice(
                f"{line.remaining} is left of line {line.id}.",
                invoice_line_id=line.id,
                remaining_cents=line.remaining,
            )
    asked = {each["invoice_line_id"]: each["net_cents"] for each in wanted}
    return credit_some(charged.values(), asked)


def _issue(
    actor: Actor,
    invoice: Invoice,
    rows: dict[int, InvoiceLine],
    credits: Sequence[Credit],
    reason: str,
    at: datetime | None,
) -> CreditNote:
    """Add a credit note with its lines and its document; the number is taken after all locks.

    It voids an invoice that is void by now. `at` is when it is issued, or None for now.
    """
    db.session.flush()
    sequence = next_value(CounterName.CREDIT_NOTE)
    issued_at = at or utc_now()
    note = CreditNote(
        sequence=sequence,
        number=f"CN-{sequence:06d}",
        invoice_id=invoice.id,
        ticket_id=invoice.ticket_id,
        customer_id=invoice.customer_id,
        reason=reason,
        issued_at=issued_at,
        issued_on=date_in(db.session.get_one(Shop, SHOP).time_zone, issued_at),
        subtotal_cents=sum(each.net for each in credits),
        tax_cents=sum(each.tax for each in credits),
        total_cents=sum(each.total for each in credits),
        voids=invoice.voided_at is not None,
        account_id=actor.account_id,
    )
    document: dict[str, Any] = document_of(note, json.loads(invoice.document), rows, credits)
    encoded = orjson.dumps(document, option=CANONICAL)
    note.document, note.document_sha256 = encoded.decode(), hashlib.sha256(encoded).hexdigest()
    db.session.add(note)
    db.session.flush()
    made = [
        CreditLine(
            credit_note_id=note.id,
            invoice_line_id=each.line_id,
            net_cents=each.net,
            tax_cents=each.tax,
        )
        for each in credits
    ]
    db.session.add_all(made)
    db.session.flush()
    for line, each in zip(made, credits, strict=True):
        db.session.add_all(
            CreditLineTax(
                credit_line_id=line.id,
                position=n,
                name=share.name,
                millionths=share.millionths,
                tax_cents=share.cents,
            )
            for n, share in enumerate(each.shares, start=1)
        )
    return note
