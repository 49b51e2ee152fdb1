"""Queries for jobs and lines with their prices, and for the totals of a ticket."""

from collections import defaultdict
from dataclasses import asdict

from sqlalchemy import Select, select

from app.actors import Actor
from app.blueprints.service_tickets.pricing.price import Price
from app.blueprints.service_tickets.queries.prices import (
    IN_ORDER,
    PRICED,
    TERMS,
    price_of,
    terms_of,
)
from app.blueprints.service_tickets.queries.visible import must_be_visible
from app.database.prepared import IDS, PREPARED, Among
from app.database.statements import Row, fetch
from app.errors import NotFound
from app.lists.pages import get_or_404, paginated
from app.models import Customer, Job, LineKind, ServiceTicket, TicketLine
from app.permissions import jobs_visible_to, lines_visible_to, tickets_visible_to

TABLES = ("jobs", "ticket_lines", "service_tickets", "customers", "shop")
MILLIONTHS_OF_A_PERCENT = 10_000
SHOWN = (
    *PRICED,
    TicketLine.position,
    TicketLine.name,
    TicketLine.mechanic_id,
    TicketLine.unit_cost_cents,
    TicketLine.markup_bps,
    TicketLine.price_source,
    TicketLine.supplier,
    TicketLine.part_id,
    TicketLine.part_number,
    TicketLine.condition,
    TicketLine.used_at,
    TicketLine.installed_by_mechanic_id,
    TicketLine.warranty_months,
    TicketLine.warranty_distance,
)
TERMS_SHOWN = ("customer_po", "return_replaced_parts", "shop_supplies_waived", "tax_exempt")
OF_STAFF = ("unit_cost_cents", "markup_percentage", "price_source", "supplier")
JOB = (
    *(Job.id, Job.ticket_id, Job.position, Job.name, Job.note, Job.cause, Job.correction),
    Job.created_at,
)

LINES = (
    select(*SHOWN)
    .outerjoin(Job, Job.id == TicketLine.job_id)
    .where(Among(TicketLine.ticket_id, IDS))
    .order_by(*IN_ORDER)
    .execution_options(**PREPARED)
)
JOBS = (
    select(*JOB)
    .where(Among(Job.ticket_id, IDS))
    .order_by(Job.position, Job.id)
    .execution_options(**PREPARED)
)


class PricedTicket:
    """A ticket with its version, its lines in their JSON form, and its price."""

    def __init__(self, ticket: Row, rows: list[Row], actor: Actor):
        self.id, self.version = ticket["id"], ticket["version"]
        self.terms = {name: ticket.get(name) for name in TERMS_SHOWN}
        self.price: Price = price_of(rows, terms_of(ticket))
        charges = {
            line.line.id: {
                "amount_cents": line.amount,
                "net_cents": line.left,
                "tax_cents": line.tax,
            }
            for job in self.price.jobs
            for line in job.lines
        }
        taken = dict(self.price.discounts)
        for job in self.price.jobs:
            taken |= job.discounts
        self.lines = [_shown(row, actor, charges, taken) for row in rows]
        self.prices = {job.job.id: job.price for job in self.price.jobs}


def _priced_ticket(actor: Actor, ticket_id: int) -> PricedTicket:
    [ticket] = get_or_404(_of_ticket, actor, ticket_id)
    return _priced([ticket], actor)[ticket_id]


def _priced(tickets: list[Row], actor: Actor) -> dict[int, PricedTicket]:
    """Return the tickets with their prices: `{ticket_id: PricedTicket}`.

    `tickets` are rows with the columns id, version and TERMS.
    """
    lines = defaultdict(list)
    for row in fetch(LINES, ids=[ticket["id"] for ticket in tickets]):
        lines[row["ticket_id"]].append(row)
    return {each["id"]: PricedTicket(each, lines[each["id"]], actor) for each in tickets}


def on_request(tickets: list[Row], actor: Actor, include: frozenset[str]) -> dict[int, Row]:
    """Return the requested members of each ticket: `{ticket_id: {jobs, totals, terms}}`.

    `include` has the names of the requested members. `tickets` are rows with the columns id, version and
    TERMS.
    """
    found: dict[int, Row] = {}
    jobs = defaultdict(list)
    if "jobs" in include:
        for row in fetch(JOBS, ids=[ticket["id"] for ticket in tickets]):
            jobs[row["ticket_id"]].append(row)
    for ticket in _priced(tickets, actor).values():
        members: Row = {}
        if "jobs" in include:
            members["jobs"] = [_with_lines(job, ticket) for job in jobs[ticket.id]]
        if "totals" in include:
            members["totals"] = _totals(ticket)
        if "terms" in include:
            members["terms"] = ticket.terms
        found[ticket.id] = members
    return found


