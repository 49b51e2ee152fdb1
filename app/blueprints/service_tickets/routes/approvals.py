"""Approval links, and the page on which their holder decides without signing in."""

from flask import Blueprint, current_app, g

from app.actors import STAFF
from app.blueprints.service_tickets import bp as tickets
from app.blueprints.service_tickets.queries import approvals as queries
from app.blueprints.service_tickets.queries.authorizations import given
from app.blueprints.service_tickets.routes.approval_page import (
    decide_on_page,
    page,
    refusal_page,
)
from app.blueprints.service_tickets.schemas.approvals import (
    LINKS,
    ApprovalCreate,
    ApprovalLinkCreate,
    ApprovalOut,
    NewApprovalLinkOut,
)
from app.blueprints.service_tickets.schemas.authorizations import AuthorizationOut
from app.blueprints.service_tickets.services import approvals as services
from app.errors import (
    AlreadyDecided,
    AlreadyRevived,
    ApprovalLinkOver,
    EstimateChanged,
    JobHasUsedParts,
    NotFound,
    NothingToApprove,
    TicketClosed,
    TicketFull,
)
from app.web.auth import anonymous, requires
from app.web.limits import approvals, reads, writes
from app.web.private_pages import private_page, protect
from app.web.shapes import accepts, checks_if_match, refuses, returns

bp = Blueprint("approvals", __name__, url_prefix="/approvals")
links = Blueprint("approval_links", __name__, url_prefix="/approval-links")
bp.after_request(protect)


@tickets.post("/<int:ticket_id>/approval-links")
@writes
@requires(*STAFF)
@checks_if_match
@accepts(ApprovalLinkCreate())
@returns(NewApprovalLinkOut(), 201, location="{path}", replayed=False)
@refuses(NotFound, TicketClosed, NothingToApprove)
def add_approval_link(ticket_id, **sent):
    """Make a link with which the customer decides on the estimate without signing in.

    The link is shown this once: send it to the customer. Whoever has it can read the estimate and decide
    once. It can be used until it expires or the estimate changes; a new link replaces an earlier one.
    """
    link_id, token = services.make_link(g.actor, ticket_id, **sent)
    path, public = f"/approvals/{token}", current_app.config["PUBLIC_URL"]
    secret = {"token": token, "path": path, "url": public and public + path}
    return queries.link(g.actor, link_id) | secret


@tickets.get("/<int:ticket_id>/approval-links")
@reads
@requires(*STAFF)
@returns(LINKS)
@refuses(NotFound)
def approval_links(ticket_id):
    """List the approval links of a ticket, newest first, without their tokens."""
    return queries.links(g.actor, ticket_id)


@links.delete("/<int:link_id>")
@writes
@requires(*STAFF)
@checks_if_match
@returns(None, 204)
@refuses(NotFound)
def revoke(link_id, if_match):
    """Revoke an approval link, so that nobody can read the estimate or decide with it any more."""
    services.revoke_link(g.actor, link_id, if_match=if_match)


@bp.get("/<string:token>")
@approvals
@anonymous
@private_page(page, refusal_page)
@returns(ApprovalOut())
@refuses(NotFound, ApprovalLinkOver)
def show(token):
    """Show the estimate to the holder of an approval link: HTML, or JSON if `Accept` prefers it.

    The response has no address, phone number and e-mail address of the customer, and no VIN. Reading it
    changes nothing. After the decision, it also shows what was decided, until the link expires.
    """
    return queries.approval(token)


@bp.post("/<string:token>")
@approvals
@anonymous
@private_page(decide_on_page, refusal_page)
@accepts(ApprovalCreate())
@returns(AuthorizationOut(), 201, location="/approvals/{token}", replayed=False)
@refuses(
    NotFound,
    ApprovalLinkOver,
    AlreadyDecided,
    EstimateChanged,
    JobHasUsedParts,
    AlreadyRevived,
    TicketFull,
)
def decide(token, **sent):
    """Decide on every pending job of the estimate, with an approval link.

    A link decides once. The decisions are recorded with the name that you send, and with the estimate
    whose hash you send. The page in a browser sends its form here.
    """
    return given(services.decide_by_link(token, **sent))
