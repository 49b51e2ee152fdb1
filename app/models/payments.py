"""Payments: the ledger of the money that customers pay for tickets, and of refunds. Rows are only added."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.clock import UTCDateTime, utc_now
from app.database.session import db
from app.models.columns import OnTicket, enum_column


class PaymentMethod(StrEnum):
    CASH = "cash"
    CARD = "card"
    CHECK = "check"
    TRANSFER = "transfer"
    OTHER = "other"


class Payment(OnTicket, db.Model):
    """Money that was paid for a ticket, before or after its invoice; a refund has a negative amount.

    `refunds_payment_id` is the payment that a refund pays back. `received_at` is when the money changed
    hands. Payments that were recorded together have the same `batch_id`: the id of the first of them.
    """

    __tablename__ = "payments"
    __table_args__ = (
        CheckConstraint("amount_cents <> 0", name="some_money"),
        CheckConstraint(
            "(amount_cents < 0) = (refunds_payment_id IS NOT NULL)", name="refund_is_of_a_payment"
        ),
        Index("ix_payments_ticket_id_id", "ticket_id", "id"),
        Index("ix_payments_customer_id_received_at_id", "customer_id", "received_at", "id"),
        Index("ix_payments_received_at_id", "received_at", "id"),
        Index("ix_payments_method_received_at_id", "method", "received_at", "id"),
        Index("ix_payments_method_id", "method", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("service_tickets.id"))
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    amount_cents: Mapped[int] = mapped_column(BigInteger)
    refunds_payment_id: Mapped[int | None] = mapped_column(ForeignKey("payments.id"), index=True)
    method: Mapped[PaymentMethod] = mapped_column(enum_column(PaymentMethod, "method"))
    reference: Mapped[str | None] = mapped_column(String(80))
    note: Mapped[str | None] = mapped_column(String(200))
    received_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utc_now)
    account_id: Mapped[int | None] = mapped_column(
        ForeignKey("accounts.id", ondelete="SET NULL"), index=True
    )
    batch_id: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utc_now)
