"""Approval links: secret addresses at which a customer decides on an estimate without signing in."""

import hashlib
import secrets
from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.clock import UTCDateTime, utc_now
from app.database.session import db
from app.models.columns import enum_column
from app.models.marks import SECRET

OPEN = "ended_at IS NULL"
TOKEN_BYTES = 32


class LinkEnd(StrEnum):
    """Why an approval link has ended: the customer has decided with it, or the shop has revoked it."""

    DECIDED = "decided"
    REVOKED = "revoked"


class ApprovalLink(db.Model):
    """A link with which a customer can decide once on the estimate of a ticket.

    A ticket has at most one link that has not ended. `token_sha256` is the hash of the link's token; the
    token itself is not stored. `estimate_sha256` is the hash of the estimate for which the link was
    made: if the estimate changes, the link can't be used. `account_id` is the account that made the
    link.
    """

    __tablename__ = "approval_links"
    __table_args__ = (
        CheckConstraint("(ended_at IS NULL) = (end_reason IS NULL)", name="ended_for_a_reason"),
        Index("uq_approval_links_token_sha256", "token_sha256", unique=True),
        Index(
            "uq_approval_links_ticket_id",
            "ticket_id",
            unique=True,
            sqlite_where=text(OPEN),
            postgresql_where=text(OPEN),
        ),
        Index("ix_approval_links_ticket_id_id", "ticket_id", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("service_tickets.id", ondelete="CASCADE"))
    token_sha256: Mapped[str] = mapped_column(String(64), info=SECRET)
    estimate_sha256: Mapped[str] = mapped_column(String(64))
    account_id: Mapped[int | None] = mapped_column(
        ForeignKey("accounts.id", ondelete="SET NULL"), index=True
    )
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utc_now)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    end_reason: Mapped[LinkEnd | None] = mapped_column(enum_column(LinkEnd, "end_reason"))

    def end(self, reason: LinkEnd) -> None:
        self.ended_at, self.end_reason = utc_now(), reason


def new_token() -> str:
    """Return a new random token of 256 bits, in characters that a URL may have."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def hash_of(token: str) -> str:
    """Return the SHA-256 of a token in hexadecimal, by which its link is stored and found."""
    return hashlib.sha256(token.encode()).hexdigest()
