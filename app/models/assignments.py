"""Assignments of mechanics to tickets."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.clock import UTCDateTime, utc_now
from app.database.session import db
from app.models.columns import OnTicket, between

MAX_MINUTES = 100_000


class Assignment(OnTicket, db.Model):
    """The assignment of a mechanic to a ticket, with the mechanic's role and the minutes worked."""

    __tablename__ = "assignments"
    __table_args__ = (
        UniqueConstraint("ticket_id", "mechanic_id"),
        Index("ix_assignments_mechanic_id_id", "mechanic_id", "id"),
        between("minutes_worked", 0, MAX_MINUTES),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("service_tickets.id", ondelete="CASCADE"))
    mechanic_id: Mapped[int] = mapped_column(ForeignKey("mechanics.id"))
    role: Mapped[str | None] = mapped_column(String(60))
    minutes_worked: Mapped[int] = mapped_column(default=0)
    assigned_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utc_now)
