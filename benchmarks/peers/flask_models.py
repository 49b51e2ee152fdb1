"""The models of the server on Flask: what it needs of the shop's tables."""

from datetime import UTC, date, datetime
from typing import Annotated

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import BigInteger, DateTime, ForeignKey
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    pass


db = SQLAlchemy(model_class=Base)
Moment = Annotated[datetime, mapped_column(DateTime(timezone=True))]


def now():
    return datetime.now(UTC)


class Customer(db.Model):
    __tablename__ = "customers"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class Vehicle(db.Model):
    __tablename__ = "vehicles"

    id: Mapped[int] = mapped_column(primary_key=True)
    vin: Mapped[str | None]
    license_plate: Mapped[str | None]
    make: Mapped[str | None]
    model: Mapped[str | None]
    year: Mapped[int | None]
    vin_verified: Mapped[bool]


class Mechanic(db.Model):
    __tablename__ = "mechanics"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class Part(db.Model):
    __tablename__ = "parts"

    id: Mapped[int] = mapped_column(primary_key=True)
    part_number: Mapped[str]
    name: Mapped[str]
    description: Mapped[str | None]
    category: Mapped[str | None]
    manufacturer: Mapped[str | None]
    supplier: Mapped[str | None]
    price_cents: Mapped[int]
    current_cost_cents: Mapped[int]
    unit: Mapped[str]
    quantity_in_stock: Mapped[int] = mapped_column(BigInteger)
    reorder_level: Mapped[int] = mapped_column(BigInteger)
    retired_at: Mapped[Moment | None]
    created_at: Mapped[Moment]
    updated_at: Mapped[Moment]
    version: Mapped[int]

    @property
    def in_stock(self):
        return self.quantity_in_stock > 0

    @property
    def low_stock(self):
        return self.quantity_in_stock <= self.reorder_level


class Ticket(db.Model):
    __tablename__ = "service_tickets"

    id: Mapped[int] = mapped_column(primary_key=True)
    status: Mapped[str]
    hold_reason: Mapped[str | None]
    priority: Mapped[int]
    problem_description: Mapped[str]
    odometer_in: Mapped[int | None]
    service_date: Mapped[date | None]
    promised_at: Mapped[Moment | None]
    opened_at: Mapped[Moment]
    closed_at: Mapped[Moment | None]
    updated_at: Mapped[Moment]
    version: Mapped[int]
    kept_vin: Mapped[str | None]
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    vehicle_id: Mapped[int | None] = mapped_column(ForeignKey("vehicles.id"))

    customer: Mapped[Customer] = relationship()
    vehicle: Mapped[Vehicle | None] = relationship()
    assignments: Mapped[list["Assignment"]] = relationship(order_by="Assignment.id")
    lines: Mapped[list["Line"]] = relationship(
        primaryjoin="and_(Line.ticket_id == Ticket.id, Line.used_at.is_not(None))",
        order_by="Line.id",
        viewonly=True,
    )

    @property
    def ro_number(self):
        return f"RO-{self.id:06}"

    @property
    def total_cents(self):
        return sum(line.line_total_cents for line in self.lines)


class Assignment(db.Model):
    __tablename__ = "assignments"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("service_tickets.id"))
    mechanic_id: Mapped[int] = mapped_column(ForeignKey("mechanics.id"))
    role: Mapped[str | None]
    minutes_worked: Mapped[int]

    mechanic: Mapped[Mechanic] = relationship()


class Job(db.Model):
    __tablename__ = "jobs"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("service_tickets.id"))
    position: Mapped[int]


class Line(db.Model):
    __tablename__ = "ticket_lines"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("service_tickets.id"))
    job_id: Mapped[int | None] = mapped_column(ForeignKey("jobs.id"))
    kind: Mapped[str] = mapped_column(default="part")
    position: Mapped[int]
    name: Mapped[str]
    taxable: Mapped[bool] = mapped_column(default=True)
    part_id: Mapped[int | None] = mapped_column(ForeignKey("parts.id"))
    part_number: Mapped[str | None]
    condition: Mapped[str | None] = mapped_column(default="new")
    quantity: Mapped[int] = mapped_column(BigInteger)
    unit_cost_cents: Mapped[int | None]
    unit_price_cents: Mapped[int]
    markup_bps: Mapped[int | None] = mapped_column(BigInteger)
    price_source: Mapped[str | None] = mapped_column(default="catalog")
    core_charge_cents: Mapped[int | None] = mapped_column(default=0)
    cores_returned: Mapped[int | None] = mapped_column(BigInteger, default=0)
    used_at: Mapped[Moment | None] = mapped_column(default=now)
    installed_by_mechanic_id: Mapped[int | None] = mapped_column(ForeignKey("mechanics.id"))
    warranty_months: Mapped[int | None]

    part: Mapped[Part] = relationship()
    installer: Mapped[Mechanic | None] = relationship()

    @classmethod
    def of(cls, part, quantity, **more):
        """Return a line for the use of a part, with the part's present cost and price."""
        cost, price = part.current_cost_cents, part.price_cents
        return cls(
            part=part,
            name=part.name,
            part_number=part.part_number,
            quantity=quantity,
            unit_cost_cents=cost,
            unit_price_cents=price,
            markup_bps=round((price - cost) * 10_000 / cost) if cost else None,
            **more,
        )

    @property
    def line_total_cents(self):
        return (self.quantity * self.unit_price_cents + 50) // 100


class Movement(db.Model):
    __tablename__ = "stock_movements"

    id: Mapped[int] = mapped_column(primary_key=True)
    part_id: Mapped[int] = mapped_column(ForeignKey("parts.id"))
    quantity: Mapped[int] = mapped_column(BigInteger)
    reason: Mapped[str]
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("service_tickets.id"))
    line_id: Mapped[int | None] = mapped_column(ForeignKey("ticket_lines.id"))
    account_id: Mapped[int | None]
    at: Mapped[Moment] = mapped_column(default=now)
