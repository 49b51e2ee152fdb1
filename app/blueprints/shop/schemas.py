"""Request and response bodies of the settings of the shop.

A percentage in a request is loaded as a whole number, of basis points or of millionths.
"""

from collections.abc import Iterator
from zoneinfo import available_timezones

from marshmallow import fields, validate

from app.models import Shop
from app.models.columns import MAX_CENTS, MAX_COUNT
from app.models.shop import (
    MAX_RATE_CENTS,
    MOST_APPROVAL_HOURS,
    MOST_PAYMENT_TERMS_DAYS,
    DistanceUnit,
    Paper,
    Policy,
    SuppliesOf,
)
from app.models.ticket_lines import MAX_MARKUP_BPS
from app.web.fields import (
    Choice,
    DateTime,
    Email,
    Few,
    Flag,
    Hundredths,
    RequestSchema,
    ResponseSchema,
    TenThousandths,
    Text,
    Whole,
    auto_field,
    only,
)
from app.web.rules import rule

KINDS = ("labor", "part", "sublet", "fee")
MOST_TAXES, MOST_BANDS, MOST_ADDRESS_LINES = 4, 20, 4
# Without names such as `localtime`, which mean another zone on another computer.
TIME_ZONES = ["UTC", *sorted(name for name in available_timezones() if "/" in name)]
WEBSITE = "^https?://[!-~]+$"
PREFIX = "^(?!CN-)[0-9A-Za-z./_-]+$"  # CN- is for credit notes


def percentage_of(kind: str) -> TenThousandths:
    return TenThousandths(most=50, load_default=0, data_key=f"{kind}_percentage")


class TaxIn(RequestSchema):
    """A tax in a request body, with its percentage on each kind of charge."""

    name = Text(required=True, validate=validate.Length(max=40))
    labor_millionths = percentage_of("labor")
    part_millionths = percentage_of("part")
    sublet_millionths = percentage_of("sublet")
    fee_millionths = percentage_of("fee")


class SuppliesIn(RequestSchema):
    """The charge for shop supplies in a request body: a percentage of some charges, up to a cap."""

    name = Text(load_default="Shop supplies", validate=validate.Length(max=60))
    bps = Hundredths(most=100, required=True, data_key="percentage")
    of = Choice(SuppliesOf, load_default=SuppliesOf.LABOR_AND_PART)
    cap_cents = Whole(most=MAX_CENTS, allow_none=True, load_default=None)
    taxable = Flag(load_default=True, metadata={"description": "at the rate of fees"})
    statement = Text(
        lines=True,
        allow_none=True,
        load_default=None,
        validate=validate.Length(max=300),
        metadata={"description": "printed with it, where the law asks for that"},
    )


