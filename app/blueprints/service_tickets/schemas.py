"""What the work on a ticket takes on the wire: its crew and its parts."""

from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from app.blueprints.shapes import PartLineOut
from app.models import StatusChange, TicketStatus
from app.models.columns import MAX_CENTS
from app.models.service_tickets import MAX_MARKUP_BPS, MAX_MINUTES, MAX_QUANTITY_USED
from app.web.fields import (
    Choice,
    Hundredths,
    Id,
    Moment,
    NumberOrDigits,
    Shape,
    Text,
    Wanted,
    Whole,
    auto_field,
)
from app.web.quantities import SMALLEST, Quantity, QuantityInQuery

COMPLAINT: dict[str | tuple[str, ...], str] = {
    "description": "problem_description",
    "service_desc": "problem_description",
}
AT_ONCE = 100
A_FEW = validate.Length(max=AT_ONCE)


class Few(fields.List):
    """A list whose length is looked at before what is in it: 60,000 things would take a minute."""

    def _deserialize(self, value, attr, data, **kwargs):
        if isinstance(value, list):
            self._validate(value)
        return super()._deserialize(value, attr, data, **kwargs)


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

    quantity_used = Quantity(load_default=1, least=SMALLEST, most=MAX_QUANTITY_USED)
    markup_bps = Hundredths(data_key="markup_percentage", most=MAX_MARKUP_BPS // 100)
    unit_price_cents = Whole(
        most=MAX_CENTS,
        metadata={"description": "by hand, instead of a markup; 0 for goodwill or warranty"},
    )
    warranty_months = Whole(most=1200)
    installed_by_mechanic_id = Id()

    @validates_schema
    def name_one_price(self, wanted, **_kwargs):
        if wanted.keys() >= {"markup_bps", "unit_price_cents"}:
            raise ValidationError("Not together with markup_percentage.", "unit_price_cents")


class PartQuantity(PartUse):
    """How many of a part are used on a ticket in all; what is added is added on these terms."""

    quantity_used = Quantity(required=True, most=MAX_QUANTITY_USED)


class PartReturn(Wanted):
    """How much of a part comes back, and of which line: numbers in a body, digits in a query."""

    also_known_as = {"quantity_used": "quantity"}

    quantity = QuantityInQuery(
        least=SMALLEST, most=MAX_QUANTITY_USED, metadata={"description": "all, if left out"}
    )
    line_id = NumberOrDigits(least=1, metadata={"description": "any line, if left out"})


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
            each = [part | {"pointer": f"/parts/{n}"} for n, part in enumerate(wanted["parts"])]
            return {"wanted": each, "several": True}
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
