"""Queries for canned jobs."""

from sqlalchemy import Select

from app.actors import Actor
from app.blueprints.canned_jobs.schemas import CannedJobOut
from app.database.statements import Row
from app.lists.columns import columns_for
from app.lists.pages import equals, filtered, get_or_404, paginated
from app.lists.searching import Searched, Source
from app.models import CannedJob, Kind
from app.permissions import canned_jobs_on_offer

SEARCHED = Searched(CannedJob.id, (Source((Kind.CANNED_JOB,), CannedJob.id),))


@paginated({"id": CannedJob.id, "name": CannedJob.name_sort}, searched=SEARCHED)
def canned_jobs(actor: Actor, *, category: str | None = None) -> Select:
    return filtered(_shown(actor), equals(CannedJob.category_key, category))


def canned_job(actor: Actor, canned_job_id: int) -> Row:
    return get_or_404(_shown, actor, canned_job_id)[0]


def _shown(actor: Actor) -> Select:
    return canned_jobs_on_offer(actor).with_only_columns(*columns_for(CannedJobOut, actor))
