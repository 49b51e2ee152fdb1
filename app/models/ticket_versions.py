"""Versions of tickets: writing a row that belongs to a ticket increments the ticket's version.

The rows with the mixin `OnTicket` belong to a ticket: its jobs, lines and assignments.
"""

from sqlalchemy import update
from sqlalchemy.orm.util import identity_key

from app.clock import utc_now
from app.models.columns import OnTicket
from app.models.service_tickets import ServiceTicket

TICKETS = ServiceTicket.__table__


def bump_tickets(session) -> None:
    """Increment the version of each ticket that has new, changed or deleted rows, once per transaction.

    The rows are those of classes with the mixin OnTicket, such as jobs and lines.
    """
    note_bumped(session)
    bumped = session.pending.bumped
    shown = {
        row.ticket_id
        for row in (*session.new, *filter(session.is_modified, session.dirty), *session.deleted)
        if isinstance(row, OnTicket)
    }
    for ticket_id in sorted(shown - bumped - {None}):
        ticket = session.identity_map.get(identity_key(ServiceTicket, ticket_id))
        if ticket is not None:
            ticket.touch()
        else:
            moved = {"version": TICKETS.c.version + 1, "updated_at": utc_now()}
            session.connection().execute(
                update(TICKETS).where(TICKETS.c.id == ticket_id).values(moved)
            )
            session.pending.touched.add(TICKETS.name)
        bumped.add(ticket_id)


def note_bumped(session) -> None:
    """Add the ids of all tickets that this flush itself writes to `session.pending.bumped`.

    `session.pending.bumped` has the tickets whose version this transaction has incremented. Writing a
    ticket increments its version already, so `bump_tickets` must not do it again.
    """
    written = (*session.new, *filter(session.is_modified, session.dirty), *session.deleted)
    session.pending.bumped |= {
        row.id for row in written if isinstance(row, ServiceTicket) and row.id is not None
    }
