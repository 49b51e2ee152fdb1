"""Prices of tickets, computed from the rows of their lines and the taxes and supplies of the shop."""

from dataclasses import replace
from itertools import groupby
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, and_, func, select

from app.blueprints.service_tickets.consent import PENDING
from app.blueprints.service_tickets.pricing.order import Job, Line, Supplies, Tax, Terms
from app.blueprints.shop.queries import rates
from app.database.prepared import IDS, PREPARED, Among
from app.database.session import db
from app.database.statements import Row, fetch
from app.models import Customer, ServiceTicket, Shop, TicketLine, TicketStatus
from app.models import Job as JobRow
from app.quantities import in_hundredths

# The present taxes and supplies of the shop do not apply to tickets in these statuses.
FINISHED = (TicketStatus.INVOICED, TicketStatus.CLOSED, TicketStatus.CANCELLED)
KINDS = ("labor", "part", "sublet", "fee")
PRICED = (
    TicketLine.id,
    TicketLine.ticket_id,
    TicketLine.job_id,
    TicketLine.kind,
    TicketLine.billed_minutes,
    TicketLine.rate_cents,
    TicketLine.flat_price_cents,
    TicketLine.quantity,
    TicketLine.unit_price_cents,
    TicketLine.taxable,
    TicketLine.discount_bps,
    TicketLine.discount_cents,
    TicketLine.core_charge_cents,
    TicketLine.cores_returned,
    TicketLine.applies_to,
)
# The price of such a line is its quantity x its unit price, without taxes: a used part without discount
# and core charge. A used part always counts, because its job can't be declined.
IS_PLAIN = and_(
    TicketLine.used_at.is_not(None),
    TicketLine.discount_bps.is_(None),
    TicketLine.discount_cents.is_(None),
    func.coalesce(TicketLine.core_charge_cents, 0) == 0,
).label("is_plain")
# Discounts of no job are last; databases differ in where they sort NULL.
IN_ORDER = (JobRow.id.is_(None), JobRow.position, JobRow.id, TicketLine.position, TicketLine.id)
SHOP_VERSION = select(Shop.version).scalar_subquery().label("shop_version")
TERMS = (
    ServiceTicket.status,
    ServiceTicket.invoiced_terms,
    ServiceTicket.shop_supplies_waived,
    Customer.tax_exempt,
    SHOP_VERSION,
)
TERMS_BY_ID = (
    select(*TERMS)
    .join(Customer, Customer.id == ServiceTicket.customer_id)
    .where(Among(ServiceTicket.id, IDS))
    .execution_options(**PREPARED)
)
NO_TERMS = Terms()


class Rates(NamedTuple):
    """The settings of the shop that prices depend on; `labor_cost_cents` is what an hour costs the shop."""

    version: int | None
    terms: Terms
    labor_cost_cents: int | None


_known: WeakKeyDictionary[Engine, Rates] = WeakKeyDictionary()


def terms_of(ticket: Row) -> Terms:
    """Return the taxes and shop supplies that apply to a ticket: those of its invoice, if it has one.

    A ticket that was closed without an invoice keeps those of that moment. Today's rates do not apply to
    tickets that are cancelled, or that were finished before rates were kept: they have none.
    `ticket` is a row with the columns TERMS.
    """
    if ticket["invoiced_terms"] is not None:
        return frozen(ticket["invoiced_terms"])
    if ticket["status"] in FINISHED:
        return NO_TERMS
    terms = rates_of(ticket["shop_version"]).terms
    if ticket["tax_exempt"]:
        terms = replace(terms, taxes=())
    return replace(terms, supplies=None) if ticket["shop_supplies_waived"] else terms


def terms_now(ticket_id: int) -> Terms:
    """Return the taxes and shop supplies that apply to a ticket at this moment. It must exist."""
    return terms_of(fetch(TERMS_BY_ID, ids=[ticket_id])[0])


def frozen(terms: dict[str, Any]) -> Terms:
    """Return the Terms that were stored as JSON, the dict that `dataclasses.asdict` makes of them."""
    taxes = tuple(Tax(**tax) for tax in terms["taxes"])
    return Terms(taxes, terms["supplies"] and Supplies(**terms["supplies"]))


def rates_of(shop_version: int) -> Rates:
    """Return the shop's settings for prices, which are cached until their version changes.

    `shop_version` is the present version of the settings.
    """
    known = _known.get(db.engine)
    if known is None or known.version != shop_version:
        settings = rates()
        known = Rates(settings["version"], _terms(settings), settings["labor_cost_rate_cents"])
        _known[db.engine] = known
    return known


def _terms(settings):
    taxes = tuple(
        Tax(tax["name"], {kind: tax[f"{kind}_millionths"] for kind in KINDS})
        for tax in settings["taxes"]
    )
    supplies = settings["shop_supplies"] and Supplies(
        **{name: settings["shop_supplies"][name] for name in ("bps", "of", "cap_cents", "taxable")}
    )
    return Terms(taxes, supplies)


def order_of(lines: list[Row]) -> tuple[list[Job], list[Line]]:
    """Return the input of the pricing: the jobs with their lines, and the discounts of the ticket.

    `lines` are the rows of a ticket's lines, in the order of the constant IN_ORDER. If the rows have the
    column `decision`, jobs that the customer has declined or deferred do not count.
    """
    jobs = [
        Job(job_id, [_line(line) for line in of_job], of_job[0].get("decision") or PENDING)
        for job_id, of_job in _by_job(lines)
        if job_id is not None
    ]
    return jobs, [_line(line) for line in lines if line["job_id"] is None]


def _by_job(lines):
    for job_id, of_job in groupby(lines, lambda line: line["job_id"]):
        yield job_id, list(of_job)


def _line(row):
    return Line(
        row["id"],
        row["kind"],
        billed_minutes=row["billed_minutes"] or 0,
        rate_cents=row["rate_cents"] or 0,
        flat_price_cents=row["flat_price_cents"],
        quantity=in_hundredths(row["quantity"] or 0),
        unit_price_cents=row["unit_price_cents"] or 0,
        taxable=row["taxable"],
        discount_bps=row["discount_bps"],
        discount_cents=row["discount_cents"],
        core_charge_cents=row["core_charge_cents"] or 0,
        cores_returned=in_hundredths(row["cores_returned"] or 0),
        applies_to=row["applies_to"] or "all",
    )
