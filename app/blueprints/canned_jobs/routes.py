"""Routes for canned jobs."""

from flask import g

from app.actors import STAFF, Role
from app.blueprints.canned_jobs import bp, queries, services
from app.blueprints.canned_jobs.schemas import (
    CannedJobCreate,
    CannedJobListQuery,
    CannedJobOut,
    CannedJobUse,
)
from app.blueprints.service_tickets import bp as tickets
from app.blueprints.service_tickets.queries import jobs
from app.blueprints.service_tickets.schemas.jobs import JobOut
from app.errors import NameTaken, NotFound, PartRetired, TicketClosed, TicketFull
from app.web.auth import requires
from app.web.caching import cached
from app.web.limits import reads, writes
from app.web.pages import page_shape
from app.web.shapes import accepts, checks_if_match, refuses, returns


@bp.get("")
@reads
@requires(*STAFF)
@cached("canned_jobs")
@accepts(CannedJobListQuery(), "query")
@returns(page_shape(CannedJobOut))
def index(**query):
    """List the canned jobs, sorted by name."""
    return queries.canned_jobs(g.actor, **query)


@bp.post("")
@writes
@requires(Role.MANAGER)
@accepts(CannedJobCreate())
@returns(CannedJobOut(), 201, location="/canned-jobs/{id}")
@refuses(NotFound, NameTaken)
def create(**facts):
    """Add a canned job: a job that the shop does often, with its lines.

    Send the lines as you would to `POST /jobs/{job_id}/lines`. They are priced when the canned job is
    added to a ticket, with the labor rate, the costs and the prices of that day.
    """
    return queries.canned_job(g.actor, services.add_canned_job(g.actor, **facts))


@bp.get("/<int:canned_job_id>")
@reads
@requires(*STAFF)
@cached("canned_jobs")
@returns(CannedJobOut())
@refuses(NotFound)
def show(canned_job_id):
    """Show a canned job with its lines."""
    return queries.canned_job(g.actor, canned_job_id)


@bp.route("/<int:canned_job_id>", methods=["PUT", "PATCH"])
@writes
@requires(Role.MANAGER)
@checks_if_match
@accepts(CannedJobCreate(partial=True), sent_back=(CannedJobOut, queries.canned_job))
@returns(CannedJobOut())
@refuses(NotFound, NameTaken)
def change(canned_job_id, **facts):
    """Change a canned job; the list `lines` is replaced as a whole.

    Jobs that were already added to tickets stay as they are.
    """
    return queries.canned_job(g.actor, services.change_canned_job(g.actor, canned_job_id, **facts))


@bp.delete("/<int:canned_job_id>")
@writes
@requires(Role.MANAGER)
@checks_if_match
@returns(None, 204)
@refuses(NotFound)
def retire(canned_job_id, if_match):
    """Retire a canned job, so that it can no longer be added to tickets.

    Jobs that were made from it stay on their tickets, and its name can be used for another canned job.
    """
    services.retire_canned_job(g.actor, canned_job_id, if_match=if_match)


@tickets.post("/<int:ticket_id>/canned-jobs")
@writes
@requires(*STAFF)
@checks_if_match
@accepts(CannedJobUse())
@returns(JobOut(), 201, location="/jobs/{id}")
@refuses(NotFound, TicketClosed, TicketFull, PartRetired)
def use_canned_job(ticket_id, **use):
    """Add a canned job to a ticket, as a job with its lines at present prices.

    Later changes of the canned job do not change the job. Change the job and its lines as you like.
    """
    return jobs.job(g.actor, services.use_canned_job(g.actor, ticket_id, **use))
