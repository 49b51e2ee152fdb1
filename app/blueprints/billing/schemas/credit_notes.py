"""Request and response bodies of credit notes and of the lines of invoices."""

from collections.abc import Iterator
from typing import Any

from marshmallow import fields, validate

from app.blueprints.billing.schemas.documents import DocumentCustomerOut
from app.blueprints.service_tickets.schemas.estimates import EstimateShopOut, EstimateVehicleOut
from app.models import ChargeKind, CreditNote
from app.models.invoices import MAX_TOTAL_CENTS
from app.web.fields import (
    Choice,
    DateTime,
    Digits,
    Few,
    Flag,
    Id,
    RequestSchema,
    ResponseSchema,
    Whole,
    auto_field,
)
from app.web.pages import PageQuery, sorted_by
from app.web.rules import rule

MOST_LINES = 100


class CreditLineIn(RequestSchema):
    """What a credit note takes back of one line of the invoice."""

    invoice_line_id = Id(required=True)
    net_cents = Whole(least=1, most=MAX_TOTAL_CENTS, required=True)


class CreditNoteCreate(RequestSchema):
    """Request body for a credit note: parts of some lines, or all that is left of the invoice."""

    class Meta(RequestSchema.Meta):
        model = CreditNote

    reason = auto_field(required=True)
    lines = Few(
        fields.Nested(CreditLineIn),
        validate=validate.Length(min=1, max=MOST_LINES),
        metadata={"description": "the ids are those of GET /invoices/{invoice_id}/lines"},
    )
    all = Flag(
        validate=validate.Equal(True),
        metadata={
            "enum": [True],
            "description": "take back all that is left, and void the invoice",
        },
    )

    @rule
    def say_lines_or_all(self, loaded: dict, sent: Any) -> Iterator[tuple[str, str]]:
        if ("lines" in sent) == ("all" in sent):
            yield "lines", "Send one of lines and all."
        lines = [each for each in loaded.get("lines", ()) if "invoice_line_id" in each]
        if len({each["invoice_line_id"] for each in lines}) < len(lines):
            yield "lines", "Two are about the same line."


class CreditedLineOut(ResponseSchema):
    """What a credit note takes back of one line of the invoice, in its document."""

    invoice_line_id = fields.Integer()
    kind = Choice(ChargeKind)
    job_name = fields.String(allow_none=True)
    name = fields.String()
    net_cents = fields.Integer()
    tax_cents = fields.Integer()


class CreditNoteOut(ResponseSchema):
    """Response body of a credit note."""

    class Meta(ResponseSchema.Meta):
        model = CreditNote

    id = auto_field()
    number = auto_field()
    invoice_id = auto_field()
    invoice_number = fields.String()
    ticket_id = auto_field()
    customer_id = auto_field()
    issued_at = DateTime()
    issued_on = fields.Date(metadata={"description": "in the time zone of the shop"})
    reason = auto_field()
    voids = fields.Boolean(metadata={"description": "it took back all that was left"})
    lines = fields.List(fields.Nested(CreditedLineOut))
    subtotal_cents = fields.Integer()
    tax_cents = fields.Integer()
    total_cents = fields.Integer()
    document_sha256 = fields.String(metadata={"description": "of the bytes of its document"})
    currency = fields.String()


class CreditedTaxOut(ResponseSchema):
    """What a credit note takes back of one tax at one of its rates."""

    name = fields.String()
    percentage = fields.Float()
    tax_cents = fields.Integer()


class CreditTotalsOut(ResponseSchema):
    """The totals of a credit note."""

    subtotal_cents = fields.Integer()
    taxes = fields.List(fields.Nested(CreditedTaxOut))
    tax_cents = fields.Integer()
    total_cents = fields.Integer()


class CreditDocumentOut(ResponseSchema):
    """All that is printed on a credit note, as it was when it was issued."""

    number = fields.String()
    invoice_number = fields.String()
    ro_number = fields.String()
    issued_at = DateTime()
    issued_on = fields.Date()
    currency = fields.String()
    reason = fields.String()
    voids = fields.Boolean()
    shop = fields.Nested(EstimateShopOut)
    customer = fields.Nested(DocumentCustomerOut)
    vehicle = fields.Nested(EstimateVehicleOut, allow_none=True)
    lines = fields.List(fields.Nested(CreditedLineOut))
    totals = fields.Nested(CreditTotalsOut)


class InvoiceLineOut(ResponseSchema):
    """Response body of a line of an invoice, with what was credited of it."""

    id = fields.Integer()
    position = fields.Integer()
    kind = Choice(ChargeKind)
    job_id = fields.Integer(allow_none=True)
    job_name = fields.String(allow_none=True)
    name = fields.String()
    amount_cents = fields.Integer(metadata={"description": "before discounts"})
    discount_cents = fields.Integer()
    net_cents = fields.Integer()
    tax_cents = fields.Integer()
    credited_cents = fields.Integer(metadata={"description": "of net_cents"})


class CreditNoteListQuery(PageQuery):
    """Query parameters for the list of credit notes; by default, the newest come first."""

    invoice_id = Digits(least=1)
    customer_id = Digits(least=1)
    issued_from = fields.Date()
    issued_to = fields.Date()
    sort = sorted_by("id", "number", "issued_on", default="-issued_on")
