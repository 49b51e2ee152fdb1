"""The check that only authorized work is done, if the shop's policy is `strict`; without a commit."""

from collections.abc import Collection

from app.blueprints.service_tickets.consent import AUTHORIZED
from app.blueprints.service_tickets.queries.consents import decided_on
from app.blueprints.service_tickets.queries.jobs import JOBS
from app.blueprints.service_tickets.queries.priced_tickets import priced_by_id
from app.database.session import db
from app.database.statements import Row, fetch
from app.errors import NotAuthorized
from app.models.jobs import TURNED_DOWN
from app.models.shop import POLICY, Policy


def must_be_authorized(
    ticket_id: int,
    job_ids: Collection[int | None] | None = None,
    policy: Policy | None = None,
) -> None:
    """Raise NotAuthorized if the shop's policy is `strict` and a job is not authorized as it is now.

    `job_ids` are the ids of the jobs to check (None among them is ignored), or None for all jobs with
    lines that the customer has not declined or deferred. `policy` is None if it was not read yet. Call
    this with the ticket locked, and after its lines were changed: changes in the session are flushed, so
    that they are checked, too.
    """
    if policy is None:
        policy = fetch(POLICY)[0]["authorization_policy"]
    if policy is Policy.OFF:
        return
    db.session.flush()
    missing = _missing(ticket_id, job_ids)
    if missing:
        names = ", ".join(job["name"] for job in missing)
        raise NotAuthorized(f"The customer has not authorized this: {names}.", jobs=missing)


def _missing(ticket_id: int, job_ids: Collection[int | None] | None) -> list[Row]:
    ticket, jobs = priced_by_id(ticket_id), fetch(JOBS, ids=[ticket_id])
    decided = decided_on(jobs)
    missing = []
    for job in jobs:
        counts = job["id"] in ticket.prices and job["decision"] not in TURNED_DOWN
        consent = ticket.consent(job["id"], decided)
        if consent.status == AUTHORIZED or not (
            counts if job_ids is None else job["id"] in job_ids
        ):
            continue
        latest = decided.get(job["id"])
        missing.append(
            {
                "job_id": job["id"],
                "name": job["name"],
                "because": consent.because or "undecided",
                "price_cents": ticket.prices.get(job["id"], 0),
                "authorized_cents": latest.authorized_cents if latest else None,
            }
        )
    return missing
