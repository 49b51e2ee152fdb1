"""Request and response bodies for the parts on a ticket, and for its history."""

from marshmallow import fields, post_load

from app.blueprints.service_tickets.schemas.answers import PartLineOut
from app.blueprints.service_tickets.schemas.crew import A_FEW
from app.models import StatusChange, TicketStatus
from app.models.columns import MAX_CENTS
from app.models.ticket_lines import MAX_MARKUP_BPS, MAX_QUANTITY
from app.web.fields import (
    ON_REQUEST,
    Choice,
    DateTime,
    Few,
    Hundredths,
    Id,
    NumberOrDigits,
    RequestSchema,
    ResponseSchema,
    Whole,
    auto_field,
)
from app.web.quantities import SMALLEST, Quantity, QuantityInQuery
from app.web.rules import rule

SEVERAL = ("parts", "part_ids")


class PartUse(RequestSchema):
    """Request body for using a part: its quantity, price, warranty, mechanic and job.

    Without `markup_percentage` and `unit_price_cents`, the part's own price applies.
    """

    also_known_as = {"quantity": "quantity_used"}

    quantity_used = Quantity(load_default=1, least=SMALLEST, most=MAX_QUANTITY)
    markup_bps = Hundredths(data_key="markup_percentage", most=MAX_MARKUP_BPS // 100)
    unit_price_cents = Whole(
        most=MAX_CENTS,
        metadata={"description": "by hand, instead of a markup; 0 for goodwill or warranty"},
    )
    warranty_months = Whole(most=1200)
    installed_by_mechanic_id = Id()
    job_id = Id(
        metadata={
            "description": "a job of the ticket; if left out, the first that is not turned down"
        }
    )

    @rule
    def name_one_price(self, _loaded, sent):
        if sent.keys() >= {"markup_percentage", "unit_price_cents"}:
            yield "unit_price_cents", "Not together with markup_percentage."


class PartQuantity(PartUse):
    """Request body for setting the total quantity of a part on a ticket.

    Price, warranty and mechanic apply to the quantity that is added.
    """

    class Meta(PartUse.Meta):
        exclude = ("job_id",)

    quantity_used = Quantity(required=True, most=MAX_QUANTITY)


class PartReturn(RequestSchema):
    """Request body or query parameters for returning a part to stock: the quantity, and which line."""

    also_known_as = {"quantity_used": "quantity"}

    quantity = QuantityInQuery(
        least=SMALLEST, most=MAX_QUANTITY, metadata={"description": "all, if left out"}
    )
    line_id = NumberOrDigits(least=1, metadata={"description": "any line, if left out"})


class NamedPartUse(PartUse):
    also_known_as = PartUse.also_known_as | {"inventory_id": "part_id"}

    part_id = Id(required=True)


class EachPartUse(RequestSchema):
    """Request body for using several parts, each with its own quantity, price, warranty and mechanic."""

    parts = Few(fields.Nested(NamedPartUse), required=True, validate=A_FEW)


class PartIds(RequestSchema):
    """Request body for using several parts, a quantity of 1 of each."""

    part_ids = Few(Id(), required=True, validate=A_FEW)


class PartsUse(PartUse):
    """Request body for using one or several parts.

    Send `part_id` for one part. For several, send `parts`, each with its own quantity and price, or
    `part_ids` to use a quantity of 1 of each.
    """

    one_of = (NamedPartUse, EachPartUse, PartIds)

    also_known_as = NamedPartUse.also_known_as

    part_id = Id()
    parts = Few(fields.Nested(NamedPartUse), validate=A_FEW)
    part_ids = Few(Id(), validate=A_FEW)

    @rule
    def say_it_one_way(self, _loaded, sent):
        ways = sent.keys() & {"part_id", *SEVERAL}
        if len([way for way in ways if sent[way] != []]) > 1 or not ways:
            yield "part_id", "Send one of part_id, parts and part_ids."
        elif "part_id" not in ways and set(sent) - ways:
            yield min(ways), "The terms stand with each part, in parts."

    @post_load
    def as_several(self, loaded, **_kwargs):
        several = [
            *(part | {"pointer": f"/parts/{n}"} for n, part in enumerate(loaded.pop("parts", ()))),
            *map(one_each, loaded.pop("part_ids", ())),
        ]
        single = "part_id" in loaded
        return {"uses": [loaded] if single else several, "several": not single}


def one_each(part_id: int) -> dict:
    return {"part_id": part_id, "quantity_used": 1}


class PartLinesOut(ResponseSchema):
    """Response body with the lines of several used parts."""

    ticket_id = fields.Integer()
    items = fields.List(fields.Nested(PartLineOut))


class PartsUsedOut(PartLineOut):
    """Response body for using parts: the line of one part, or `{ticket_id, items}` for several."""

    one_of = (PartLineOut, PartLinesOut)


class StatusChangeOut(ResponseSchema):
    class Meta(ResponseSchema.Meta):
        model = StatusChange

    id = auto_field()
    from_status = Choice(TicketStatus, allow_none=True)
    to_status = Choice(TicketStatus)
    reason = auto_field()
    on_account = fields.Boolean(
        metadata={ON_REQUEST: True, "description": "only if true: closed before it was paid"}
    )
    at = DateTime()
    changed_by = fields.String(allow_none=True)
