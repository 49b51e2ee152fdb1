"""The answers of the server on Litestar, as msgspec encodes them."""

from datetime import date, datetime
from typing import Generic, TypeVar

import msgspec

Item = TypeVar("Item")
Number = int | float


class Line(msgspec.Struct):
    id: int
    ticket_id: int
    part_id: int
    part_number: str
    name: str
    quantity_used: Number
    unit: str
    unit_price_cents: int
    warranty_months: int | None
    installed_by_mechanic_id: int | None
    installed_by: str | None
    used_at: datetime
    unit_cost_cents: int | None
    markup_percentage: float | None
    line_total_cents: int


class Mechanic(msgspec.Struct):
    id: int
    name: str
    role: str | None
    minutes_worked: int


class Customer(msgspec.Struct):
    id: int
    name: str


class Vehicle(msgspec.Struct):
    id: int
    vin: str | None
    license_plate: str | None
    make: str | None
    model: str | None
    year: int | None
    vin_verified: bool | None


class Ticket(msgspec.Struct):
    id: int
    status: str
    hold_reason: str | None
    priority: int
    problem_description: str
    odometer_in: int | None
    service_date: date | None
    promised_at: datetime | None
    opened_at: datetime
    closed_at: datetime | None
    updated_at: datetime
    version: int
    customer_id: int
    vehicle_id: int | None
    ro_number: str
    customer: Customer
    vehicle: Vehicle | None
    mechanics: list[Mechanic]
    parts: list[Line]
    total_cents: int = 0


class Part(msgspec.Struct):
    id: int
    part_number: str
    name: str
    description: str | None
    category: str | None
    manufacturer: str | None
    price_cents: int
    unit: str
    in_stock: bool
    supplier: str | None
    current_cost_cents: int
    quantity_in_stock: Number
    reorder_level: Number
    low_stock: bool
    created_at: datetime
    updated_at: datetime
    version: int


class Pagination(msgspec.Struct):
    per_page: int
    has_next: bool
    has_prev: bool
    next_cursor: str | None
    page: int | None = None
    total: int | None = None
    total_pages: int | None = None
    total_is_exact: bool | None = None


class Page(msgspec.Struct, Generic[Item]):
    items: list[Item]
    pagination: Pagination
