"""How often somebody or something that tickets name got another name, number, plate or owner.

A ticket's version moves with all that is on it but not with these, which may be on thousands. Whoever
keeps what a ticket looks like keeps it under this number, too.
"""

from sqlalchemy import event, insert, inspect, update
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import db
from app.models.customers import Customer
from app.models.inventory import Part
from app.models.mechanics import Mechanic
from app.models.vehicles import Vehicle

NAMES: dict[type, tuple[str, ...]] = {
    Customer: ("name",),
    Vehicle: ("customer_id", "vin", "license_plate", "make", "model", "year", "vin_verified"),
    Mechanic: ("name",),
    Part: ("name", "part_number", "unit"),
}
RENAMED, THE_ONE = "renamed", 1


class Renamings(db.Model):
    """One row, so that those who rename at once wait for each other and the number never repeats."""

    __tablename__ = "renamings"

    id: Mapped[int] = mapped_column(primary_key=True)
    count: Mapped[int] = mapped_column(default=0)


@event.listens_for(db.session, "before_flush")
def _look(session, _context, _instances) -> None:
    for row in session.dirty:
        state = inspect(row).attrs
        if any(state[name].history.has_changes() for name in NAMES.get(type(row), ())):
            session.info[RENAMED] = True


@event.listens_for(db.session, "before_commit")
def _count(session) -> None:
    if session.in_nested_transaction():
        return
    session.flush()
    if session.info.pop(RENAMED, False):
        more = update(Renamings).values(count=Renamings.count + 1)
        if not session.connection().execute(more).rowcount:
            session.connection().execute(insert(Renamings).values(id=THE_ONE, count=1))


@event.listens_for(db.session, "after_rollback")
def _nothing_happened(session) -> None:
    if not session.in_nested_transaction():
        session.info.pop(RENAMED, None)
