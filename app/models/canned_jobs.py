"""Canned jobs: templates of jobs that the shop does often, such as an oil change."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, validates

from app.clock import UTCDateTime, utc_now
from app.database.session import db
from app.folding import same
from app.models.columns import Folded, Versioned
from app.models.jobs import MAX_JOB_NAME
from app.models.marks import Kind, searched_as
from app.models.sort_keys import keep_key, text_key

OFFERED = "retired_at IS NULL"


class CannedJob(Versioned, db.Model):
    """A template of a job, with its lines as a client sends them: `[{kind, name, part_id, ...}]`.

    Lines are priced only when the canned job is added to a ticket. Names of canned jobs that are not
    retired are unique, regardless of case and extra spaces.
    """

    __tablename__ = "canned_jobs"
    __table_args__ = (
        Index(
            "uq_canned_jobs_name_key",
            "name_key",
            unique=True,
            sqlite_where=text(OFFERED),
            postgresql_where=text(OFFERED),
        ),
        Index("ix_canned_jobs_name_sort_id", "name_sort", "id"),
        Index("ix_canned_jobs_category_key_id", "category_key", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(MAX_JOB_NAME), info=searched_as(Kind.CANNED_JOB))
    name_key: Mapped[str] = mapped_column(Folded(MAX_JOB_NAME))
    note: Mapped[str | None] = mapped_column(String(1000), info=searched_as(Kind.CANNED_JOB))
    category: Mapped[str | None] = mapped_column(String(60), info=searched_as(Kind.CANNED_JOB))
    category_key: Mapped[str | None] = mapped_column(Folded(60))
    lines: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utc_now)
    retired_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    name_sort: Mapped[str] = text_key()

    @validates("name", "category")
    def _fold(self, name: str, value: str | None) -> str | None:
        setattr(self, f"{name}_key", None if value is None else same(value))
        return value


keep_key(CannedJob.name, CannedJob.name_sort)