class BandIn(RequestSchema):
    """A band of the markup matrix in a request body.

    The band begins at the `up_to_cents` of the band before, and ends at its own `up_to_cents`. Its
    markup applies only to the part of a cost that is inside the band.
    """

    up_to_cents = Whole(least=1, most=MAX_CENTS, allow_none=True, load_default=None)
    markup_bps = Hundredths(most=MAX_MARKUP_BPS // 100, required=True, data_key="markup_percentage")


class ShopUpdate(RequestSchema):
    class Meta(RequestSchema.Meta):
        model = Shop

    name = auto_field(required=False)
    address_lines = Few(
        Text(validate=validate.Length(max=120)), validate=validate.Length(max=MOST_ADDRESS_LINES)
    )
    phone = auto_field()
    email = Email(allow_none=True)
    website = auto_field(
        validate=[validate.Length(max=200), validate.Regexp(WEBSITE)],
        metadata={"pattern": WEBSITE},
    )
    registration_number = auto_field()
    tax_number = auto_field()
    distance_unit = Choice(DistanceUnit)
    labor_rate_cents = auto_field(
        most=MAX_RATE_CENTS, metadata={"description": "an hour, of a labor line without its own"}
    )
    labor_cost_rate_cents = auto_field(
        most=MAX_RATE_CENTS,
        metadata={"description": "what an hour of labor costs the shop, for the gross profit"},
    )
    taxes = Few(
        fields.Nested(TaxIn),
        validate=validate.Length(max=MOST_TAXES),
        metadata={"description": "each on the price, none on another tax"},
    )
    shop_supplies = fields.Nested(SuppliesIn, allow_none=True)
    markup_matrix = Few(
        fields.Nested(BandIn),
        validate=validate.Length(max=MOST_BANDS),
        metadata={"description": "rising, the last without an upper edge"},
    )
    time_zone = fields.String(
        validate=validate.OneOf(TIME_ZONES),
        metadata={"description": "IANA, such as America/Los_Angeles: of printed times"},
    )
    paper = Choice(Paper, metadata={"description": "of PDFs"})
    authorization_policy = Choice(
        Policy,
        metadata={
            "description": "strict: only authorized jobs take parts and are invoiced; off: it is only shown"
        },
    )
    closing_policy = Choice(
        Policy,
        metadata={
            "description": "strict: a ticket is closed once it is invoiced and paid, or on account"
        },
    )
    approval_hours = Whole(
        least=1,
        most=MOST_APPROVAL_HOURS,
        metadata={"description": "how long an approval link is good"},
    )
    estimate_terms = auto_field(lines=True, metadata={"description": "printed on estimates"})
    invoice_terms = auto_field(
        lines=True, metadata={"description": "printed on invoices, such as the warranty"}
    )
    payment_terms_days = Whole(
        most=MOST_PAYMENT_TERMS_DAYS,
        metadata={"description": "until an invoice is due; a customer's own terms go first"},
    )
    invoice_prefix = Text(
        validate=[validate.Length(max=20), validate.Regexp(PREFIX)], metadata={"pattern": PREFIX}
    )
    first_invoice_number = Whole(
        least=1, most=MAX_COUNT, metadata={"description": "until the first invoice is issued"}
    )

    @rule
    def name_each_tax_once(self, loaded, _sent):
        names = [tax["name"].lower() for tax in loaded.get("taxes", ()) if "name" in tax]
        if len(set(names)) < len(names):
            yield "taxes", "Two taxes have the same name."

    @rule
    def let_bands_rise(self, loaded, sent) -> Iterator[tuple[str, str]]:
        bands, as_sent = loaded.get("markup_matrix", ()), sent.get("markup_matrix")
        if not isinstance(as_sent, list) or len(bands) != len(as_sent):
            return  # what is wrong with a band is an error of its own
        if any("up_to_cents" not in band for band in bands):
            return
        edges = [band["up_to_cents"] for band in bands]
        if edges and edges[-1] is not None:
            yield "markup_matrix", "The last band has no upper edge: its up_to_cents is null."
        lower = edges[:-1]
        if None in lower or lower != sorted(set(filter(None, lower))):
            yield "markup_matrix", "Each up_to_cents is above the one before."


class TaxOut(ResponseSchema):
    name = fields.String()
    labor_percentage = fields.Float()
    part_percentage = fields.Float()
    sublet_percentage = fields.Float()
    fee_percentage = fields.Float()


class SuppliesOut(ResponseSchema):
    name = fields.String()
    percentage = fields.Float()
    of = Choice(SuppliesOf)
    cap_cents = fields.Integer(allow_none=True)
    taxable = fields.Boolean()
    statement = fields.String(allow_none=True)


class BandOut(ResponseSchema):
    up_to_cents = fields.Integer(allow_none=True)
    markup_percentage = fields.Float()


class ShopOut(ResponseSchema):
    """Response body with the settings of the shop.

    Staff also see its rates, taxes, shop supplies and policies; managers also see its markups and what
    an hour of labor costs.
    """

    class Meta(ResponseSchema.Meta):
        model = Shop

    name = auto_field()
    address_lines = fields.List(fields.String())
    phone = auto_field()
    email = auto_field()
    website = auto_field()
    registration_number = auto_field()
    tax_number = auto_field()
    currency = fields.String(metadata={"description": "ISO 4217: what every *_cents counts"})
    distance_unit = Choice(DistanceUnit, metadata={"description": "of every odometer"})
    time_zone = fields.String()
    labor_rate_cents = auto_field(metadata=only("staff"))
    taxes = fields.List(fields.Nested(TaxOut), metadata=only("staff"))
    shop_supplies = fields.Nested(SuppliesOut, allow_none=True, metadata=only("staff"))
    paper = Choice(Paper, metadata=only("staff"))
    authorization_policy = Choice(Policy, metadata=only("staff"))
    closing_policy = Choice(Policy, metadata=only("staff"))
    approval_hours = auto_field(metadata=only("staff"))
    estimate_terms = auto_field(metadata=only("staff"))
    invoice_terms = auto_field(metadata=only("staff"))
    payment_terms_days = auto_field(metadata=only("staff"))
    invoice_prefix = fields.String(metadata=only("staff"))
    first_invoice_number = auto_field(metadata=only("staff"))
    markup_matrix = fields.List(fields.Nested(BandOut), metadata=only("managers"))
    labor_cost_rate_cents = auto_field(metadata=only("managers"))
    updated_at = DateTime(metadata=only("staff"))
    version = auto_field(metadata=only("staff"))
