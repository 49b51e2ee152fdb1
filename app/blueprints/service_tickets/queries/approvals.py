"""Queries for approval links, and for the estimate that their holder sees."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from app.actors import Actor
from app.blueprints.service_tickets.consent import PENDING
from app.blueprints.service_tickets.queries.authorizations import of_link
from app.blueprints.service_tickets.queries.estimates import estimate_by_id
from app.blueprints.service_tickets.queries.visible import must_be_visible
from app.blueprints.service_tickets.schemas.approvals import (
    ApprovalDecisionsOut,
    ApprovalShopOut,
    ApprovalTicketOut,
    ApprovalVehicleOut,
)
from app.clock import utc_now
from app.database.statements import Row, fetch
from app.errors import ApprovalLinkOver, NotFound
from app.lists.pages import get_or_404
from app.models import ApprovalLink, LinkEnd, ServiceTicket
from app.models.approval_links import hash_of
from app.models.service_tickets import WITH_LINES
from app.permissions import approval_links_visible_to

LINK = (
    *(ApprovalLink.id, ApprovalLink.ticket_id, ApprovalLink.estimate_sha256),
    *(ApprovalLink.created_at, ApprovalLink.expires_at),
    *(ApprovalLink.ended_at, ApprovalLink.end_reason),
)
SHOWN = ("id", "ticket_id", "created_at", "expires_at", "ended_at")
OF_ESTIMATE = (
    *("jobs", "declined_jobs", "discounts", "totals", "shop_supplies"),
    *("estimate_terms", "estimate_sha256"),
)


def state_of(link: Any, estimate: Mapping[str, Any], ticket_status: str, now: datetime) -> str:
    """Return the state of an approval link: `expired`, `decided`, `revoked`, `changed` or `open`.

    A link is also `revoked` if the ticket's status allows no more decisions. It is `changed` if the
    estimate is no longer the one for which it was made, or has no pending job. If several states apply,
    the first in this order is returned. `link` has the attributes of an ApprovalLink, `estimate` is the
    present estimate in its JSON form (it may be empty if the link has an `end_reason`), and `now` is the
    present time.
    """
    if link.expires_at <= now:
        return "expired"
    if link.end_reason is not None:
        return str(link.end_reason)
    if ticket_status not in WITH_LINES:
        return "revoked"
    as_it_was = link.estimate_sha256 == estimate["estimate_sha256"] and pending(estimate)
    return "open" if as_it_was else "changed"


class _Link:
    def __init__(self, row: Row):
        vars(self).update(row)


def links(actor: Actor, ticket_id: int) -> dict:
    """Return the newest 100 approval links of a ticket, newest first, as `{items: [...]}`.

    Raise NotFound if the actor may not see the ticket.
    """
    must_be_visible(actor, ticket_id)
    of_ticket = _with_status(select(ApprovalLink)).where(ApprovalLink.ticket_id == ticket_id)
    found = fetch(of_ticket.order_by(ApprovalLink.id.desc()).limit(100))
    return {"items": [_shown(row) for row in found]}


def link(actor: Actor, link_id: int) -> Row:
    return _shown(get_or_404(_visible, actor, link_id)[0])


def _visible(actor):
    return _with_status(approval_links_visible_to(actor))


def _with_status(query: Select) -> Select:
    of_ticket = query.join(ServiceTicket, ServiceTicket.id == ApprovalLink.ticket_id)
    return of_ticket.with_only_columns(*LINK, ServiceTicket.status.label("ticket_status"))


def _shown(row: Row) -> Row:
    is_open = row["end_reason"] is None
    estimate = estimate_by_id(row["ticket_id"]) if is_open else {}
    state = state_of(_Link(row), estimate, row["ticket_status"], utc_now())
    return {name: row[name] for name in SHOWN} | {"state": state}


def approval(token: str) -> Row:
    """Return the estimate to which an approval link leads, with the link's state, as in ApprovalOut.

    `token` is the secret part of the link's address. Raise NotFound if no link has this token, and
    ApprovalLinkOver if the link is expired, revoked or changed (see `state_of`).
    """
    of_token = _with_status(select(ApprovalLink)).where(ApprovalLink.token_sha256 == hash_of(token))
    found = fetch(of_token)
    if not found:
        raise NotFound("There is no such link.")
    [row] = found
    estimate = estimate_by_id(row["ticket_id"])
    state = state_of(_Link(row), estimate, row["ticket_status"], utc_now())
    if state not in ("open", LinkEnd.DECIDED):
        raise ApprovalLinkOver(state=state, phone=estimate["shop"]["phone"])
    vehicle = estimate["vehicle"]
    decided = of_link(row["id"]) if state == LinkEnd.DECIDED else None
    return {
        "state": state,
        "expires_at": row["expires_at"],
        "customer_name": estimate["customer"]["name"],
        "shop": _only(ApprovalShopOut, estimate["shop"]),
        "ticket": _only(ApprovalTicketOut, estimate["ticket"]),
        "vehicle": vehicle and _only(ApprovalVehicleOut, vehicle),
        **{name: estimate[name] for name in OF_ESTIMATE},
        "decided": decided and _only(ApprovalDecisionsOut, decided),
    }


def pending(estimate: Mapping[str, Any]) -> list[Row]:
    """Return the pending jobs of an estimate in its JSON form: those that wait for a decision."""
    return [job for job in estimate["jobs"] if job["authorization"] == PENDING]


def _only(schema, values):
    return {name: values[name] for name in schema().fields}
