"""The price of a repair order: 25 worked tickets to the cent, and an oracle that reckons in fractions."""

import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from random import Random

import pytest

from app.blueprints.service_tickets.pricing import (
    MILLION,
    TAKES_OFF,
    Job,
    Line,
    Supplies,
    Tax,
    Terms,
    authorized_total,
    price,
)
from app.money import by_matrix, half_up, with_markup

GOLDEN = json.loads(
    (Path(__file__).parent / "pricing.json").read_text(encoding="utf-8"), parse_float=Decimal
)
KINDS = ("labor", "part", "sublet", "fee")


def hundredths(number):
    return int(Decimal(number) * 100)


def a_line(sent, settings):
    """A line as it is made of what was sent: rate, markup and matrix are those of that moment."""
    cost, unit_price = sent.get("unit_cost_cents", 0), sent.get("unit_price_cents")
    if unit_price is None and "markup_percentage" in sent:
        unit_price = with_markup(cost, hundredths(sent["markup_percentage"]))
    if unit_price is None and sent["kind"] in ("part", "sublet"):
        unit_price = by_matrix(cost, bands(settings["markup_matrix"]))
    percentage = sent.get("discount_percentage")
    return Line(
        sent["id"],
        sent["kind"],
        billed_minutes=sent.get("billed_minutes", 0),
        rate_cents=sent.get("rate_cents", settings["labor_rate_cents"]),
        flat_price_cents=sent.get("flat_price_cents"),
        quantity=hundredths(sent.get("quantity", 1)),
        unit_price_cents=unit_price or 0,
        taxable=sent.get("taxable", True),
        discount_bps=None if percentage is None else hundredths(percentage),
        discount_cents=sent.get("discount_cents"),
        core_charge_cents=sent.get("core_charge_cents", 0),
        cores_returned=hundredths(sent.get("cores_returned", 0)),
        applies_to=sent.get("applies_to", "all"),
    )


def bands(matrix):
    return [(each["up_to_cents"], hundredths(each["markup_percentage"])) for each in matrix]


def terms_of(settings, ticket):
    taxes = [
        Tax(
            each["name"],
            {kind: hundredths(each.get(f"{kind}_percentage", 0) * 100) for kind in KINDS},
        )
        for each in settings["taxes"]
    ]
    supplies = settings["shop_supplies"]
    if supplies:
        bps = hundredths(supplies["percentage"])
        supplies = Supplies(bps, supplies["of"], supplies["cap_cents"], supplies["taxable"])
    return Terms(
        () if ticket["tax_exempt"] else taxes, None if ticket["shop_supplies_waived"] else supplies
    )


def order_of(golden):
    """(jobs, discounts, terms) of a worked ticket."""
    settings, ticket = golden["settings"], golden["ticket"]
    jobs = [
        Job(each["id"], [a_line(line, settings) for line in each["lines"]], each["authorization"])
        for each in ticket["jobs"]
    ]
    return jobs, [a_line(line, settings) for line in ticket["lines"]], terms_of(settings, ticket)


def as_written(priced, paid, authorized):
    """A price in the words of the worked tickets."""

    def dealt(discounts):
        return [{"id": each, "discount_cents": cents} for each, cents in discounts.items()]

    return {
        "lines": [
            {
                "id": each.line.id,
                "amount_cents": each.amount,
                "discount_cents": each.amount - each.left,
                "net_cents": each.left,
                "core_cents": each.core,
                "tax_cents": each.tax,
            }
            for each in priced.lines
        ],
        "jobs": [
            {
                "id": each.job.id,
                "counts": each.counts,
                "gross_cents": sum(line.amount for line in each.lines),
                "price_cents": each.price,
                "discounts": dealt(each.discounts),
            }
            for each in priced.jobs
        ],
        "ticket_discounts": dealt(priced.discounts),
        "totals": {
            "labor_cents": priced.amount_of("labor"),
            "parts_cents": priced.amount_of("part"),
            "sublet_cents": priced.amount_of("sublet"),
            "fees_cents": priced.amount_of("fee"),
            "discount_cents": sum(each.amount - each.left for each in priced.lines),
            "shop_supplies_cents": priced.supplies,
            "shop_supplies_tax_cents": priced.supplies_tax,
            "core_charges_cents": sum(each.core_charge for each in priced.lines),
            "core_returns_cents": sum(each.core_return for each in priced.lines),
            "subtotal_cents": priced.subtotal,
            "taxes": [
                {
                    "name": each.name,
                    "percentage": Decimal(each.millionths) / 10_000,
                    "taxable_cents": each.taxable,
                    "tax_cents": each.tax,
                }
                for each in priced.taxes
            ],
            "tax_cents": priced.tax,
            "total_cents": priced.total,
            "paid_cents": paid,
            "balance_cents": priced.total - paid,
            "authorized_total_cents": authorized,
        },
    }


