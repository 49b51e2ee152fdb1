"""A second calculation of a repair order's price, made differently, with fractions, to compare with."""

from fractions import Fraction

from app.blueprints.service_tickets.pricing.price import MILLION


def rounded(number):
    """Round to a whole number, halves away from zero."""
    whole = int(abs(number) + Fraction(1, 2))
    return whole if number >= 0 else -whole


def priced(jobs, discounts, terms):
    """Return `(prices of the jobs, total)` of a repair order, in cents."""
    prices, counting = [], []
    for job in jobs:
        rows = [a_row(line) for line in job.lines if line.kind != "discount"]
        for line in job.lines:
            if line.kind == "discount":
                take_off(rows, line)
        prices.append(sum(row["left"] + row["core"] for row in rows))
        counting += rows if job.authorization in ("pending", "authorized") else []
    for line in discounts:
        take_off(counting, line)
    supplies = 0
    if terms.supplies:
        base = sum(row["left"] for row in counting if row["kind"] in terms.supplies.of.split("_"))
        supplies = rounded(Fraction(base * terms.supplies.bps, 10_000))
        if terms.supplies.cap_cents is not None:
            supplies = min(supplies, terms.supplies.cap_cents)
    due = 0
    for tax in terms.taxes:
        bases = {}
        for row in counting:
            if row["taxable"]:
                rate = tax.rates[row["kind"]]
                bases[rate] = bases.get(rate, 0) + row["left"] + row["core"]
        if terms.supplies and terms.supplies.taxable:
            bases[tax.rates["fee"]] = bases.get(tax.rates["fee"], 0) + supplies
        due += sum(rounded(Fraction(base * rate, MILLION)) for rate, base in bases.items())
    return prices, sum(row["left"] + row["core"] for row in counting) + supplies + due


def a_row(line):
    if line.kind == "labor" and line.flat_price_cents is not None:
        amount = line.flat_price_cents
    elif line.kind == "labor":
        amount = rounded(Fraction(line.billed_minutes, 60) * line.rate_cents)
    else:
        amount = rounded(Fraction(line.quantity, 100) * line.unit_price_cents)
    off = 0
    if amount > 0:
        bps = Fraction(line.discount_bps or 0, 10_000)
        off = min(amount, line.discount_cents or rounded(amount * bps))
    core = [
        rounded(Fraction(each * line.core_charge_cents, 100))
        for each in (line.quantity, line.cores_returned)
    ]
    row = {"kind": line.kind, "taxable": line.taxable, "left": amount - off}
    return row | {"core": core[0] - core[1]}


def take_off(rows, discount):
    over = [row for row in rows if row["left"] > 0 and discount.applies_to in ("all", row["kind"])]
    base = sum(row["left"] for row in over)
    if discount.discount_bps is None:
        taken = min(base, discount.discount_cents)
    else:
        taken = rounded(Fraction(base * discount.discount_bps, 10_000))
    run = dealt = 0
    for row in over:
        run += row["left"]
        until = rounded(Fraction(taken * run, base))
        row["left"] -= until - dealt
        dealt = until
