"""What a service ticket takes on the wire."""

from marshmallow import fields, post_load, validate

from app.blueprints.service_tickets.crew import A_FEW, COMPLAINT, WITHOUT_HOME, WORK, Few, Work, ids
from app.blueprints.shapes import OLDER_STATUSES, PartLineOut
from app.models import HoldReason, ServiceTicket, StatusChange, TicketStatus
from app.models.customers import MAX_ODOMETER
from app.models.service_tickets import MAX_MARKUP_BPS, MAX_QUANTITY_USED
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
)
from app.web.rules import demand, is_said, rule

SEVERAL = ("parts", "part_ids")


class TicketWanted(Wanted):
    """A new ticket, on a vehicle named by its id or by the VIN of one of the customer's."""

    class Meta(Wanted.Meta):
        model = ServiceTicket

    also_known_as = COMPLAINT | {
        "VIN": "vin",
        "odometer_miles": "odometer_in",
        "inventory_items": "add_parts",
    }
    without_home = WITHOUT_HOME

    vehicle_id = Id()
    vin = Text(validate=validate.Length(max=17), load_only=True)
    customer_id = Id(metadata={"description": "whose vehicle it must be"})
    problem_description = auto_field(required=True, lines=True)
    odometer_in = auto_field(most=MAX_ODOMETER)
    override_reason = Text(
        lines=True,
        validate=validate.Length(max=200),
        metadata={"description": "why a lower odometer reading is right"},
        allow_none=True,
    )
    priority = auto_field(least=1, most=5, metadata={"description": "1 (first) to 5 (last)"})
    service_date = fields.Date(allow_none=True)
    promised_at = Moment(allow_none=True)
    status = fields.String(
        validate=validate.OneOf(["open", "pending"]),
        load_only=True,
        metadata={"description": "a new ticket is always open"},
    )
    mechanic_ids = ids("its crew; staff only")
    add_parts = Few(
        fields.Nested("NamedPartUse"),
        validate=A_FEW,
        metadata={"description": "parts to use; staff only"},
    )

    @rule
    def name_a_vehicle(self, wanted, sent):
        if not is_said("vehicle_id", wanted, sent) and not is_said("vin", wanted, sent):
            yield "vehicle_id", "Say which vehicle, by vehicle_id or vin."
        yield from demand("odometer_in", wanted, sent, "override_reason")

    @post_load
    def every_ticket_begins_open(self, wanted, **_kwargs):
        wanted.pop("status", None)
        return wanted


class TicketChange(Work):
    """What may be changed of a ticket; another status is a move."""

    class Meta(Wanted.Meta):
        model = ServiceTicket

    also_known_as = COMPLAINT | WORK | {"odometer_miles": "odometer_in"}
    without_home = WITHOUT_HOME
    instead = {"mechanic_ids": "did you mean `add_ids` and `remove_ids`?"}

    problem_description = auto_field(required=False, lines=True)
    odometer_in = auto_field(most=MAX_ODOMETER)
    override_reason = Text(lines=True, validate=validate.Length(max=200))
    priority = auto_field(least=1, most=5)
    service_date = fields.Date(allow_none=True)
    promised_at = Moment(allow_none=True)
    status = Choice(TicketStatus, OLDER_STATUSES)
    reason = Text(lines=True, validate=validate.Length(max=200))
    hold_reason = Choice(HoldReason)

    @rule
    def say_what_for(self, wanted, sent):
        yield from demand("odometer_in", wanted, sent, "override_reason")
        yield from demand("status", wanted, sent, "reason", "hold_reason")
        yield from hold_only_on_hold("status", wanted, sent)


class Move(Wanted):
    to = Choice(TicketStatus, OLDER_STATUSES, required=True)
    reason = Text(lines=True, validate=validate.Length(max=200))
    hold_reason = Choice(HoldReason, metadata={"description": "with on_hold"})

    @rule
    def say_what_for(self, wanted, sent):
        yield from hold_only_on_hold("to", wanted, sent)


def hold_only_on_hold(status, wanted, sent):
    """A status that is itself wrong is told of by itself."""
    told_of = is_said(status, wanted, sent) and status not in wanted
    if "hold_reason" in sent and not told_of and wanted.get(status) is not TicketStatus.ON_HOLD:
        yield "hold_reason", "Only a ticket that goes on_hold is held for a reason."


class PartUse(Wanted):
    """On which terms a part is used; without a markup it sells at its own price."""

    also_known_as = {"quantity": "quantity_used"}

    quantity_used = Whole(load_default=1, least=1, most=MAX_QUANTITY_USED)
    markup_bps = Hundredths(data_key="markup_percentage", most=MAX_MARKUP_BPS // 100)
    warranty_months = Whole(most=1200)
    installed_by_mechanic_id = Id()


class NamedPartUse(PartUse):
    also_known_as = PartUse.also_known_as | {"inventory_id": "part_id"}

    part_id = Id(required=True)


class EachPartUse(Wanted):
    """Several parts, each on its own terms."""

    parts = Few(fields.Nested(NamedPartUse), required=True, validate=A_FEW)


class PartIds(Wanted):
    """One each of several parts."""

    part_ids = Few(Id(), required=True, validate=A_FEW)


class PartsUse(PartUse):
    """One part (`part_id`), several on their own terms (`parts`), or one each of several (`part_ids`)."""

    one_of = (NamedPartUse, EachPartUse, PartIds)

    also_known_as = NamedPartUse.also_known_as

    part_id = Id()
    parts = Few(fields.Nested(NamedPartUse), validate=A_FEW)
    part_ids = Few(Id(), validate=A_FEW)

    @rule
    def say_it_one_way(self, _wanted, sent):
        ways = sent.keys() & {"part_id", *SEVERAL}
        if len([way for way in ways if sent[way] != []]) > 1 or not ways:
            yield "part_id", "Send one of part_id, parts and part_ids."
        elif "part_id" not in ways and set(sent) - ways:
            yield min(ways), "The terms stand with each part, in parts."

    @post_load
    def as_several(self, wanted, **_kwargs):
        several = [*wanted.pop("parts", ()), *map(one_each, wanted.pop("part_ids", ()))]
        single = "part_id" in wanted
        return {"wanted": [wanted] if single else several, "several": not single}


def one_each(part_id: int) -> dict:
    return {"part_id": part_id, "quantity_used": 1}


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
