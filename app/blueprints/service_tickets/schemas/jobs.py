"""Request and response bodies of jobs, of the totals of a ticket, and of the roundings in them."""

from marshmallow import fields, validate

from app.blueprints.service_tickets.schemas.lines import LineCreate, LineOfJobOut
from app.models import Job
from app.models.ticket_lines import MAX_POSITION
from app.web.fields import (
    DateTime,
    Few,
    Id,
    RequestSchema,
    ResponseSchema,
    Text,
    Whole,
    auto_field,
    only,
)
from app.web.pages import PageQuery, sorted_by
from app.web.rules import rule


class JobUpdate(RequestSchema):
    """Request body for changing a job."""

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
    """Request body for a new job, with its lines."""

    lines = Few(fields.Nested(LineCreate), validate=validate.Length(max=100))


class JobRevive(RequestSchema):
    """Request body for adding a recommended job of an earlier visit of the vehicle again."""

    revive_job_id = Id(required=True)


class JobAdd(JobCreate):
    """Request body for a new job: its name and lines, or the job of an earlier visit to take up again."""

    one_of = (JobCreate, JobRevive)

    name = auto_field(required=False)
    revive_job_id = Id()

    @rule
    def say_it_one_way(self, _loaded, sent):
        if "revive_job_id" not in sent:
            if "name" not in sent:
                yield "name", "Missing data for required field."
        else:
            for name in sent.keys() - {"revive_job_id"}:
                yield name, "Not together with revive_job_id."


class JobDismiss(RequestSchema):
    """Request body for dismissing a recommended job."""

    reason = Text(required=True, validate=validate.Length(max=200))


class RecommendationOut(ResponseSchema):
    """Response body of a recommendation: a job that the customer declined or deferred.

    A job that was not begun on a cancelled ticket counts as deferred.
    """

    job_id = fields.Integer()
    ticket_id = fields.Integer()
    ro_number = fields.String()
    name = fields.String()
    note = fields.String(allow_none=True)
    decision = fields.String(metadata={"enum": ["declined", "deferred"]})
    decided_at = DateTime(
        allow_none=True, metadata={"description": "null: undecided when its ticket was cancelled"}
    )
    price_cents = fields.Integer(metadata={"description": "as it was offered then"})
    odometer_in = fields.Integer(allow_none=True)


class RecommendationQuery(PageQuery):
    sort = sorted_by("id", "decided_at", default="-decided_at")


class ConsentOut(ResponseSchema):
    """The members of a response that say whether the customer has authorized a job as it is now.

    A job that was authorized is pending again if its price was raised, lines were added or changed, or a
    discount of the ticket was lowered; `because` says which.
    """

    authorization = fields.String(
        metadata={"enum": ["pending", "authorized", "declined", "deferred"]}
    )
    because = fields.String(
        allow_none=True,
        metadata={"enum": ["price_raised", "work_changed", "discount_lowered", None]},
    )
    authorized_cents = fields.Integer(
        allow_none=True, metadata={"description": "the highest price that was authorized"}
    )
    decided_at = DateTime(allow_none=True)


class JobOut(ConsentOut):
    """Response body of a job with its lines; its price excludes ticket discounts, supplies and taxes."""

    class Meta(ResponseSchema.Meta):
        model = Job

    id = auto_field()
    ticket_id = auto_field()
    position = auto_field()
    name = auto_field()
    note = auto_field()
    cause = auto_field()
    correction = auto_field()
    canned_job_id = auto_field()
    revived_from_id = auto_field(
        metadata={"description": "the job of an earlier visit that this one takes up again"}
    )
    dismissed_at = DateTime(allow_none=True)
    dismissed_reason = auto_field(metadata=only("staff"))
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


class EstimateTotalsOut(ResponseSchema):
    """The totals of a ticket, in an estimate.

    The subtotal is labor + parts + sublet + fees - discount + shop supplies + core charges - core
    returns; the total is subtotal + tax. `tax_cents` is the sum of `taxes` and includes the tax on shop
    supplies.
    """

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
    authorized_total_cents = fields.Integer(
        metadata={"description": "the total of the authorized jobs alone"}
    )
    authorization_status = fields.String(
        metadata={
            "enum": ["full", "partial", "none"],
            "description": "whether all, some or none of the jobs with lines are authorized",
        }
    )
    currency = fields.String()


PAYMENT_STATUSES = ["overpaid", "partially_paid", "unpaid", "refunded", "paid"]


class TotalsOut(EstimateTotalsOut):
    """Response body with the totals of a ticket; only managers see the gross profit."""

    paid_cents = fields.Integer(metadata={"description": "payments less refunds"})
    balance_cents = fields.Integer(
        metadata={"description": "what is left to pay; negative if the shop owes it"}
    )
    payment_status = fields.String(metadata={"enum": PAYMENT_STATUSES})
    gross_profit_cents = fields.Integer(
        allow_none=True,
        metadata=only(
            "managers",
            description="net of labor, parts and sublets less cost; null if a cost is unknown",
        ),
    )


class StepOut(ResponseSchema):
    step = fields.String()
    line_id = fields.Integer(allow_none=True)
    numerator = fields.String(
        metadata={"pattern": "^-?[0-9]+$", "description": "a whole number, which may exceed 2^53"}
    )
    denominator = fields.Integer()
    at_most = fields.Integer(allow_none=True)
    cents = fields.Integer()


class PricingOut(ResponseSchema):
    """Response body with all roundings to cents in the price of a ticket.

    In each step, `cents` is numerator / denominator, rounded half up, but at most `at_most` if it is
    set.
    """

    ticket_id = fields.Integer()
    steps = fields.List(fields.Nested(StepOut))
    total_cents = fields.Integer()
