"""Revoking the approval link of a ticket, without a commit."""

from sqlalchemy import select

from app.database.session import db
from app.models import ApprovalLink, LinkEnd, ServiceTicket


def revoke_link_of(ticket: ServiceTicket) -> None:
    """Revoke the approval link of a locked ticket, if there is one that has not ended."""
    of_ticket = select(ApprovalLink).where(
        ApprovalLink.ticket_id == ticket.id, ApprovalLink.ended_at.is_(None)
    )
    for link in db.session.scalars(of_ticket):
        link.end(LinkEnd.REVOKED)
