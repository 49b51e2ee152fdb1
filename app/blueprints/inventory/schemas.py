"""Request and response bodies of parts, stock adjustments, stock movements and the use of parts."""

from marshmallow import fields, validate

from app.models import MovementReason, Part, StockMovement, TicketStatus, Unit
from app.models.columns import MAX_CENTS, MAX_COUNT
from app.web.fields import Choice, DateTime, RequestSchema, ResponseSchema, Text, auto_field, only
from app.web.names import Amount
from app.web.pages import PageQuery, sorted_by, words
from app.web.quantities import SMALLEST, Quantity, QuantityInQuery, QuantityOut
from app.web.rules import rule

DEAR = "did you mean `{}`, whole cents?"
MOVED = "the stock moves by PATCH /inventory/{part_id}/adjust-quantity"
MOST_BY_HAND = 1_000_000


class PartUpdate(RequestSchema):
    """Request body for changing a part, except its stock, which changes only by stock movements."""

    class Meta(RequestSchema.Meta):
        model = Part

    also_known_as = {
        "sku": "part_number",
        "part_name": "name",
        "price": Amount("price_cents"),
        "quantity": "quantity_in_stock",
    }
    instead = {
        **dict.fromkeys(("cost", "current_cost", "unit_cost"), DEAR.format("current_cost_cents")),
        **dict.fromkeys(
            ("unit_price", "selling_price", "retail_price"), DEAR.format("price_cents")
        ),
        **dict.fromkeys(("quantity_in_stock", "stock", "adjustment"), MOVED),
    }

    part_number = auto_field(
        required=False, metadata={"description": "unique; made up if left out"}
    )
    name = auto_field(required=True)
    description = auto_field(lines=True)
    category = auto_field()
    manufacturer = auto_field()
    supplier = auto_field()
    current_cost_cents = auto_field(most=MAX_CENTS)
    price_cents = auto_field(most=MAX_CENTS, metadata={"description": "the cost if left out"})
    unit = Choice(Unit, metadata={"description": "what its quantities are in; each: whole numbers"})
    reorder_level = Quantity(most=MAX_COUNT)


class PartCreate(PartUpdate):
    """Request body for a new part.

    A price or a cost is required, so that no part is sold for nothing by mistake.
    """

    quantity_in_stock = Quantity(
        most=MAX_COUNT, metadata={"description": "the opening movement of its ledger"}
    )

    @rule
    def have_a_price(self, loaded, sent):
        if not {"price_cents", "current_cost_cents"} & {*sent, *loaded}:
            yield "price_cents", "A new part says a price or a cost; 0 counts as said."


class PartOut(ResponseSchema):
    """Response body of a part.

    Only staff see cost, supplier, exact stock, reorder level, times and version.
    """

    class Meta(ResponseSchema.Meta):
        model = Part

    id = auto_field()
    part_number = auto_field()
    name = auto_field()
    description = auto_field()
    category = auto_field()
    manufacturer = auto_field()
    price_cents = auto_field(metadata={"description": "of one unit"})
    unit = Choice(Unit)
    in_stock = fields.Boolean()
    supplier = auto_field(metadata=only("staff"))
    current_cost_cents = auto_field(metadata=only("staff"))
    quantity_in_stock = QuantityOut(metadata=only("staff"))
    reorder_level = QuantityOut(metadata=only("staff"))
    low_stock = fields.Boolean(metadata=only("staff", description="at or below the reorder level"))
    created_at = DateTime(metadata=only("staff"))
    updated_at = DateTime(metadata=only("staff"))
    version = auto_field(metadata=only("staff"))


class PartListQuery(PageQuery):
    q = words("each word somewhere in number, name, description, manufacturer or category")
    category = words()
    low_stock = fields.Boolean(metadata={"description": "at or below the reorder level"})
    quantity_below = QuantityInQuery(
        least=SMALLEST,
        most=MAX_COUNT,
        metadata={"description": "fewer on the shelf than this; staff only"},
    )
    sort = sorted_by("id", "name", "part_number", default="id")


class QuantityAdjust(RequestSchema):
    """Request body for adjusting the stock: a difference (`adjustment`) or a count (`counted`)."""

    adjustment = Quantity(
        least=-MOST_BY_HAND,
        most=MOST_BY_HAND,
        metadata={
            "description": "positive adds, negative takes; never below zero",
            "not": {"const": 0},
        },
    )
    counted = Quantity(
        most=MAX_COUNT, metadata={"description": "how many are there, instead of `adjustment`"}
    )
    reason = Text(
        lines=True,
        validate=validate.Length(max=200),
        metadata={"description": "received, adjusted or counted, or a note of your own"},
    )

    @rule
    def name_one_of_them(self, _wanted, sent):
        if len(sent.keys() & {"adjustment", "counted"}) != 1:
            yield "adjustment", "Send one of adjustment and counted."


class QuantityAdjustOut(ResponseSchema):
    part_id = fields.Integer()
    adjustment = QuantityOut(metadata={"description": "0 where a count found what was expected"})
    previous_quantity = QuantityOut()
    new_quantity = QuantityOut()


class MovementOut(ResponseSchema):
    class Meta(ResponseSchema.Meta):
        model = StockMovement

    id = auto_field()
    part_id = auto_field()
    quantity = QuantityOut(metadata={"description": "what came (positive) or went"})
    reason = Choice(MovementReason)
    note = auto_field()
    ticket_id = auto_field()
    line_id = auto_field()
    moved_by = fields.String(allow_none=True)
    at = DateTime()


class UsageOut(ResponseSchema):
    id = fields.Integer()
    ticket_id = fields.Integer()
    ticket_status = Choice(TicketStatus)
    quantity_used = QuantityOut()
    unit_price_cents = fields.Integer()
    used_at = DateTime()
