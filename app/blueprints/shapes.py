"""Shapes that more than one resource speaks of."""

from collections.abc import Iterator, Mapping

from flask import g
from marshmallow import fields, validate

from app.blueprints.customers.services.customers import lacking
from app.models import Customer, HoldReason, ServiceTicket, TicketPart, TicketStatus, Unit
from app.models.accounts import ANOTHER_PASSWORD, is_the_address
from app.models.vin import vin_key
from app.web.fields import (
    Choice,
    Digits,
    Email,
    Flag,
    Moment,
    Password,
    Shape,
    Text,
    Wanted,
    auto_field,
    only,
)
from app.web.names import HALVES
from app.web.pages import PageWanted, sorted_by, words
from app.web.quantities import QuantityOut
from app.web.rules import rule


class Number(Text):
    """The VIN or other number of a vehicle, however it is written."""

    def __init__(self):
        super().__init__(allow_none=True, validate=validate.Length(max=200))

    def _deserialize(self, value, attr, data, **kwargs):
        return vin_key(super()._deserialize(value, attr, data, **kwargs))


EMAIL_VERIFIED = "true if the shop entered the e-mail address or has verified it"
VIN_VERIFIED = "true if the shop entered the VIN or has verified it"
OLDER_STATUSES = {"completed": "ready", "pending": "open"}


class CustomerWanted(Wanted):
    """A customer as sent; a password makes an account of it."""

    class Meta(Wanted.Meta):
        model = Customer

    also_known_as = HALVES

    name = auto_field(required=True)
    email = Email(allow_none=True)
    password = Password(required=False)
    phone = auto_field()
    address = auto_field(lines=True)
    city = auto_field()
    state = auto_field()
    postal_code = auto_field()
    email_verified = Flag(metadata={"description": f"{EMAIL_VERIFIED}; staff only"})

    @rule
    def bring_what_an_account_needs(self, wanted, sent):
        if not self.partial:
            yield from lacking(g.actor, dict(sent) | wanted)
        yield from sign_in_of(wanted)


class Registration(CustomerWanted):
    class Meta(CustomerWanted.Meta):
        exclude = ("email_verified",)

    email = Email(required=True)
    password = Password()

    @rule
    def bring_what_an_account_needs(self, wanted, _sent):
        yield from sign_in_of(wanted)


def sign_in_of(wanted: Mapping) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with an e-mail address and a password together."""
    email, password = wanted.get("email"), wanted.get("password")
    if email is not None and password is not None and is_the_address(password, email):
        yield "password", ANOTHER_PASSWORD


class CustomerOut(Shape):
    class Meta(Shape.Meta):
        model = Customer

    id = auto_field()
    name = auto_field()
    email = auto_field()
    phone = auto_field()
    address = auto_field()
    city = auto_field()
    state = auto_field()
    postal_code = auto_field()
    has_account = fields.Boolean(metadata={"description": "false for a walk-in"})
    email_verified = fields.Boolean(metadata=only("staff", description=EMAIL_VERIFIED))
    created_at = Moment()
    updated_at = Moment()
    version = auto_field()


class PartLineOut(Shape):
    """A line of a ticket; what the part cost the shop is for staff."""

    class Meta(Shape.Meta):
        model = TicketPart

    id = auto_field()
    ticket_id = auto_field()
    part_id = auto_field()
    part_number = fields.String()
    name = fields.String()
    quantity_used = QuantityOut()
    unit = Choice(Unit)
    unit_price_cents = auto_field()
    warranty_months = auto_field()
    installed_by_mechanic_id = auto_field()
    installed_by = fields.String(allow_none=True)
    used_at = Moment()
    line_total_cents = fields.Integer()
    unit_cost_cents = fields.Integer(metadata=only("staff"))
    markup_percentage = fields.Float(
        allow_none=True,
        metadata=only("staff", description="on cost; null where it cost nothing"),
    )


class CrewOut(Shape):
    id = fields.Integer()
    name = fields.String()
    role = fields.String(allow_none=True)
    minutes_worked = fields.Integer()


class TicketCustomerOut(Shape):
    id = fields.Integer()
    name = fields.String()


class TicketVehicleOut(Shape):
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


class TicketOut(Shape):
    """A service ticket with everything on it."""

    class Meta(Shape.Meta):
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
    promised_at = Moment(allow_none=True)
    opened_at = Moment()
    closed_at = Moment(allow_none=True)
    updated_at = Moment()
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
    total_cents = fields.Integer(metadata={"description": "the sum of the lines"})


class TicketsWanted(PageWanted):
    """Which tickets, in which order; the newest first unless you say so."""

    q = words(
        "each word somewhere in description, RO number, the customer's name, e-mail or phone, or the"
        " vehicle's VIN, make, model or year; for staff also in its plate"
    )
    status = Choice(TicketStatus, OLDER_STATUSES)
    customer_id = Digits(least=1)
    vehicle_id = Digits(least=1)
    vin = Number()
    mechanic_id = Digits(least=1)
    priority = Digits(least=1, most=5)
    opened_from = Moment()
    opened_to = Moment()
    promised_from = Moment()
    promised_to = Moment()
    service_date_from = fields.Date()
    service_date_to = fields.Date()
    sort = sorted_by("id", "opened_at", "promised_at", "priority", "status", default="-opened_at")


class OldestFirst(PageWanted):
    """Lines in the order in which they were made."""

    sort = sorted_by("id", default="id")


class NewestFirst(PageWanted):
    """A log: the newest line first."""

    sort = sorted_by("id", default="-id")
