"""Revoking the approval link of a ticket. It commits nothing."""

from sqlalchemy import select

from app.database.session import db
from app.models import ApprovalLink, LinkEnd, ServiceTicket


def revoke_link_of(ticket: ServiceTicket) -> None:
    """Revoke the approval link of a locked ticket that has not ended yet, if there is one."""
    of_ticket = select(ApprovalLink).where(
        ApprovalLink.ticket_id == ticket.id, ApprovalLink.ended_at.is_(None)
    )
    for link in db.session.scalars(of_ticket):
        link.end(LinkEnd.REVOKED)
