"""Customers bring vehicles in; the odometer of a vehicle only goes up."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.errors import OdometerLower
from app.extensions import db
from app.models.accounts import Account
from app.models.columns import Versioned, between
from app.models.sort_keys import keep_key, text_key
from app.models.vin import checked_vin
from app.moments import Moment, now

MAX_ODOMETER = 9_999_999
ERASED = "Erased customer"


class Customer(Versioned, db.Model):
    """A person or firm; one without an account is a walk-in at the counter."""

    __tablename__ = "customers"
    __table_args__ = (
        CheckConstraint("email = lower(email)", name="email_is_lower"),
        Index("ix_customers_name_key_id", "name_key", "id"),
        Index("ix_customers_created_at_id", "created_at", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int | None] = mapped_column(
        ForeignKey("accounts.id", ondelete="SET NULL"), unique=True
    )
    name: Mapped[str] = mapped_column(String(120))
    email: Mapped[str | None] = mapped_column(String(254), unique=True)
    phone: Mapped[str | None] = mapped_column(String(40))
    address: Mapped[str | None] = mapped_column(String(200))
    city: Mapped[str | None] = mapped_column(String(80))
    state: Mapped[str | None] = mapped_column(String(80))
    postal_code: Mapped[str | None] = mapped_column(String(20))
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    erased_at: Mapped[datetime | None] = mapped_column(Moment)
    name_key: Mapped[str] = text_key()

    account: Mapped[Account | None] = relationship(lazy="raise")

    def erase(self) -> None:
        """Forget the person and keep the books: tickets stay, under a name that says nothing."""
        self.name, self.erased_at = ERASED, now()
        self.email = self.phone = None
        self.address = self.city = self.state = self.postal_code = None


class Vehicle(Versioned, db.Model):
    """A car that comes back. It may change owner; its history stays with it."""

    __tablename__ = "vehicles"
    __table_args__ = (
        between("year", 1886, 2100),
        between("odometer", 0, MAX_ODOMETER),
        Index("ix_vehicles_customer_id_id", "customer_id", "id"),
        Index("ix_vehicles_created_at_id", "created_at", "id"),
        Index("ix_vehicles_license_plate_key_id", "license_plate_key", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    vin: Mapped[str | None] = mapped_column(String(17), unique=True)
    license_plate: Mapped[str | None] = mapped_column(String(20))
    make: Mapped[str | None] = mapped_column(String(60))
    model: Mapped[str | None] = mapped_column(String(60))
    year: Mapped[int | None]
    color: Mapped[str | None] = mapped_column(String(40))
    odometer: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    license_plate_key: Mapped[str] = text_key()

    customer: Mapped[Customer] = relationship(lazy="raise")

    def describe(self, **facts) -> None:
        """Set what is known of the vehicle; the VIN must fit the rules of its year of make."""
        for name, value in facts.items():
            setattr(self, name, value)
        if {"vin", "year"} & facts.keys():
            self.vin = checked_vin(self.vin, self.year)

    def read_odometer(self, reading: int, override_reason: str | None = None) -> "OdometerReading":
        """A line of the odometer log; lower than the last reading only with a reason, which is kept."""
        lower = self.odometer is not None and reading < self.odometer
        if lower and not override_reason:
            raise OdometerLower(
                f"The last reading is {self.odometer}; {reading} is lower."
                " Send override_reason if it is right all the same.",
                last_reading=self.odometer,
            )
        self.odometer = reading
        return OdometerReading(
            vehicle_id=self.id,
            reading=reading,
            override_reason=override_reason if lower else None,
        )


class OdometerReading(db.Model):
    """One line of a vehicle's odometer log. Lines are added, never changed."""

    __tablename__ = "odometer_readings"
    __table_args__ = (
        between("reading", 0, MAX_ODOMETER),
        Index("ix_odometer_readings_vehicle_id_id", "vehicle_id", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    vehicle_id: Mapped[int] = mapped_column(ForeignKey("vehicles.id", ondelete="CASCADE"))
    ticket_id: Mapped[int | None] = mapped_column(
        ForeignKey("service_tickets.id", ondelete="SET NULL"), index=True
    )
    reading: Mapped[int]
    override_reason: Mapped[str | None] = mapped_column(String(200))
    account_id: Mapped[int | None] = mapped_column(
        ForeignKey("accounts.id", ondelete="SET NULL"), index=True
    )
    at: Mapped[datetime] = mapped_column(Moment, default=now)


keep_key(Customer.name, Customer.name_key)
keep_key(Vehicle.license_plate, Vehicle.license_plate_key)
