"""Request and response bodies of authorizations."""

from marshmallow import fields, post_load, validate

from app.blueprints.service_tickets.schemas.jobs import TaxSumOut
from app.models import Authorization, AuthorizationMethod, JobDecision
from app.models.columns import MAX_CENTS
from app.web.fields import (
    Choice,
    DateTime,
    Few,
    Id,
    RequestSchema,
    ResponseSchema,
    Text,
    Whole,
    auto_field,
)
from app.web.rules import rule

# How a customer tells the staff; the other methods are those of the API itself.
TOLD_BY = ("in_person", "phone", "email", "sms")
SHA256 = "^[0-9a-f]{64}$"
MOST_DECISIONS = 50


class DecisionIn(RequestSchema):
    """The decision on one job, in a request body."""

    job_id = Id(required=True)
    decision = Choice(JobDecision, required=True)
    up_to_cents = Whole(
        most=MAX_CENTS,
        allow_none=True,
        metadata={
            "description": "the highest price that is authorized, whatever the work; staff only"
        },
    )

    @rule
    def limit_an_authorization(self, loaded, _sent):
        decision = loaded.get("decision", JobDecision.AUTHORIZED)
        if loaded.get("up_to_cents") is not None and decision is not JobDecision.AUTHORIZED:
            yield "up_to_cents", "Only an authorized job has a limit."


class AuthorizationCreate(RequestSchema):
    """Request body for decisions on jobs.

    Staff send how the customer told them, and by which phone number or address. Customers who decide for
    themselves send only `decisions` and the `estimate_sha256` of the estimate that they read.
    """

    class Meta(RequestSchema.Meta):
        model = Authorization

    decisions = Few(
        fields.Nested(DecisionIn),
        required=True,
        validate=validate.Length(min=1, max=MOST_DECISIONS),
    )
    method = fields.String(
        validate=validate.OneOf(TOLD_BY), metadata={"description": "staff only, and required"}
    )
    authorized_by_name = auto_field(
        required=False, metadata={"description": "staff only, and required"}
    )
    contact = auto_field(
        metadata={"description": "staff only: phone number or address; required unless in person"}
    )
    note = auto_field(lines=True, metadata={"description": "staff only; the customer sees it, too"})
    estimate_sha256 = Text(
        validate=validate.Regexp(SHA256),
        metadata={"pattern": SHA256, "description": "refused if the estimate is another by now"},
    )

    @rule
    def decide_once_on_each_job(self, loaded, _sent):
        ids = [each["job_id"] for each in loaded.get("decisions", ()) if "job_id" in each]
        if len(set(ids)) < len(ids):
            yield "decisions", "Two decisions are on the same job."

    @post_load
    def as_words(self, loaded, **_kwargs):
        if "method" in loaded:
            loaded["method"] = AuthorizationMethod(loaded["method"])
        return loaded


class DecisionOut(ResponseSchema):
    """A decision on one job in a response, with the job's name and price at the time of the decision."""

    job_id = fields.Integer()
    name = fields.String()
    decision = Choice(JobDecision)
    price_cents = fields.Integer()
    up_to_cents = fields.Integer(allow_none=True)


class TakenByOut(ResponseSchema):
    id = fields.Integer()
    name = fields.String()


class AuthorizationOut(ResponseSchema):
    """Response body of an authorization: what the customer decided, when and how."""

    class Meta(ResponseSchema.Meta):
        model = Authorization

    id = auto_field()
    ticket_id = auto_field()
    at = DateTime()
    method = Choice(AuthorizationMethod)
    authorized_by_name = auto_field()
    contact = auto_field()
    taken_by = fields.Nested(
        TakenByOut, allow_none=True, metadata={"description": "null: the customer's own act"}
    )
    note = auto_field()
    decisions = fields.List(fields.Nested(DecisionOut))
    authorized_total_cents = fields.Integer(
        metadata={"description": "total of all jobs that were authorized then, with taxes"}
    )
    estimate_sha256 = auto_field()


class AskedLineOut(ResponseSchema):
    id = fields.Integer()
    kind = fields.String()
    name = fields.String()
    part_number = fields.String(allow_none=True)
    condition = fields.String(allow_none=True)
    quantity = fields.Float(allow_none=True)
    billed_minutes = fields.Integer(allow_none=True)
    warranty_months = fields.Integer(allow_none=True)
    warranty_distance = fields.Integer(allow_none=True)
    amount_cents = fields.Integer()


class AskedJobOut(ResponseSchema):
    id = fields.Integer()
    name = fields.String()
    note = fields.String(allow_none=True)
    price_cents = fields.Integer()
    lines = fields.List(fields.Nested(AskedLineOut))


class AskedDiscountOut(ResponseSchema):
    id = fields.Integer()
    name = fields.String()
    discount_percentage = fields.Float(allow_none=True)
    discount_cents = fields.Integer(allow_none=True)
    applies_to = fields.String()


class AskedOut(ResponseSchema):
    """What a customer was asked: the jobs, their prices and the total, as the customer saw them.

    Its JSON without spaces, in UTF-8 and with sorted keys, has the hash `estimate_sha256`.
    """

    jobs = fields.List(fields.Nested(AskedJobOut))
    declined_jobs = fields.List(fields.Nested(AskedJobOut))
    discounts = fields.List(fields.Nested(AskedDiscountOut))
    subtotal_cents = fields.Integer()
    taxes = fields.List(fields.Nested(TaxSumOut))
    total_cents = fields.Integer()


class AuthorizationWithEstimateOut(AuthorizationOut):
    """Response body of an authorization, with the estimate that the customer saw."""

    estimate = fields.Nested(AskedOut)
