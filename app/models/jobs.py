"""Jobs: the pieces of work on a ticket. A ticket always has at least one job."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.clock import UTCDateTime, utc_now
from app.database.session import db
from app.errors import JobDeclined
from app.models.columns import OnTicket, between, enum_column
from app.models.service_tickets import ServiceTicket
from app.models.sort_keys import keep_key, moment_key
from app.models.ticket_lines import MAX_POSITION

MAX_JOB_NAME = 120
MOST_JOBS = 50


class JobDecision(StrEnum):
    AUTHORIZED = "authorized"
    DECLINED = "declined"
    DEFERRED = "deferred"


TURNED_DOWN = (JobDecision.DECLINED, JobDecision.DEFERRED)


class Job(OnTicket, db.Model):
    """A piece of work on a ticket, such as new front brakes. Its lines are its charges and discounts."""

    __tablename__ = "jobs"
    __table_args__ = (
        between("position", 0, MAX_POSITION),
        Index("ix_jobs_ticket_id_position_id", "ticket_id", "position", "id"),
        Index("uq_jobs_revived_from_id", "revived_from_id", unique=True),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("service_tickets.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(default=1)
    name: Mapped[str] = mapped_column(String(MAX_JOB_NAME))
    note: Mapped[str | None] = mapped_column(String(1000))
    cause: Mapped[str | None] = mapped_column(String(1000))
    correction: Mapped[str | None] = mapped_column(String(1000))
    # The latest decision of the customer; whether it still covers the job depends on what has changed since.
    decision: Mapped[JobDecision | None] = mapped_column(enum_column(JobDecision, "decision"))
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    decided_at_sort: Mapped[datetime] = moment_key()
    # The job of an earlier visit that was declined or deferred then, and is offered again by this one.
    revived_from_id: Mapped[int | None] = mapped_column(ForeignKey("jobs.id", ondelete="SET NULL"))
    dismissed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    dismissed_reason: Mapped[str | None] = mapped_column(String(200))
    canned_job_id: Mapped[int | None] = mapped_column(ForeignKey("canned_jobs.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utc_now)

    ticket: Mapped[ServiceTicket] = relationship(lazy="raise")

    def must_take_parts(self) -> None:
        """Raise JobDeclined if the customer has declined or deferred this job."""
        if self.decision in TURNED_DOWN:
            raise JobDeclined(f"Job {self.id} is {self.decision}.", job_id=self.id)


keep_key(Job.decided_at, Job.decided_at_sort)


def begin_jobs(session) -> None:
    """Add a job to each new ticket in this flush that has no job yet.

    The job is named after the ticket's problem description. `session` is the SQLAlchemy session.
    """
    begun = {job.ticket for job in session.new if isinstance(job, Job)}
    for ticket in [row for row in session.new if isinstance(row, ServiceTicket)]:
        if ticket not in begun:
            session.add(Job(ticket=ticket, name=name_of_first_job(ticket.problem_description)))


def name_of_first_job(problem: str) -> str:
    """Return a name for the first job of a ticket: the first 120 characters of `problem`, on one line.

    `problem` is the problem description of the ticket.
    """
    return " ".join(problem.split())[:MAX_JOB_NAME].strip()
