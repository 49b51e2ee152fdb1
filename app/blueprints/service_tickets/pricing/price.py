"""The computation of the price of a repair order; the package's docstring has the rules."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.blueprints.service_tickets.pricing.order import Job, Line, Supplies, Terms
from app.money import BASIS_POINTS, half_up
from app.quantities import HUNDREDTHS

MILLION = 1_000_000
MINUTES_PER_HOUR = 60
COUNTS = ("pending", "authorized")
CHARGES = ("labor", "part", "sublet", "fee")
APPLIES_TO = {"all": CHARGES, "labor": ("labor",), "part": ("part",)}
SUPPLIES_OF = {"labor": ("labor",), "part": ("part",), "labor_and_part": ("labor", "part")}
TAKES_OFF = ("line_discount", "job_discount", "ticket_discount", "core_return")


@dataclass(frozen=True)
class Step:
    """One rounding to cents: numerator / denominator, rounded half up, but at most `at_most` if set.

    `step` is the name of the rounded amount, such as `tax`. `cents` is the result.
    """

    step: str
    line_id: int | None
    numerator: int
    denominator: int
    at_most: int | None
    cents: int


class Steps(list[Step]):
    """The list of all roundings (Step) of a price, in order.

    The steps whose names are in TAKES_OFF, such as discounts, reduce the total. All others add to it.
    """

    def take(self, step, line_id, numerator, denominator, at_most=None) -> int:
        """Round numerator / denominator half up, record the rounding as a Step, and return its cents.

        `step` is the name of the rounded amount, and `line_id` the line that it belongs to, or None. If
        `at_most` is set, the result is at most that.
        """
        cents = half_up(numerator, denominator)
        cents = cents if at_most is None else min(cents, at_most)
        self.append(Step(step, line_id, numerator, denominator, at_most, cents))
        return cents


@dataclass
class PricedLine:
    """A charge with its computed amounts in cents.

    `amount` is before all discounts, and `left` after them. `core_charge` is the deposit for old parts,
    and `core_return` the refund for those returned. `tax` is the line's share of the taxes.
    """

    line: Line
    amount: int
    left: int
    core_charge: int
    core_return: int
    tax: int = 0

    @property
    def core(self) -> int:
        return self.core_charge - self.core_return


@dataclass(frozen=True)
class PricedJob:
    job: Job
    lines: list[PricedLine]
    price: int
    discounts: dict[int, int]  # by the id of the discount line

    @property
    def counts(self) -> bool:
        return self.job.authorization in COUNTS


@dataclass(frozen=True)
class TaxSum:
    """One tax at one of its rates: the taxable amount and the tax on it, both in cents."""

    name: str
    millionths: int
    taxable: int
    tax: int


@dataclass(frozen=True)
class Price:
    """The price of a repair order; its sums include only jobs that are pending or authorized."""

    jobs: list[PricedJob]
    discounts: dict[int, int]  # of the ticket, by the id of the discount line
    supplies: int
    supplies_tax: int
    taxes: list[TaxSum]
    steps: Steps

    @property
    def lines(self) -> list[PricedLine]:
        return [line for job in self.jobs if job.counts for line in job.lines]

    @property
    def subtotal(self) -> int:
        return sum(line.left + line.core for line in self.lines) + self.supplies

    @property
    def tax(self) -> int:
        return sum(each.tax for each in self.taxes)

    @property
    def total(self) -> int:
        return self.subtotal + self.tax

    def amount_of(self, kind: str) -> int:
        """Return the sum of all charges of this kind, such as `labor`, before all discounts."""
        return sum(line.amount for line in self.lines if line.line.kind == kind)


def price(jobs: Iterable[Job], discounts: Sequence[Line], terms: Terms) -> Price:
    """Return the price of a repair order.

    `discounts` are the discount lines of the whole ticket. They are taken off in this order, after the
    discounts of the jobs. `terms` has the taxes and shop supplies that apply.
    """
    steps = Steps()
    priced = [_job(job, steps if job.authorization in COUNTS else Steps()) for job in jobs]
    lines = [line for job in priced if job.counts for line in job.lines]
    taken = {each.id: _distribute(each, lines, "ticket_discount", steps) for each in discounts}
    supplies = _supplies(lines, terms.supplies, steps)
    supplies_tax, taxes = _taxes(lines, supplies, terms, steps)
    return Price(priced, taken, supplies, supplies_tax, taxes, steps)


def authorized_total(jobs: Iterable[Job], discounts: Sequence[Line], terms: Terms) -> int:
    """Return the total in cents of only those jobs that the customer has authorized.

    `discounts` are the discount lines of the whole ticket, and `terms` has its taxes and shop supplies.
    """
    authorized = [job for job in jobs if job.authorization == "authorized"]
    return price(authorized, discounts, terms).total


def _job(job: Job, steps: Steps) -> PricedJob:
    lines = [_charge(line, steps) for line in job.lines if line.kind != "discount"]
    discounts = (line for line in job.lines if line.kind == "discount")
    taken = {each.id: _distribute(each, lines, "job_discount", steps) for each in discounts}
    return PricedJob(job, lines, sum(line.left + line.core for line in lines), taken)


def _charge(line: Line, steps: Steps) -> PricedLine:
    """Return a charge with its amounts (PricedLine), and record the roundings in `steps`.

    The amount is rounded before any discount, because else a discount of 100 percent could leave a cent.
    """
    amount = steps.take("line", line.id, *_amount(line))
    left = amount
    if amount > 0 and (line.discount_bps or line.discount_cents):
        left -= _discount(line, amount, "line_discount", steps)
    core_charge = _core("core_charge", line, line.quantity, steps)
    core_return = _core("core_return", line, line.cores_returned, steps)
    return PricedLine(line, amount, left, core_charge, core_return)


def _core(step: str, line: Line, quantity: int, steps: Steps) -> int:
    if not (line.core_charge_cents and quantity):
        return 0
    return steps.take(step, line.id, line.core_charge_cents * quantity, HUNDREDTHS)


def _amount(line: Line) -> tuple[int, int]:
    """Return the amount of a line in cents, not rounded yet, as a numerator and a denominator."""
    if line.kind != "labor":
        return line.quantity * line.unit_price_cents, HUNDREDTHS
    if line.flat_price_cents is not None:
        return line.flat_price_cents, 1
    return line.billed_minutes * line.rate_cents, MINUTES_PER_HOUR


def _discount(line: Line, base: int, step: str, steps: Steps) -> int:
    if line.discount_bps is not None:
        return steps.take(step, line.id, base * line.discount_bps, BASIS_POINTS, base)
    return steps.take(step, line.id, line.discount_cents or 0, 1, base)


def _distribute(discount: Line, lines: list[PricedLine], step: str, steps: Steps) -> int:
    """Take a discount off the lines that it applies to, and return the cents that it takes off.

    Each of these lines bears a share in proportion to its amount `left`. The rounding is recorded in
    `steps` under the name `step`.
    """
    kinds = APPLIES_TO[discount.applies_to]
    over = [line for line in lines if line.left > 0 and line.line.kind in kinds]
    base = sum(line.left for line in over)
    taken = _discount(discount, base, step, steps)
    for line, share in zip(over, _shares(taken, [each.left for each in over]), strict=True):
        line.left -= share
    return taken


def _shares(cents: int, parts: list[int]) -> Iterable[int]:
    """Divide `cents` in proportion to `parts`, and yield the shares, which add up to `cents`."""
    whole, run, dealt = sum(parts), 0, 0
    for part in parts:
        run += part
        due = half_up(cents * run, whole)
        yield due - dealt
        dealt = due


def _supplies(lines: list[PricedLine], supplies: Supplies | None, steps: Steps) -> int:
    if supplies is None:
        return 0
    base = sum(line.left for line in lines if line.line.kind in SUPPLIES_OF[supplies.of])
    return steps.take("shop_supplies", None, base * supplies.bps, BASIS_POINTS, supplies.cap_cents)


def _taxes(lines, supplies: int, terms: Terms, steps: Steps) -> tuple[int, list[TaxSum]]:
    """Return the tax on shop supplies and a list of TaxSums; add to each line its share of the taxes.

    `supplies` is the charge for shop supplies in cents. A tax is rounded once for each of its rates, on
    the sum of all charges with that rate. The share of a line is the rounded tax on all lines up to this
    one, minus the rounded tax on the lines before, so the shares add up.
    """
    sums, supplies_tax = [], 0
    taxable_supplies = supplies if terms.supplies and terms.supplies.taxable else 0
    for tax in terms.taxes:
        for rate in sorted({*tax.rates.values()} - {0}, reverse=True):
            base = due = 0
            for line in lines:
                if line.line.taxable and tax.rates.get(line.line.kind, 0) == rate:
                    base += line.left + line.core
                    line.tax += half_up(base * rate, MILLION) - due
                    due = half_up(base * rate, MILLION)
            if tax.rates.get("fee", 0) == rate:
                base += taxable_supplies
                supplies_tax += half_up(base * rate, MILLION) - due
            if base:
                sums.append(
                    TaxSum(tax.name, rate, base, steps.take("tax", None, base * rate, MILLION))
                )
    return supplies_tax, sums
