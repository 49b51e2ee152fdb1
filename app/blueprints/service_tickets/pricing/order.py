"""The input of the pricing: jobs with their lines and authorization, taxes, shop supplies."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.quantities import HUNDREDTHS


@dataclass(frozen=True)
class Line:
    """A charge or a discount; quantities in hundredths, discounts in basis points or cents."""

    id: int
    kind: str
    billed_minutes: int = 0
    rate_cents: int = 0
    flat_price_cents: int | None = None
    quantity: int = HUNDREDTHS
    unit_price_cents: int = 0
    taxable: bool = True
    discount_bps: int | None = None
    discount_cents: int | None = None
    core_charge_cents: int = 0
    cores_returned: int = 0
    applies_to: str = "all"


@dataclass(frozen=True)
class Job:
    """A job: its charges and discounts in their order, and its authorization."""

    id: int
    lines: Sequence[Line]
    authorization: str = "pending"


@dataclass(frozen=True)
class Tax:
    """A tax with its rate on each kind of charge, in millionths."""

    name: str
    rates: dict[str, int]


@dataclass(frozen=True)
class Supplies:
    """The charge for shop supplies: basis points of some kinds of charges, and perhaps a cap."""

    bps: int
    of: str
    cap_cents: int | None
    taxable: bool


@dataclass(frozen=True)
class Terms:
    """The taxes and shop supplies of a ticket: no taxes for an exempt customer, None for no supplies."""

    taxes: Sequence[Tax] = ()
    supplies: Supplies | None = None
