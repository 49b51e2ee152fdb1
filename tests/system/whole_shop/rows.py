"""The rows of the expected shop, and the values that follow from one row alone."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from tests.system.whole_shop.order_rows import Authorization, Job, Line, Settings
from tests.system.whole_shop.step import Name


@dataclass(kw_only=True)
class Row:
    name: Name
    changes: int = 0  # how many new versions it surely has


@dataclass(kw_only=True)
class Person(Row):
    """A customer or a member of staff. A person with a password has an account."""

    role: str
    called: str
    email: str | None = None
    password: str | None = None
    signed_in: bool = False
    active: bool = True
    merged_into: Name | None = None
    is_exempt: bool = False  # from taxes
    exempt_number: str | None = None
    facts: dict = field(default_factory=dict)


@dataclass
class Reading:
    """An odometer reading. `at` is the book's clock: at the reading, or when its visit began."""

    at: int
    reading: int
    ticket: Name | None = None


@dataclass(kw_only=True)
class Vehicle(Row):
    owner: Name
    vin: str | None = None
    log: list[Reading] = field(default_factory=list)
    facts: dict = field(default_factory=dict)

    @property
    def odometer(self) -> int | None:
        return self.in_time[-1].reading if self.log else None

    @property
    def in_time(self) -> list[Reading]:
        return sorted(self.log, key=lambda each: each.at)


@dataclass(kw_only=True)
class Part(Row):
    number: str | None
    cost: int
    price: int
    stock: Decimal
    reorder_level: Decimal
    called: str
    unit: str = "each"
    ledger: list[tuple[Decimal, str]] = field(default_factory=list)
    retired: bool = False


@dataclass(kw_only=True)
class Ticket(Row):
    owner: Name
    vehicle: Name | None
    problem: str
    opened: int
    kept_vin: str | None = None
    priority: int = 3
    odometer_in: int | None = None
    history: list[str] = field(default_factory=lambda: ["open"])
    hold_reason: str | None = None
    crew: dict[Name, dict] = field(default_factory=dict)
    jobs: dict[Name, Job] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    authorizations: list[Authorization] = field(default_factory=list)
    shop_supplies_waived: bool = False
    frozen: Any = None  # the taxes and supplies of its invoice
    on_account: bool = False  # closed, although something was left to pay
    closed: date | None = None

    @property
    def status(self) -> str:
        return self.history[-1]

    @property
    def used(self) -> list[Line]:
        """Return the lines whose part was taken out of stock."""
        return [line for line in self.lines if line.used_at]


@dataclass(kw_only=True)
class CannedJob(Row):
    called: str
    note: str | None
    category: str | None
    lines: list[dict]
    retired: bool = False


@dataclass(kw_only=True)
class Shop(Row):
    settings: Settings = field(default_factory=Settings)
