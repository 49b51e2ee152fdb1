"""What is on the shelf, and the ledger that says how it came to be there."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import db
from app.models.columns import MAX_CENTS, MAX_COUNT, Versioned, between, words_of
from app.models.sort_keys import keep_key, text_key
from app.moments import Moment, now

IN_CATALOGUE = "retired_at IS NULL"
LOW = "quantity_in_stock <= reorder_level"


class MovementReason(StrEnum):
    RECEIVED = "received"
    USED = "used"
    RETURNED = "returned"
    ADJUSTED = "adjusted"
    COUNTED = "counted"


class Part(Versioned, db.Model):
    """A part of the catalogue. Its stock changes only through movements."""

    __tablename__ = "parts"
    __table_args__ = (
        between("quantity_in_stock", 0, MAX_COUNT),
        between("reorder_level", 0, MAX_COUNT),
        between("current_cost_cents", 0, MAX_CENTS),
        between("price_cents", 0, MAX_CENTS),
        Index(
            "uq_parts_part_number",
            "part_number",
            unique=True,
            sqlite_where=text(IN_CATALOGUE),
            postgresql_where=text(IN_CATALOGUE),
        ),
        Index("ix_parts_name_key_id", "name_key", "id"),
        Index("ix_parts_part_number_key_id", "part_number_key", "id"),
        Index("ix_parts_category_id", "category", "id"),
        Index(
            "ix_parts_low_stock",
            "id",
            sqlite_where=text(f"{LOW} AND {IN_CATALOGUE}"),
            postgresql_where=text(f"{LOW} AND {IN_CATALOGUE}"),
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    part_number: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(120))
    description: Mapped[str | None] = mapped_column(String(1000))
    category: Mapped[str | None] = mapped_column(String(60))
    manufacturer: Mapped[str | None] = mapped_column(String(120))
    supplier: Mapped[str | None] = mapped_column(String(120))
    current_cost_cents: Mapped[int] = mapped_column(default=0)
    price_cents: Mapped[int] = mapped_column(default=0)
    quantity_in_stock: Mapped[int] = mapped_column(default=0)
    reorder_level: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    retired_at: Mapped[datetime | None] = mapped_column(Moment)
    name_key: Mapped[str] = text_key()
    part_number_key: Mapped[str] = text_key()

    @hybrid_property
    def in_stock(self) -> bool:
        return self.quantity_in_stock > 0

    @hybrid_property
    def low_stock(self) -> bool:
        return self.quantity_in_stock <= self.reorder_level


keep_key(Part.name, Part.name_key)
keep_key(Part.part_number, Part.part_number_key)


class StockMovement(db.Model):
    """One line of the ledger. Lines are added, never changed; their sum is what is on the shelf."""

    __tablename__ = "stock_movements"
    __table_args__ = (
        CheckConstraint("quantity <> 0", name="quantity_moves"),
        Index("ix_stock_movements_part_id_id", "part_id", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    part_id: Mapped[int] = mapped_column(ForeignKey("parts.id"))
    quantity: Mapped[int]
    reason: Mapped[MovementReason] = mapped_column(words_of(MovementReason, "reason"))
    note: Mapped[str | None] = mapped_column(String(200))
    ticket_id: Mapped[int | None] = mapped_column(
        ForeignKey("service_tickets.id", ondelete="SET NULL"), index=True
    )
    line_id: Mapped[int | None] = mapped_column(
        ForeignKey("ticket_parts.id", ondelete="SET NULL"), index=True
    )
    account_id: Mapped[int | None] = mapped_column(
        ForeignKey("accounts.id", ondelete="SET NULL"), index=True
    )
    at: Mapped[datetime] = mapped_column(Moment, default=now)
