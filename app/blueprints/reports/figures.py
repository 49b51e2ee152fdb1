"""The figures of the report on the shop: their formulas, and the rows that add up to them."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import String, cast, func, literal

from app.blueprints.reports import rows
from app.blueprints.reports.rows import NO_KEY, Rows, summed
from app.models import (
    ChargeKind,
    CreditLine,
    CreditLineTax,
    Decision,
    InvoiceLine,
    InvoiceLineTax,
    JobDecision,
    Payment,
)

NOBODY = "nobody"  # the key of labor without a mechanic
YEAR, MINUTES_PER_HOUR, PERCENT = 365, 60, 100
NUMERATOR, DENOMINATOR, VALUE = "numerator", "denominator", "value"


class Unit(StrEnum):
    CENTS = "cents"
    COUNT = "count"
    MINUTES = "minutes"
    HOURS = "hours"
    PERCENT = "percent"
    CENTS_PER_HOUR = "cents_per_hour"
    TIMES_PER_YEAR = "times_per_year"


@dataclass(frozen=True)
class Measure:
    """A number of the shop in a period: the sum of the amounts of its rows."""

    name: str
    unit: Unit
    rows: Rows


@dataclass(frozen=True)
class Figure:
    """A figure of the report: a measure, a quotient of two, or several measures by groups.

    `of` has the measures by the names that the query parameter `of` takes. A quotient is numerator x
    `times` / denominator / `per`, rounded half up to `decimals`; with `per_year`, also x 365 / days.
    """

    name: str
    formula: str
    unit: Unit
    of: Mapping[str, Measure]
    is_grouped: bool = False
    times: int = 1
    per: int = 1
    decimals: int = 0
    per_year: bool = False

    @property
    def is_quotient(self) -> bool:
        return NUMERATOR in self.of


def _net(condition, key=NO_KEY) -> Rows:
    net = rows.invoiced(InvoiceLine.net_cents, condition, key=key)
    return summed(net, rows.credited(-CreditLine.net_cents, condition, key=key))


def _minutes(key=NO_KEY) -> Rows:
    minutes = InvoiceLine.billed_minutes
    return summed(rows.invoiced(minutes, LABOR, key=key), rows.voided(-minutes, LABOR, key=key))


def _cost(condition) -> Rows:
    cost = InvoiceLine.cost_cents
    return summed(rows.invoiced(cost, condition), rows.voided(-cost, condition))


def _profit(condition) -> Rows:
    cost, net = InvoiceLine.cost_cents, CreditLine.net_cents
    made = rows.invoiced(InvoiceLine.net_cents - cost, condition)
    return summed(made, rows.credited(-net, condition), rows.voided(cost, condition))


LABOR = InvoiceLine.kind == ChargeKind.LABOR
PART = InvoiceLine.kind == ChargeKind.PART
SUBLET = InvoiceLine.kind == ChargeKind.SUBLET
MECHANIC = func.coalesce(cast(InvoiceLine.mechanic_id, String), NOBODY)
CENTS, COUNT, MINUTES = Unit.CENTS, Unit.COUNT, Unit.MINUTES

SALES = Measure("sales", CENTS, _net(InvoiceLine.kind != ChargeKind.CORE))
ORDERS = Measure("repair_orders", COUNT, summed(rows.invoices(), rows.voids()))
PARTS_SALES = Measure("parts_sales", CENTS, _net(PART))
PARTS_COST = Measure("parts_cost", CENTS, _cost(PART))
PARTS_PROFIT = Measure("parts_gross_profit", CENTS, _profit(PART))
LABOR_SALES = Measure("labor_sales", CENTS, _net(LABOR))
LABOR_COST = Measure("labor_cost", CENTS, _cost(LABOR))
LABOR_PROFIT = Measure("labor_gross_profit", CENTS, _profit(LABOR))
SUBLET_PROFIT = Measure("sublet_gross_profit", CENTS, _profit(SUBLET))
BILLED = Measure("billed_minutes", MINUTES, _minutes())
STOCK = Measure("stock_value", CENTS, summed(rows.stock()))
BY_DECISION = Decision.decision
AUTHORIZED = BY_DECISION == JobDecision.AUTHORIZED
DECIDED_JOBS = Measure("decided_jobs", COUNT, summed(rows.decided(literal(1))))
AUTHORIZED_JOBS = Measure("authorized_jobs", COUNT, summed(rows.decided(literal(1), AUTHORIZED)))

LESS = "less what was credited"
NULL = "null if a cost is unknown"


def plain(measure: Measure, formula: str) -> Figure:
    return Figure(measure.name, formula, measure.unit, {VALUE: measure})


def quotient(name, formula, unit, numerator, denominator, **how) -> Figure:
    return Figure(name, formula, unit, {NUMERATOR: numerator, DENOMINATOR: denominator}, **how)


def margin(name: str, profit: Measure, sales: Measure) -> Figure:
    formula = f"{profit.name} / {sales.name}"
    return quotient(name, formula, Unit.PERCENT, profit, sales, times=PERCENT, decimals=2)


def grouped(name: str, formula: str, *measures: Measure) -> Figure:
    of_name = {each.name.removeprefix(f"{name}_"): each for each in measures}
    return Figure(name, formula, measures[0].unit, of_name, is_grouped=True)


FIGURES = (
    plain(
        SALES, f"net of all charges on invoices but deposits for old parts, {LESS}, without taxes"
    ),
    plain(ORDERS, "invoices - credit notes that void an invoice"),
    quotient("average_repair_order", "sales / repair_orders", CENTS, SALES, ORDERS),
    plain(PARTS_SALES, f"net of parts, {LESS}"),
    plain(PARTS_COST, f"cost of these parts, less that of void invoices; {NULL}"),
    plain(PARTS_PROFIT, "parts_sales - parts_cost"),
    margin("parts_gross_margin", PARTS_PROFIT, PARTS_SALES),
    plain(LABOR_SALES, f"net of labor, {LESS}"),
    plain(LABOR_COST, f"billed hours x labor_cost_rate_cents, less void invoices; {NULL}"),
    plain(LABOR_PROFIT, "labor_sales - labor_cost"),
    margin("labor_gross_margin", LABOR_PROFIT, LABOR_SALES),
    plain(SUBLET_PROFIT, f"net of sublets less their cost, {LESS}; {NULL}"),
    plain(BILLED, "minutes of labor on invoices - those of void invoices"),
    quotient(
        "effective_labor_rate",
        "labor_sales x 60 / billed_minutes",
        *(Unit.CENTS_PER_HOUR, LABOR_SALES, BILLED),
        times=MINUTES_PER_HOUR,
    ),
    quotient(
        "hours_per_repair_order",
        "billed_minutes / 60 / repair_orders",
        *(Unit.HOURS, BILLED, ORDERS),
        per=MINUTES_PER_HOUR,
        decimals=2,
    ),
    grouped(
        "by_mechanic",
        "billed_minutes and labor_sales of the mechanic's labor; minutes_worked by now on these tickets",
        Measure("by_mechanic_billed_minutes", MINUTES, _minutes(MECHANIC)),
        Measure("by_mechanic_labor_sales", CENTS, _net(LABOR, MECHANIC)),
        Measure("by_mechanic_minutes_worked", MINUTES, rows.worked()),
    ),
    grouped(
        "decisions",
        "jobs that were first decided in the period, by decision, and their prices then",
        Measure("decisions_jobs", COUNT, summed(rows.decided(literal(1), key=BY_DECISION))),
        Measure(
            "decisions_price", CENTS, summed(rows.decided(Decision.price_cents, key=BY_DECISION))
        ),
    ),
    quotient(
        "closing_rate",
        "jobs first authorized / jobs first decided",
        *(Unit.PERCENT, AUTHORIZED_JOBS, DECIDED_JOBS),
        times=PERCENT,
        decimals=2,
    ),
    grouped(
        "taxes",
        f"by tax and rate: the net of taxed charges, and their tax, {LESS}",
        Measure("taxes_taxable", CENTS, rows.taxed(InvoiceLine.net_cents, CreditLine.net_cents)),
        Measure("taxes_tax", CENTS, rows.taxed(InvoiceLineTax.tax_cents, CreditLineTax.tax_cents)),
    ),
    grouped(
        "payments",
        "by method: taken - refunded = net, by the day when the money changed hands",
        Measure(
            "payments_taken",
            CENTS,
            summed(rows.paid(Payment.amount_cents, Payment.amount_cents > 0)),
        ),
        Measure(
            "payments_refunded",
            CENTS,
            summed(rows.paid(-Payment.amount_cents, Payment.amount_cents < 0)),
        ),
        Measure("payments_net", CENTS, summed(rows.paid(Payment.amount_cents))),
    ),
    grouped(
        "receivables",
        "what is left of invoices at the end of the period, by the days since they were due",
        Measure("receivables_balance", CENTS, summed(rows.owed())),
    ),
    plain(STOCK, "now: quantity in stock x current cost"),
    quotient(
        "stock_turns",
        "parts_cost x 365 / days of the period / stock_value",
        *(Unit.TIMES_PER_YEAR, PARTS_COST, STOCK),
        decimals=2,
        per_year=True,
    ),
)
BY_NAME = {figure.name: figure for figure in FIGURES}
MEASURES = {each.name: each for figure in FIGURES for each in figure.of.values()}
