"""The staff: mechanics and managers."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.clock import UTCDateTime, utc_now
from app.database.session import db
from app.models.accounts import Account
from app.models.columns import Named, Versioned, between, enum_column
from app.models.marks import SHOWN_ON_TICKETS, Kind, phone, searched_as, whole, whole_phones
from app.models.sort_keys import keep_key, text_key

MAX_SALARY_CENTS = 1_000_000_000


class StaffRole(StrEnum):
    MECHANIC = "mechanic"
    MANAGER = "manager"


class Mechanic(Named, Versioned, db.Model):
    """A member of the staff, who can be assigned to tickets, but needs an account to sign in."""

    __tablename__ = "mechanics"
    __table_args__ = (
        CheckConstraint("email = lower(email)", name="email_is_lower"),
        between("salary_cents", 0, MAX_SALARY_CENTS),
        Index("ix_mechanics_name_sort_id", "name_sort", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int | None] = mapped_column(
        ForeignKey("accounts.id", ondelete="SET NULL"), unique=True
    )
    name: Mapped[str] = mapped_column(
        String(120), info=searched_as(Kind.MECHANIC) | SHOWN_ON_TICKETS
    )
    email: Mapped[str | None] = mapped_column(
        String(254), unique=True, info=searched_as(Kind.MECHANIC_PRIVATE, in_full=whole)
    )
    phone: Mapped[str | None] = mapped_column(
        String(40), info=searched_as(Kind.MECHANIC_PRIVATE, phone, in_full=whole_phones)
    )
    address: Mapped[str | None] = mapped_column(String(200))
    role: Mapped[StaffRole] = mapped_column(
        enum_column(StaffRole, "role"), default=StaffRole.MECHANIC
    )
    specialty: Mapped[str | None] = mapped_column(String(120), info=searched_as(Kind.MECHANIC))
    salary_cents: Mapped[int | None]
    is_active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utc_now)
    name_sort: Mapped[str] = text_key()

    account: Mapped[Account | None] = relationship(lazy="raise")

    @property
    def manages(self) -> bool:
        """Return whether this person is an active manager with an account."""
        signs_in = self.is_active and self.account_id is not None
        return signs_in and self.role is StaffRole.MANAGER


keep_key(Mechanic.name, Mechanic.name_sort)
