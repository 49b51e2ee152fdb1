"""Loading tickets with all their lines and their price, for responses with jobs, lines or totals."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import select

from app.actors import Actor
from app.blueprints.service_tickets.consent import PENDING, Consent, Decided, consent_of
from app.blueprints.service_tickets.pricing.price import authorized_total, price
from app.blueprints.service_tickets.queries.prices import (
    IN_ORDER,
    PRICED,
    TERMS,
    order_of,
    rates_of,
    terms_of,
)
from app.blueprints.service_tickets.schemas.lines import OF_STAFF
from app.database.prepared import IDS, PREPARED, Among
from app.database.statements import Row, fetch
from app.lists.pages import get_or_404
from app.models import Customer, Job, LineKind, ServiceTicket, TicketLine
from app.permissions import tickets_visible_to

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
    Job.decision,
)
TERMS_SHOWN = ("customer_po", "return_replaced_parts", "shop_supplies_waived", "tax_exempt")
LINES = (
    select(*SHOWN)
    .outerjoin(Job, Job.id == TicketLine.job_id)
    .where(Among(TicketLine.ticket_id, IDS))
    .order_by(*IN_ORDER)
    .execution_options(**PREPARED)
)


class PricedTicket:
    """A ticket with its version, its lines in their JSON form, and its price.

    `jobs` has the jobs that have lines: `[{id, decision}]`.
    """

    def __init__(self, ticket: Row, rows: list[Row], actor: Actor | None):
        self.id, self.version = ticket["id"], ticket["version"]
        self.is_for_staff = actor is not None and actor.is_staff
        self.terms = terms_of(ticket)
        self.labor_cost_cents = rates_of(ticket["shop_version"]).labor_cost_cents
        self._order = order_of(rows)
        self.price = price(*self._order, self.terms)
        self.prices = {job.job.id: job.price for job in self.price.jobs}
        self.jobs = [{"id": each.id, "decision": _word(each)} for each in self._order[0]]
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

    def lines_of(self, job_id: int | None) -> list[Row]:
        """Return the lines of a job, or the discounts of the whole ticket if `job_id` is None."""
        return [line for line in self.lines if line["job_id"] == job_id]

    def consent(self, job_id: int, decided: Mapping[int, Decided]) -> Consent:
        """Return the customer's consent to a job as it is now.

        `decided` has the latest decisions on the ticket's jobs, as `decided_on` returns them.
        """
        lines = self.lines_of(job_id)
        job = {"id": job_id, "price_cents": self.prices.get(job_id, 0), "lines": lines}
        return consent_of(job, self.lines_of(None), decided.get(job_id))

    def authorized_total(self, decided: Mapping[int, Decided]) -> int:
        """Return the total in cents of the authorized jobs alone, with discounts, supplies and taxes.

        `decided` has the latest decisions on the ticket's jobs, as `decided_on` returns them.
        """
        jobs, discounts = self._order
        as_decided = [
            replace(job, authorization=self.consent(job.id, decided).status) for job in jobs
        ]
        return authorized_total(as_decided, discounts, self.terms)


def _word(job):
    return None if job.authorization == PENDING else job.authorization


def priced_ticket(actor: Actor, ticket_id: int) -> PricedTicket:
    [ticket] = get_or_404(_of_ticket, actor, ticket_id)
    return priced([ticket], actor)[ticket_id]


def priced_by_id(ticket_id: int) -> PricedTicket:
    """Return a ticket with its lines and its price, without costs, markups and suppliers.

    Who may see the ticket is not checked. It must exist.
    """
    return priced(fetch(BY_ID, ids=[ticket_id]), None)[ticket_id]


def priced(tickets: list[Row], actor: Actor | None) -> dict[int, PricedTicket]:
    """Load the lines of tickets and compute their prices; return `{ticket_id: PricedTicket}`.

    `tickets` are rows with the columns id and version and the columns in the constant TERMS. Unless
    `actor` is staff, the lines have no cost, markup and supplier.
    """
    lines = defaultdict(list)
    for row in fetch(LINES, ids=[ticket["id"] for ticket in tickets]):
        lines[row["ticket_id"]].append(row)
    return {each["id"]: PricedTicket(each, lines[each["id"]], actor) for each in tickets}


def _of_ticket(actor):
    return _with_terms(tickets_visible_to(actor))


def _with_terms(tickets):
    owned = tickets.join(Customer, Customer.id == ServiceTicket.customer_id)
    return owned.with_only_columns(ServiceTicket.id, ServiceTicket.version, *TERMS)


BY_ID = (
    _with_terms(select(ServiceTicket))
    .where(Among(ServiceTicket.id, IDS))
    .execution_options(**PREPARED)
)


def _shown(row, actor, charges, taken):
    """Return a line in its JSON form; only staff see its cost, markup and supplier.

    `charges` is `{line_id: {amount_cents, net_cents, tax_cents}}`, and `taken` is `{line_id: cents}`
    with the cents that each discount takes off.
    """
    discount, markup = row.pop("discount_bps"), row.pop("markup_bps")
    del row["decision"]
    row["discount_percentage"] = None if discount is None else discount / 100
    row["markup_percentage"] = None if markup is None else markup / 100
    if actor is None or not actor.is_staff:
        for name in OF_STAFF:
            del row[name]
    if row["kind"] is LineKind.DISCOUNT:
        return row | {"amount_cents": -taken[row["id"]], "net_cents": None, "tax_cents": None}
    return row | charges[row["id"]]
