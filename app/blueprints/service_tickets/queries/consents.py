"""The query for the latest decisions of customers on jobs."""

from collections.abc import Iterable

from sqlalchemy import func, select

from app.blueprints.service_tickets.consent import Decided
from app.database.prepared import IDS, PREPARED, Among
from app.database.statements import Row, fetch
from app.models import Authorization, Decision

LATEST = (
    select(
        *(Decision.job_id, Decision.decision, Decision.price_cents, Decision.up_to_cents),
        *(Authorization.id, Authorization.at),
    )
    .join(Authorization, Authorization.id == Decision.authorization_id)
    .where(
        Decision.id.in_(
            select(func.max(Decision.id))
            .where(Among(Decision.job_id, IDS))
            .group_by(Decision.job_id)
        )
    )
    .execution_options(**PREPARED)
)


ESTIMATES = (
    select(Authorization.id, Authorization.estimate)
    .where(Among(Authorization.id, IDS))
    .execution_options(**PREPARED)
)


def decided_on(jobs: Iterable[Row]) -> dict[int, Decided]:
    """Return the latest decision on each job that has one: `{job_id: Decided}`.

    `jobs` are rows with the columns id and decision. If no job has a decision, the database is not
    queried.
    """
    ids = [job["id"] for job in jobs if job["decision"] is not None]
    latest = fetch(LATEST, ids=ids) if ids else []
    given = sorted({row["id"] for row in latest})
    seen = {row["id"]: row["estimate"] for row in fetch(ESTIMATES, ids=given)} if given else {}
    return {row.pop("job_id"): Decided(estimate=seen[row.pop("id")], **row) for row in latest}
