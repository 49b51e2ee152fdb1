"""How many tickets each mechanic is or was on, kept so that ranking them counts nothing.

The session keeps count of what it writes, and adds it up at the commit: by ascending mechanic, so that
no two commits can wait for each other.
"""

from collections import Counter

from sqlalchemy import ForeignKey, event, insert, inspect, select, update
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import db
from app.models.assignments import Assignment
from app.models.mechanics import Mechanic
from app.models.service_tickets import COMPLETED, ServiceTicket

COUNTED, TICKETS, FINISHED = "counted_work", "ticket_count", "completed_count"


class Workload(db.Model):
    """The sums of one mechanic; everyone on the staff has them."""

    __tablename__ = "workloads"

    mechanic_id: Mapped[int] = mapped_column(
        ForeignKey("mechanics.id", ondelete="CASCADE"), primary_key=True
    )
    ticket_count: Mapped[int] = mapped_column(default=0)
    completed_count: Mapped[int] = mapped_column(default=0)


@event.listens_for(Mechanic, "after_insert")
def _begin(_mapper, connection, mechanic) -> None:
    connection.execute(insert(Workload).values(mechanic_id=mechanic.id))


@event.listens_for(db.session, "before_flush")
def _count(session, _context, _instances) -> None:
    counted = session.info.setdefault(COUNTED, Counter())
    for rows, sign in ((session.new, 1), (session.deleted, -1)):
        for row in rows:
            if isinstance(row, Assignment):
                _add(counted, [row.mechanic_id], sign, _status(session, row))
            elif isinstance(row, ServiceTicket) and sign < 0:
                _add(counted, _crew(session, row), sign, row.status)
    for row in session.dirty:
        moved = inspect(row).attrs.status.history if isinstance(row, ServiceTicket) else None
        if moved and moved.added and moved.deleted:
            finished = (moved.added[0] in COMPLETED) - (moved.deleted[0] in COMPLETED)
            for mechanic_id in _crew(session, row) if finished else ():
                counted[mechanic_id, FINISHED] += finished


def _add(counted, crew, tickets, status):
    for mechanic_id in crew:
        counted[mechanic_id, TICKETS] += tickets
        counted[mechanic_id, FINISHED] += tickets if status in COMPLETED else 0


def _status(session, assignment):
    with session.no_autoflush:
        return session.get_one(ServiceTicket, assignment.ticket_id).status


def _crew(session, ticket):
    with session.no_autoflush:
        crew = select(Assignment.mechanic_id).where(Assignment.ticket_id == ticket.id)
        return session.scalars(crew).all()


@event.listens_for(db.session, "before_commit")
def _add_up(session) -> None:
    if session.in_nested_transaction():
        return
    session.flush()
    counted = session.info.pop(COUNTED, Counter())
    for mechanic_id in sorted({each for each, _ in counted}):
        session.execute(
            update(Workload)
            .where(Workload.mechanic_id == mechanic_id)
            .values(
                ticket_count=Workload.ticket_count + counted[mechanic_id, TICKETS],
                completed_count=Workload.completed_count + counted[mechanic_id, FINISHED],
            )
            .execution_options(synchronize_session=False)
        )


@event.listens_for(db.session, "after_rollback")
def _nothing_happened(session) -> None:
    if not session.in_nested_transaction():
        session.info.pop(COUNTED, None)