def _of_ticket(actor):
    tickets = tickets_visible_to(actor).join(Customer, Customer.id == ServiceTicket.customer_id)
    return tickets.with_only_columns(ServiceTicket.id, ServiceTicket.version, *TERMS)


def _shown(row, actor, charges, taken):
    """Return a line in its JSON form; only staff see its cost, markup and supplier.

    `charges` is `{line_id: {amount_cents, net_cents, tax_cents}}`, and `taken` is `{line_id: cents}`
    with the cents that each discount takes off.
    """
    discount, markup = row.pop("discount_bps"), row.pop("markup_bps")
    row["discount_percentage"] = None if discount is None else discount / 100
    row["markup_percentage"] = None if markup is None else markup / 100
    if not actor.is_staff:
        for name in OF_STAFF:
            del row[name]
    if row["kind"] is LineKind.DISCOUNT:
        return row | {"amount_cents": -taken[row["id"]], "net_cents": None, "tax_cents": None}
    return row | charges[row["id"]]


@paginated({"id": Job.id, "position": Job.position})
def _jobs(_actor: Actor, *, ticket_id: int) -> Select:
    return select(*JOB).where(Job.ticket_id == ticket_id)


def jobs(actor: Actor, ticket_id: int, **page) -> dict:
    """Return a page of the jobs of a ticket, with their lines and prices, or raise NotFound."""
    must_be_visible(actor, ticket_id)
    found = _jobs(actor, ticket_id=ticket_id, **page)
    ticket = _priced_ticket(actor, ticket_id)
    return found | {"items": [_with_lines(row, ticket) for row in found["items"]]}


def job(actor: Actor, job_id: int) -> Row:
    """Return a job with its lines and its price, or raise NotFound."""
    [row] = get_or_404(_job, actor, job_id)
    return _with_lines(row, _priced_ticket(actor, row["ticket_id"]))


def _job(actor):
    return jobs_visible_to(actor).with_only_columns(*JOB)


def _with_lines(row: Row, ticket: PricedTicket) -> Row:
    return row | {
        "version": ticket.version,
        "price_cents": ticket.prices.get(row["id"], 0),
        "lines": [line for line in ticket.lines if line["job_id"] == row["id"]],
    }


def line(actor: Actor, line_id: int) -> Row:
    """Return a line with its amounts before and after discounts and its tax, or raise NotFound."""
    [row] = get_or_404(_line, actor, line_id)
    ticket = _priced_ticket(actor, row["ticket_id"])
    for shown in ticket.lines:
        if shown["id"] == line_id:
            return shown | {"version": ticket.version}
    raise NotFound(f"There is no ticket line {line_id}.")  # deleted between the two queries


def _line(actor):
    return lines_visible_to(actor).with_only_columns(TicketLine.id, TicketLine.ticket_id)


def totals(actor: Actor, ticket_id: int) -> Row:
    """Return the sums of a ticket in cents (charges, discounts, supplies, cores, taxes, total).

    Raise NotFound if the actor may not see the ticket.
    """
    return _totals(_priced_ticket(actor, ticket_id))


def _totals(ticket: PricedTicket) -> Row:
    price, lines = ticket.price, ticket.price.lines
    discounts = sum(line.amount - line.left for line in lines)
    return {
        "ticket_id": ticket.id,
        "labor_cents": price.amount_of("labor"),
        "parts_cents": price.amount_of("part"),
        "sublet_cents": price.amount_of("sublet"),
        "fees_cents": price.amount_of("fee"),
        "discount_cents": discounts,
        "shop_supplies_cents": price.supplies,
        "shop_supplies_tax_cents": price.supplies_tax,
        "core_charges_cents": sum(line.core_charge for line in lines),
        "core_returns_cents": sum(line.core_return for line in lines),
        "subtotal_cents": price.subtotal,
        "taxes": [
            {
                "name": tax.name,
                "percentage": tax.millionths / MILLIONTHS_OF_A_PERCENT,
                "taxable_cents": tax.taxable,
                "tax_cents": tax.tax,
            }
            for tax in price.taxes
        ],
        "tax_cents": price.tax,
        "total_cents": price.total,
    }


def pricing(actor: Actor, ticket_id: int) -> Row:
    """Return all roundings that lead to the total of a ticket: `{ticket_id, steps, total_cents}`.

    `steps` are in order, and each has the members of Step.
    """
    price = _priced_ticket(actor, ticket_id).price
    steps = [asdict(step) for step in price.steps]
    return {"ticket_id": ticket_id, "steps": steps, "total_cents": price.total}
