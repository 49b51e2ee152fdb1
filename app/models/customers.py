"""Customers, with or without an account."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.clock import UTCDateTime, utc_now
from app.database.session import db
from app.models.accounts import Account
from app.models.columns import Named, Versioned, between
from app.models.marks import SHOWN_ON_TICKETS, Kind, phone, searched_as, whole, whole_phones
from app.models.shop import MOST_PAYMENT_TERMS_DAYS
from app.models.sort_keys import keep_key, text_key

ERASED, MERGED = "Erased customer", "Merged customer"
ADDRESS = ("address", "city", "state", "postal_code")


class Customer(Named, Versioned, db.Model):
    """A person or firm that brings vehicles in; a customer without an account is a walk-in."""

    __tablename__ = "customers"
    __table_args__ = (
        CheckConstraint("email = lower(email)", name="email_is_lower"),
        CheckConstraint("merged_into_id <> id", name="merged_into_another"),
        between("payment_terms_days", 0, MOST_PAYMENT_TERMS_DAYS),
        CheckConstraint("NOT tax_exempt OR tax_exempt_number IS NOT NULL", name="exempt_by_number"),
        Index("ix_customers_name_sort_id", "name_sort", "id"),
        Index("ix_customers_created_at_id", "created_at", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int | None] = mapped_column(
        ForeignKey("accounts.id", ondelete="SET NULL"), unique=True
    )
    name: Mapped[str] = mapped_column(
        String(120), info=searched_as(Kind.CUSTOMER) | SHOWN_ON_TICKETS
    )
    # Several customers may share an e-mail address; only those of accounts are unique.
    email: Mapped[str | None] = mapped_column(
        String(254), index=True, info=searched_as(Kind.CUSTOMER, in_full=whole)
    )
    # False if only the customer has entered the address.
    email_verified: Mapped[bool] = mapped_column(default=False, server_default=false())
    phone: Mapped[str | None] = mapped_column(
        String(40), info=searched_as(Kind.CUSTOMER, phone, in_full=whole_phones)
    )
    address: Mapped[str | None] = mapped_column(String(200))
    city: Mapped[str | None] = mapped_column(String(80))
    state: Mapped[str | None] = mapped_column(String(80))
    postal_code: Mapped[str | None] = mapped_column(String(20))
    tax_exempt: Mapped[bool] = mapped_column(
        default=False, server_default=false(), info=SHOWN_ON_TICKETS
    )
    tax_exempt_number: Mapped[str | None] = mapped_column(String(60))
    payment_terms_days: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utc_now)
    erased_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id"), index=True)
    name_sort: Mapped[str] = text_key()

    account: Mapped[Account | None] = relationship(lazy="raise")

    def erase(self) -> None:
        """Remove the personal data; the row and its tickets stay, with the name `Erased customer`."""
        self.erased_at = utc_now()
        self._empty(ERASED)

    def take_over(self, other: "Customer") -> None:
        """Copy missing data from `other`, a duplicate of this customer; then empty `other`.

        E-mail, phone, address, tax exemption and payment terms are copied if this customer has none. An
        address is copied only as a whole, and only if this customer has no part of one. `other` is marked
        as merged into this customer.
        """
        if self.email is None:
            self.email, self.email_verified = other.email, other.email_verified
        self.phone = self.phone or other.phone
        if not any(getattr(self, name) for name in ADDRESS):
            for name in ADDRESS:
                setattr(self, name, getattr(other, name))
        if other.tax_exempt and not self.tax_exempt:
            self.tax_exempt, self.tax_exempt_number = True, other.tax_exempt_number
        if self.payment_terms_days is None:
            self.payment_terms_days = other.payment_terms_days
        other.merged_into_id = self.id
        other._empty(MERGED)

    def _empty(self, name: str) -> None:
        self.name, self.email_verified, self.tax_exempt = name, False, False
        for member in ("email", "phone", *ADDRESS, "tax_exempt_number", "payment_terms_days"):
            setattr(self, member, None)


keep_key(Customer.name, Customer.name_sort)
