"""Request and response bodies of invoices, and the filters of their list."""

from marshmallow import fields, validate

from app.blueprints.service_tickets.schemas.jobs import PAYMENT_STATUSES
from app.models import Invoice
from app.models.vehicles import MAX_ODOMETER
from app.web.fields import (
    DateTime,
    Digits,
    RequestSchema,
    ResponseSchema,
    Text,
    TrueOrFalse,
    Whole,
    auto_field,
)
from app.web.pages import PageQuery, sorted_by, words
from app.web.rules import demand, rule


class InvoiceCreate(RequestSchema):
    """Request body for issuing the invoice of a ticket; every member may be left out."""

    odometer_out = Whole(
        most=MAX_ODOMETER, metadata={"description": "the reading when the vehicle leaves"}
    )
    override_reason = Text(
        lines=True,
        validate=validate.Length(max=200),
        metadata={"description": "why an odometer reading that does not fit is right"},
    )
    due_on = fields.Date(
        metadata={"description": "from today on; today plus the payment terms if left out"}
    )

    @rule
    def say_of_what(self, loaded, sent):
        yield from demand("odometer_out", loaded, sent, "override_reason")


class InvoiceOut(ResponseSchema):
    """An invoice in an answer; `GET /invoices/{invoice_id}/document` has all that is printed on it."""

    class Meta(ResponseSchema.Meta):
        model = Invoice

    id = auto_field()
    number = auto_field()
    ticket_id = auto_field()
    ro_number = fields.String()
    customer_id = auto_field()
    vehicle_id = auto_field()
    issued_at = DateTime()
    issued_on = fields.Date(metadata={"description": "in the time zone of the shop"})
    due_on = fields.Date()
    odometer_out = auto_field()
    subtotal_cents = fields.Integer()
    tax_cents = fields.Integer()
    total_cents = fields.Integer()
    credited_cents = fields.Integer(
        metadata={"description": "the credit notes on it, with tax: GET .../credit-notes"}
    )
    paid_cents = fields.Integer(
        metadata={"description": "for the ticket, less refunds; 0 if the invoice is void"}
    )
    balance_cents = fields.Integer()
    payment_status = fields.String(
        allow_none=True,
        metadata={"enum": [*PAYMENT_STATUSES, None], "description": "null if the invoice is void"},
    )
    is_void = fields.Boolean()
    document_sha256 = fields.String(metadata={"description": "of the bytes of its document"})
    currency = fields.String()


class InvoicePdfQuery(RequestSchema):
    """Query parameters for an invoice as PDF."""

    payments = TrueOrFalse(
        load_default=False, metadata={"description": "with what is paid and credited by now"}
    )


class InvoiceListQuery(PageQuery):
    """Query parameters for the list of invoices; by default, the newest come first."""

    q = words(
        "each word somewhere in the invoice's number, the customer's name, e-mail or phone, or the"
        " vehicle's VIN, make, model or year; for staff also in its plate"
    )
    customer_id = Digits(least=1)
    ticket_id = Digits(least=1)
    issued_from = fields.Date()
    issued_to = fields.Date()
    due_before = fields.Date()
    open = TrueOrFalse(metadata={"description": "whether something is left to pay"})
    sort = sorted_by("id", "number", "issued_on", "due_on", default="-issued_on")
