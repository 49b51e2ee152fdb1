"""Vehicles, and the log of their odometer readings."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from app.clock import UTCDateTime, utc_now
from app.database.session import db
from app.errors import OdometerLower
from app.models.columns import Versioned, between
from app.models.customers import Customer
from app.models.marks import SHOWN_ON_TICKETS, Kind, searched_as, whole
from app.models.sort_keys import keep_key, text_key
from app.models.vin import LONGEST_NUMBER, checked_vin, vin_key
from app.words import words_of_vin

MAX_ODOMETER = 9_999_999


class Vehicle(Versioned, db.Model):
    """A vehicle of a customer. When the owner changes, the tickets stay with the vehicle."""

    __tablename__ = "vehicles"
    __table_args__ = (
        between("year", 1886, 2100),
        between("odometer", 0, MAX_ODOMETER),
        Index("ix_vehicles_customer_id_id", "customer_id", "id"),
        Index("ix_vehicles_created_at_id", "created_at", "id"),
        Index("ix_vehicles_license_plate_sort_id", "license_plate_sort", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), info=SHOWN_ON_TICKETS)
    vin: Mapped[str | None] = mapped_column(
        String(LONGEST_NUMBER),
        info=searched_as(Kind.VIN, words_of_vin, in_full=whole) | SHOWN_ON_TICKETS,
    )
    # The number without separators, in upper case, which is equal for all spellings.
    vin_key: Mapped[str | None] = mapped_column(String(LONGEST_NUMBER), unique=True)
    # False if only a customer has entered the number.
    vin_verified: Mapped[bool] = mapped_column(
        default=False, server_default=false(), info=SHOWN_ON_TICKETS
    )
    license_plate: Mapped[str | None] = mapped_column(
        String(20), info=searched_as(Kind.PLATE, in_full=whole) | SHOWN_ON_TICKETS
    )
    make: Mapped[str | None] = mapped_column(
        String(60), info=searched_as(Kind.MODEL) | SHOWN_ON_TICKETS
    )
    model: Mapped[str | None] = mapped_column(
        String(60), info=searched_as(Kind.MODEL) | SHOWN_ON_TICKETS
    )
    year: Mapped[int | None] = mapped_column(info=searched_as(Kind.MODEL) | SHOWN_ON_TICKETS)
    color: Mapped[str | None] = mapped_column(String(40))
    odometer: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utc_now)
    license_plate_sort: Mapped[str] = text_key()

    customer: Mapped[Customer] = relationship(lazy="raise")

    @validates("vin")
    def _keep_key(self, _name: str, vin: str | None) -> str | None:
        self.vin_key = vin_key(vin)
        return vin

    def describe(self, **facts) -> None:
        """Set the columns given as keyword arguments; raise Invalid if a new VIN is malformed."""
        vin = facts.pop("vin", self.vin)
        for name, value in facts.items():
            setattr(self, name, value)
        if vin != self.vin:
            self.vin = checked_vin(vin, self.year)


keep_key(Vehicle.license_plate, Vehicle.license_plate_sort)


class OdometerReading(db.Model):
    """A reading in a vehicle's odometer log, made at a visit (`ticket_id`) or between visits."""

    __tablename__ = "odometer_readings"
    __table_args__ = (
        between("reading", 0, MAX_ODOMETER),
        UniqueConstraint("ticket_id"),
        Index("ix_odometer_readings_vehicle_id_at_id", "vehicle_id", "at", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    vehicle_id: Mapped[int] = mapped_column(ForeignKey("vehicles.id", ondelete="CASCADE"))
    ticket_id: Mapped[int | None] = mapped_column(
        ForeignKey("service_tickets.id", ondelete="SET NULL")
    )
    reading: Mapped[int]
    override_reason: Mapped[str | None] = mapped_column(String(200))
    account_id: Mapped[int | None] = mapped_column(
        ForeignKey("accounts.id", ondelete="SET NULL"), index=True
    )
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=utc_now)

    def lie_between(
        self, before: int | None, after: int | None, override_reason: str | None
    ) -> None:
        """Compare this reading with those before and after it; raise OdometerLower if it does not fit.

        `before` and `after` are the readings just before and after this one in time, or None. This reading
        must not be lower than `before` or higher than `after`. If it is, but an `override_reason` is given,
        store the reason instead of raising. If the reading fits, no reason is stored.
        """
        if before is not None and self.reading < before:
            wrong = f"The reading before it is {before}; {self.reading} is lower."
        elif after is not None and self.reading > after:
            wrong = f"The reading after it is {after}; {self.reading} is higher."
        else:
            self.override_reason = None
            return
        if not override_reason:
            raise OdometerLower(
                f"{wrong} If it is right all the same, say why.",
                last_reading=before,
                next_reading=after,
            )
        self.override_reason = override_reason
