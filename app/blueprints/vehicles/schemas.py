"""Request and response bodies of vehicles, their list and their odometer readings."""

from marshmallow import fields, validate

from app.models import OdometerReading, Vehicle
from app.models.vehicles import MAX_ODOMETER
from app.models.vin import LONGEST_AS_TYPED, vin_key
from app.web.fields import (
    DateTime,
    Digits,
    Flag,
    Id,
    RequestSchema,
    ResponseSchema,
    Text,
    Whole,
    auto_field,
    only,
)
from app.web.pages import PageQuery, sorted_by, words
from app.web.rules import demand, rule

VIN_VERIFIED = "true if the shop entered the VIN or has verified it"


class VinQuery(Text):
    """A query parameter with the VIN or other number of a vehicle, in any spelling."""

    def __init__(self):
        super().__init__(allow_none=True, metadata={"maxLength": 200})

    def _deserialize(self, value, attr, data, **kwargs):
        number = super()._deserialize(value, attr, data, **kwargs)
        return vin_key(validate.Length(max=200)(number))


class VehicleCreate(RequestSchema):
    class Meta(RequestSchema.Meta):
        model = Vehicle

    also_known_as = {"VIN": "vin", "odometer_miles": "odometer"}

    vin = Text(
        allow_none=True,
        validate=validate.Length(max=LONGEST_AS_TYPED),
        metadata={
            "description": "17 letters and digits (ISO 3779), or 3 to 20 letters, digits, spaces and - / . *"
        },
    )
    license_plate = auto_field()
    make = auto_field()
    model = auto_field()
    year = auto_field(least=1886, most=2100)
    color = auto_field()
    odometer = Whole(most=MAX_ODOMETER, allow_none=True)
    vin_verified = Flag(metadata={"description": f"{VIN_VERIFIED}; staff only"})


class VehicleUpdate(VehicleCreate):
    customer_id = Id(metadata={"description": "the new owner; staff only"})
    odometer = Whole(most=MAX_ODOMETER)
    override_reason = Text(
        lines=True,
        validate=validate.Length(max=200),
        metadata={"description": "why an odometer reading that does not fit is right"},
    )

    @rule
    def give_the_reading_with_its_reason(self, loaded, sent):
        yield from demand("odometer", loaded, sent, "override_reason")


class VehicleOut(ResponseSchema):
    class Meta(ResponseSchema.Meta):
        model = Vehicle

    id = auto_field()
    customer_id = auto_field()
    vin = auto_field()
    vin_check = fields.String(
        metadata={
            "enum": ["valid", "invalid", "not_applicable"],
            "description": "a warning: of the check digit, which only North America demands, and"
            " of a number that is no VIN on a vehicle made since 1981",
        }
    )
    vin_verified = fields.Boolean(metadata=only("staff", description=VIN_VERIFIED))
    license_plate = auto_field()
    make = auto_field()
    model = auto_field()
    year = auto_field()
    color = auto_field()
    odometer = auto_field()
    created_at = DateTime()
    updated_at = DateTime()
    version = auto_field()


class OdometerReadingOut(ResponseSchema):
    class Meta(ResponseSchema.Meta):
        model = OdometerReading

    reading = auto_field()
    override_reason = auto_field()
    ticket_id = auto_field()
    at = DateTime()


class VehicleListQuery(PageQuery):
    q = words("each word somewhere in VIN, plate, make, model or year")
    vin = VinQuery()
    customer_id = Digits(least=1)
    sort = sorted_by("id", "license_plate", "created_at", default="id")
