"""The settings of the shop: its name and address, and the rates that prices are computed with."""

from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, String, select
from sqlalchemy.orm import Mapped, mapped_column

from app.database.prepared import PREPARED
from app.database.session import db
from app.models.columns import MAX_COUNT, Versioned, between, enum_column

SHOP = 1  # the id of the only row, which the migration of the table inserts
MAX_RATE_CENTS = 1_000_000
MOST_APPROVAL_HOURS = 720
MOST_PAYMENT_TERMS_DAYS = 120


class DistanceUnit(StrEnum):
    MILE = "mi"
    KILOMETER = "km"


class Paper(StrEnum):
    LETTER = "letter"
    A4 = "a4"


class Policy(StrEnum):
    """Whether the shop enforces a rule (`strict`) or not (`off`), such as the need for authorization."""

    OFF = "off"
    STRICT = "strict"


class SuppliesOf(StrEnum):
    """The charges from which shop supplies are computed as a percentage: labor, parts, or both."""

    LABOR = "labor"
    PART = "part"
    LABOR_AND_PART = "labor_and_part"


class Shop(Versioned, db.Model):
    """The settings of the shop, in a single row. Lists are stored as JSON.

    `taxes` is `[{name, labor_millionths, part_millionths, sublet_millionths, fee_millionths}]`: each tax
    has a rate for each kind of charge.

    `shop_supplies` is None or `{name, bps, of, cap_cents, taxable, statement}`: `bps` is the percentage
    in basis points, and `of` is a value of SuppliesOf.

    `markup_matrix` is `[{up_to_cents, markup_bps}]`: the bands of a part's cost, in rising order, each
    with its markup. The last band has no upper limit: its `up_to_cents` is None.
    """

    __tablename__ = "shop"
    __table_args__ = (
        CheckConstraint(f"id = {SHOP}", name="one_row"),
        between("labor_rate_cents", 0, MAX_RATE_CENTS),
        between("labor_cost_rate_cents", 0, MAX_RATE_CENTS),
        between("approval_hours", 1, MOST_APPROVAL_HOURS),
        between("payment_terms_days", 0, MOST_PAYMENT_TERMS_DAYS),
        between("first_invoice_number", 1, MAX_COUNT),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(120), default="Mechanic Shop")
    address_lines: Mapped[list[str]] = mapped_column(JSON, default=list)
    phone: Mapped[str | None] = mapped_column(String(40))
    email: Mapped[str | None] = mapped_column(String(254))
    website: Mapped[str | None] = mapped_column(String(200))
    registration_number: Mapped[str | None] = mapped_column(String(60))
    tax_number: Mapped[str | None] = mapped_column(String(60))
    distance_unit: Mapped[DistanceUnit] = mapped_column(
        enum_column(DistanceUnit, "distance_unit"), default=DistanceUnit.MILE
    )
    labor_rate_cents: Mapped[int] = mapped_column(default=0)
    labor_cost_rate_cents: Mapped[int | None]
    taxes: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    shop_supplies: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    markup_matrix: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    time_zone: Mapped[str] = mapped_column(String(40), default="UTC", server_default="UTC")
    paper: Mapped[Paper] = mapped_column(
        enum_column(Paper, "paper"), default=Paper.LETTER, server_default="letter"
    )
    authorization_policy: Mapped[Policy] = mapped_column(
        enum_column(Policy, "authorization_policy"), default=Policy.OFF, server_default="off"
    )
    closing_policy: Mapped[Policy] = mapped_column(
        enum_column(Policy, "closing_policy"), default=Policy.OFF, server_default="off"
    )
    approval_hours: Mapped[int] = mapped_column(default=72, server_default="72")
    estimate_terms: Mapped[str | None] = mapped_column(String(2000))
    invoice_terms: Mapped[str | None] = mapped_column(String(2000))
    payment_terms_days: Mapped[int] = mapped_column(default=0, server_default="0")
    invoice_prefix: Mapped[str] = mapped_column(String(20), default="INV-", server_default="INV-")
    first_invoice_number: Mapped[int] = mapped_column(default=1, server_default="1")


POLICY = select(Shop.authorization_policy).execution_options(**PREPARED)
