"""Moves of a ticket from one status to another, without a commit; the ticket must be locked."""

from dataclasses import asdict
from typing import Any

from sqlalchemy import select

from app.actors import Actor
from app.blueprints.service_tickets.queries.prices import terms_now
from app.blueprints.service_tickets.services.invoicing import issue_invoice
from app.blueprints.service_tickets.services.lines import brought_back, take_off
from app.blueprints.service_tickets.services.links import revoke_link_of
from app.blueprints.service_tickets.services.settling import must_be_settled
from app.database.session import db
from app.errors import Forbidden, TicketClosed
from app.models import (
    Customer,
    HoldReason,
    ServiceTicket,
    StatusChange,
    TicketLine,
    TicketStatus,
    Vehicle,
)
from app.models.service_tickets import OVER


def move(
    actor: Actor,
    ticket: ServiceTicket,
    status: str,
    reason: str | None = None,
    hold_reason: HoldReason | None = None,
    *,
    on_account: bool = False,
    **invoice: Any,
) -> None:
    """Move a locked ticket to a status in one or two steps, each with an entry in the history.

    `reason` and `hold_reason` belong to the last step. A move to `invoiced` issues the invoice, with the
    keyword arguments of `issue_invoice`. With `on_account`, a manager closes a ticket that is not paid.
    Raise Forbidden if the actor may not make the move, IllegalTransition if it is not legal, the errors of
    `issue_invoice`, and those of `must_be_settled`.
    """
    *on_the_way, last = ticket.way_to(status)
    for each in on_the_way:
        _step(actor, ticket, each)
    if on_account and not actor.is_manager:
        raise Forbidden("Only a manager closes a ticket on account.")
    _step(actor, ticket, last, reason, hold_reason, on_account=on_account, **invoice)


def put_back(actor: Actor, ticket: ServiceTicket, reason: str) -> None:
    """Move a locked ticket whose invoice is taken back from `invoiced` to `ready`, to be put right.

    It is priced as of today again, without the parts that were brought back since.
    """
    back = brought_back(ticket.id)
    for line in db.session.scalars(select(TicketLine).where(TicketLine.id.in_(back))):
        take_off(line, back[line.id])
    ticket.invoiced_terms = None
    record(actor, ticket.move_to(TicketStatus.READY, reason))


def record(actor: Actor, step: StatusChange) -> None:
    """Add an entry to the history of a ticket, with the actor's account."""
    step.account_id = actor.account_id
    db.session.add(step)


def _step(actor, ticket, status, reason=None, hold_reason=None, *, on_account=False, **invoice):
    unbegun = ticket.status is TicketStatus.OPEN and status is TicketStatus.CANCELLED
    if not actor.is_staff and not unbegun:
        raise Forbidden("You may cancel your ticket while it is open; ask the shop for the rest.")
    reopens = ticket.status is TicketStatus.CANCELLED and status is TicketStatus.OPEN
    if reopens and not actor.is_manager:
        raise Forbidden("Only a manager reopens a cancelled ticket.")
    if status is TicketStatus.INVOICED:
        ticket.must_be_legal(status)
        issue_invoice(actor, ticket, **invoice)
    if status is TicketStatus.CLOSED:
        ticket.must_be_legal(status)
        must_be_settled(ticket, on_account=on_account)
        if ticket.invoiced_terms is None:
            ticket.invoiced_terms = asdict(terms_now(ticket.id))
    step = ticket.move_to(status, reason, hold_reason)
    step.on_account = on_account
    record(actor, step)
    if status is TicketStatus.CANCELLED:
        revoke_link_of(ticket)
    if reopens:
        _must_still_be_a_customer(ticket)
    ticket.kept_vin = _vin_of(ticket) if status in OVER else None


def _must_still_be_a_customer(ticket):
    customer = db.session.get_one(Customer, ticket.customer_id, with_for_update={"key_share": True})
    if customer.erased_at is not None:
        raise TicketClosed("Its customer has been erased: open another ticket.")


def _vin_of(ticket):
    return db.session.scalar(select(Vehicle.vin).where(Vehicle.id == ticket.vehicle_id))
