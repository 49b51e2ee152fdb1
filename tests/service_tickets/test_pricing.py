"""The price of a repair order: 25 worked tickets to the cent, and an oracle that reckons in fractions."""

import json
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest

from app.blueprints.service_tickets.pricing.order import Job, Line, Supplies, Tax, Terms
from app.blueprints.service_tickets.pricing.price import TAKES_OFF, authorized_total, price
from app.money import by_matrix, half_up, with_markup
from tests.service_tickets import oracle
from tests.service_tickets.random_orders import KINDS, a_random_order

GOLDEN = json.loads(
    (Path(__file__).parent / "pricing.json").read_text(encoding="utf-8"), parse_float=Decimal
)


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


def test_an_oracle_in_fractions_agrees_on_random_orders(at_length):
    for seed in range(at_length(3_000, slow=20_000)):
        order = a_random_order(Random(seed))
        priced = price(*order)
        found = ([each.price for each in priced.jobs], priced.total)

        assert found == oracle.priced(*order), f"seed {seed}"


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
