"""What a part and its ledger look like on the wire."""

from marshmallow import fields, validate

from app.models import MovementReason, Part, StockMovement, TicketStatus
from app.models.columns import MAX_CENTS, MAX_COUNT
from app.web.fields import Choice, Moment, Shape, Text, Wanted, Whole, auto_field, only
from app.web.pages import PageWanted, sorted_by, words


class PartChange(Wanted):
    """What may be changed of a part: everything but its stock, which moves through the ledger."""

    class Meta(Wanted.Meta):
        model = Part

    also_known_as = {"sku": "part_number"}

    part_number = auto_field(
        required=False, metadata={"description": "unique; made up if left out"}
    )
    name = auto_field(required=True)
    description = auto_field()
    category = auto_field()
    manufacturer = auto_field()
    supplier = auto_field()
    current_cost_cents = auto_field(most=MAX_CENTS)
    price_cents = auto_field(most=MAX_CENTS, metadata={"description": "the cost if left out"})
    reorder_level = auto_field(most=MAX_COUNT)


class PartWanted(PartChange):
    also_known_as = PartChange.also_known_as | {"quantity": "quantity_in_stock"}

    quantity_in_stock = Whole(
        most=MAX_COUNT, metadata={"description": "the opening movement of its ledger"}
    )


class PartOut(Shape):
    """Cost, supplier and exact stock are for staff."""

    class Meta(Shape.Meta):
        model = Part

    id = auto_field()
    part_number = auto_field()
    name = auto_field()
    description = auto_field()
    category = auto_field()
    manufacturer = auto_field()
    price_cents = auto_field()
    in_stock = fields.Boolean()
    supplier = auto_field(metadata=only("staff"))
    current_cost_cents = auto_field(metadata=only("staff"))
    quantity_in_stock = auto_field(metadata=only("staff"))
    reorder_level = auto_field(metadata=only("staff"))
    low_stock = fields.Boolean(metadata=only("staff", description="at or below the reorder level"))
    created_at = Moment(metadata=only("staff"))
    updated_at = Moment(metadata=only("staff"))
    version = auto_field(metadata=only("staff"))


class PartsWanted(PageWanted):
    q = words("each word somewhere in number, name, description, manufacturer or category")
    category = words()
    low_stock = fields.Boolean(metadata={"description": "at or below the reorder level"})
    sort = sorted_by("id", "name", "part_number", default="id")


class Adjustment(Wanted):
    adjustment = Whole(
        required=True,
        least=-1_000_000,
        most=1_000_000,
        metadata={
            "description": "positive adds, negative takes; never below zero",
            "not": {"const": 0},
        },
    )
    reason = Text(
        validate=validate.Length(max=200),
        metadata={"description": "received, adjusted or counted, or a note of your own"},
    )


class AdjustedOut(Shape):
    part_id = fields.Integer()
    adjustment = fields.Integer()
    previous_quantity = fields.Integer()
    new_quantity = fields.Integer()


class MovementOut(Shape):
    class Meta(Shape.Meta):
        model = StockMovement

    id = auto_field()
    part_id = auto_field()
    quantity = fields.Integer(metadata={"description": "what came (positive) or went"})
    reason = Choice(MovementReason)
    note = auto_field()
    ticket_id = auto_field()
    line_id = auto_field()
    moved_by = fields.String(allow_none=True)
    at = Moment()


class UsageOut(Shape):
    id = fields.Integer()
    ticket_id = fields.Integer()
    ticket_status = Choice(TicketStatus)
    quantity_used = fields.Integer()
    unit_price_cents = fields.Integer()
    used_at = Moment()
