"""The shop itself: what stands on its paper, and what its prices are made with."""

from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from app.database.session import db
from app.models.columns import Versioned, between, enum_column

SHOP = 1  # the id of the one row, with which the schema is made
MAX_RATE_CENTS = 1_000_000


class DistanceUnit(StrEnum):
    MILE = "mi"
    KILOMETER = "km"


class SuppliesOf(StrEnum):
    """Of which charges shop supplies are a percentage."""

    LABOR = "labor"
    PART = "part"
    LABOR_AND_PART = "labor_and_part"


class Shop(Versioned, db.Model):
    """The settings of the shop, one row. Lists are replaced as a whole, so that they are kept as JSON.

    taxes: `[{name, labor_millionths, part_millionths, sublet_millionths, fee_millionths}]`;
    shop_supplies: `{name, bps, of, cap_cents, taxable, statement}`;
    markup_matrix: `[{up_to_cents, markup_bps}]`, the last one without an upper edge.
    """

    __tablename__ = "shop"
    __table_args__ = (
        CheckConstraint(f"id = {SHOP}", name="one_row"),
        between("labor_rate_cents", 0, MAX_RATE_CENTS),
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
    taxes: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    shop_supplies: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    markup_matrix: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
