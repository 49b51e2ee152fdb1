"""The schemas of jobs, of the totals of a ticket, and of the roundings behind them."""

from marshmallow import fields, validate

from app.blueprints.service_tickets.schemas.lines import LineCreate, LineOfJobOut
from app.models import Job
from app.models.ticket_lines import MAX_POSITION
from app.web.fields import DateTime, Few, RequestSchema, ResponseSchema, Whole, auto_field
from app.web.pages import PageQuery, sorted_by


class JobUpdate(RequestSchema):
    """The members of a job that can change."""

    class Meta(RequestSchema.Meta):
        model = Job

    name = auto_field(required=True)
    note = auto_field(lines=True, metadata={"description": "for the customer"})
    cause = auto_field(lines=True, metadata={"description": "what the mechanic found"})
    correction = auto_field(lines=True, metadata={"description": "what was done about it"})
    position = Whole(
        most=MAX_POSITION, metadata={"description": "jobs are in this order, then by id"}
    )


class JobCreate(JobUpdate):
    """A new job, with its lines."""

    lines = Few(fields.Nested(LineCreate), validate=validate.Length(max=100))


class JobOut(ResponseSchema):
    """A job with its lines and its price, without taxes and discounts of the ticket."""

    class Meta(ResponseSchema.Meta):
        model = Job

    id = auto_field()
    ticket_id = auto_field()
    position = auto_field()
    name = auto_field()
    note = auto_field()
    cause = auto_field()
    correction = auto_field()
    created_at = DateTime()
    version = fields.Integer(metadata={"description": "of the ticket"})
    price_cents = fields.Integer(
        metadata={"description": "its lines after their discounts and its own, with core charges"}
    )
    lines = fields.List(fields.Nested(LineOfJobOut))


class JobListQuery(PageQuery):
    sort = sorted_by("id", "position", default="position")


class TaxSumOut(ResponseSchema):
    name = fields.String()
    percentage = fields.Float()
    taxable_cents = fields.Integer()
    tax_cents = fields.Integer()


class TotalsOut(ResponseSchema):
    """The price of a ticket. Sums of charges are before discounts, `discount_cents` is all of these."""

    ticket_id = fields.Integer()
    labor_cents = fields.Integer()
    parts_cents = fields.Integer()
    sublet_cents = fields.Integer()
    fees_cents = fields.Integer()
    discount_cents = fields.Integer()
    shop_supplies_cents = fields.Integer()
    shop_supplies_tax_cents = fields.Integer()
    core_charges_cents = fields.Integer()
    core_returns_cents = fields.Integer()
    subtotal_cents = fields.Integer()
    taxes = fields.List(fields.Nested(TaxSumOut))
    tax_cents = fields.Integer()
    total_cents = fields.Integer()


class StepOut(ResponseSchema):
    step = fields.String()
    line_id = fields.Integer(allow_none=True)
    numerator = fields.Integer()
    denominator = fields.Integer()
    at_most = fields.Integer(allow_none=True)
    cents = fields.Integer()


class PricingOut(ResponseSchema):
    """Each number that was rounded: cents = min(half up of numerator / denominator, at_most)."""

    ticket_id = fields.Integer()
    steps = fields.List(fields.Nested(StepOut))
    total_cents = fields.Integer()
