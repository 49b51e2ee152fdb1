"""What a service ticket takes on the wire."""

from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from app.blueprints.shapes import OLDER_STATUSES, PartLineOut
from app.models import HoldReason, ServiceTicket, StatusChange, TicketStatus, Vehicle
from app.models.service_tickets import FINISHED, MAX_MARKUP_BPS, MAX_MINUTES, MAX_QUANTITY_USED
from app.models.vehicles import MAX_ODOMETER
from app.models.vin import LONGEST_AS_TYPED
from app.web.fields import (
    Choice,
    Hundredths,
    Id,
    Moment,
    Shape,
    Text,
    Wanted,
    Whole,
    auto_field,
    demand,
)

COMPLAINT: dict[str | tuple[str, ...], str] = {
    "description": "problem_description",
    "service_desc": "problem_description",
}
VISITOR: dict[str | tuple[str, ...], str] = {"VIN": "vin", "odometer_miles": "odometer_in"}
ABOUT_VEHICLE = ("make", "model", "year")
AT_ONCE = 100
A_FEW = validate.Length(max=AT_ONCE)


class Few(fields.List):
    """A list whose length is looked at before what is in it: 60,000 things would take a minute."""

    def _deserialize(self, value, attr, data, **kwargs):
        if isinstance(value, list):
            self._validate(value)
        return super()._deserialize(value, attr, data, **kwargs)


class NextStatus(Choice):
    """Where a ticket is to go; `completed` stays apart from `ready`, as it may take two moves."""

    def __init__(self, **kwargs):
        super().__init__(TicketStatus, OLDER_STATUSES, **kwargs)

    def _deserialize(self, value, attr, data, **kwargs):
        status = super()._deserialize(value, attr, data, **kwargs)
        return FINISHED if self.word(value) == FINISHED else status


class TicketWanted(Wanted):
    """A new ticket: whose it is, mostly for which vehicle, and what is wrong."""

    class Meta(Wanted.Meta):
        model = ServiceTicket

    also_known_as = COMPLAINT | VISITOR

    customer_id = Id(
        allow_none=True,
        metadata={"description": "staff name whom it is for, by this or by a vehicle on file"},
    )
    vehicle_id = Id(allow_none=True)
    vin = Text(
        validate=validate.Length(max=LONGEST_AS_TYPED),
        load_only=True,
        allow_none=True,
        metadata={"description": "of a vehicle of the customer; a new one is put on file"},
    )
    make = auto_field("make", model=Vehicle)
    model = auto_field("model", model=Vehicle)
    year = auto_field("year", model=Vehicle, least=1886, most=2100)
    problem_description = auto_field(required=True)
    odometer_in = auto_field(most=MAX_ODOMETER)
    override_reason = Text(
        validate=validate.Length(max=200),
        metadata={"description": "why an odometer reading that does not fit is right"},
        allow_none=True,
    )
    priority = auto_field(least=1, most=5, metadata={"description": "1 (first) to 5 (last)"})
    service_date = fields.Date(allow_none=True)
    promised_at = Moment(allow_none=True)
    status = NextStatus(
        metadata={"description": "moved there at once, as by PATCH; open if left out"}
    )

    @validates_schema
    def say_of_what(self, wanted, **_kwargs):
        demand("odometer_in", wanted, "override_reason")
        demand("vin", wanted, *ABOUT_VEHICLE)

    @post_load
    def gather_what_is_said_of_the_vehicle(self, wanted, **_kwargs):
        about = {name: wanted.pop(name) for name in ABOUT_VEHICLE if name in wanted}
        return wanted | {"about_vehicle": about}


class TicketChange(Wanted):
    """What may be changed of a ticket; another status is a move."""

    class Meta(Wanted.Meta):
        model = ServiceTicket

    also_known_as = TicketWanted.also_known_as

    customer_id = Id(metadata={"description": "the vehicle must be this customer's, or null"})
    vehicle_id = Id(allow_none=True, metadata={"description": "one of the customer's"})
    vin = Text(
        validate=validate.Length(max=LONGEST_AS_TYPED),
        load_only=True,
        metadata={"description": "of a vehicle of the customer; a new one is put on file"},
    )
    problem_description = auto_field(required=False)
    odometer_in = auto_field(most=MAX_ODOMETER)
    override_reason = Text(validate=validate.Length(max=200))
    priority = auto_field(least=1, most=5)
    service_date = fields.Date(allow_none=True)
    promised_at = Moment(allow_none=True)
    status = NextStatus()
    reason = Text(
        validate=validate.Length(max=200),
        metadata={"description": "demanded where a move is taken back"},
    )
    hold_reason = Choice(HoldReason)

    @validates_schema
    def say_what_for(self, wanted, **_kwargs):
        if not wanted.keys() & {"vehicle_id", "vin"}:
            demand("odometer_in", wanted, "override_reason")
        demand("status", wanted, "reason", "hold_reason")
        hold_only_on_hold(wanted, wanted.get("status"))


