"""Invoices: frozen records of what a ticket costs, with their lines and the taxes on each line."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    false,
    select,
    text,
)
from sqlalchemy.orm import Mapped, defer, mapped_column

from app.clock import UTCDateTime, utc_now
from app.database.session import db
from app.models.columns import OnTicket, between, enum_column
from app.models.marks import WITHHELD_FROM_AUDIT, Kind, searched_as
from app.models.service_tickets import ServiceTicket
from app.models.vehicles import MAX_ODOMETER

LIVE = "voided_at IS NULL"
OPEN: dict[str, Any] = {"sqlite_where": text("is_open = 1"), "postgresql_where": text("is_open")}
MAX_TOTAL_CENTS = 2**53 - 1  # the largest whole number that every JSON parser reads exactly
MAX_NUMBER = 40


class ChargeKind(StrEnum):
    """The kind of an invoice line: that of a ticket line, a deposit for old parts, or shop supplies."""

    LABOR = "labor"
    PART = "part"
    SUBLET = "sublet"
    FEE = "fee"
    CORE = "core"
    SHOP_SUPPLIES = "shop_supplies"


class Invoice(OnTicket, db.Model):
    """An invoice. Rows are never deleted, and only what happens to an invoice later is changed.

    `sequence` counts all invoices without gaps, and `number` is printed, such as `INV-000042`.
    `document` is the JSON of all that the invoice says, and `document_sha256` the hash of its bytes in
    UTF-8. A ticket has at most one invoice that is not void. `is_open` says that it is not void, and that
    something is left to pay.
    """

    __tablename__ = "invoices"
    __table_args__ = (
        between("subtotal_cents", -MAX_TOTAL_CENTS, MAX_TOTAL_CENTS),
        between("tax_cents", -MAX_TOTAL_CENTS, MAX_TOTAL_CENTS),
        between("total_cents", 0, MAX_TOTAL_CENTS),
        CheckConstraint("credited_cents BETWEEN 0 AND total_cents", name="credited_in_range"),
        CheckConstraint("voided_at IS NULL OR NOT is_open", name="void_is_not_open"),
        between("odometer_out", 0, MAX_ODOMETER),
        Index(
            "uq_invoices_ticket_id",
            "ticket_id",
            unique=True,
            sqlite_where=text(LIVE),
            postgresql_where=text(LIVE),
        ),
        Index("ix_invoices_ticket_id_id", "ticket_id", "id"),
        Index("ix_invoices_issued_on_id", "issued_on", "id"),
        Index("ix_invoices_due_on_id", "due_on", "id"),
        Index("ix_invoices_open_due_on_id", "due_on", "id", **OPEN),
        Index("ix_invoices_open_customer_id_due_on_id", "customer_id", "due_on", "id", **OPEN),
        Index("ix_invoices_customer_id_issued_on_id", "customer_id", "issued_on", "id"),
        Index("ix_invoices_vehicle_id", "vehicle_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    sequence: Mapped[int] = mapped_column(BigInteger, unique=True)
    number: Mapped[str] = mapped_column(String(MAX_NUMBER), info=searched_as(Kind.INVOICE))
    ticket_id: Mapped[int] = mapped_column(ForeignKey("service_tickets.id"))
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    vehicle_id: Mapped[int | None] = mapped_column(ForeignKey("vehicles.id"))
    issued_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utc_now)
    issued_on: Mapped[date]
    due_on: Mapped[date]
    subtotal_cents: Mapped[int] = mapped_column(BigInteger)
    tax_cents: Mapped[int] = mapped_column(BigInteger)
    total_cents: Mapped[int] = mapped_column(BigInteger)
    odometer_out: Mapped[int | None]
    document: Mapped[str] = mapped_column(Text, info=WITHHELD_FROM_AUDIT)
    document_sha256: Mapped[str] = mapped_column(String(64))
    account_id: Mapped[int | None] = mapped_column(
        ForeignKey("accounts.id", ondelete="SET NULL"), index=True
    )
    credited_cents: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    voided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    is_open: Mapped[bool] = mapped_column(default=False, server_default=false())


def keep_open(ticket: ServiceTicket) -> None:
    """Mark the invoice of a locked ticket as open if something is left to pay, else as not open."""
    live = select(Invoice).where(Invoice.ticket_id == ticket.id, Invoice.voided_at.is_(None))
    invoice = db.session.scalar(live.options(defer(Invoice.document)))
    if invoice is not None:
        invoice.is_open = invoice.total_cents - invoice.credited_cents > ticket.paid_cents


class InvoiceLine(db.Model):
    """A charge on an invoice, in the order of the price: each line, then its core charge and return.

    `discount_cents` is what all discounts take off `amount_cents`, and `net_cents` the rest.
    `cost_cents` is what the charge costs the shop, or None if that is unknown.
    """

    __tablename__ = "invoice_lines"
    __table_args__ = (
        CheckConstraint(
            "credited_cents BETWEEN 0 AND net_cents OR credited_cents BETWEEN net_cents AND 0",
            name="credited_in_range",
        ),
        Index("uq_invoice_lines_invoice_id_position", "invoice_id", "position", unique=True),
        Index("ix_invoice_lines_mechanic_id_id", "mechanic_id", "id"),
        Index("ix_invoice_lines_part_id_id", "part_id", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoices.id"))
    position: Mapped[int]
    kind: Mapped[ChargeKind] = mapped_column(enum_column(ChargeKind, "kind"))
    job_id: Mapped[int | None]  # of the ticket; no foreign keys, because tickets may change later
    line_id: Mapped[int | None]
    part_id: Mapped[int | None] = mapped_column(ForeignKey("parts.id"))
    mechanic_id: Mapped[int | None] = mapped_column(ForeignKey("mechanics.id"))
    job_name: Mapped[str | None] = mapped_column(String(120))
    name: Mapped[str] = mapped_column(String(220))
    quantity_hundredths: Mapped[int | None]
    billed_minutes: Mapped[int | None]
    amount_cents: Mapped[int] = mapped_column(BigInteger)
    discount_cents: Mapped[int] = mapped_column(BigInteger)
    net_cents: Mapped[int] = mapped_column(BigInteger)
    tax_cents: Mapped[int] = mapped_column(BigInteger)
    cost_cents: Mapped[int | None] = mapped_column(BigInteger)
    credited_cents: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")


class InvoiceLineTax(db.Model):
    """The share of an invoice line in one tax at one of its rates; the shares add up to the printed tax."""

    __tablename__ = "invoice_line_taxes"
    __table_args__ = (
        Index(
            "uq_invoice_line_taxes_invoice_line_id_position",
            "invoice_line_id",
            "position",
            unique=True,
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    invoice_line_id: Mapped[int] = mapped_column(ForeignKey("invoice_lines.id"))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(40))
    millionths: Mapped[int]
    tax_cents: Mapped[int] = mapped_column(BigInteger)