@pytest.mark.parametrize("golden", GOLDEN, ids=[each["name"] for each in GOLDEN])
def test_a_worked_ticket_comes_out_to_the_cent(golden):
    order, paid = order_of(golden), golden["ticket"]["paid_cents"]

    assert as_written(price(*order), paid, authorized_total(*order)) == golden["expected"]


# The oracle: the same rules in fractions, put together another way.


def rounded(number):
    """Halves away from zero."""
    whole = int(abs(number) + Fraction(1, 2))
    return whole if number >= 0 else -whole


def expected(jobs, discounts, terms):
    """`(prices of jobs, total)` by the oracle."""
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


def a_random_order(rng):
    ids = iter(range(1, 1000))
    percent = lambda: rng.choice([0, 1, 333, 500, 3333, 9999, 10_000])  # noqa: E731
    cents = lambda: rng.choice([0, 1, 7, 99, 333, 1001, 12_345, 999_999])  # noqa: E731

    def discount():
        way = rng.random() < 0.5
        return Line(
            next(ids),
            "discount",
            discount_bps=percent() if way else None,
            discount_cents=None if way else cents(),
            applies_to=rng.choice(["all", "labor", "part"]),
        )

    def charge():
        kind, way = rng.choice(KINDS), rng.choice(["", "", "bps", "cents"])
        quantity = rng.choice([0, 1, 50, 100, 100, 200, 333, 480])
        has_core = kind == "part" and rng.random() < 0.3
        return Line(
            next(ids),
            kind,
            billed_minutes=rng.choice([0, 1, 3, 20, 30, 60, 100]),
            rate_cents=rng.choice([9999, 12_000, 12_010]),
            flat_price_cents=cents() if rng.random() < 0.2 else None,
            quantity=quantity,
            unit_price_cents=cents() * (-1 if kind == "fee" and rng.random() < 0.2 else 1),
            taxable=rng.random() < 0.8,
            discount_bps=percent() if way == "bps" else None,
            discount_cents=cents() if way == "cents" else None,
            core_charge_cents=2501 if has_core else 0,
            cores_returned=rng.randint(0, quantity) if has_core else 0,
        )

    def job():
        said = rng.choice(["pending", "authorized", "authorized", "declined", "deferred"])
        lines = [rng.choice([charge, charge, charge, discount])() for _ in range(rng.randint(0, 5))]
        return Job(next(ids), lines, said)

    rates = [0, 50_000, 82_500, 88_750, 99_750]
    taxes = [
        Tax(name, {kind: rng.choice(rates) for kind in KINDS})
        for name in ("GST", "QST")[: rng.randint(0, 2)]
    ]
    supplies = Supplies(
        percent(),
        rng.choice(["labor", "part", "labor_and_part"]),
        rng.choice([None, 0, 3500]),
        rng.random() < 0.5,
    )
    jobs = [job() for _ in range(rng.randint(1, 4))]
    return (
        jobs,
        [discount() for _ in range(rng.randint(0, 2))],
        Terms(taxes, rng.choice([None, supplies])),
    )


def test_an_oracle_in_fractions_agrees_on_random_orders(at_length):
    for seed in range(at_length(3_000, slow=20_000)):
        order = a_random_order(Random(seed))
        priced = price(*order)
        found = ([each.price for each in priced.jobs], priced.total)

        assert found == expected(*order), f"seed {seed}"


def test_the_steps_add_up_to_the_total_and_the_lines_to_the_taxes():
    for seed in range(1_000):
        priced = price(*a_random_order(Random(seed)))
        total = 0
        for each in priced.steps:
            cents = half_up(each.numerator, each.denominator)
            cents = cents if each.at_most is None else min(cents, each.at_most)
            assert cents == each.cents
            total += -cents if each.step in TAKES_OFF else cents

        assert total == priced.total, f"seed {seed}"
        assert sum(each.tax for each in priced.lines) + priced.supplies_tax == priced.tax
        assert all(each.left >= 0 or each.amount < 0 for each in priced.lines)


def test_by_a_matrix_no_part_that_costs_more_sells_for_less():
    matrix = [(250, 30_000), (500, 27_500), (1000, 20_000), (5000, 17_500), (None, 5_000)]
    prices = [by_matrix(cost, matrix) for cost in range(200_001)]

    assert prices == sorted(prices)
    assert (prices[0], prices[250], prices[251], prices[750]) == (0, 1000, 1004, 2688)
    assert by_matrix(500, []) == 500
