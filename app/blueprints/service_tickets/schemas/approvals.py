"""Request and response bodies of approval links, and of what their holder sees and sends."""

from marshmallow import fields, validate

from app.blueprints.service_tickets.schemas.authorizations import (
    MOST_DECISIONS,
    SHA256,
    DecisionOut,
)
from app.blueprints.service_tickets.schemas.estimates import (
    EstimateDiscountOut,
    EstimateJobOut,
    EstimateSuppliesOut,
)
from app.blueprints.service_tickets.schemas.jobs import EstimateTotalsOut
from app.models import ApprovalLink, JobDecision
from app.models.shop import MOST_APPROVAL_HOURS
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
from app.web.pages import items_shape
from app.web.rules import rule

STATES = ("open", "decided", "revoked", "expired", "changed")


class ApprovalLinkCreate(RequestSchema):
    expires_in_hours = Whole(
        least=1,
        most=MOST_APPROVAL_HOURS,
        metadata={"description": "the shop's approval_hours, if left out"},
    )


class ApprovalLinkOut(ResponseSchema):
    """Response body of an approval link, without its token."""

    class Meta(ResponseSchema.Meta):
        model = ApprovalLink

    id = auto_field()
    ticket_id = auto_field()
    state = fields.String(metadata={"enum": list(STATES)})
    created_at = DateTime()
    expires_at = DateTime()
    ended_at = DateTime(allow_none=True)


class NewApprovalLinkOut(ApprovalLinkOut):
    """Response body of a new approval link, with its token and address, which are shown only once."""

    token = fields.String()
    path = fields.String()
    url = fields.String(
        allow_none=True, metadata={"description": "null if the setting PUBLIC_URL is missing"}
    )


LINKS = items_shape(ApprovalLinkOut)


class LinkDecisionIn(RequestSchema):
    """The decision of the holder of an approval link on one job, in a request body."""

    job_id = Id(required=True)
    decision = Choice(JobDecision, required=True)


class ApprovalCreate(RequestSchema):
    """Request body with which the holder of an approval link decides on every pending job."""

    estimate_sha256 = Text(
        required=True, validate=validate.Regexp(SHA256), metadata={"pattern": SHA256}
    )
    authorized_by_name = Text(required=True, validate=validate.Length(max=120))
    decisions = Few(
        fields.Nested(LinkDecisionIn),
        required=True,
        validate=validate.Length(min=1, max=MOST_DECISIONS),
    )

    @rule
    def decide_once_on_each_job(self, loaded, _sent):
        ids = [each["job_id"] for each in loaded.get("decisions", ()) if "job_id" in each]
        if len(set(ids)) < len(ids):
            yield "decisions", "Two decisions are on the same job."


class ApprovalShopOut(ResponseSchema):
    """What the holder of an approval link sees of the shop."""

    name = fields.String()
    address_lines = fields.List(fields.String())
    phone = fields.String(allow_none=True)
    email = fields.String(allow_none=True)
    website = fields.String(allow_none=True)
    registration_number = fields.String(allow_none=True)
    time_zone = fields.String()
    distance_unit = fields.String()


class ApprovalTicketOut(ResponseSchema):
    """What the holder of an approval link sees of the ticket."""

    ro_number = fields.String()
    opened_at = DateTime()
    promised_at = DateTime(allow_none=True)
    problem_description = fields.String()
    odometer_in = fields.Integer(allow_none=True)
    return_replaced_parts = fields.Boolean()


class ApprovalVehicleOut(ResponseSchema):
    """What the holder of an approval link sees of the vehicle: neither VIN nor license plate."""

    make = fields.String(allow_none=True)
    model = fields.String(allow_none=True)
    year = fields.Integer(allow_none=True)
    color = fields.String(allow_none=True)


class ApprovalDecisionsOut(ResponseSchema):
    """What was decided with an approval link, when and by whom."""

    at = DateTime()
    authorized_by_name = fields.String()
    decisions = fields.List(fields.Nested(DecisionOut))
    authorized_total_cents = fields.Integer()


class ApprovalOut(ResponseSchema):
    """Response body for the holder of an approval link: the estimate, and what was decided.

    It has the customer's name, but no contact data of the customer.
    """

    state = fields.String(metadata={"enum": ["open", "decided"]})
    expires_at = DateTime()
    customer_name = fields.String()
    shop = fields.Nested(ApprovalShopOut)
    ticket = fields.Nested(ApprovalTicketOut)
    vehicle = fields.Nested(ApprovalVehicleOut, allow_none=True)
    jobs = fields.List(fields.Nested(EstimateJobOut))
    declined_jobs = fields.List(fields.Nested(EstimateJobOut))
    discounts = fields.List(fields.Nested(EstimateDiscountOut))
    totals = fields.Nested(EstimateTotalsOut)
    shop_supplies = fields.Nested(EstimateSuppliesOut, allow_none=True)
    estimate_terms = fields.String(allow_none=True)
    estimate_sha256 = fields.String()
    decided = fields.Nested(ApprovalDecisionsOut, allow_none=True)
