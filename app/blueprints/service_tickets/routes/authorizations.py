"""Estimates, and the authorizations that customers give on them."""

from flask import Blueprint, current_app, g

from app.blueprints.service_tickets import bp as tickets
from app.blueprints.service_tickets.queries import authorizations as queries
from app.blueprints.service_tickets.queries import estimates
from app.blueprints.service_tickets.schemas.authorizations import (
    AuthorizationCreate,
    AuthorizationOut,
    AuthorizationWithEstimateOut,
)
from app.blueprints.service_tickets.schemas.estimates import EstimateOut
from app.blueprints.service_tickets.services import authorizations as services
from app.errors import (
    AlreadyRevived,
    EstimateChanged,
    JobHasUsedParts,
    NotFound,
    TicketClosed,
    TicketFull,
)
from app.web.auth import requires
from app.web.caching import cached
from app.web.limits import pdfs, reads, writes
from app.web.pages import OldestFirst, page_shape
from app.web.pdf_answers import pdf_answer
from app.web.shapes import accepts, checks_if_match, refuses, returns, serves

bp = Blueprint("authorizations", __name__, url_prefix="/authorizations")


@tickets.get("/<int:ticket_id>/estimate")
@reads
@requires()
@cached(*estimates.TABLES)
@returns(EstimateOut())
@refuses(NotFound)
def estimate(ticket_id):
    """Show the estimate of a ticket: its jobs with their lines, the total, and what was decided so far.

    Everybody gets the same estimate, as the customer may see it. Jobs without lines are left out.
    """
    return estimates.estimate(g.actor, ticket_id)


@tickets.get("/<int:ticket_id>/estimate/pdf")
@pdfs
@requires()
@serves("application/pdf", conditional=True)
@refuses(NotFound)
def estimate_pdf(ticket_id):
    """Get the estimate of a ticket as PDF, to print or to send.

    It has the contents of `GET /service-tickets/{ticket_id}/estimate`, on the paper and in the time zone
    that the shop has set.
    """
    document = estimates.estimate(g.actor, ticket_id)
    document["currency"] = document["totals"]["currency"]
    encoded = current_app.json.dumps(document).encode()
    return pdf_answer(encoded, _rendered, f"estimate-{document['ticket']['ro_number']}")


def _rendered(document):
    from app.pdf.estimate import estimate as render  # here: it takes 0.25 s to import

    return render(document)


@tickets.get("/<int:ticket_id>/authorizations")
@reads
@requires()
@cached(*queries.TABLES)
@accepts(OldestFirst(), "query")
@returns(page_shape(AuthorizationOut))
@refuses(NotFound)
def authorizations(ticket_id, **query):
    """List what the customer decided on the jobs of a ticket, oldest first.

    Authorizations are never changed or deleted; a later decision on a job replaces an earlier one.
    """
    return queries.authorizations(g.actor, ticket_id, **query)


@tickets.post("/<int:ticket_id>/authorizations")
@writes
@requires()
@checks_if_match
@accepts(AuthorizationCreate())
@returns(AuthorizationOut(), 201, location="/authorizations/{id}")
@refuses(NotFound, TicketClosed, EstimateChanged, JobHasUsedParts, AlreadyRevived, TicketFull)
def authorize(ticket_id, **sent):
    """Record what the customer decides on jobs: authorized, declined or deferred.

    An authorization covers a job with the lines of that moment, or fewer, at no higher price; or, with
    `up_to_cents`, any work up to that price. If more work is added, the job is pending again.

    Customers decide on their own tickets, and send the `estimate_sha256` of the estimate that they read.
    Staff record what a customer told them, with `method`, `authorized_by_name` and `contact`.
    """
    return queries.given(services.authorize(g.actor, ticket_id, **sent))


@bp.get("/<int:authorization_id>")
@reads
@requires()
@cached(*queries.TABLES)
@returns(AuthorizationWithEstimateOut())
@refuses(NotFound)
def show(authorization_id):
    """Show an authorization, with the estimate as the customer saw it."""
    return queries.authorization(g.actor, authorization_id)
