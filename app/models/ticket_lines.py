"""The lines of a ticket: the charges of its jobs, and discounts on a job or on the ticket."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    FromClause,
    Index,
    ScalarSelect,
    String,
    case,
    func,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.clock import UTCDateTime
from app.database.session import db
from app.models.columns import MAX_CENTS, OnTicket, between, enum_column
from app.models.shop import MAX_RATE_CENTS
from app.money import BASIS_POINTS, by_matrix, markup_of, with_markup
from app.quantities import HUNDREDTHS, Number, Quantity

MAX_QUANTITY, MAX_POSITION = 10_000, 10_000
MAX_BILLED_MINUTES = 100_000
MAX_MARKUP_BPS = 10 * BASIS_POINTS
MAX_UNIT_PRICE_CENTS = 11 * MAX_CENTS  # the highest cost with the highest markup
MOST_LINES = 200  # of a ticket, so that a page of tickets does not become too large


# The members of lines: COMMON to all kinds, and in MEMBERS those of each kind.
COMMON = {"kind", "name", "position", "taxable", "discount_bps", "discount_cents"}
WARRANTY = {"warranty_months", "warranty_distance"}
GOODS = {"quantity", "unit_price_cents"}
MADE_BY_COST = {"unit_cost_cents", "markup_bps", "supplier"}
PART = {
    "part_id",
    "part_number",
    "condition",
    "core_charge_cents",
    "cores_returned",
    "price_source",
}
MEMBERS: dict[str, set[str]] = {
    "labor": WARRANTY | {"billed_minutes", "rate_cents", "flat_price_cents", "mechanic_id"},
    "part": WARRANTY | GOODS | MADE_BY_COST | PART,
    "sublet": GOODS | MADE_BY_COST,
    "fee": GOODS,
    "discount": {"applies_to"},
}


# A line of a part from stock has these from its part.
OF_BOUGHT_PARTS = {"unit_cost_cents", "part_number"}


def strange_members(kind: str, names: Iterable[str]) -> list[str]:
    """Return, sorted, all `names` that are not members of a line of this kind."""
    return sorted(set(names) - COMMON - MEMBERS[kind])


def unit_price(
    cost_cents: int,
    *,
    unit_price_cents: int | None = None,
    markup_bps: int | None = None,
    matrix: Sequence[tuple[int | None, int]] | None = None,
    catalog_cents: int | None = None,
) -> dict[str, Any]:
    """Return the price of one unit and how it was set: `{unit_price_cents, markup_bps, price_source}`.

    The price is set by the first of these that is given: `unit_price_cents`, a price entered by hand;
    `markup_bps`, a markup on the cost in basis points; `matrix`, the markups by cost as pairs
    `(up_to_cents, markup_bps)`; `catalog_cents`, the part's own price.
    """
    if unit_price_cents is not None:
        price, source = unit_price_cents, PriceSource.MANUAL
    elif markup_bps is not None:
        price, source = with_markup(cost_cents, markup_bps), PriceSource.MARKUP
    elif matrix is not None:
        price, source = by_matrix(cost_cents, matrix), PriceSource.MATRIX
    else:
        price, source = catalog_cents or 0, PriceSource.CATALOG
    markup = markup_of(cost_cents, price) if markup_bps is None else markup_bps
    return {"unit_price_cents": price, "markup_bps": markup, "price_source": source}


def next_position(table: FromClause, ticket_id: Any) -> ScalarSelect[int]:
    """Return SQL for the position after a ticket's last row in `table`, the table of jobs or of lines.

    Positions end at MAX_POSITION: all later rows get that one.
    """
    last = func.max(table.c.position)
    return select(position_after(last)).where(table.c.ticket_id == ticket_id).scalar_subquery()


def position_after(last: ColumnElement[int | None]) -> ColumnElement[int]:
    """Return SQL for the position after `last`, which is NULL if there is none."""
    last = func.coalesce(last, 0)
    return case((last < MAX_POSITION, last + 1), else_=MAX_POSITION)


class LineKind(StrEnum):
    LABOR = "labor"
    PART = "part"
    SUBLET = "sublet"
    FEE = "fee"
    DISCOUNT = "discount"


class PriceSource(StrEnum):
    """How the price of a part or sublet was set; None for lines made before this was recorded."""

    CATALOG = "catalog"
    MANUAL = "manual"
    MARKUP = "markup"
    MATRIX = "matrix"


class Condition(StrEnum):
    NEW = "new"
    USED = "used"
    REBUILT = "rebuilt"
    RECONDITIONED = "reconditioned"
    OEM_CRASH = "oem_crash"
    NON_OEM_CRASH = "non_oem_crash"


class AppliesTo(StrEnum):
    """The kinds of charges that a discount line reduces."""

    ALL = "all"
    LABOR = "labor"
    PART = "part"


class TicketLine(OnTicket, db.Model):
    """A charge of a job, a discount on a job or, without a job, a discount on the whole ticket.

    A part from stock (`part_id`) is planned until it is used (`used_at`); only then is it taken out of
    stock. The line keeps the cost and the price of the time when it was added.
    """

    __tablename__ = "ticket_lines"
    __table_args__ = (
        CheckConstraint("job_id IS NOT NULL OR kind = 'discount'", name="charge_is_of_a_job"),
        CheckConstraint(
            "discount_bps IS NULL OR discount_cents IS NULL", name="discount_is_of_one_kind"
        ),
        CheckConstraint(
            "kind <> 'labor' OR (billed_minutes IS NOT NULL AND rate_cents IS NOT NULL)",
            name="labor_has_its_time",
        ),
        CheckConstraint(
            "kind IN ('labor', 'discount') OR (quantity IS NOT NULL AND unit_price_cents IS NOT NULL)",
            name="goods_have_a_price",
        ),
        CheckConstraint(
            "kind <> 'discount' OR discount_bps IS NOT NULL OR discount_cents IS NOT NULL",
            name="discount_takes_off",
        ),
        CheckConstraint("used_at IS NULL OR part_id IS NOT NULL", name="used_from_stock"),
        CheckConstraint("kind = 'fee' OR unit_price_cents >= 0", name="only_a_fee_is_negative"),
        between("position", 0, MAX_POSITION),
        between("billed_minutes", 0, MAX_BILLED_MINUTES),
        between("rate_cents", 0, MAX_RATE_CENTS),
        between("flat_price_cents", 0, MAX_CENTS),
        between("quantity", 1, MAX_QUANTITY * HUNDREDTHS),
        between("unit_cost_cents", 0, MAX_CENTS),
        between("unit_price_cents", -MAX_CENTS, MAX_UNIT_PRICE_CENTS),
        between("core_charge_cents", 0, MAX_CENTS),
        between("cores_returned", 0, MAX_QUANTITY * HUNDREDTHS),
        between("discount_bps", 0, BASIS_POINTS),
        between("discount_cents", 0, MAX_CENTS),
        between("warranty_months", 0, 1200),
        between("warranty_distance", 0, 1_000_000),
        Index("ix_ticket_lines_ticket_id_part_id", "ticket_id", "part_id"),
        Index("ix_ticket_lines_part_id_id", "part_id", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("service_tickets.id", ondelete="CASCADE"))
    job_id: Mapped[int | None] = mapped_column(
        ForeignKey("jobs.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[LineKind] = mapped_column(enum_column(LineKind, "kind"), default=LineKind.PART)
    position: Mapped[int] = mapped_column(default=1)
    name: Mapped[str] = mapped_column(String(200))
    taxable: Mapped[bool] = mapped_column(default=True)
    discount_bps: Mapped[int | None]
    discount_cents: Mapped[int | None]
    applies_to: Mapped[AppliesTo | None] = mapped_column(enum_column(AppliesTo, "applies_to"))

    billed_minutes: Mapped[int | None]
    rate_cents: Mapped[int | None]
    flat_price_cents: Mapped[int | None]
    mechanic_id: Mapped[int | None] = mapped_column(ForeignKey("mechanics.id"), index=True)

    quantity: Mapped[Number | None] = mapped_column(Quantity)
    unit_price_cents: Mapped[int | None]
    unit_cost_cents: Mapped[int | None]
    markup_bps: Mapped[int | None] = mapped_column(BigInteger)
    price_source: Mapped[PriceSource | None] = mapped_column(
        enum_column(PriceSource, "price_source")
    )
    supplier: Mapped[str | None] = mapped_column(String(120))

    part_id: Mapped[int | None] = mapped_column(ForeignKey("parts.id"))
    part_number: Mapped[str | None] = mapped_column(String(60))
    condition: Mapped[Condition | None] = mapped_column(enum_column(Condition, "condition"))
    core_charge_cents: Mapped[int | None]
    cores_returned: Mapped[Number | None] = mapped_column(Quantity)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    installed_by_mechanic_id: Mapped[int | None] = mapped_column(
        ForeignKey("mechanics.id"), index=True
    )
    warranty_months: Mapped[int | None]
    warranty_distance: Mapped[int | None]

    @property
    def terms(self) -> tuple:
        """Return the price, warranty and other values that two lines must share to be joined into one.

        This is for lines of a used part.
        """
        return (
            self.unit_cost_cents,
            self.markup_bps,
            self.unit_price_cents,
            self.warranty_months,
            self.warranty_distance,
            self.installed_by_mechanic_id,
            self.taxable,
            self.discount_bps,
            self.discount_cents,
            self.core_charge_cents or 0,
            self.condition or Condition.NEW,
        )
