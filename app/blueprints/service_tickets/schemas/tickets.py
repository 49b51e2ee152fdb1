"""Request bodies for opening, changing and moving tickets, and the filters of their list."""

from marshmallow import fields, post_load, validate

from app.blueprints.service_tickets.schemas.crew import (
    A_FEW,
    COMPLAINT,
    WITHOUT_HOME,
    WORK,
    Work,
    ids,
)
from app.blueprints.vehicles.schemas import VinQuery
from app.models import HoldReason, ServiceTicket, TicketStatus, Vehicle
from app.models.service_tickets import FINISHED
from app.models.vehicles import MAX_ODOMETER
from app.models.vin import LONGEST_AS_TYPED
from app.web.fields import Choice, DateTime, Digits, Few, Flag, Id, RequestSchema, Text, auto_field
from app.web.pages import Include, PageQuery, sorted_by, words
from app.web.rules import demand, is_said, rule

VISITOR = {"VIN": "vin", "odometer_miles": "odometer_in"}
ABOUT_VEHICLE = ("make", "model", "year")

OLDER_STATUSES = {"completed": "ready", "pending": "open"}


class NextStatus(Choice):
    """A field for the next status of a ticket; it also accepts `completed` of earlier systems.

    `completed` means ready, but is not loaded as `ready`, because an open ticket needs two moves to it.
    """

    def __init__(self, **kwargs):
        super().__init__(TicketStatus, OLDER_STATUSES, **kwargs)

    def _deserialize(self, value, attr, data, **kwargs):
        status = super()._deserialize(value, attr, data, **kwargs)
        return FINISHED if self.word(value) == FINISHED else status


class TicketCreate(RequestSchema):
    """Request body for a new ticket: the customer, usually a vehicle, and the problem."""

    class Meta(RequestSchema.Meta):
        model = ServiceTicket

    also_known_as = COMPLAINT | VISITOR | {"inventory_items": "add_parts"}
    without_home = WITHOUT_HOME

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
    problem_description = auto_field(required=True, lines=True)
    odometer_in = auto_field(most=MAX_ODOMETER)
    override_reason = Text(
        lines=True,
        validate=validate.Length(max=200),
        metadata={"description": "why an odometer reading that does not fit is right"},
        allow_none=True,
    )
    priority = auto_field(least=1, most=5, metadata={"description": "1 (first) to 5 (last)"})
    service_date = fields.Date(allow_none=True)
    promised_at = DateTime(allow_none=True)
    status = NextStatus(
        metadata={"description": "moved there at once, as by PATCH; open if left out"}
    )

    mechanic_ids = ids("its crew; staff only")
    add_parts = Few(
        fields.Nested("NamedPartUse"),
        validate=A_FEW,
        metadata={"description": "parts to use; staff only"},
    )

    @rule
    def say_of_what(self, loaded, sent):
        yield from demand("odometer_in", loaded, sent, "override_reason")
        yield from demand("vin", loaded, sent, *ABOUT_VEHICLE)

    @post_load
    def gather_what_is_said_of_the_vehicle(self, loaded, **_kwargs):
        about = {name: loaded.pop(name) for name in ABOUT_VEHICLE if name in loaded}
        return loaded | {"about_vehicle": about}


class TicketUpdate(Work):
    """Request body for changing a ticket. A new `status` also adds an entry to the ticket's history."""

    class Meta(RequestSchema.Meta):
        model = ServiceTicket

    also_known_as = COMPLAINT | WORK | VISITOR
    without_home = WITHOUT_HOME
    goes_with = {"hold_reason": "status"}
    instead = {"mechanic_ids": "did you mean `add_ids` and `remove_ids`?"}

    customer_id = Id(metadata={"description": "the vehicle must be this customer's, or null"})
    vehicle_id = Id(allow_none=True, metadata={"description": "one of the customer's"})
    vin = Text(
        validate=validate.Length(max=LONGEST_AS_TYPED),
        load_only=True,
        metadata={"description": "of a vehicle of the customer; a new one is put on file"},
    )
    problem_description = auto_field(required=False, lines=True)
    odometer_in = auto_field(most=MAX_ODOMETER)
    override_reason = Text(lines=True, validate=validate.Length(max=200))
    priority = auto_field(least=1, most=5)
    service_date = fields.Date(allow_none=True)
    promised_at = DateTime(allow_none=True)
    customer_po = auto_field(metadata={"description": "the customer's number of the order"})
    return_replaced_parts = Flag(
        metadata={"description": "whether the customer wants the parts that are replaced"}
    )
    shop_supplies_waived = Flag(metadata={"description": "no shop supplies on this ticket"})
    status = NextStatus()
    reason = Text(
        lines=True,
        validate=validate.Length(max=200),
        metadata={"description": "demanded where a move is taken back"},
    )
    hold_reason = Choice(HoldReason)

    @rule
    def say_what_for(self, loaded, sent):
        if not sent.keys() & {"vehicle_id", "vin"}:
            yield from demand("odometer_in", loaded, sent, "override_reason")
        yield from demand("status", loaded, sent, "reason", "hold_reason")
        yield from hold_only_on_hold("status", loaded, sent)


class TicketMove(RequestSchema):
    to = NextStatus(required=True)
    reason = Text(
        lines=True,
        validate=validate.Length(max=200),
        metadata={"description": "demanded where a move is taken back"},
    )
    hold_reason = Choice(HoldReason, metadata={"description": "with on_hold"})
    on_account = Flag(
        metadata={"description": "with closed, by a manager: though something is left to pay"}
    )

    @rule
    def say_what_for(self, loaded, sent):
        yield from hold_only_on_hold("to", loaded, sent)
        told_of = is_said("to", loaded, sent) and "to" not in loaded
        if "on_account" in sent and not told_of and loaded.get("to") is not TicketStatus.CLOSED:
            yield "on_account", "Only a ticket that is closed goes on account."


def hold_only_on_hold(status, loaded, sent):
    """Yield `(member, reason)` if a hold reason is sent, but not with the new status on_hold.

    `status` is the name of the member that has the new status, `loaded` has the valid members, and
    `sent` is the request body. If the status is invalid, yield nothing: that is reported elsewhere.
    """
    told_of = is_said(status, loaded, sent) and status not in loaded
    if "hold_reason" in sent and not told_of and loaded.get(status) is not TicketStatus.ON_HOLD:
        yield "hold_reason", "Only a ticket that goes on_hold is held for a reason."


OPTIONAL = ("jobs", "totals", "terms")


class TicketQuery(RequestSchema):
    """Query parameters for a single ticket: the optional members that the response should include."""

    include = Include(*OPTIONAL, "recommendations")


class TicketListQuery(PageQuery):
    """Query parameters for the list of tickets; by default, the newest come first."""

    q = words(
        "each word somewhere in description, RO number, the customer's name, e-mail or phone, or the"
        " vehicle's VIN, make, model or year; for staff also in its plate"
    )
    status = Choice(TicketStatus, OLDER_STATUSES)
    customer_id = Digits(least=1)
    vehicle_id = Digits(least=1)
    vin = VinQuery()
    mechanic_id = Digits(least=1)
    priority = Digits(least=1, most=5)
    opened_from = DateTime()
    opened_to = DateTime()
    promised_from = DateTime()
    promised_to = DateTime()
    service_date_from = fields.Date()
    service_date_to = fields.Date()
    include = Include(*OPTIONAL)
    sort = sorted_by("id", "opened_at", "promised_at", "priority", "status", default="-opened_at")
