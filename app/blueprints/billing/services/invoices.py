"""Issuing invoices."""

from typing import Any

from sqlalchemy import exists, select

from app.actors import Actor
from app.blueprints.service_tickets.services.invoicing import issue_invoice
from app.blueprints.service_tickets.services.moving import move
from app.database.session import db
from app.lookup import Versions, find
from app.models import Invoice, ServiceTicket, TicketStatus
from app.permissions import tickets_visible_to


def invoice_ticket(
    actor: Actor, ticket_id: int, *, if_match: Versions = None, **invoice: Any
) -> int:
    """Issue the invoice of a ticket that is ready, move the ticket to `invoiced`; return the invoice's id.

    `invoice` are the keyword arguments of `issue_invoice`. A ticket that was moved to `invoiced` before
    invoices existed gets one, too. `if_match` has the accepted versions of the ticket, or is None if any
    will do. Raise IllegalTransition for other tickets, and the errors of `issue_invoice`.
    """
    ticket = find(tickets_visible_to, actor, ticket_id, lock=True, if_match=if_match)
    if ticket.status is TicketStatus.INVOICED and not _has_invoice(ticket):
        issue_invoice(actor, ticket, **invoice)
    else:
        move(actor, ticket, TicketStatus.INVOICED, **invoice)
    db.session.commit()
    [invoice_id] = db.session.scalars(_live(ticket))
    return invoice_id


def _has_invoice(ticket: ServiceTicket) -> bool:
    return bool(db.session.scalar(select(exists(_live(ticket)))))


def _live(ticket: ServiceTicket):
    return select(Invoice.id).where(Invoice.ticket_id == ticket.id, Invoice.voided_at.is_(None))
