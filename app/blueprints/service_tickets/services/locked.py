"""A ticket that is locked for an act, open to work where the act is work."""

from app.actors import Actor
from app.lookup import Versions, find
from app.models import ServiceTicket
from app.models.raw import bump_version
from app.permissions import tickets_visible_to


def locked_ticket(actor: Actor, ticket_id: int, if_match: Versions) -> ServiceTicket:
    """Lock a ticket before anything of it; return a copy, because only its version moves."""
    return find(tickets_visible_to, actor, ticket_id, lock=True, if_match=if_match, detached=True)


def workable_ticket(actor: Actor, ticket_id: int, if_match: Versions = None) -> ServiceTicket:
    """Lock a ticket that is open to work, and move its version."""
    ticket = locked_ticket(actor, ticket_id, if_match)
    bump_version(ticket)
    ticket.must_be_workable()
    return ticket
