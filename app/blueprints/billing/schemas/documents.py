"""The document of an invoice: all that is printed on it, in the form in which it is stored."""

from marshmallow import fields

from app.blueprints.service_tickets.schemas.authorizations import AuthorizationOut
from app.blueprints.service_tickets.schemas.estimates import (
    EstimateCustomerOut,
    EstimateDiscountOut,
    EstimateLineOut,
    EstimateShopOut,
    EstimateSuppliesOut,
    EstimateVehicleOut,
)
from app.blueprints.service_tickets.schemas.jobs import EstimateTotalsOut, StepOut
from app.models import ChargeKind
from app.web.fields import Choice, DateTime, ResponseSchema


class DocumentTicketOut(ResponseSchema):
    """The ticket on an invoice."""

    ro_number = fields.String()
    opened_at = DateTime()
    customer_po = fields.String(allow_none=True)
    problem_description = fields.String()
    odometer_in = fields.Integer(allow_none=True)
    odometer_out = fields.Integer(allow_none=True)
    return_replaced_parts = fields.Boolean()


class DocumentCustomerOut(EstimateCustomerOut):
    """The customer on an invoice."""

    tax_exempt_number = fields.String(allow_none=True)


class NameOut(ResponseSchema):
    """A mechanic on an invoice."""

    name = fields.String()


class DocumentJobOut(ResponseSchema):
    """A job on an invoice: what was requested, found and done, by whom, and its lines."""

    id = fields.Integer()
    name = fields.String()
    note = fields.String(allow_none=True)
    cause = fields.String(allow_none=True)
    correction = fields.String(allow_none=True)
    mechanics = fields.List(fields.Nested(NameOut))
    price_cents = fields.Integer()
    lines = fields.List(fields.Nested(EstimateLineOut))


class NotDoneOut(ResponseSchema):
    """A job on an invoice that the customer declined or deferred; it is not in the totals."""

    id = fields.Integer()
    name = fields.String()
    note = fields.String(allow_none=True)
    price_cents = fields.Integer()
    decision = fields.String(metadata={"enum": ["declined", "deferred"]})


class TaxShareOut(ResponseSchema):
    """The share of a charge in one tax at one of its rates."""

    position = fields.Integer()
    name = fields.String()
    millionths = fields.Integer(metadata={"description": "the rate: 82500 is 8.25 percent"})
    tax_cents = fields.Integer()


class ChargeOut(ResponseSchema):
    """A charge on an invoice; core charges and returns, and shop supplies, are charges of their own."""

    position = fields.Integer()
    kind = Choice(ChargeKind)
    name = fields.String()
    amount_cents = fields.Integer(metadata={"description": "before discounts"})
    discount_cents = fields.Integer()
    net_cents = fields.Integer(metadata={"description": "after all discounts"})
    tax_cents = fields.Integer()
    job_id = fields.Integer(allow_none=True)
    line_id = fields.Integer(allow_none=True)
    taxes = fields.List(fields.Nested(TaxShareOut))


class DocumentTotalsOut(EstimateTotalsOut):
    """The totals on an invoice; the charges' nets add up to the subtotal, their taxes to the tax."""

    class Meta(EstimateTotalsOut.Meta):
        exclude = ("ticket_id", "currency", "authorized_total_cents", "authorization_status")

    paid_cents = fields.Integer(metadata={"description": "before the invoice, less refunds"})
    balance_cents = fields.Integer(metadata={"description": "what was left to pay then"})


class InvoiceDocumentOut(ResponseSchema):
    """All that is printed on an invoice, as it was when the invoice was issued."""

    number = fields.String()
    issued_at = DateTime()
    issued_on = fields.Date()
    due_on = fields.Date()
    currency = fields.String()
    shop = fields.Nested(EstimateShopOut)
    ticket = fields.Nested(DocumentTicketOut)
    customer = fields.Nested(DocumentCustomerOut)
    vehicle = fields.Nested(EstimateVehicleOut, allow_none=True)
    jobs = fields.List(fields.Nested(DocumentJobOut))
    not_done = fields.List(fields.Nested(NotDoneOut))
    mechanics = fields.List(
        fields.Nested(NameOut), metadata={"description": "who was assigned to the ticket"}
    )
    discounts = fields.List(fields.Nested(EstimateDiscountOut))
    charges = fields.List(fields.Nested(ChargeOut))
    totals = fields.Nested(DocumentTotalsOut)
    shop_supplies = fields.Nested(EstimateSuppliesOut, allow_none=True)
    authorizations = fields.List(fields.Nested(AuthorizationOut))
    certified_by = fields.String(
        allow_none=True, metadata={"description": "who issued the invoice"}
    )
    terms = fields.String(allow_none=True)
    steps = fields.List(
        fields.Nested(StepOut),
        metadata={"description": "each rounding, as in the ticket's pricing"},
    )
