"""The expected rows of money: invoices with their charges, payments, and credit notes."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from tests.system.whole_shop.step import Name


def today() -> date:
    """Return the day in the time zone of the shop."""
    return datetime.now(UTC).date()


@dataclass(kw_only=True)
class Charge:
    """A line of an invoice; `taxes` are its shares, `[(tax, rate, cents)]`.

    `credited` is what was taken back of `net`.
    """

    name: Name | None = None
    kind: str
    job: Name | None
    line: Name | None
    mechanic: Name | None
    amount: int
    net: int
    taxes: list[tuple[str, int, int]] = field(default_factory=list)
    credited: int = 0

    @property
    def tax(self) -> int:
        return sum(cents for *_, cents in self.taxes)


@dataclass(kw_only=True)
class Invoice:
    """An invoice. `paid_before` was paid for its ticket at the moment of issue.

    `voided` is the status that the ticket had when the invoice was voided, or None.
    """

    name: Name
    ticket: Name
    customer: Name
    totals: dict[str, Any]
    paid_before: int
    on: date
    due: date
    by: Name
    charges: list[Charge]
    odometer_out: int | None = None
    credited: int = 0
    voided: str | None = None

    @property
    def left(self) -> int:
        """Return the total less all credit notes."""
        return self.totals["total_cents"] - self.credited


@dataclass(kw_only=True)
class Payment:
    """Money for a ticket; a refund has a negative amount. `on` is the day when it changed hands."""

    name: Name
    ticket: Name
    customer: Name
    amount: int
    method: str
    reference: str | None
    note: str | None
    on: date
    by: Name
    refunds: Name | None = None
    batch: Name | None = None


@dataclass(kw_only=True)
class CreditNote:
    """A credit note; `lines` are `[(charge, net, shares in taxes)]`."""

    name: Name
    invoice: Name
    ticket: Name
    customer: Name
    reason: str
    voids: bool
    on: date
    by: Name
    lines: list[tuple[Name, int, list[tuple[str, int, int]]]]

    @property
    def subtotal(self) -> int:
        return sum(net for _, net, _ in self.lines)

    @property
    def tax(self) -> int:
        return sum(cents for *_, shares in self.lines for *_, cents in shares)

    @property
    def total(self) -> int:
        return self.subtotal + self.tax