class Move(Wanted):
    to = NextStatus(required=True)
    reason = Text(
        validate=validate.Length(max=200),
        metadata={"description": "demanded where a move is taken back"},
    )
    hold_reason = Choice(HoldReason, metadata={"description": "with on_hold"})

    @validates_schema
    def say_what_for(self, wanted, **_kwargs):
        hold_only_on_hold(wanted, wanted.get("to"))


def hold_only_on_hold(wanted, status):
    if "hold_reason" in wanted and status is not TicketStatus.ON_HOLD:
        raise ValidationError(
            "Only a ticket that goes on_hold is held for a reason.", "hold_reason"
        )


class Terms(Wanted):
    """On which terms a mechanic is on a ticket."""

    role = Text(validate=validate.Length(max=60), allow_none=True)
    minutes_worked = Whole(most=MAX_MINUTES)


class Crew(Terms):
    """Who comes to a ticket and who goes."""

    also_known_as = COMPLAINT

    add_ids = Few(Id(), load_default=list, validate=A_FEW)
    remove_ids = Few(Id(), load_default=list, validate=A_FEW)
    problem_description = Text(validate=validate.Length(max=2000))

    @validates_schema
    def nobody_comes_and_goes(self, wanted, **_kwargs):
        if both := set(wanted["add_ids"]) & set(wanted["remove_ids"]):
            raise ValidationError(f"Both added and removed: {sorted(both)}.", "remove_ids")


class PartUse(Wanted):
    """On which terms a part is used; without a markup it sells at its own price."""

    also_known_as = {"quantity": "quantity_used"}

    quantity_used = Whole(load_default=1, least=1, most=MAX_QUANTITY_USED)
    markup_bps = Hundredths(data_key="markup_percentage", most=MAX_MARKUP_BPS // 100)
    warranty_months = Whole(most=1200)
    installed_by_mechanic_id = Id()


class NamedPartUse(PartUse):
    part_id = Id(required=True)


class EachPartUse(Wanted):
    """Several parts, each on its own terms."""

    parts = Few(fields.Nested(NamedPartUse), required=True, validate=validate.Length(1, AT_ONCE))


class PartIds(Wanted):
    """One each of several parts."""

    part_ids = Few(Id(), required=True, validate=validate.Length(1, AT_ONCE))


class PartsUse(PartUse):
    """One part (`part_id`), several on their own terms (`parts`), or one each of several (`part_ids`)."""

    one_of = (NamedPartUse, EachPartUse, PartIds)

    part_id = Id()
    parts = Few(fields.Nested(NamedPartUse), validate=validate.Length(1, AT_ONCE))
    part_ids = Few(Id(), validate=validate.Length(1, AT_ONCE))

    @validates_schema(pass_original=True)
    def say_it_one_way(self, wanted, said, **_kwargs):
        ways = wanted.keys() & {"part_id", "parts", "part_ids"}
        if len(ways) != 1:
            raise ValidationError("Send one of part_id, parts and part_ids.", "part_id")
        if ways != {"part_id"} and set(said) - ways:
            raise ValidationError("The terms stand with each part, in parts.", *ways)

    @post_load
    def as_several(self, wanted, **_kwargs):
        if "parts" in wanted:
            return {"wanted": wanted["parts"], "several": True}
        if "part_ids" in wanted:
            each = [{"part_id": part_id, "quantity_used": 1} for part_id in wanted["part_ids"]]
            return {"wanted": each, "several": True}
        return {"wanted": [wanted], "several": False}


class PartLinesOut(Shape):
    """The lines of several parts."""

    ticket_id = fields.Integer()
    items = fields.List(fields.Nested(PartLineOut))


class PartsUsedOut(PartLineOut):
    """The line of one part; of several, `{ticket_id, items}` with a line each."""

    one_of = (PartLineOut, PartLinesOut)


class StatusChangeOut(Shape):
    class Meta(Shape.Meta):
        model = StatusChange

    id = auto_field()
    from_status = Choice(TicketStatus, allow_none=True)
    to_status = Choice(TicketStatus)
    reason = auto_field()
    at = Moment()
    changed_by = fields.String(allow_none=True)
