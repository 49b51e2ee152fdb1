"""What a vehicle looks like on the wire."""

from marshmallow import fields, validate, validates_schema

from app.blueprints.shapes import TicketOut
from app.models import OdometerReading, Vehicle
from app.models.customers import MAX_ODOMETER
from app.web.fields import Digits, Id, Moment, Shape, Text, Wanted, Whole, auto_field, demand
from app.web.pages import PageWanted, page_shape, sorted_by, words


class VehicleWanted(Wanted):
    class Meta(Wanted.Meta):
        model = Vehicle

    also_known_as = {"odometer_miles": "odometer"}

    vin = auto_field(
        metadata={
            "description": "ISO 3779; free form before 1981",
            "pattern": r"^[ \t\r\n]*[A-Za-z0-9-]*[ \t\r\n]*$",
        }
    )
    license_plate = auto_field()
    make = auto_field()
    model = auto_field()
    year = auto_field(least=1886, most=2100)
    color = auto_field()
    odometer = Whole(most=MAX_ODOMETER, allow_none=True)


class VehicleChange(VehicleWanted):
    customer_id = Id(metadata={"description": "the new owner; staff only"})
    odometer = Whole(most=MAX_ODOMETER)
    override_reason = Text(
        validate=validate.Length(max=200),
        metadata={"description": "why a lower odometer reading is right"},
    )

    @validates_schema
    def give_the_reading_with_its_reason(self, wanted, **_kwargs):
        demand("odometer", wanted, "override_reason")


class VehicleOut(Shape):
    class Meta(Shape.Meta):
        model = Vehicle

    id = auto_field()
    customer_id = auto_field()
    vin = auto_field()
    vin_check = fields.String(
        metadata={
            "enum": ["valid", "invalid", "not_applicable"],
            "description": "of the check digit, which only North America demands",
        }
    )
    license_plate = auto_field()
    make = auto_field()
    model = auto_field()
    year = auto_field()
    color = auto_field()
    odometer = auto_field()
    created_at = Moment()
    updated_at = Moment()
    version = auto_field()


class OdometerReadingOut(Shape):
    class Meta(Shape.Meta):
        model = OdometerReading

    reading = auto_field()
    override_reason = auto_field()
    ticket_id = auto_field()
    at = Moment()


class VehiclesWanted(PageWanted):
    q = words("each word somewhere in VIN, plate, make, model or year")
    vin = words()
    customer_id = Digits(least=1)
    sort = sorted_by("id", "license_plate", "created_at", default="id")


VEHICLE_HISTORY = page_shape(
    TicketOut, name="VehicleHistory", odometer=fields.List(fields.Nested(OdometerReadingOut))
)
