"""Response bodies of tickets and their lines."""

from marshmallow import fields

from app.blueprints.service_tickets.schemas.jobs import JobOut, RecommendationOut, TotalsOut
from app.blueprints.vehicles.schemas import VIN_VERIFIED, OdometerReadingOut
from app.models import HoldReason, ServiceTicket, TicketLine, TicketStatus, Unit
from app.web.fields import ON_REQUEST, Choice, DateTime, ResponseSchema, auto_field, only
from app.web.pages import page_shape
from app.web.quantities import QuantityOut


class PartLineOut(ResponseSchema):
    """Response body of a part used on a ticket; only staff see its cost and markup."""

    class Meta(ResponseSchema.Meta):
        model = TicketLine

    id = auto_field()
    ticket_id = auto_field()
    part_id = fields.Integer()
    part_number = fields.String()
    name = fields.String()
    quantity_used = QuantityOut()
    unit = Choice(Unit)
    unit_price_cents = fields.Integer()
    warranty_months = auto_field()
    installed_by_mechanic_id = auto_field()
    installed_by = fields.String(allow_none=True)
    used_at = DateTime()
    line_total_cents = fields.Integer()
    unit_cost_cents = fields.Integer(metadata=only("staff"))
    markup_percentage = fields.Float(
        allow_none=True,
        metadata=only("staff", description="on cost; null where it cost nothing"),
    )


class CrewOut(ResponseSchema):
    id = fields.Integer()
    name = fields.String()
    role = fields.String(allow_none=True)
    minutes_worked = fields.Integer()


class TicketCustomerOut(ResponseSchema):
    id = fields.Integer()
    name = fields.String()


class TicketVehicleOut(ResponseSchema):
    id = fields.Integer()
    vin = fields.String(allow_none=True)
    license_plate = fields.String(allow_none=True)
    make = fields.String(allow_none=True)
    model = fields.String(allow_none=True)
    year = fields.Integer(allow_none=True)
    vin_verified = fields.Boolean(
        allow_none=True,
        metadata=only("staff", description=f"{VIN_VERIFIED}; null once the ticket is over"),
    )


class TermsOut(ResponseSchema):
    """The billing terms of a ticket in a response, such as the order number and the tax exemption."""

    customer_po = fields.String(allow_none=True)
    return_replaced_parts = fields.Boolean()
    shop_supplies_waived = fields.Boolean()
    tax_exempt = fields.Boolean(metadata={"description": "of the customer"})


class TicketOut(ResponseSchema):
    """Response body of a service ticket, with its customer, vehicle, mechanics and used parts."""

    class Meta(ResponseSchema.Meta):
        model = ServiceTicket

    id = auto_field()
    ro_number = fields.String()
    status = Choice(TicketStatus)
    hold_reason = Choice(HoldReason, allow_none=True)
    priority = auto_field(metadata={"description": "1 (first) to 5 (last)"})
    problem_description = auto_field(
        allow_none=True,
        metadata={"description": "null on the visits of another owner"},
    )
    odometer_in = auto_field()
    service_date = fields.Date(allow_none=True)
    promised_at = DateTime(allow_none=True)
    opened_at = DateTime()
    closed_at = DateTime(allow_none=True)
    updated_at = DateTime()
    version = auto_field()
    customer_id = fields.Integer(allow_none=True)
    vehicle_id = auto_field()
    customer = fields.Nested(
        TicketCustomerOut,
        allow_none=True,
        metadata={"description": "null where a former owner is not yours to know"},
    )
    vehicle = fields.Nested(
        TicketVehicleOut,
        allow_none=True,
        metadata={
            "description": "null where none is known; the VIN as it was when the ticket was over"
        },
    )
    mechanics = fields.List(fields.Nested(CrewOut))
    parts = fields.List(fields.Nested(PartLineOut))
    total_cents = fields.Integer(
        metadata={"description": "of all lines, with discounts, supplies and taxes"}
    )
    jobs = fields.List(fields.Nested(JobOut), metadata={ON_REQUEST: True})
    totals = fields.Nested(TotalsOut, metadata={ON_REQUEST: True})
    terms = fields.Nested(TermsOut, metadata={ON_REQUEST: True})
    recommendations = fields.List(
        fields.Nested(RecommendationOut),
        metadata={ON_REQUEST: True, "description": "of the vehicle; of a single ticket only"},
    )


VEHICLE_HISTORY = page_shape(
    TicketOut, name="VehicleHistory", odometer=fields.List(fields.Nested(OdometerReadingOut))
)
