"""A service ticket: where it may go next, who works on it, and what has gone into it."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.errors import IllegalTransition, TicketClosed
from app.extensions import db
from app.models.columns import MAX_CENTS, Versioned, between, words_of
from app.models.customers import MAX_ODOMETER
from app.models.inventory import Part
from app.models.sort_keys import keep_key, moment_key
from app.moments import Moment, now
from app.money import BASIS_POINTS, markup_of, with_markup

MAX_QUANTITY_USED = 10_000
MAX_MARKUP_BPS = 10 * BASIS_POINTS
MAX_MINUTES = 100_000


class TicketStatus(StrEnum):
    OPEN = "open"
    IN_PROGRESS = "in_progress"
    ON_HOLD = "on_hold"
    READY = "ready"
    INVOICED = "invoiced"
    CLOSED = "closed"
    CANCELLED = "cancelled"


MOVES = {
    TicketStatus.OPEN: (TicketStatus.IN_PROGRESS, TicketStatus.CANCELLED),
    TicketStatus.IN_PROGRESS: (TicketStatus.ON_HOLD, TicketStatus.READY, TicketStatus.CANCELLED),
    TicketStatus.ON_HOLD: (TicketStatus.IN_PROGRESS, TicketStatus.CANCELLED),
    TicketStatus.READY: (TicketStatus.IN_PROGRESS, TicketStatus.INVOICED, TicketStatus.CLOSED),
    TicketStatus.INVOICED: (TicketStatus.CLOSED,),
    TicketStatus.CLOSED: (),
    TicketStatus.CANCELLED: (),
}
WORKABLE = (TicketStatus.OPEN, TicketStatus.IN_PROGRESS, TicketStatus.ON_HOLD)
COMPLETED = (TicketStatus.READY, TicketStatus.INVOICED, TicketStatus.CLOSED)


class HoldReason(StrEnum):
    PARTS = "parts"
    CUSTOMER = "customer"
    SUBLET = "sublet"
    BAY = "bay"


class ServiceTicket(Versioned, db.Model):
    """One visit of one vehicle; the trade says repair order, hence its `ro_number`."""

    __tablename__ = "service_tickets"
    __table_args__ = (
        between("priority", 1, 5),
        between("odometer_in", 0, MAX_ODOMETER),
        CheckConstraint("hold_reason IS NULL OR status = 'on_hold'", name="held_for_a_reason"),
        # Lists are filtered by one of these and sorted by another, and turn pages by the id.
        Index("ix_service_tickets_opened_at_id", "opened_at", "id"),
        Index("ix_service_tickets_customer_id_opened_at_id", "customer_id", "opened_at", "id"),
        Index("ix_service_tickets_vehicle_id_opened_at_id", "vehicle_id", "opened_at", "id"),
        Index("ix_service_tickets_status_id", "status", "id"),
        Index("ix_service_tickets_status_opened_at_id", "status", "opened_at", "id"),
        Index("ix_service_tickets_promised_at_key_id", "promised_at_key", "id"),
        Index("ix_service_tickets_service_date_id", "service_date", "id"),
        Index("ix_service_tickets_priority_id", "priority", "id"),
        Index("ix_service_tickets_priority_opened_at_id", "priority", "opened_at", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    vehicle_id: Mapped[int] = mapped_column(ForeignKey("vehicles.id"))
    status: Mapped[TicketStatus] = mapped_column(
        words_of(TicketStatus, "status"), default=TicketStatus.OPEN
    )
    hold_reason: Mapped[HoldReason | None] = mapped_column(words_of(HoldReason, "hold_reason"))
    priority: Mapped[int] = mapped_column(default=3)
    problem_description: Mapped[str] = mapped_column(String(2000))
    odometer_in: Mapped[int | None]
    service_date: Mapped[date | None]
    promised_at: Mapped[datetime | None] = mapped_column(Moment)
    opened_at: Mapped[datetime] = mapped_column(Moment, default=now)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    promised_at_key: Mapped[datetime] = moment_key()

    def must_be_workable(self) -> None:
        if self.status not in WORKABLE:
            raise TicketClosed(f"Ticket {self.id} is {self.status}: work on it is over.")

    def must_not_be_over(self) -> None:
        if not MOVES[self.status]:
            raise TicketClosed(f"Ticket {self.id} is {self.status}: it is a record now.")

    def move_to(
        self, status: TicketStatus, reason: str | None = None, hold_reason: HoldReason | None = None
    ) -> "StatusChange":
        """Take one step of MOVES and return its line of the history, or refuse and name the legal ones."""
        legal = MOVES[self.status]
        if status not in legal:
            raise IllegalTransition(
                f"A ticket that is {self.status} cannot become {status};"
                f" it can become {' or '.join(legal) or 'nothing any more'}.",
                legal=list(legal),
            )
        step = StatusChange(
            ticket_id=self.id, from_status=self.status, to_status=status, reason=reason
        )
        if hold_reason is None and reason in list(HoldReason):
            hold_reason = HoldReason(reason)
        self.hold_reason = hold_reason if status is TicketStatus.ON_HOLD else None
        self.status = status
        if not MOVES[status]:
            self.closed_at = now()
        return step

    def use(
        self,
        part: Part,
        quantity_used: int,
        *,
        markup_bps: int | None = None,
        warranty_months: int | None = None,
        installed_by_mechanic_id: int | None = None,
    ) -> "TicketPart":
        """A line for this part at today's cost and price, which no later price will change.

        With a markup the price is cost plus markup, else it is the part's own price.
        """
        self.must_be_workable()
        cost = part.current_cost_cents
        price = part.price_cents if markup_bps is None else with_markup(cost, markup_bps)
        return TicketPart(
            ticket_id=self.id,
            part_id=part.id,
            quantity_used=quantity_used,
            unit_cost_cents=cost,
            markup_bps=markup_of(cost, price) if markup_bps is None else markup_bps,
            unit_price_cents=price,
            warranty_months=warranty_months,
            installed_by_mechanic_id=installed_by_mechanic_id,
        )


keep_key(ServiceTicket.promised_at, ServiceTicket.promised_at_key)


class Assignment(db.Model):
    """A mechanic on a ticket, in a role, with the minutes worked."""

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
    assigned_at: Mapped[datetime] = mapped_column(Moment, default=now)


class TicketPart(db.Model):
    """A line: some quantity of one part, on the terms it had when it was used."""

    __tablename__ = "ticket_parts"
    __table_args__ = (
        between("quantity_used", 1, MAX_QUANTITY_USED),
        between("unit_cost_cents", 0, MAX_CENTS),
        between("unit_price_cents", 0, MAX_CENTS * 11),
        between("warranty_months", 0, 1200),
        Index("ix_ticket_parts_ticket_id_part_id", "ticket_id", "part_id"),
        Index("ix_ticket_parts_part_id_id", "part_id", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("service_tickets.id", ondelete="CASCADE"))
    part_id: Mapped[int] = mapped_column(ForeignKey("parts.id"))
    quantity_used: Mapped[int]
    unit_cost_cents: Mapped[int]
    markup_bps: Mapped[int | None] = mapped_column(BigInteger)
    unit_price_cents: Mapped[int]
    warranty_months: Mapped[int | None]
    installed_by_mechanic_id: Mapped[int | None] = mapped_column(
        ForeignKey("mechanics.id"), index=True
    )
    used_at: Mapped[datetime] = mapped_column(Moment, default=now)


class StatusChange(db.Model):
    """One line of a ticket's history: from, to, who, when and why. Lines are added, never changed."""

    __tablename__ = "status_changes"
    __table_args__ = (
        Index("ix_status_changes_ticket_id_id", "ticket_id", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("service_tickets.id", ondelete="CASCADE"))
    from_status: Mapped[TicketStatus | None] = mapped_column(words_of(TicketStatus, "from_status"))
    to_status: Mapped[TicketStatus] = mapped_column(words_of(TicketStatus, "to_status"))
    reason: Mapped[str | None] = mapped_column(String(200))
    account_id: Mapped[int | None] = mapped_column(
        ForeignKey("accounts.id", ondelete="SET NULL"), index=True
    )
    at: Mapped[datetime] = mapped_column(Moment, default=now)
