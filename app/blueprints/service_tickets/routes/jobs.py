"""Jobs: the pieces of work on a ticket, each with its lines and its price; and the ticket's totals."""

from flask import Blueprint, g

from app.actors import STAFF
from app.blueprints.service_tickets import bp as tickets
from app.blueprints.service_tickets.queries import jobs as queries
from app.blueprints.service_tickets.schemas.jobs import (
    JobAdd,
    JobDismiss,
    JobListQuery,
    JobOut,
    JobUpdate,
    PricingOut,
    TotalsOut,
)
from app.blueprints.service_tickets.schemas.lines import (
    DiscountCreate,
    LineCreate,
    LineOfJobOut,
    LineOut,
)
from app.blueprints.service_tickets.services import jobs as services
from app.blueprints.service_tickets.services import recommendations
from app.errors import (
    AlreadyRevived,
    Conflict,
    JobInUse,
    NotFound,
    NotRecommended,
    PartRetired,
    TicketClosed,
    TicketFull,
)
from app.web.auth import requires
from app.web.caching import cached
from app.web.limits import reads, writes
from app.web.pages import items_shape, page_shape
from app.web.shapes import accepts, checks_if_match, refuses, returns

bp = Blueprint("jobs", __name__, url_prefix="/jobs")


@tickets.get("/<int:ticket_id>/jobs")
@reads
@requires()
@cached(*queries.TABLES)
@accepts(JobListQuery(), "query")
@returns(page_shape(JobOut))
@refuses(NotFound)
def jobs(ticket_id, **query):
    """List the jobs of a ticket with their lines and prices.

    Customers can see only those of their own tickets, and not what the work costs the shop.
    """
    return queries.jobs(g.actor, ticket_id, **query)


@tickets.post("/<int:ticket_id>/jobs")
@writes
@requires(*STAFF)
@checks_if_match
@accepts(JobAdd())
@returns(JobOut(), 201, location="/jobs/{id}")
@refuses(NotFound, TicketClosed, TicketFull, AlreadyRevived, NotRecommended, PartRetired, Conflict)
def add_job(ticket_id, **facts):
    """Add a job to a ticket, with its lines.

    A new ticket has one job already, named after its problem. A part that is used on the ticket with
    `POST /service-tickets/{ticket_id}/parts` is added to the first job. Jobs can be added until the
    ticket is invoiced, closed or cancelled.

    Send `revive_job_id` alone to add a recommended job of an earlier visit of the vehicle again, with
    its lines at today's labor rate, costs and prices.
    """
    add = recommendations.revive_job if "revive_job_id" in facts else services.add_job
    return queries.job(g.actor, add(g.actor, ticket_id, **facts))


@bp.get("/<int:job_id>")
@reads
@requires()
@cached(*queries.TABLES)
@returns(JobOut())
@refuses(NotFound)
def show(job_id):
    """Show a job with its lines and its price.

    The `ETag` contains the version of the ticket, which changes with every change of the ticket, its
    jobs and its lines.
    """
    return queries.job(g.actor, job_id)


@bp.route("/<int:job_id>", methods=["PUT", "PATCH"])
@writes
@requires(*STAFF)
@checks_if_match
@accepts(JobUpdate(partial=True), sent_back=(JobOut, queries.job))
@returns(JobOut())
@refuses(NotFound, TicketClosed)
def change(job_id, **facts):
    """Change the name, the texts or the position of a job.

    Members that you leave out stay unchanged. Change a line with `PATCH /lines/{line_id}`.
    """
    return queries.job(g.actor, services.change_job(g.actor, job_id, **facts))


@bp.delete("/<int:job_id>")
@writes
@requires(*STAFF)
@checks_if_match
@returns(None, 204)
@refuses(NotFound, TicketClosed, JobInUse)
def delete(job_id, if_match):
    """Delete a job with its lines.

    A job with used parts, and the only job of a ticket, can't be deleted.
    """
    services.delete_job(g.actor, job_id, if_match=if_match)


@bp.post("/<int:job_id>/dismiss")
@writes
@requires(*STAFF)
@checks_if_match
@accepts(JobDismiss())
@returns(JobOut(), 201, location="/jobs/{id}")
@refuses(NotFound, NotRecommended)
def dismiss(job_id, **sent):
    """Dismiss a recommended job, because it was done elsewhere or the vehicle was sold, for example.

    The job is then no longer among the recommendations of the vehicle.
    """
    return queries.job(g.actor, recommendations.dismiss_job(g.actor, job_id, **sent))


@bp.post("/<int:job_id>/lines")
@writes
@requires(*STAFF)
@checks_if_match
@accepts(LineCreate())
@returns(LineOut(), 201, location="/lines/{id}")
@refuses(NotFound, TicketClosed, TicketFull, Conflict)
def add_line(job_id, **facts):
    """Add a line to a job: labor, a part, a sublet, a fee or a discount.

    The line gets the present labor rate, or the present cost and price of the part, and keeps them. A
    part from stock (`part_id`) is only planned: take it out of stock with `POST /lines/{line_id}/use`.
    """
    return queries.line(g.actor, services.add_line(g.actor, job_id, **facts))


@tickets.get("/<int:ticket_id>/lines")
@reads
@requires()
@cached(*queries.TABLES)
@returns(items_shape(LineOfJobOut))
@refuses(NotFound)
def lines(ticket_id):
    """List all lines of a ticket, in the order in which they are priced.

    Discounts on the whole ticket have no `job_id`, and come last.
    """
    return queries.lines(g.actor, ticket_id)


@tickets.post("/<int:ticket_id>/lines")
@writes
@requires(*STAFF)
@checks_if_match
@accepts(DiscountCreate())
@returns(LineOut(), 201, location="/lines/{id}")
@refuses(NotFound, TicketClosed, TicketFull)
def add_discount(ticket_id, **facts):
    """Add a discount on a whole ticket; it applies to all jobs.

    Every other line belongs to a job: add it with `POST /jobs/{job_id}/lines`.
    """
    return queries.line(g.actor, services.add_discount(g.actor, ticket_id, **facts))


@tickets.get("/<int:ticket_id>/totals")
@reads
@requires()
@cached(*queries.TABLES, "invoices", "payments")
@returns(TotalsOut())
@refuses(NotFound)
def totals(ticket_id):
    """Show the price of a ticket: its charges, discounts, supplies, taxes and total, and what is paid.

    Taxes and shop supplies are computed with the shop's present settings or, once the ticket is invoiced,
    with those of its invoice. A ticket that was closed without an invoice has none.
    """
    return queries.totals(g.actor, ticket_id)


@tickets.get("/<int:ticket_id>/pricing")
@reads
@requires(*STAFF)
@cached(*queries.TABLES)
@returns(PricingOut())
@refuses(NotFound)
def pricing(ticket_id):
    """Show how the total of a ticket was computed: each rounding to cents, in order.

    The steps `line`, `shop_supplies`, `core_charge` and `tax` add to the total; `line_discount`,
    `job_discount`, `ticket_discount` and `core_return` reduce it.
    """
    return queries.pricing(g.actor, ticket_id)
