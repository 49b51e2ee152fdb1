"""What a credit note takes back of an invoice: pure functions, whole cents.

Tax goes back cumulatively. What is taken back of a line's share in a tax, by all credit notes together, is
that share in proportion to the credited net amount, rounded half up. So any sequence of partial credits
returns exactly the tax that was charged, and never a cent more.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.money import half_up


@dataclass(frozen=True)
class Share:
    """The share of an invoice line in one tax at one of its rates, in cents."""

    name: str
    millionths: int
    cents: int


@dataclass(frozen=True)
class Charged:
    """A line of an invoice: its net amount, what was credited of it before, and its shares in taxes."""

    id: int
    net: int
    credited: int
    shares: Sequence[Share] = ()

    @property
    def remaining(self) -> int:
        """Return what a partial credit may take back; lines of negative amounts allow none."""
        return self.net - self.credited if self.net > 0 else 0


@dataclass(frozen=True)
class Credit:
    """What a credit note takes back of an invoice line: of its net amount, and of each share in a tax."""

    line_id: int
    net: int
    shares: Sequence[Share]

    @property
    def tax(self) -> int:
        return sum(each.cents for each in self.shares)

    @property
    def total(self) -> int:
        return self.net + self.tax


def credit(line: Charged, net: int) -> Credit:
    """Return the Credit of `net` cents of a line's net amount, with the tax that goes back with it."""
    shares = [
        Share(
            each.name,
            each.millionths,
            half_up(each.cents * (line.credited + net), line.net)
            - half_up(each.cents * line.credited, line.net),
        )
        for each in line.shares
    ]
    return Credit(line.id, net, shares)


def credit_all(lines: Iterable[Charged]) -> list[Credit]:
    """Return the Credits of all that is left of an invoice, negative amounts too."""
    return [credit(line, line.net - line.credited) for line in lines if line.net != line.credited]


def credit_some(lines: Iterable[Charged], wanted: Mapping[int, int]) -> list[Credit]:
    """Return the Credits of parts of an invoice; `wanted` is `{line id: net cents}`."""
    return [credit(line, wanted[line.id]) for line in lines if line.id in wanted]
