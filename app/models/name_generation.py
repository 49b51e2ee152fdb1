"""A counter of changes to data of other tables that tickets show, such as a customer's name.

It counts changes of customers, vehicles, mechanics and parts, in the columns that are marked
SHOWN_ON_TICKETS. Such a change may concern thousands of tickets, so it does not increment their
versions. A cache of tickets must therefore use this counter in its keys, too.
"""

from functools import cache

from sqlalchemy import insert, inspect, update
from sqlalchemy.orm import Mapped, mapped_column

from app.database.session import db

THE_ONE = 1


@cache
def shown_on_tickets() -> dict[type, list[str]]:
    """Return the names of all columns that are marked SHOWN_ON_TICKETS: `{model: [name]}`."""
    found: dict[type, list[str]] = {}
    for mapper in db.Model.registry.mappers:
        names = [each.key for each in mapper.columns if each.info.get("shown_on_tickets")]
        if names:
            found[mapper.class_] = names
    return found


class NameGeneration(db.Model):
    """The table with the counter, which has a single row.

    A transaction locks the row when it increments the counter, so every transaction gets another value.
    """

    __tablename__ = "renamings"

    id: Mapped[int] = mapped_column(primary_key=True)
    count: Mapped[int] = mapped_column(default=0)


def note_renaming(session) -> None:
    """Set `session.pending.is_renamed` if this flush changes a column that is marked SHOWN_ON_TICKETS.

    `session.pending` has notes about the current transaction.
    """
    for row in session.dirty:
        state = inspect(row).attrs
        names = shown_on_tickets().get(type(row), ())
        if any(state[name].history.has_changes() for name in names):
            session.pending.is_renamed = True


def count_renaming(session) -> None:
    """Add 1 to the counter if `note_renaming` has set `session.pending.is_renamed`."""
    if session.pending.is_renamed:
        more = update(NameGeneration).values(count=NameGeneration.count + 1)
        if not session.connection().execute(more).rowcount:
            session.connection().execute(insert(NameGeneration).values(id=THE_ONE, count=1))
