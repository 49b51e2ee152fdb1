"""Request and response bodies of lines, and of discounts on a ticket."""

from marshmallow import fields, post_load, validate

from app.models import AppliesTo, Condition, LineKind, PriceSource, TicketLine
from app.models.columns import MAX_CENTS
from app.models.shop import MAX_RATE_CENTS
from app.models.ticket_lines import (
    MAX_BILLED_MINUTES,
    MAX_MARKUP_BPS,
    MAX_POSITION,
    MAX_QUANTITY,
    MAX_UNIT_PRICE_CENTS,
    OF_BOUGHT_PARTS,
    strange_members,
)
from app.web.fields import (
    SEEN_BY,
    Choice,
    DateTime,
    Flag,
    Hundredths,
    Id,
    RequestSchema,
    ResponseSchema,
    Whole,
    auto_field,
    only,
)
from app.web.quantities import SMALLEST, Quantity, QuantityOut
from app.web.rules import rule

PRICES = ("unit_price_cents", "markup_percentage", "price_source")
MANUAL = "one of unit_price_cents, markup_percentage and price_source makes the price"


class LineUpdate(RequestSchema):
    """Request body for changing a line; each kind of line has only some of these members."""

    class Meta(RequestSchema.Meta):
        model = TicketLine

    one_alone = frozenset(PRICES)

    name = auto_field(required=False)
    position = Whole(
        most=MAX_POSITION, metadata={"description": "lines are in this order, then by id"}
    )
    taxable = Flag()
    discount_bps = Hundredths(most=100, data_key="discount_percentage", allow_none=True)
    discount_cents = Whole(most=MAX_CENTS, allow_none=True)
    billed_minutes = Whole(most=MAX_BILLED_MINUTES, metadata={"description": "labor only"})
    rate_cents = Whole(
        most=MAX_RATE_CENTS, metadata={"description": "labor only: an hour; the shop's if left out"}
    )
    flat_price_cents = Whole(
        most=MAX_CENTS,
        allow_none=True,
        metadata={"description": "labor only: a fixed price, whatever the time"},
    )
    mechanic_id = Id(allow_none=True, metadata={"description": "labor only: who does it"})
    quantity = Quantity(least=SMALLEST, most=MAX_QUANTITY)
    unit_price_cents = Whole(least=-MAX_CENTS, most=MAX_UNIT_PRICE_CENTS)
    markup_bps = Hundredths(data_key="markup_percentage", most=MAX_MARKUP_BPS // 100)
    price_source = fields.String(
        validate=validate.Equal(PriceSource.MATRIX.value),
        metadata={"enum": [PriceSource.MATRIX.value], "description": f"by cost; {MANUAL}"},
    )
    unit_cost_cents = Whole(
        most=MAX_CENTS, metadata={"description": "of a sublet, or of a part bought for this ticket"}
    )
    supplier = auto_field()
    part_number = auto_field()
    condition = Choice(Condition)
    core_charge_cents = Whole(most=MAX_CENTS)
    cores_returned = Quantity(most=MAX_QUANTITY)
    warranty_months = Whole(most=1200, allow_none=True)
    warranty_distance = Whole(most=1_000_000, allow_none=True)
    applies_to = Choice(AppliesTo, metadata={"description": "discount only: to which charges"})

    @rule
    def say_one_discount_and_one_price(self, _loaded, sent):
        if sent.get("discount_percentage") is not None and sent.get("discount_cents") is not None:
            yield "discount_cents", "Not together with discount_percentage."
        prices = [each for each in PRICES if each in sent]
        for name in prices[1:]:
            yield name, f"Not together with {prices[0]}."

    @post_load
    def as_words(self, loaded, **_kwargs):
        if "price_source" in loaded:
            loaded["price_source"] = PriceSource(loaded["price_source"])
        return loaded


class LineCreate(LineUpdate):
    """Request body for a new line; its `kind` decides which members are required and allowed.

    Labor requires `billed_minutes`. A part from stock requires `part_id`. A part that is bought for this
    ticket requires `name`, `part_number` and a price. A sublet or a fee requires `name` and a price. A
    discount requires `name`, and `discount_percentage` or `discount_cents`.
    """

    kind = Choice(LineKind, required=True)
    part_id = Id(metadata={"description": "a part from stock, which is planned until it is used"})

    @rule
    def fit_its_kind(self, loaded, sent):
        kind = loaded.get("kind")
        if kind is None:
            return
        for name in strange_members(kind, loaded):
            yield name.replace("_bps", "_percentage"), f"No member of this {kind} line."
        for name in needed(
            kind, {each for each in sent if loaded.get(each, sent[each]) is not None}
        ):
            yield name, f"This {kind} line needs it."
        for name in OF_BOUGHT_PARTS & loaded.keys() if "part_id" in loaded else ():
            yield name, "No member of this part line."
        if loaded.get("cores_returned", 0) > (quantity := loaded.get("quantity", 1)):
            yield "cores_returned", f"No more than the quantity, {quantity}."


def needed(kind, sent):
    """Yield the name of each member that a new line of this kind requires, but that was not sent.

    `kind` is a LineKind, and `sent` has the names of the members that were sent with a value.
    """
    missing = {name for name in ("name", "part_number", "billed_minutes") if name not in sent}
    if kind is LineKind.LABOR:
        yield from missing & {"billed_minutes"}
    elif kind is LineKind.PART and "part_id" not in sent:
        yield from missing & {"name", "part_number"}
    elif kind is not LineKind.PART:
        yield from missing & {"name"}
    if kind in (LineKind.PART, LineKind.SUBLET) and not sent & {"part_id", *PRICES}:
        yield "unit_price_cents"
    if kind is LineKind.FEE and "unit_price_cents" not in sent:
        yield "unit_price_cents"
    if kind is LineKind.DISCOUNT and not sent & {"discount_percentage", "discount_cents"}:
        yield "discount_percentage"


class DiscountCreate(RequestSchema):
    """Request body for a discount on all jobs of a ticket."""

    class Meta(RequestSchema.Meta):
        model = TicketLine

    kind = fields.String(
        validate=validate.Equal(LineKind.DISCOUNT.value),
        metadata={"enum": [LineKind.DISCOUNT.value]},
    )
    name = auto_field(required=True)
    position = Whole(most=MAX_POSITION)
    discount_bps = Hundredths(most=100, data_key="discount_percentage")
    discount_cents = Whole(most=MAX_CENTS)
    applies_to = Choice(AppliesTo)

    @rule
    def say_one_discount(self, _loaded, sent):
        if len(sent.keys() & {"discount_percentage", "discount_cents"}) != 1:
            yield "discount_percentage", "Send one of discount_percentage and discount_cents."

    @post_load
    def as_a_line(self, loaded, **_kwargs):
        return loaded | {"kind": LineKind.DISCOUNT}


class LineUse(RequestSchema):
    installed_by_mechanic_id = Id()


class LineReturn(RequestSchema):
    quantity = Quantity(
        least=SMALLEST, most=MAX_QUANTITY, metadata={"description": "all, if left out"}
    )


class LineOfJobOut(ResponseSchema):
    """A line in a response; members that its kind does not have are null.

    Only staff see unit cost, markup, price source and supplier.
    """

    class Meta(ResponseSchema.Meta):
        model = TicketLine

    id = auto_field()
    ticket_id = auto_field()
    job_id = auto_field()
    position = auto_field()
    kind = Choice(LineKind)
    name = auto_field()
    taxable = auto_field()
    discount_percentage = fields.Float(allow_none=True)
    discount_cents = auto_field()
    applies_to = Choice(AppliesTo, allow_none=True)
    billed_minutes = auto_field()
    rate_cents = auto_field()
    flat_price_cents = auto_field()
    mechanic_id = auto_field()
    quantity = QuantityOut(allow_none=True)
    unit_price_cents = fields.Integer(allow_none=True)
    part_id = auto_field()
    part_number = auto_field()
    condition = Choice(Condition, allow_none=True)
    core_charge_cents = auto_field()
    cores_returned = QuantityOut(allow_none=True)
    used_at = DateTime(
        allow_none=True, metadata={"description": "null: planned, or not from stock"}
    )
    installed_by_mechanic_id = auto_field()
    warranty_months = auto_field()
    warranty_distance = auto_field()
    amount_cents = fields.Integer(
        metadata={"description": "before discounts; of a discount what it takes off, negative"}
    )
    net_cents = fields.Integer(allow_none=True, metadata={"description": "after all discounts"})
    tax_cents = fields.Integer(allow_none=True)
    unit_cost_cents = auto_field(metadata=only("staff"))
    markup_percentage = fields.Float(allow_none=True, metadata=only("staff"))
    price_source = Choice(PriceSource, allow_none=True, metadata=only("staff"))
    supplier = auto_field(metadata=only("staff"))


OF_STAFF = [name for name, each in LineOfJobOut().fields.items() if SEEN_BY in each.metadata]


class LineOut(LineOfJobOut):
    """Response body of a line, with the version of its ticket: a line has no version of its own."""

    version = fields.Integer(metadata={"description": "of the ticket"})
