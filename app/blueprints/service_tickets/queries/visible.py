"""The check that an actor may see a ticket, before its parts, jobs or history are read."""

from app.actors import Actor
from app.lists.pages import get_or_404
from app.models import ServiceTicket
from app.permissions import tickets_visible_to


def must_be_visible(actor: Actor, ticket_id: int) -> None:
    """Raise NotFound if the actor may not see the ticket."""
    get_or_404(_ids, actor, ticket_id)


def _ids(actor):
    return tickets_visible_to(actor).with_only_columns(ServiceTicket.id)
