"""Credit notes: frozen records that take back an invoice, all of it or a part, with their lines."""

from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.clock import UTCDateTime, utc_now
from app.database.session import db
from app.models.columns import OnTicket, between
from app.models.invoices import MAX_NUMBER, MAX_TOTAL_CENTS
from app.models.marks import WITHHELD_FROM_AUDIT, Kind, searched_as

ALL = "voids"


class CreditNote(OnTicket, db.Model):
    """A credit note on an invoice. Rows are never changed or deleted.

    One that `voids` its invoice takes back all that is left of it; an invoice has at most one of them.
    """

    __tablename__ = "credit_notes"
    __table_args__ = (
        between("total_cents", 0, MAX_TOTAL_CENTS),
        Index("ix_credit_notes_invoice_id_id", "invoice_id", "id"),
        Index("ix_credit_notes_ticket_id", "ticket_id"),
        Index("ix_credit_notes_issued_on_id", "issued_on", "id"),
        Index("ix_credit_notes_customer_id_issued_on_id", "customer_id", "issued_on", "id"),
        Index(
            "uq_credit_notes_invoice_id",
            "invoice_id",
            unique=True,
            sqlite_where=text(ALL),
            postgresql_where=text(ALL),
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    sequence: Mapped[int] = mapped_column(BigInteger, unique=True)
    number: Mapped[str] = mapped_column(String(MAX_NUMBER), info=searched_as(Kind.CREDIT_NOTE))
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoices.id"))
    ticket_id: Mapped[int] = mapped_column(ForeignKey("service_tickets.id"))
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    reason: Mapped[str] = mapped_column(String(200))
    issued_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utc_now)
    issued_on: Mapped[date]
    subtotal_cents: Mapped[int] = mapped_column(BigInteger)
    tax_cents: Mapped[int] = mapped_column(BigInteger)
    total_cents: Mapped[int] = mapped_column(BigInteger)
    voids: Mapped[bool]
    document: Mapped[str] = mapped_column(Text, info=WITHHELD_FROM_AUDIT)
    document_sha256: Mapped[str] = mapped_column(String(64))
    account_id: Mapped[int | None] = mapped_column(
        ForeignKey("accounts.id", ondelete="SET NULL"), index=True
    )


class CreditLine(db.Model):
    """What a credit note takes back of a line of the invoice: of its net amount, and of its tax."""

    __tablename__ = "credit_lines"
    __table_args__ = (
        Index(
            "uq_credit_lines_credit_note_id_invoice_line_id",
            "credit_note_id",
            "invoice_line_id",
            unique=True,
        ),
        Index("ix_credit_lines_invoice_line_id", "invoice_line_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    credit_note_id: Mapped[int] = mapped_column(ForeignKey("credit_notes.id"))
    invoice_line_id: Mapped[int] = mapped_column(ForeignKey("invoice_lines.id"))
    net_cents: Mapped[int] = mapped_column(BigInteger)
    tax_cents: Mapped[int] = mapped_column(BigInteger)


class CreditLineTax(db.Model):
    """The part of a credit line's tax in one tax at one of its rates."""

    __tablename__ = "credit_line_taxes"
    __table_args__ = (
        Index(
            "uq_credit_line_taxes_credit_line_id_position",
            "credit_line_id",
            "position",
            unique=True,
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    credit_line_id: Mapped[int] = mapped_column(ForeignKey("credit_lines.id"))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(40))
    millionths: Mapped[int]
    tax_cents: Mapped[int] = mapped_column(BigInteger)
