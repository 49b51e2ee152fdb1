"""The rows of the expected shop, and the values that follow from one row alone."""

from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

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


@dataclass
class Line:
    part: Name
    quantity: Decimal
    cost: int
    price: int
    installer: Name | None
    warranty: int | None = None
    markup: int | None = None  # basis points

    @property
    def total(self) -> int:
        return int((self.quantity * self.price).quantize(Decimal(1), ROUND_HALF_UP))

    @property
    def terms(self) -> tuple:
        return self.cost, self.price, self.installer, self.warranty, self.markup


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
    lines: list[Line] = field(default_factory=list)

    @property
    def status(self) -> str:
        return self.history[-1]

    @property
    def total(self) -> int:
        return sum(line.total for line in self.lines)
