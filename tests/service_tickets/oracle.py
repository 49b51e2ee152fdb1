"""A second calculation of a repair order's price, made differently, with fractions, to compare with."""

from dataclasses import dataclass
from fractions import Fraction

MILLION = 1_000_000


@dataclass
class Priced:
    """A price: all amounts in cents.

    `prices` has those of the jobs. `rows` has each charge by the id of its line: `{kind, taxable, amount,
    left, core, core_return, tax}`. `taken` has what each discount takes off, by the id of its line.
    `taxes` is `[(name, rate, base, tax)]`.
    """

    prices: list[int]
    rows: dict
    counting: list[dict]
    taken: dict
    supplies: int
    supplies_tax: int
    taxes: list[tuple[str, int, int, int]]

    @property
    def subtotal(self):
        return sum(row["left"] + row["core"] for row in self.counting) + self.supplies

    @property
    def total(self):
        return self.subtotal + sum(tax for *_, tax in self.taxes)


def rounded(number):
    """Round to a whole number, halves away from zero."""
    whole = int(abs(number) + Fraction(1, 2))
    return whole if number >= 0 else -whole


def priced(jobs, discounts, terms):
    """Return `(prices of the jobs, total)` of a repair order, in cents."""
    found = worked_out(jobs, discounts, terms)
    return found.prices, found.total


def worked_out(jobs, discounts, terms):
    """Return the price of a repair order, as a Priced.

    `jobs`, `discounts` and `terms` have the attributes of Job, Line and Terms of the app's pricing.
    """
    prices, rows, counting, taken = [], {}, [], {}
    for job in jobs:
        of_job = {line.id: a_row(line) for line in job.lines if line.kind != "discount"}
        for line in job.lines:
            if line.kind == "discount":
                taken[line.id] = take_off(of_job.values(), line)
        prices.append(sum(row["left"] + row["core"] for row in of_job.values()))
        rows |= of_job
        counting += of_job.values() if job.authorization in ("pending", "authorized") else ()
    for line in discounts:
        taken[line.id] = take_off(counting, line)
    supplies = supplies_of(counting, terms.supplies)
    taxes, supplies_tax = [], 0
    for tax in terms.taxes:
        for rate in sorted({*tax.rates.values()} - {0}, reverse=True):
            of_rate = [row for row in counting if row["taxable"] and tax.rates[row["kind"]] == rate]
            base = 0
            for row in of_rate:
                before, base = base, base + row["left"] + row["core"]
                row["tax"] += of(base, rate, MILLION) - of(before, rate, MILLION)
            if terms.supplies and terms.supplies.taxable and tax.rates["fee"] == rate:
                before, base = base, base + supplies
                supplies_tax += of(base, rate, MILLION) - of(before, rate, MILLION)
            if base:
                taxes.append((tax.name, rate, base, of(base, rate, MILLION)))
    return Priced(prices, rows, counting, taken, supplies, supplies_tax, taxes)


def of(base, share, whole):
    return rounded(Fraction(base * share, whole)) if base and share else 0


def supplies_of(rows, supplies):
    if not supplies:
        return 0
    base = sum(row["left"] for row in rows if row["kind"] in supplies.of.split("_"))
    cents = of(base, supplies.bps, 10_000)
    return cents if supplies.cap_cents is None else min(cents, supplies.cap_cents)


def a_row(line):
    if line.kind == "labor" and line.flat_price_cents is not None:
        amount = line.flat_price_cents
    elif line.kind == "labor":
        amount = rounded(Fraction(line.billed_minutes, 60) * line.rate_cents)
    else:
        amount = rounded(Fraction(line.quantity, 100) * line.unit_price_cents)
    off = 0
    if amount > 0:
        off = min(amount, line.discount_cents or of(amount, line.discount_bps or 0, 10_000))
    charge, back = (
        of(each, line.core_charge_cents, 100) for each in (line.quantity, line.cores_returned)
    )
    row = {"kind": line.kind, "taxable": line.taxable, "amount": amount, "left": amount - off}
    return row | {"core": charge - back, "core_return": back, "tax": 0}


def take_off(rows, discount):
    """Take a discount off the rows that it applies to, and return the cents that it takes off."""
    over = [row for row in rows if row["left"] > 0 and discount.applies_to in ("all", row["kind"])]
    base = sum(row["left"] for row in over)
    if discount.discount_bps is None:
        taken = min(base, discount.discount_cents)
    else:
        taken = of(base, discount.discount_bps, 10_000)
    run = dealt = 0
    for row in over:
        run += row["left"]
        until = rounded(Fraction(taken * run, base))
        row["left"] -= until - dealt
        dealt = until
    return taken
