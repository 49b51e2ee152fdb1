"""Rows for the demo shop's database: authorizations, which record what customers decide on jobs.

A customer authorizes, declines or defers a job.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby

from app.blueprints.service_tickets.consent import Decided, sha256_of
from app.blueprints.service_tickets.queries.consents import decided_on
from app.blueprints.service_tickets.queries.estimates import asked
from app.blueprints.service_tickets.queries.jobs import JOBS
from app.blueprints.service_tickets.queries.priced_tickets import BY_ID, priced
from app.cli.demo.answers import ACCOUNT, EMAIL, IN_PERSON
from app.cli.demo.people import Hand
from app.cli.demo.visit import Visit
from app.cli.demo.year import Year
from app.database.statements import fetch
from app.models import Authorization, Decision, TicketStatus

LIMITS = 50_00  # a customer names a multiple of this


def authorizations(
    visits: Iterable[Visit], n: int, desk: Hand, year: Year
) -> Iterator[Authorization]:
    """Yield an authorization for each planned answer in round `n`, and set the decisions of its jobs.

    A round is what is added to a ticket at one time: 0 is the first estimate, 1 is what is found later.
    The estimates are read from the database: the rows of round `n` must be there, and those of later
    rounds must not. `desk` is the member of the staff who takes the answers.
    """
    answered = {
        visit.ticket.id: (visit, answer) for visit in visits if (answer := visit.rounds[n].answer)
    }
    # No ticket was over when its customer was asked: taxes and shop supplies applied.
    then = [row | {"status": TicketStatus.OPEN} for row in fetch(BY_ID, ids=answered)]
    tickets = priced(then, None)
    jobs = sorted(fetch(JOBS, ids=answered), key=_ticket_id)
    before = decided_on(jobs)
    for ticket_id, of_ticket in groupby(jobs, _ticket_id):
        (visit, answer), ticket = answered[ticket_id], tickets[ticket_id]
        estimate, at = asked(ticket, list(of_ticket)), year.at(answer.at)
        decisions = [_decision(task.row, answer, ticket.prices) for task in answer.tasks]
        decided = before | {
            each.job_id: Decided(each.decision, each.price_cents, each.up_to_cents, estimate, at)
            for each in decisions
        }
        for task in answer.tasks:
            task.row.decision, task.row.decided_at = answer.decision, at
        yield Authorization(
            **_said(answer, visit.car.row.customer, desk),
            ticket_id=ticket.id,
            authorized_total_cents=ticket.authorized_total(decided),
            estimate=estimate,
            estimate_sha256=sha256_of(estimate),
            at=at,
            decisions=decisions,
        )


def _decision(job, answer, prices):
    price = prices[job.id]
    return Decision(
        job_id=job.id,
        name=job.name,
        decision=answer.decision,
        price_cents=price,
        up_to_cents=(price // LIMITS + 1) * LIMITS if answer.has_limit else None,
    )


def _said(answer, customer, desk):
    """Return how the shop was told, as columns of an authorization; `desk` takes what isn't sent."""
    contact = customer.email if answer.method in (EMAIL, ACCOUNT) else customer.phone
    return {
        "method": answer.method,
        "authorized_by_name": customer.name,
        "contact": None if answer.method is IN_PERSON else contact,
        "account_id": (customer if answer.method is ACCOUNT else desk.row).account_id,
        "note": answer.note,
    }


def _ticket_id(job):
    return job["ticket_id"]
