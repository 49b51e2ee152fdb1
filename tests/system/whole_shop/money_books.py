"""The rows of invoices, payments and credit notes in the database, and as the book says, with ids."""

from app.models import CreditLine, CreditNote, Invoice, InvoiceLine, Payment
from tests.system.whole_shop.book import Book
from tests.system.whole_shop.counter import Counter
from tests.system.whole_shop.invoices import is_open
from tests.system.whole_shop.order_books import in_ids, rows

OF_INVOICE = (
    *("ticket_id", "customer_id", "odometer_out", "due_on", "total_cents", "credited_cents"),
    *("is_open", "voided_at"),
)
OF_CHARGE = (
    *("invoice_id", "position", "kind", "job_id", "line_id", "amount_cents", "net_cents"),
    *("mechanic_id", "tax_cents", "credited_cents"),
)
OF_PAYMENT = (
    *("ticket_id", "customer_id", "amount_cents", "method", "reference", "note"),
    *("refunds_payment_id", "batch_id", "received_at"),
)


OF_CREDIT_NOTE = (
    *("invoice_id", "ticket_id", "customer_id", "reason", "voids", "subtotal_cents", "tax_cents"),
    "total_cents",
)
OF_CREDIT_LINE = ("credit_note_id", "invoice_line_id", "net_cents", "tax_cents")


def found() -> dict:
    issued, taken = rows(Invoice, *OF_INVOICE), rows(Payment, *OF_PAYMENT)
    for each in issued.values():
        each["voided_at"] = each["voided_at"] is not None
    for each in taken.values():
        each["received_at"] = each["received_at"].date()
    noted = rows(CreditNote, *OF_CREDIT_NOTE)
    for each in noted.values():
        each["lines"] = []
    for _, each in sorted(rows(CreditLine, *OF_CREDIT_LINE).items()):
        noted[each.pop("credit_note_id")]["lines"].append(tuple(each.values()))
    return {
        "invoices": issued,
        "charges": rows(InvoiceLine, *OF_CHARGE),
        "payments": taken,
        "credit notes": noted,
    }


def expected(book: Book, counter: Counter) -> dict:
    said = {
        "invoices": {
            each.name: {
                "ticket_id": each.ticket,
                "customer_id": each.customer,
                "odometer_out": each.odometer_out,
                "due_on": each.due,
                "total_cents": each.totals["total_cents"],
                "credited_cents": each.credited,
                "is_open": is_open(book, each),
                "voided_at": each.voided is not None,
            }
            for each in book.invoices.values()
        },
        "charges": {
            each.name: {
                "invoice_id": invoice.name,
                "position": n,
                "kind": each.kind,
                "job_id": each.job,
                "line_id": each.line,
                "mechanic_id": each.mechanic,
                "amount_cents": each.amount,
                "net_cents": each.net,
                "tax_cents": each.tax,
                "credited_cents": each.credited,
            }
            for invoice in book.invoices.values()
            for n, each in enumerate(invoice.charges, start=1)
        },
        "payments": {
            each.name: {
                "ticket_id": each.ticket,
                "customer_id": each.customer,
                "amount_cents": each.amount,
                "method": each.method,
                "reference": each.reference,
                "note": each.note,
                "refunds_payment_id": each.refunds,
                "batch_id": each.batch,
                "received_at": each.on,
            }
            for each in book.payments.values()
        },
        "credit notes": {
            each.name: {
                "invoice_id": each.invoice,
                "ticket_id": each.ticket,
                "customer_id": each.customer,
                "reason": each.reason,
                "voids": each.voids,
                "subtotal_cents": each.subtotal,
                "tax_cents": each.tax,
                "total_cents": each.total,
                "lines": [
                    (charge, net, sum(cents for *_, cents in shares))
                    for charge, net, shares in each.lines
                ],
            }
            for each in book.credit_notes.values()
        },
    }
    return in_ids(counter, said)
