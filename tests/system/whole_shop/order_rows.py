"""The expected rows of repair orders. Attributes that a table has, too, have the names of its columns.

Where a column has the id of a row, the attribute has its name; `called` is the column `name`.
"""

from dataclasses import dataclass, field, fields
from decimal import Decimal
from typing import Any

from tests.system.whole_shop.step import Name

TURNED_DOWN = ("declined", "deferred")


@dataclass
class Line:
    """A charge or a discount. `used_at` says only whether its part was taken out of stock."""

    called: str
    kind: str = "part"
    name: Name | None = None
    job_id: Name | None = None
    position: int = 1
    taxable: bool = True
    discount_bps: int | None = None
    discount_cents: int | None = None
    applies_to: str | None = None
    billed_minutes: int | None = None
    rate_cents: int | None = None
    flat_price_cents: int | None = None
    mechanic_id: Name | None = None
    quantity: Decimal | None = None
    unit_price_cents: int | None = None
    unit_cost_cents: int | None = None
    markup_bps: int | None = None
    price_source: str | None = None
    supplier: str | None = None
    part_id: Name | None = None
    part_number: str | None = None
    condition: str | None = None
    core_charge_cents: int | None = None
    cores_returned: Decimal | None = None
    used_at: bool = False
    brought_back: Decimal = Decimal(0)  # after it was billed
    installed_by_mechanic_id: Name | None = None
    warranty_months: int | None = None
    warranty_distance: int | None = None

    @property
    def terms(self) -> tuple:
        """Return what a further quantity must have in common with this line to be added to it."""
        return (
            *(self.unit_cost_cents, self.markup_bps, self.unit_price_cents, self.warranty_months),
            *(self.warranty_distance, self.installed_by_mechanic_id, self.taxable),
            *(self.discount_bps, self.discount_cents, self.core_charge_cents, self.condition),
        )

    def take_off(self, quantity: Decimal) -> None:
        self.quantity -= quantity
        self.cores_returned = min(self.cores_returned, self.quantity)


# What the database does not keep of a line is left out.
NOT_KEPT = ("name", "called", "brought_back")
OF_LINE = [each.name for each in fields(Line) if each.name not in NOT_KEPT]


@dataclass
class Decided:
    """The latest decision on a job. `seen` is the estimate then, and `at` the book's clock."""

    word: str
    price_cents: int
    up_to_cents: int | None
    seen: dict[str, Any]
    at: int

    @property
    def authorized_cents(self) -> int | None:
        if self.word != "authorized":
            return None
        return self.price_cents if self.up_to_cents is None else self.up_to_cents


@dataclass(kw_only=True)
class Job:
    name: Name | None
    called: str
    position: int
    note: str | None = None
    cause: str | None = None
    correction: str | None = None
    canned_job_id: Name | None = None
    revived_from_id: Name | None = None
    dismissed_reason: str | None = None
    decided: Decided | None = None

    @property
    def decision(self) -> str | None:
        return self.decided and self.decided.word

    @property
    def is_turned_down(self) -> bool:
        return self.decision in TURNED_DOWN


OF_JOB = [
    *("position", "note", "cause", "correction", "canned_job_id", "revived_from_id"),
    *("dismissed_reason", "decision"),
]


@dataclass(kw_only=True)
class Authorization:
    """A record of decisions, `[(job, called, word, price, limit)]`; `estimate` is what was asked."""

    name: Name
    method: str
    authorized_by_name: str
    contact: str | None
    note: str | None
    taken_by: Name | None
    approval_link_id: Name | None
    authorized_total_cents: int
    estimate: dict[str, Any]
    decisions: list[tuple[Name, str, str, int, int | None]]


OF_AUTHORIZATION = (
    *("method", "authorized_by_name", "contact", "note", "approval_link_id"),
    "authorized_total_cents",
)


@dataclass(kw_only=True)
class Link:
    """An approval link; `asked` is the estimate for which it was made."""

    name: Name
    ticket: Name
    asked: dict[str, Any]
    end_reason: str | None = None


@dataclass
class Settings:
    """The settings of the shop that matter to repair orders, as a client sends them."""

    labor_rate_cents: int = 0
    taxes: list[dict] = field(default_factory=list)
    shop_supplies: dict | None = None
    markup_matrix: list[dict] = field(default_factory=list)
    authorization_policy: str = "off"
    closing_policy: str = "off"
