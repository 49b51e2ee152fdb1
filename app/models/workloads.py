"""The number of tickets of each mechanic, stored so that a ranking of mechanics need not count them.

The SQLAlchemy session notes how these numbers change, and writes them before the commit. It writes them
in order of mechanic id, so that two transactions can't deadlock.
"""

from sqlalchemy import ForeignKey, insert, inspect, select, update
from sqlalchemy.orm import Mapped, mapped_column

from app.database.session import db
from app.models.assignments import Assignment
from app.models.mechanics import Mechanic
from app.models.service_tickets import COMPLETED, ServiceTicket

TICKETS, FINISHED = "ticket_count", "completed_count"


class Workload(db.Model):
    """The number of tickets assigned to a mechanic, and the number of completed ones among them.

    Tickets that are ready, invoiced or closed count as completed.
    """

    __tablename__ = "workloads"

    mechanic_id: Mapped[int] = mapped_column(
        ForeignKey("mechanics.id", ondelete="CASCADE"), primary_key=True
    )
    ticket_count: Mapped[int] = mapped_column(default=0)
    completed_count: Mapped[int] = mapped_column(default=0)


def begin_workloads(session) -> None:
    """Insert a Workload, with both its counts zero, for each new mechanic."""
    hired = [row.id for row in session.new if isinstance(row, Mechanic)]
    if hired:
        rows = [{"mechanic_id": each, TICKETS: 0, FINISHED: 0} for each in sorted(hired)]
        session.connection().execute(insert(Workload.__table__), rows)


def count_work(session) -> None:
    """Note in `session.pending.work` how this flush changes the counts in Workload.

    `work` is `{(mechanic_id, column): difference}`.
    """
    counted = session.pending.work
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


def add_up_work(session) -> None:
    """Add the changes noted in `session.pending.work` to the ticket counts of the mechanics (Workload).

    This is done in order of mechanic id, so that two transactions can't deadlock.
    """
    counted = session.pending.work
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
