"""Service tickets, the changes of their status that are allowed, and the history of these changes."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, String, false
from sqlalchemy.orm import Mapped, mapped_column, validates

from app.clock import UTCDateTime, utc_now
from app.database.session import db
from app.errors import IllegalTransition, Invalid, TicketClosed
from app.models.columns import Versioned, between, enum_column
from app.models.inventory import Part
from app.models.marks import Kind, searched_as
from app.models.sort_keys import keep_key, moment_key
from app.models.ticket_lines import Condition, LineKind, TicketLine, unit_price
from app.models.untracked import untracked
from app.models.vehicles import MAX_ODOMETER
from app.models.vin import LONGEST_NUMBER, vin_key
from app.quantities import Number
from app.words import words_of_vin

MOST_MECHANICS = 50  # of a ticket, so that a page of tickets does not become too large


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
# Moves that undo a mistaken move; each needs a reason.
STEPS_BACK = {
    TicketStatus.IN_PROGRESS: (TicketStatus.OPEN,),
    TicketStatus.INVOICED: (TicketStatus.READY,),
    TicketStatus.CANCELLED: (TicketStatus.OPEN,),
}
OVER = (TicketStatus.CLOSED, TicketStatus.CANCELLED)
WORKABLE = (TicketStatus.OPEN, TicketStatus.IN_PROGRESS, TicketStatus.ON_HOLD)
WITH_LINES = (*WORKABLE, TicketStatus.READY)  # jobs and lines can change, and be decided on
COMPLETED = (TicketStatus.READY, TicketStatus.INVOICED, TicketStatus.CLOSED)
# A status of earlier systems, which means `ready`; an open ticket goes through `in_progress` to it.
FINISHED = "completed"


class HoldReason(StrEnum):
    PARTS = "parts"
    CUSTOMER = "customer"
    SUBLET = "sublet"
    BAY = "bay"


class ServiceTicket(Versioned, db.Model):
    """One visit of a customer, usually with a vehicle; also called a repair order, hence `ro_number`."""

    __tablename__ = "service_tickets"
    __table_args__ = (
        between("priority", 1, 5),
        between("odometer_in", 0, MAX_ODOMETER),
        CheckConstraint("hold_reason IS NULL OR status = 'on_hold'", name="held_for_a_reason"),
        # Lists filter by one of these columns and sort by another; ties are sorted by id.
        Index("ix_service_tickets_opened_at_id", "opened_at", "id"),
        Index("ix_service_tickets_customer_id_opened_at_id", "customer_id", "opened_at", "id"),
        Index("ix_service_tickets_vehicle_id_opened_at_id", "vehicle_id", "opened_at", "id"),
        Index("ix_service_tickets_kept_vin_key", "kept_vin_key"),
        Index("ix_service_tickets_status_id", "status", "id"),
        Index("ix_service_tickets_status_opened_at_id", "status", "opened_at", "id"),
        Index("ix_service_tickets_promised_at_sort_id", "promised_at_sort", "id"),
        Index("ix_service_tickets_service_date_id", "service_date", "id"),
        Index("ix_service_tickets_priority_id", "priority", "id"),
        Index("ix_service_tickets_priority_opened_at_id", "priority", "opened_at", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    vehicle_id: Mapped[int | None] = mapped_column(ForeignKey("vehicles.id"))
    # The vehicle's number when the ticket was closed or cancelled; later corrections don't change it.
    kept_vin: Mapped[str | None] = mapped_column(
        String(LONGEST_NUMBER), info=searched_as(Kind.TICKET, words_of_vin)
    )
    kept_vin_key: Mapped[str | None] = mapped_column(String(LONGEST_NUMBER))
    status: Mapped[TicketStatus] = mapped_column(
        enum_column(TicketStatus, "status"), default=TicketStatus.OPEN
    )
    hold_reason: Mapped[HoldReason | None] = mapped_column(enum_column(HoldReason, "hold_reason"))
    priority: Mapped[int] = mapped_column(default=3)
    problem_description: Mapped[str] = mapped_column(String(2000), info=searched_as(Kind.TICKET))
    odometer_in: Mapped[int | None]
    service_date: Mapped[date | None]
    promised_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    opened_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utc_now)
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    customer_po: Mapped[str | None] = mapped_column(String(60))
    return_replaced_parts: Mapped[bool] = mapped_column(default=False, server_default=false())
    shop_supplies_waived: Mapped[bool] = mapped_column(default=False, server_default=false())
    # The taxes and shop supplies with which the ticket was invoiced, or closed without an invoice.
    invoiced_terms: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    paid_cents: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    promised_at_sort: Mapped[datetime] = moment_key()

    def must_be_workable(self) -> None:
        if self.status not in WORKABLE:
            raise TicketClosed(f"Ticket {self.id} is {self.status}: work on it is over.")

    @validates("kept_vin")
    def _keep_key(self, _name: str, vin: str | None) -> str | None:
        self.kept_vin_key = vin_key(vin)
        return vin

    def must_not_be_over(self) -> None:
        if self.status in OVER:
            raise TicketClosed(f"Ticket {self.id} is {self.status}: it is a record now.")

    def must_take_lines(self) -> None:
        """Raise TicketClosed unless the ticket's status still allows changes of jobs and lines."""
        if self.status not in WITH_LINES:
            raise TicketClosed(
                f"Ticket {self.id} is {self.status}: its jobs can't change any more."
            )

    def way_to(self, status: str) -> tuple[TicketStatus, ...]:
        """Return the statuses to set, one after the other, to bring the ticket to `status`.

        Usually this is only `status` itself. But `completed`, which earlier systems use for ready, takes
        two steps if the ticket is open: in progress and ready.
        """
        if status != FINISHED:
            return (TicketStatus(status),)
        begin = (TicketStatus.IN_PROGRESS,) if self.status is TicketStatus.OPEN else ()
        return (*begin, TicketStatus.READY)

    def must_be_legal(self, status: TicketStatus) -> None:
        """Raise IllegalTransition if the ticket can't move to `status`; back only without an invoice."""
        back = () if self.invoiced_terms else STEPS_BACK.get(self.status, ())
        legal = (*MOVES[self.status], *back)
        if status not in legal:
            raise IllegalTransition(
                f"A ticket that is {self.status} cannot become {status}; it can become"
                f" {' or '.join(legal) or 'nothing any more'}.".replace("_", " "),
                legal=list(legal),
            )

    def move_to(
        self, status: TicketStatus, reason: str | None = None, hold_reason: HoldReason | None = None
    ) -> "StatusChange":
        """Change the status, and return a StatusChange for the history.

        Raise IllegalTransition if this change is not allowed. Raise Invalid if it undoes an earlier
        change and has no `reason`. `hold_reason` says why the ticket is put on hold; without it, a
        `reason` that is the name of a hold reason is used.
        """
        self.must_be_legal(status)
        if status in STEPS_BACK.get(self.status, ()) and not reason:
            raise Invalid.at("/reason", f"Say why it goes back from {self.status} to {status}.")
        step = StatusChange(
            ticket_id=self.id, from_status=self.status, to_status=status, reason=reason
        )
        if hold_reason is None and reason in list(HoldReason):
            hold_reason = HoldReason(reason)
        self.hold_reason = hold_reason if status is TicketStatus.ON_HOLD else None
        self.status = status
        self.closed_at = utc_now() if status in OVER else None
        return step

    def use(
        self,
        part: Part,
        quantity_used: Number,
        *,
        job_id: int | None = None,
        markup_bps: int | None = None,
        unit_price_cents: int | None = None,
        warranty_months: int | None = None,
        warranty_distance: int | None = None,
        installed_by_mechanic_id: int | None = None,
    ) -> TicketLine:
        """Return an untracked TicketLine for the use of a part; the caller inserts it.

        The line has the part's present cost. Its price is `unit_price_cents` or, without it, the cost with
        the markup `markup_bps` (basis points) or, without both, the part's own price. Raise TicketClosed
        unless the ticket is open, in progress or on hold.
        """
        self.must_be_workable()
        cost = part.current_cost_cents
        by_hand: dict = {"unit_price_cents": unit_price_cents, "markup_bps": markup_bps}
        return untracked(
            TicketLine,
            ticket_id=self.id,
            job_id=job_id,
            kind=LineKind.PART,
            name=part.name,
            taxable=True,
            discount_bps=None,
            discount_cents=None,
            part_id=part.id,
            part_number=part.part_number,
            condition=Condition.NEW,
            quantity=quantity_used,
            unit_cost_cents=cost,
            **unit_price(cost, **by_hand, catalog_cents=part.price_cents),
            core_charge_cents=0,
            cores_returned=0,
            warranty_months=warranty_months,
            warranty_distance=warranty_distance,
            installed_by_mechanic_id=installed_by_mechanic_id,
            used_at=utc_now(),
        )


keep_key(ServiceTicket.promised_at, ServiceTicket.promised_at_sort)


class StatusChange(db.Model):
    """A change of a ticket's status: from, to, who, when, why. Rows are only added, never changed."""

    __tablename__ = "status_changes"
    __table_args__ = (
        Index("ix_status_changes_ticket_id_id", "ticket_id", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("service_tickets.id", ondelete="CASCADE"))
    from_status: Mapped[TicketStatus | None] = mapped_column(
        enum_column(TicketStatus, "from_status")
    )
    to_status: Mapped[TicketStatus] = mapped_column(enum_column(TicketStatus, "to_status"))
    reason: Mapped[str | None] = mapped_column(String(200))
    on_account: Mapped[bool] = mapped_column(default=False, server_default=false())
    account_id: Mapped[int | None] = mapped_column(
        ForeignKey("accounts.id", ondelete="SET NULL"), index=True
    )
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=utc_now)
