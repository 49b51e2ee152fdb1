"""Making and revoking approval links, and the decisions of their holders."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from app.actors import Actor
from app.blueprints.service_tickets.queries.approvals import pending, state_of
from app.blueprints.service_tickets.queries.estimates import estimate_by_id
from app.blueprints.service_tickets.services.authorizations import decide
from app.blueprints.service_tickets.services.links import revoke_link_of
from app.clock import utc_now
from app.database.session import db
from app.errors import AlreadyDecided, ApprovalLinkOver, Invalid, NotFound, NothingToApprove
from app.lookup import Versions, find
from app.models import ApprovalLink, AuthorizationMethod, LinkEnd, ServiceTicket, Shop
from app.models.approval_links import hash_of, new_token
from app.models.shop import SHOP
from app.permissions import approval_links_visible_to, tickets_visible_to


def make_link(
    actor: Actor,
    ticket_id: int,
    *,
    expires_in_hours: int | None = None,
    if_match: Versions = None,
) -> tuple[int, str]:
    """Make an approval link for the present estimate of a ticket; return `(id, token)`.

    The token is stored only as a hash. If the ticket has a link that has not ended, that link is
    revoked. The new link expires after `expires_in_hours`, by default the shop's `approval_hours`.
    `if_match` has the versions of the ticket that the client accepts, or is None if any will do. Raise
    TicketClosed if the ticket's status allows no decisions, and NothingToApprove if no job is pending.
    """
    ticket = find(tickets_visible_to, actor, ticket_id, lock=True, if_match=if_match)
    ticket.must_take_lines()
    estimate = estimate_by_id(ticket.id)
    if not pending(estimate):
        raise NothingToApprove()
    revoke_link_of(ticket)
    db.session.flush()
    hours = expires_in_hours or db.session.get_one(Shop, SHOP).approval_hours
    token = new_token()
    link = ApprovalLink(
        ticket_id=ticket.id,
        token_sha256=hash_of(token),
        estimate_sha256=estimate["estimate_sha256"],
        account_id=actor.account_id,
        expires_at=utc_now() + timedelta(hours=hours),
    )
    db.session.add(link)
    db.session.commit()
    return link.id, token


def revoke_link(actor: Actor, link_id: int, *, if_match: Versions = None) -> None:
    """Revoke an approval link; one that has ended stays as it is.

    `if_match` has the accepted versions of the ticket, or is None if any will do.
    """
    ticket_id = find(approval_links_visible_to, actor, link_id).ticket_id
    find(tickets_visible_to, actor, ticket_id, lock=True, if_match=if_match)
    link = find(approval_links_visible_to, actor, link_id, lock=True)
    if link.ended_at is None:
        link.end(LinkEnd.REVOKED)
    db.session.commit()


def decide_by_link(
    token: str,
    *,
    estimate_sha256: str,
    authorized_by_name: str,
    decisions: list[dict[str, Any]],
) -> int:
    """Record the decisions of the holder of an approval link; return the id of the Authorization.

    `estimate_sha256` is the hash of the estimate that the holder read, `authorized_by_name` is the
    holder's name, and `decisions` is `[{job_id, decision}]`, with one for each pending job.

    Raise NotFound if no link has this token, AlreadyDecided if it was used before, ApprovalLinkOver if
    it is expired, revoked or changed, and Invalid if a pending job is missing or another job is
    included. Further errors are those of `decide`. The ticket is locked, and then the link, so that the
    second of two simultaneous requests finds the link used.
    """
    of_token = select(ApprovalLink).where(ApprovalLink.token_sha256 == hash_of(token))
    found = db.session.scalar(of_token)
    if found is None:
        raise NotFound("There is no such link.")
    ticket = db.session.get(
        ServiceTicket,
        found.ticket_id,
        with_for_update={"key_share": True},
        populate_existing=True,
    )
    if ticket is None:  # deleted meanwhile
        raise NotFound("There is no such link.")
    link = db.session.get_one(ApprovalLink, found.id, with_for_update=True, populate_existing=True)
    estimate = estimate_by_id(ticket.id)
    state = state_of(link, estimate, ticket.status, utc_now())
    if state == LinkEnd.DECIDED:
        raise AlreadyDecided()
    if state != "open":
        raise ApprovalLinkOver(state=state, phone=estimate["shop"]["phone"])
    if {each["job_id"] for each in decisions} != {job["id"] for job in pending(estimate)}:
        raise Invalid.at("/decisions", "Decide on each job that is pending, and on no other.")
    record = decide(
        ticket,
        decisions,
        estimate_sha256,
        method=AuthorizationMethod.LINK,
        authorized_by_name=authorized_by_name,
        approval_link_id=link.id,
    )
    link.end(LinkEnd.DECIDED)
    db.session.commit()
    return record.id
