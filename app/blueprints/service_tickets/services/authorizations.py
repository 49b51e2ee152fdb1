"""Recording what customers decide on the jobs of their tickets."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import exists, func, select

from app.actors import Actor
from app.blueprints.service_tickets.consent import Decided, sha256_of
from app.blueprints.service_tickets.queries.consents import decided_on
from app.blueprints.service_tickets.queries.estimates import asked
from app.blueprints.service_tickets.queries.jobs import JOBS
from app.blueprints.service_tickets.queries.priced_tickets import priced_by_id
from app.clock import utc_now
from app.database.session import db
from app.database.statements import fetch
from app.errors import (
    AlreadyRevived,
    EstimateChanged,
    Invalid,
    JobHasUsedParts,
    NotFound,
    TicketFull,
)
from app.lookup import Versions, find
from app.models import (
    Authorization,
    AuthorizationMethod,
    Customer,
    Decision,
    Job,
    JobDecision,
    ServiceTicket,
    TicketLine,
)
from app.models.authorizations import MOST_AUTHORIZATIONS
from app.permissions import tickets_visible_to

OF_STAFF = ("method", "authorized_by_name", "contact", "note")
NEEDED = {
    "method": "Say how the customer told you.",
    "authorized_by_name": "Say who decided.",
    "contact": "Say from which phone number or address, unless in person.",
}


def authorize(
    actor: Actor,
    ticket_id: int,
    *,
    decisions: list[dict[str, Any]],
    estimate_sha256: str | None = None,
    if_match: Versions = None,
    **facts: Any,
) -> int:
    """Record decisions on the jobs of a ticket, and return the id of the Authorization.

    `decisions` is `[{job_id, decision, up_to_cents}]`, and `estimate_sha256` the hash of the estimate on
    which the customer decided. If the actor is staff, `facts` is
    `{method, authorized_by_name, contact, note}`: how the customer told them. Customers who decide by
    themselves must send `estimate_sha256`, and neither `facts` nor `up_to_cents`. `if_match` has the
    accepted versions of the ticket, or is None if any will do.

    Raise TicketClosed if the ticket's status allows no decisions, NotFound for a job that is not on the
    ticket, and Invalid if something is missing or wrong. Raise EstimateChanged if `estimate_sha256` is
    not that of the present estimate, JobHasUsedParts if a job with used parts is declined or deferred,
    AlreadyRevived if a job is authorized that another ticket has taken up again, and TicketFull if the
    ticket has 100 authorizations already.
    """
    ticket = find(tickets_visible_to, actor, ticket_id, lock=True, if_match=if_match)
    ticket.must_take_lines()
    if actor.is_staff:
        _must_say_who(facts)
    else:
        facts = _oneself(ticket, decisions, estimate_sha256, facts)
        _must_be_asked(ticket, decisions)
    record = decide(ticket, decisions, estimate_sha256, account_id=actor.account_id, **facts)
    db.session.commit()
    return record.id


def _must_be_asked(ticket: ServiceTicket, decisions: list[dict[str, Any]]) -> None:
    """Raise NotFound if a decision is about a job that is not on the estimate.

    Jobs without lines are not on it. `decisions` is that of `authorize`.
    """
    asked_for = priced_by_id(ticket.id).prices
    for each in decisions:
        if each["job_id"] not in asked_for:
            raise NotFound(f"There is no job {each['job_id']} on the estimate.")


def decide(
    ticket: ServiceTicket,
    decisions: list[dict[str, Any]],
    estimate_sha256: str | None,
    **facts: Any,
) -> Authorization:
    """Add an Authorization with its decisions to a locked ticket, and return it; commit nothing.

    `decisions` and the errors for them are those of `authorize`. `estimate_sha256` must be the hash of
    the present estimate, or None to skip this check. `facts` are further columns of the Authorization.
    """
    jobs = fetch(JOBS, ids=[ticket.id])
    priced, before = priced_by_id(ticket.id), decided_on(jobs)
    estimate = asked(priced, jobs)
    now, sha256 = utc_now(), sha256_of(estimate)
    if estimate_sha256 not in (None, sha256):
        raise EstimateChanged()
    given = select(func.count()).where(Authorization.ticket_id == ticket.id)
    if (db.session.scalar(given) or 0) >= MOST_AUTHORIZATIONS:
        raise TicketFull()
    made = [_decision(ticket, each, n, priced.prices, now) for n, each in enumerate(decisions)]
    decided = before | {
        each.job_id: Decided(each.decision, each.price_cents, each.up_to_cents, estimate, now)
        for each in made
    }
    record = Authorization(
        ticket_id=ticket.id,
        authorized_total_cents=priced.authorized_total(decided),
        estimate=estimate,
        estimate_sha256=sha256,
        at=now,
        **facts,
    )
    db.session.add(record)
    db.session.flush()
    for each in made:
        each.authorization_id = record.id
        db.session.add(each)
    return record


def _decision(
    ticket: ServiceTicket,
    sent: Mapping[str, Any],
    n: int,
    prices: Mapping[int, int],
    now: datetime,
) -> Decision:
    """Set the decision on a Job, and return it as a new Decision, which is not in the session yet.

    `sent` is `{job_id, decision, up_to_cents}`, and `n` its index in the request. `prices` is
    `{job_id: cents}`, with the prices of the ticket's jobs, and `now` is the time of the decision. Raise
    NotFound, JobHasUsedParts or AlreadyRevived as `authorize` does, and Invalid if `up_to_cents` is less
    than the job's price.
    """
    job, decision = db.session.get(Job, sent["job_id"]), sent["decision"]
    if job is None or job.ticket_id != ticket.id:
        raise NotFound(f"There is no job {sent['job_id']} on ticket {ticket.id}.")
    if decision is not JobDecision.AUTHORIZED and _has_used_parts(job):
        raise JobHasUsedParts(f"Parts were already used for {job.name}.", job_id=job.id)
    if decision is JobDecision.AUTHORIZED and _is_revived(job):
        raise AlreadyRevived(f"{job.name} was taken up again by another visit.", job_id=job.id)
    price, up_to = prices.get(job.id, 0), sent.get("up_to_cents")
    if up_to is not None and up_to < price:
        raise Invalid.at(f"/decisions/{n}/up_to_cents", f"The job costs {price} already.")
    job.decision, job.decided_at = decision, now
    return Decision(
        job_id=job.id, name=job.name, decision=decision, price_cents=price, up_to_cents=up_to
    )


def _has_used_parts(job):
    used = exists().where(TicketLine.job_id == job.id, TicketLine.used_at.is_not(None))
    return db.session.scalar(select(used))


def _is_revived(job):
    return db.session.scalar(select(exists().where(Job.revived_from_id == job.id)))


def _must_say_who(facts: Mapping[str, Any]) -> None:
    """Raise Invalid if `facts` has no method, no name of who decided or, unless in person, no contact.

    `facts` is that of `authorize`, for staff.
    """
    needed = {"method", "authorized_by_name"} - facts.keys()
    if facts.get("method") is not AuthorizationMethod.IN_PERSON and facts.get("contact") is None:
        needed |= {"contact"}
    if needed:
        errors = [{"pointer": f"/{name}", "detail": NEEDED[name]} for name in sorted(needed)]
        raise Invalid(errors=errors)


def _oneself(ticket, decisions, estimate_sha256, facts) -> dict[str, Any]:
    """Return columns for customers who decide by themselves: `{method, authorized_by_name, contact}`.

    The arguments are those of `authorize`. Raise Invalid if `facts` or `decisions` has members that only
    staff may send, or if `estimate_sha256` is None.
    """
    strange = [f"/{name}" for name in OF_STAFF if name in facts]
    strange += [
        f"/decisions/{n}/up_to_cents" for n, each in enumerate(decisions) if "up_to_cents" in each
    ]
    errors = [{"pointer": each, "detail": "Only the shop says this."} for each in strange]
    if estimate_sha256 is None:
        errors.append(
            {"pointer": "/estimate_sha256", "detail": "Say on which estimate you decide."}
        )
    if errors:
        raise Invalid(errors=errors)
    customer = db.session.get_one(Customer, ticket.customer_id)
    return {
        "method": AuthorizationMethod.ACCOUNT,
        "authorized_by_name": customer.name,
        "contact": customer.email,
    }
