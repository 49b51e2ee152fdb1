"""Routes for credit notes, and for the lines of invoices that they take back."""

from flask import Blueprint, Response, g

from app.actors import Role
from app.blueprints.billing import bp as invoices
from app.blueprints.billing.queries import credit_notes as queries
from app.blueprints.billing.queries.invoices import TABLES as OF_INVOICES
from app.blueprints.billing.routes.invoices import FOR_EVER
from app.blueprints.billing.schemas.credit_notes import (
    CreditDocumentOut,
    CreditNoteCreate,
    CreditNoteListQuery,
    CreditNoteOut,
    InvoiceLineOut,
)
from app.blueprints.billing.services import credit_notes as services
from app.errors import AboveInvoice, NotFound, NothingToCredit
from app.web.auth import requires
from app.web.caching import cached
from app.web.limits import pdfs, reads, writes
from app.web.pages import items_shape, page_shape
from app.web.pdf_answers import pdf_answer
from app.web.shapes import accepts, refuses, returns, serves

bp = Blueprint("credit_notes", __name__, url_prefix="/credit-notes")


@invoices.get("/<int:invoice_id>/lines")
@reads
@requires()
@cached(*OF_INVOICES, "invoice_lines")
@returns(items_shape(InvoiceLineOut))
@refuses(NotFound)
def lines(invoice_id):
    """List the lines of an invoice, with what was credited of each."""
    return queries.lines_of_invoice(g.actor, invoice_id)


@invoices.post("/<int:invoice_id>/credit-notes")
@writes
@requires(Role.MANAGER)
@accepts(CreditNoteCreate())
@returns(CreditNoteOut(), 201, location="/credit-notes/{id}", needs_key=True)
@refuses(NotFound, AboveInvoice, NothingToCredit)
def credit(invoice_id, **note):
    """Issue a credit note on an invoice: on parts of some lines, or on all that is left.

    This is the only way to take back an invoice. The tax goes back in proportion. With `all`, the invoice
    is void, and a ticket that is invoiced goes back to ready, to be put right and invoiced again under a
    new number. Stock and money are not moved: return parts, and refund payments. An `Idempotency-Key` is
    required.
    """
    return queries.credit_note(g.actor, services.credit_invoice(g.actor, invoice_id, **note))


@invoices.get("/<int:invoice_id>/credit-notes")
@reads
@requires()
@cached(*OF_INVOICES, *queries.TABLES)
@accepts(CreditNoteListQuery(exclude=("invoice_id",)), "query")
@returns(page_shape(CreditNoteOut))
@refuses(NotFound)
def credit_notes_of_invoice(invoice_id, **query):
    """List the credit notes on an invoice, newest first."""
    return queries.credit_notes_of_invoice(g.actor, invoice_id, **query)


@bp.get("")
@reads
@requires()
@cached(*queries.TABLES)
@accepts(CreditNoteListQuery(), "query")
@returns(page_shape(CreditNoteOut))
def index(**query):
    """List credit notes, newest first; customers see their own."""
    return queries.credit_notes(g.actor, **query)


@bp.get("/<int:credit_note_id>")
@reads
@requires()
@cached(*queries.TABLES)
@returns(CreditNoteOut())
@refuses(NotFound)
def show(credit_note_id):
    """Show a credit note with its lines."""
    return queries.credit_note(g.actor, credit_note_id)


@bp.get("/<int:credit_note_id>/document")
@reads
@requires()
@serves(CreditDocumentOut(), conditional=True)
@refuses(NotFound)
def document(credit_note_id):
    """Get the document of a credit note: all that was printed on it, in the same bytes for ever."""
    found = queries.document(g.actor, credit_note_id)
    response = Response(found["document"], mimetype="application/json")
    response.set_etag(found["document_sha256"])
    response.headers["Cache-Control"] = FOR_EVER
    return response


@bp.get("/<int:credit_note_id>/pdf")
@pdfs
@requires()
@serves("application/pdf", conditional=True)
@refuses(NotFound)
def pdf(credit_note_id):
    """Get a credit note as PDF, to print or to send."""
    found = queries.document(g.actor, credit_note_id)
    return pdf_answer(found["document"].encode(), _rendered, found["number"])


def _rendered(document):
    from app.pdf.credit_note import credit_note as render  # here: it takes 0.25 s to import

    return render(document)
