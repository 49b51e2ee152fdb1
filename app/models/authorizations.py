"""Authorizations: the decisions of customers on the jobs of their tickets.

Rows are never changed, except that an erased customer's name, contacts and notes are removed from them.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.clock import UTCDateTime, utc_now
from app.database.session import db
from app.models.columns import MAX_CENTS, OnTicket, between, enum_column
from app.models.jobs import MAX_JOB_NAME, JobDecision

MOST_AUTHORIZATIONS = 100  # of a ticket


class AuthorizationMethod(StrEnum):
    """How a customer told the shop; `account`: signed in to the API, `link`: by an approval link."""

    IN_PERSON = "in_person"
    PHONE = "phone"
    EMAIL = "email"
    SMS = "sms"
    ACCOUNT = "account"
    LINK = "link"


class Authorization(OnTicket, db.Model):
    """What a customer decided at one moment, and the estimate on which the customer decided.

    `estimate` has the form that `queries.estimates.asked` returns, and `estimate_sha256` is its hash.
    `account_id` is the account that sent the decisions: the customer's own, or that of the member of
    staff who took them. It is None for an approval link, or if the account was deleted.
    `authorized_total_cents` is the total of all jobs that were authorized then, with taxes.
    """

    __tablename__ = "authorizations"
    __table_args__ = (
        Index("ix_authorizations_ticket_id_id", "ticket_id", "id"),
        Index("ix_authorizations_at_id", "at", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("service_tickets.id"))
    method: Mapped[AuthorizationMethod] = mapped_column(enum_column(AuthorizationMethod, "method"))
    authorized_by_name: Mapped[str] = mapped_column(String(120))
    contact: Mapped[str | None] = mapped_column(String(254))
    account_id: Mapped[int | None] = mapped_column(
        ForeignKey("accounts.id", ondelete="SET NULL"), index=True
    )
    approval_link_id: Mapped[int | None] = mapped_column(
        ForeignKey("approval_links.id"), index=True
    )
    note: Mapped[str | None] = mapped_column(String(500))
    authorized_total_cents: Mapped[int] = mapped_column(BigInteger)
    estimate: Mapped[dict[str, Any]] = mapped_column(JSON)
    estimate_sha256: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=utc_now)

    decisions: Mapped[list["Decision"]] = relationship(lazy="raise", order_by="Decision.id")


class Decision(db.Model):
    """A customer's decision on one job (authorized, declined or deferred), and the price at that moment.

    With `up_to_cents`, the job is authorized up to that price, whatever its lines are.
    """

    __tablename__ = "decisions"
    __table_args__ = (
        CheckConstraint(
            "up_to_cents IS NULL OR (decision = 'authorized' AND up_to_cents >= price_cents)",
            name="limit_is_of_an_authorization",
        ),
        between("up_to_cents", 0, MAX_CENTS),
        Index("uq_decisions_authorization_id_job_id", "authorization_id", "job_id", unique=True),
        Index("ix_decisions_job_id_id", "job_id", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    authorization_id: Mapped[int] = mapped_column(ForeignKey("authorizations.id"))
    job_id: Mapped[int] = mapped_column(ForeignKey("jobs.id"))
    name: Mapped[str] = mapped_column(String(MAX_JOB_NAME))  # of the job, at that time
    decision: Mapped[JobDecision] = mapped_column(enum_column(JobDecision, "decision"))
    price_cents: Mapped[int] = mapped_column(BigInteger)
    up_to_cents: Mapped[int | None]
