"""Routes for invoices."""

from flask import Response, g

from app.actors import STAFF
from app.blueprints.billing import bp
from app.blueprints.billing.queries import invoices as queries
from app.blueprints.billing.schemas.documents import InvoiceDocumentOut
from app.blueprints.billing.schemas.invoices import (
    InvoiceCreate,
    InvoiceListQuery,
    InvoiceOut,
    InvoicePdfQuery,
)
from app.blueprints.billing.services import invoices as services
from app.blueprints.service_tickets import bp as tickets
from app.errors import (
    IllegalTransition,
    Invalid,
    NegativeTotal,
    NotAuthorized,
    NotFound,
    OdometerLower,
    UnusedParts,
)
from app.web.auth import requires
from app.web.caching import cached
from app.web.limits import pdfs, reads, writes
from app.web.pages import page_shape
from app.web.pdf_answers import pdf_answer
from app.web.shapes import accepts, checks_if_match, refuses, returns, serves

FOR_EVER = "private, max-age=31536000, immutable"


@tickets.post("/<int:ticket_id>/invoice")
@writes
@requires(*STAFF)
@checks_if_match
@accepts(InvoiceCreate())
@returns(InvoiceOut(), 201, location="/invoices/{id}")
@refuses(NotFound, IllegalTransition, UnusedParts, NegativeTotal, NotAuthorized, OdometerLower)
def issue(ticket_id, **invoice):
    """Issue the invoice of a ticket that is ready, and move the ticket to `invoiced`.

    The invoice gets the next number, and is never changed or deleted. Its price is that of the ticket at
    this moment; later changes of rates, prices, names or settings do not change it. `If-Match` is the
    version of the ticket. The transition to `invoiced` does the same.
    """
    return queries.invoice(g.actor, services.invoice_ticket(g.actor, ticket_id, **invoice))


@bp.get("")
@reads
@requires()
@cached(*queries.TABLES, *queries.FOUND_BY)
@accepts(InvoiceListQuery(), "query")
@returns(page_shape(InvoiceOut))
def index(**query):
    """List invoices, newest first; customers see their own."""
    return queries.invoices(g.actor, **query)


@bp.get("/<int:invoice_id>")
@reads
@requires()
@cached(*queries.TABLES)
@returns(InvoiceOut())
@refuses(NotFound)
def show(invoice_id):
    """Show an invoice."""
    return queries.invoice(g.actor, invoice_id)


@bp.get("/<int:invoice_id>/document")
@reads
@requires()
@serves(InvoiceDocumentOut(), conditional=True)
@refuses(NotFound)
def document(invoice_id):
    """Get the document of an invoice: all that was printed on it, in the same bytes for ever.

    It is JSON in UTF-8 with sorted keys. The SHA-256 of its bytes is the `document_sha256` of the
    invoice, and the `ETag`.
    """
    found = queries.document(g.actor, invoice_id)
    response = Response(found["document"], mimetype="application/json")
    response.set_etag(found["document_sha256"])
    response.headers["Cache-Control"] = FOR_EVER
    return response


@bp.get("/<int:invoice_id>/pdf")
@pdfs
@requires()
@accepts(InvoicePdfQuery(), "query")
@serves("application/pdf", conditional=True)
@refuses(NotFound, Invalid)
def pdf(invoice_id, *, payments):
    """Get an invoice as PDF, to print or to send.

    It is made from the document of the invoice alone, so it looks the same for ever. With `payments`, it
    shows what is credited, paid and left by now, instead of what was paid before it.
    """
    found = queries.document(g.actor, invoice_id)
    document = queries.with_payments(g.actor, invoice_id) if payments else found["document"]
    return pdf_answer(document.encode(), _rendered, found["number"].replace("/", "-"))


def _rendered(document):
    from app.pdf.invoice import invoice as render  # here: it takes 0.25 s to import

    return render(document)
