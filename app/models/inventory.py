"""Parts with their stock, and the stock movements."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, validates

from app.clock import UTCDateTime, utc_now
from app.database.session import db
from app.errors import Invalid
from app.folding import same
from app.models.columns import MAX_CENTS, MAX_COUNT, Folded, Versioned, between, enum_column
from app.models.marks import SHOWN_ON_TICKETS, Kind, searched_as, whole
from app.models.sort_keys import keep_key, text_key
from app.quantities import HUNDREDTHS, Number, Quantity, is_whole

IN_CATALOGUE = "retired_at IS NULL"
LOW = "quantity_in_stock <= reorder_level"
MAX_SHELF = MAX_COUNT * HUNDREDTHS
WHOLE = " AND ".join(
    f"{each} / {HUNDREDTHS} * {HUNDREDTHS} = {each}"
    for each in ("quantity_in_stock", "reorder_level")
)


class Unit(StrEnum):
    """The unit in which a part is counted or measured; the default is the piece (`each`)."""

    EACH = "each"
    QUART = "quart"
    LITER = "liter"
    FOOT = "foot"
    METER = "meter"
    POUND = "pound"
    KILOGRAM = "kilogram"
    HOUR = "hour"


class MovementReason(StrEnum):
    RECEIVED = "received"
    USED = "used"
    RETURNED = "returned"
    ADJUSTED = "adjusted"
    COUNTED = "counted"


class Part(Versioned, db.Model):
    """A part in the catalogue. Its stock changes only by stock movements."""

    __tablename__ = "parts"
    __table_args__ = (
        between("quantity_in_stock", 0, MAX_SHELF),
        between("reorder_level", 0, MAX_SHELF),
        CheckConstraint(f"unit <> 'each' OR ({WHOLE})", name="each_is_whole"),
        between("current_cost_cents", 0, MAX_CENTS),
        between("price_cents", 0, MAX_CENTS),
        Index(
            "uq_parts_part_number_key",
            "part_number_key",
            unique=True,
            sqlite_where=text(IN_CATALOGUE),
            postgresql_where=text(IN_CATALOGUE),
        ),
        Index("ix_parts_name_sort_id", "name_sort", "id"),
        Index("ix_parts_part_number_sort_id", "part_number_sort", "id"),
        Index("ix_parts_category_key_id", "category_key", "id"),
        Index(
            "ix_parts_quantity_in_stock_id",
            "quantity_in_stock",
            "id",
            sqlite_where=text(IN_CATALOGUE),
            postgresql_where=text(IN_CATALOGUE),
        ),
        Index(
            "ix_parts_low_stock",
            "id",
            sqlite_where=text(f"{LOW} AND {IN_CATALOGUE}"),
            postgresql_where=text(f"{LOW} AND {IN_CATALOGUE}"),
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    part_number: Mapped[str] = mapped_column(
        String(60), info=searched_as(Kind.PART, in_full=whole) | SHOWN_ON_TICKETS
    )
    part_number_key: Mapped[str] = mapped_column(Folded(60))
    name: Mapped[str] = mapped_column(String(120), info=searched_as(Kind.PART) | SHOWN_ON_TICKETS)
    description: Mapped[str | None] = mapped_column(String(1000), info=searched_as(Kind.PART))
    category: Mapped[str | None] = mapped_column(String(60), info=searched_as(Kind.PART))
    category_key: Mapped[str | None] = mapped_column(Folded(60))
    manufacturer: Mapped[str | None] = mapped_column(String(120), info=searched_as(Kind.PART))
    supplier: Mapped[str | None] = mapped_column(String(120))
    current_cost_cents: Mapped[int] = mapped_column(default=0)
    price_cents: Mapped[int] = mapped_column(default=0)
    unit: Mapped[Unit] = mapped_column(
        enum_column(Unit, "unit"), default=Unit.EACH, info=SHOWN_ON_TICKETS
    )
    quantity_in_stock: Mapped[Number] = mapped_column(Quantity, default=0)
    reorder_level: Mapped[Number] = mapped_column(Quantity, default=0)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utc_now)
    retired_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    name_sort: Mapped[str] = text_key()
    part_number_sort: Mapped[str] = text_key()

    @validates("part_number", "category")
    def _fold(self, name: str, value: str | None) -> str | None:
        """Set `part_number_key` or `category_key`, by which the text is compared, and return the text.

        SQLAlchemy calls this when `value` is set as `part_number` or `category` (the argument `name`).
        """
        if value != getattr(self, name):
            setattr(self, f"{name}_key", None if value is None else same(value))
        return value

    def must_come_in(self, quantity: Number, pointer: str) -> None:
        """Raise Invalid if the part is counted by the piece (`each`) and `quantity` is not whole.

        `pointer` is the JSON pointer to the quantity in the request body.
        """
        if self.unit is Unit.EACH and not is_whole(quantity):
            raise Invalid.at(
                pointer, f"{self.part_number} comes by the piece: a whole number, not {quantity}."
            )

    @hybrid_property
    def in_stock(self) -> bool:
        return self.quantity_in_stock > 0

    @hybrid_property
    def low_stock(self) -> bool:
        return self.quantity_in_stock <= self.reorder_level


keep_key(Part.name, Part.name_sort)
keep_key(Part.part_number, Part.part_number_sort)


class StockMovement(db.Model):
    """A change of a part's stock. Movements are only added, never changed; their sum is the stock."""

    __tablename__ = "stock_movements"
    __table_args__ = (
        CheckConstraint("quantity <> 0", name="quantity_moves"),
        Index("ix_stock_movements_part_id_id", "part_id", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    part_id: Mapped[int] = mapped_column(ForeignKey("parts.id"))
    quantity: Mapped[Number] = mapped_column(Quantity)
    reason: Mapped[MovementReason] = mapped_column(enum_column(MovementReason, "reason"))
    note: Mapped[str | None] = mapped_column(String(200))
    ticket_id: Mapped[int | None] = mapped_column(
        ForeignKey("service_tickets.id", ondelete="SET NULL"), index=True
    )
    line_id: Mapped[int | None] = mapped_column(
        ForeignKey("ticket_lines.id", ondelete="SET NULL"), index=True
    )
    account_id: Mapped[int | None] = mapped_column(
        ForeignKey("accounts.id", ondelete="SET NULL"), index=True
    )
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=utc_now)
