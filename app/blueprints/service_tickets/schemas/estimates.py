"""Response bodies of estimates."""

from marshmallow import fields

from app.blueprints.service_tickets.schemas.authorizations import AuthorizationOut
from app.blueprints.service_tickets.schemas.jobs import ConsentOut, EstimateTotalsOut
from app.models import AppliesTo, Condition, LineKind, TicketStatus
from app.models.shop import DistanceUnit, Paper
from app.web.fields import Choice, DateTime, ResponseSchema
from app.web.quantities import QuantityOut


class EstimateShopOut(ResponseSchema):
    """What an estimate says about the shop."""

    name = fields.String()
    address_lines = fields.List(fields.String())
    phone = fields.String(allow_none=True)
    email = fields.String(allow_none=True)
    website = fields.String(allow_none=True)
    registration_number = fields.String(allow_none=True)
    tax_number = fields.String(allow_none=True)
    distance_unit = Choice(DistanceUnit)
    time_zone = fields.String()
    paper = Choice(Paper)


class EstimateTicketOut(ResponseSchema):
    """What an estimate says about the ticket."""

    ro_number = fields.String()
    status = Choice(TicketStatus)
    opened_at = DateTime()
    promised_at = DateTime(allow_none=True)
    updated_at = DateTime()
    problem_description = fields.String()
    odometer_in = fields.Integer(allow_none=True)
    return_replaced_parts = fields.Boolean()
    customer_po = fields.String(allow_none=True)


class EstimateCustomerOut(ResponseSchema):
    """What an estimate says about the customer."""

    name = fields.String()
    phone = fields.String(allow_none=True)
    email = fields.String(allow_none=True)
    address = fields.String(allow_none=True)
    city = fields.String(allow_none=True)
    state = fields.String(allow_none=True)
    postal_code = fields.String(allow_none=True)


class EstimateVehicleOut(ResponseSchema):
    """What an estimate says about the vehicle."""

    vin = fields.String(allow_none=True)
    license_plate = fields.String(allow_none=True)
    make = fields.String(allow_none=True)
    model = fields.String(allow_none=True)
    year = fields.Integer(allow_none=True)
    color = fields.String(allow_none=True)


class EstimateLineOut(ResponseSchema):
    """A line in an estimate; members that its kind does not have are null."""

    id = fields.Integer()
    kind = Choice(LineKind)
    name = fields.String()
    part_number = fields.String(allow_none=True)
    condition = Choice(Condition, allow_none=True)
    quantity = QuantityOut(allow_none=True)
    unit_price_cents = fields.Integer(allow_none=True)
    billed_minutes = fields.Integer(allow_none=True)
    rate_cents = fields.Integer(allow_none=True)
    flat_price_cents = fields.Integer(allow_none=True)
    taxable = fields.Boolean()
    discount_percentage = fields.Float(allow_none=True)
    discount_cents = fields.Integer(allow_none=True)
    core_charge_cents = fields.Integer(allow_none=True)
    cores_returned = QuantityOut(allow_none=True)
    warranty_months = fields.Integer(allow_none=True)
    warranty_distance = fields.Integer(allow_none=True)
    amount_cents = fields.Integer(metadata={"description": "before discounts"})
    net_cents = fields.Integer(allow_none=True, metadata={"description": "after all discounts"})
    tax_cents = fields.Integer(allow_none=True)


class EstimateJobOut(ConsentOut):
    """A job in an estimate, with its lines, its price and the customer's consent."""

    id = fields.Integer()
    name = fields.String()
    note = fields.String(allow_none=True)
    price_cents = fields.Integer()
    lines = fields.List(fields.Nested(EstimateLineOut))


class EstimateDiscountOut(ResponseSchema):
    """A discount of the whole ticket in an estimate."""

    id = fields.Integer()
    name = fields.String()
    discount_percentage = fields.Float(allow_none=True)
    discount_cents = fields.Integer(allow_none=True)
    applies_to = Choice(AppliesTo)
    amount_cents = fields.Integer(metadata={"description": "what it takes off, negative"})


class EstimateSuppliesOut(ResponseSchema):
    """The charge for shop supplies in an estimate: its name, and the statement that a law asks for."""

    name = fields.String()
    statement = fields.String(allow_none=True)


class EstimateOut(ResponseSchema):
    """An estimate: what the customer is asked to authorize, with all that is printed on it.

    `estimate_sha256` changes with the jobs, their lines and prices, the discounts and the taxes, and with
    nothing else.
    """

    ticket_id = fields.Integer()
    version = fields.Integer(metadata={"description": "of the ticket"})
    shop = fields.Nested(EstimateShopOut)
    ticket = fields.Nested(EstimateTicketOut)
    customer = fields.Nested(EstimateCustomerOut)
    vehicle = fields.Nested(EstimateVehicleOut, allow_none=True)
    jobs = fields.List(fields.Nested(EstimateJobOut))
    declined_jobs = fields.List(
        fields.Nested(EstimateJobOut),
        metadata={"description": "declined or deferred: not in the totals"},
    )
    discounts = fields.List(fields.Nested(EstimateDiscountOut))
    totals = fields.Nested(EstimateTotalsOut)
    shop_supplies = fields.Nested(EstimateSuppliesOut, allow_none=True)
    authorizations = fields.List(fields.Nested(AuthorizationOut))
    estimate_terms = fields.String(allow_none=True)
    estimate_sha256 = fields.String()
