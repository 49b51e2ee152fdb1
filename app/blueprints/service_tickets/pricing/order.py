"""The input of the pricing: jobs with their lines and authorization, taxes, shop supplies."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.quantities import HUNDREDTHS


@dataclass(frozen=True)
class Line:
    """A line as input of the pricing: a charge or a discount.

    Quantities are in hundredths; discounts are in basis points (`discount_bps`) or in cents.
    """

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
    """A job as input of the pricing: its lines in order, and whether the customer authorized it."""

    id: int
    lines: Sequence[Line]
    authorization: str = "pending"


@dataclass(frozen=True)
class Tax:
    """A tax as input of the pricing: its name, and its rate for each kind of charge in millionths."""

    name: str
    rates: dict[str, int]


@dataclass(frozen=True)
class Supplies:
    """The charge for shop supplies: a percentage (`bps`) of the charges of the kinds `of`, up to a cap.

    `bps` is in basis points. Without a limit, `cap_cents` is None.
    """

    bps: int
    of: str
    cap_cents: int | None
    taxable: bool


@dataclass(frozen=True)
class Terms:
    """The taxes and shop supplies that apply to a ticket.

    `taxes` is empty if the customer is exempt, and `supplies` is None if there is no such charge.
    """

    taxes: Sequence[Tax] = ()
    supplies: Supplies | None = None
