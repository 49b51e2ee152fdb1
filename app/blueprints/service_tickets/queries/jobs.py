"""Queries for jobs and lines with their prices, and for the totals of a ticket."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict

from sqlalchemy import Select, select

from app.actors import Actor
from app.blueprints.service_tickets.consent import Decided
from app.blueprints.service_tickets.queries.balances import balances
from app.blueprints.service_tickets.queries.consents import decided_on
from app.blueprints.service_tickets.queries.priced_tickets import (
    TERMS_SHOWN,
    PricedTicket,
    priced_ticket,
)
from app.blueprints.service_tickets.queries.totals import totals_of
from app.database.prepared import IDS, PREPARED, Among
from app.database.statements import Row, fetch
from app.errors import NotFound
from app.lists.pages import get_or_404, paginated
from app.models import Job, TicketLine
from app.permissions import jobs_visible_to, lines_visible_to

TABLES = (
    *("jobs", "ticket_lines", "decisions", "authorizations"),
    *("service_tickets", "customers", "shop"),
)
JOB = (
    *(Job.id, Job.ticket_id, Job.position, Job.name, Job.note, Job.cause, Job.correction),
    *(Job.decision, Job.revived_from_id, Job.dismissed_at, Job.dismissed_reason),
    *(Job.canned_job_id, Job.created_at),
)
JOBS = (
    select(*JOB)
    .where(Among(Job.ticket_id, IDS))
    .order_by(Job.position, Job.id)
    .execution_options(**PREPARED)
)


def on_request(
    tickets: list[Row],
    with_prices: Mapping[int, PricedTicket],
    actor: Actor,
    include: frozenset[str],
) -> dict[int, Row]:
    """Return the optional members `jobs`, `totals` and `terms` of tickets: `{ticket_id: {name: value}}`.

    `include` has the names of the requested ones. `tickets` are rows with the columns in the constant
    TERMS_SHOWN. `with_prices` is `{ticket_id: PricedTicket}`; it is needed for jobs and totals.
    """
    ids = [ticket["id"] for ticket in tickets]
    found: dict[int, Row] = {ticket_id: {} for ticket_id in ids}
    rows = fetch(JOBS, ids=ids) if "jobs" in include else []
    decided = decided_on(rows or [job for each in with_prices.values() for job in each.jobs])
    if "jobs" in include:
        jobs = defaultdict(list)
        for row in rows:
            jobs[row["ticket_id"]].append(_shown(row, with_prices[row["ticket_id"]], decided))
        for ticket_id in ids:
            found[ticket_id]["jobs"] = jobs[ticket_id]
    if "totals" in include:
        paid = balances(ids, {ticket_id: with_prices[ticket_id].price.total for ticket_id in ids})
        for ticket_id in ids:
            totals_shown = totals_of(with_prices[ticket_id], decided, actor)
            found[ticket_id]["totals"] = totals_shown | paid[ticket_id].shown()
    if "terms" in include:
        for row in tickets:
            found[row["id"]]["terms"] = {name: row[name] for name in TERMS_SHOWN}
    return found


@paginated({"id": Job.id, "position": Job.position})
def _jobs(_actor: Actor, *, ticket_id: int) -> Select:
    return select(*JOB).where(Job.ticket_id == ticket_id)


def jobs(actor: Actor, ticket_id: int, **page) -> dict:
    """Return a page of the jobs of a ticket, with their lines and prices, or raise NotFound."""
    ticket = priced_ticket(actor, ticket_id)
    found = _jobs(actor, ticket_id=ticket_id, **page)
    decided = decided_on(found["items"])
    return found | {"items": [_shown(row, ticket, decided) for row in found["items"]]}


def job(actor: Actor, job_id: int) -> Row:
    """Return a job with its lines and its price, or raise NotFound.

    The version is read first: a job that changes meanwhile has a version that is too old, not one that is
    too new, so that nobody overwrites a change without having seen it.
    """
    [row] = get_or_404(_ticket_of_job, actor, job_id)
    ticket = priced_ticket(actor, row["ticket_id"])
    for each in fetch(JOBS, ids=[ticket.id]):
        if each["id"] == job_id:
            return _shown(each, ticket, decided_on([each]))
    raise NotFound(f"There is no job {job_id}.")  # deleted between the queries


def _ticket_of_job(actor):
    return jobs_visible_to(actor).with_only_columns(Job.id, Job.ticket_id)


def lines(actor: Actor, ticket_id: int) -> dict:
    """Return `{items}`: all lines of a ticket, in the order in which they are priced.

    Discounts on the whole ticket are last. Raise NotFound if the actor may not see the ticket.
    """
    return {"items": priced_ticket(actor, ticket_id).lines}


def _shown(row: Row, ticket: PricedTicket, decided: Mapping[int, Decided]) -> Row:
    """Return a job in its JSON form, with its lines, its price and the customer's consent.

    Only staff see why it was dismissed.
    """
    del row["decision"]
    if not ticket.is_for_staff:
        del row["dismissed_reason"]
    return (
        row
        | consent_shown(row["id"], ticket, decided)
        | {
            "version": ticket.version,
            "price_cents": ticket.prices.get(row["id"], 0),
            "lines": ticket.lines_of(row["id"]),
        }
    )


def consent_shown(job_id: int, ticket: PricedTicket, decided: Mapping[int, Decided]) -> Row:
    """Return the consent to a job: `{authorization, because, authorized_cents, decided_at}`.

    `decided` has the latest decisions on the ticket's jobs, as `decided_on` returns them.
    """
    consent, latest = ticket.consent(job_id, decided), decided.get(job_id)
    return {
        "authorization": consent.status,
        "because": consent.because,
        "authorized_cents": latest.authorized_cents if latest else None,
        "decided_at": latest.at if latest else None,
    }


def line(actor: Actor, line_id: int) -> Row:
    """Return a line with its amounts before and after discounts and its tax, or raise NotFound."""
    [row] = get_or_404(_line, actor, line_id)
    ticket = priced_ticket(actor, row["ticket_id"])
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
    ticket = priced_ticket(actor, ticket_id)
    [balance] = balances([ticket_id], {ticket_id: ticket.price.total}).values()
    return totals_of(ticket, decided_on(ticket.jobs), actor) | balance.shown()


def pricing(actor: Actor, ticket_id: int) -> Row:
    """Return all roundings that lead to the total of a ticket: `{ticket_id, steps, total_cents}`.

    `steps` are in order, and each has the members of Step.
    """
    price = priced_ticket(actor, ticket_id).price
    steps = [asdict(step) | {"numerator": str(step.numerator)} for step in price.steps]
    return {"ticket_id": ticket_id, "steps": steps, "total_cents": price.total}
