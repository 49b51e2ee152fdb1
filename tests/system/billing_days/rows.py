"""The rows behind invoices, credit notes and payments, and what is due by them, in plain Python."""

from collections import defaultdict

from sqlalchemy import select

from app.database.session import db
from app.models import (
    CreditLine,
    CreditLineTax,
    CreditNote,
    Invoice,
    InvoiceLine,
    InvoiceLineTax,
    Payment,
    ServiceTicket,
)


def all_of(model) -> dict[int, dict]:
    """Return all rows of a table by their ids, in this order."""
    table = model.__table__
    found = db.session.execute(select(*table.columns).order_by(table.c.id)).mappings()
    return {row["id"]: dict(row) for row in found}


def grouped(rows, name: str) -> dict[int, list[dict]]:
    """Return rows in lists, by the value of the column `name`."""
    found = defaultdict(list)
    for row in rows.values():
        found[row[name]].append(row)
    return found


class Rows:
    """All rows that bills are made of, as they are now; kept sums are not used, but checked."""

    def __init__(self):
        self.tickets, self.invoices = all_of(ServiceTicket), all_of(Invoice)
        self.notes, self.payments = all_of(CreditNote), all_of(Payment)
        self.lines, self.credit_lines = all_of(InvoiceLine), all_of(CreditLine)
        self.lines_of = grouped(self.lines, "invoice_id")
        self.taxes_of = grouped(all_of(InvoiceLineTax), "invoice_line_id")
        self.invoices_of = grouped(self.invoices, "ticket_id")
        self.notes_of = grouped(self.notes, "invoice_id")
        self.ledger_of = grouped(self.payments, "ticket_id")
        self.credits_of = grouped(self.credit_lines, "invoice_line_id")
        self.lines_of_note = grouped(self.credit_lines, "credit_note_id")
        self.credit_taxes_of = grouped(all_of(CreditLineTax), "credit_line_id")
        db.session.rollback()

    def live_invoice(self, ticket_id: int) -> dict | None:
        """Return the invoice of a ticket that no credit note has voided, or None."""
        live = [
            each
            for each in self.invoices_of[ticket_id]
            if not any(note["voids"] for note in self.notes_of[each["id"]])
        ]
        assert len(live) <= 1, f"Ticket {ticket_id} has {len(live)} invoices"
        return live[0] if live else None

    def due(self, ticket_id: int, price: int) -> int:
        """Return what is due for a ticket: its invoice less its credit notes, else its price.

        Nothing is due if it is cancelled, or if its invoice was taken back after it was closed.
        """
        ticket, invoice = self.tickets[ticket_id], self.live_invoice(ticket_id)
        if invoice:
            back = sum(note["total_cents"] for note in self.notes_of[invoice["id"]])
            return invoice["total_cents"] - back
        voided = [each["voided_at"] for each in self.invoices_of[ticket_id]]
        closed = ticket["closed_at"] if ticket["status"] == "closed" else None
        if ticket["status"] == "cancelled" or (closed and any(at >= closed for at in voided)):
            return 0
        return price

    def money_of(self, ticket_id: int, price: int) -> dict:
        """Return what is paid for a ticket, what is left, and the word for it."""
        ledger = [each["amount_cents"] for each in self.ledger_of[ticket_id]]
        paid, balance = sum(ledger), self.due(ticket_id, price) - sum(ledger)
        if balance < 0:
            word = "overpaid"
        elif balance > 0:
            word = "partially_paid" if paid > 0 else "unpaid"
        else:
            word = "refunded" if not paid and min(ledger, default=0) < 0 else "paid"
        return {"paid_cents": paid, "balance_cents": balance, "payment_status": word}
