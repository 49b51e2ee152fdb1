"""How often somebody or something that tickets name got another name, number, plate or owner.

A ticket's version moves with all that is on it but not with these, which may be on thousands. Whoever
keeps what a ticket looks like keeps it under this number, too.
"""

from functools import cache

from sqlalchemy import insert, inspect, update
from sqlalchemy.orm import Mapped, mapped_column

from app.database.session import db

THE_ONE = 1


@cache
def shown_on_tickets() -> dict[type, list[str]]:
    """Return the columns that tickets show of other rows, as these say: `{model: [column]}`."""
    found: dict[type, list[str]] = {}
    for mapper in db.Model.registry.mappers:
        names = [each.key for each in mapper.columns if each.info.get("shown_on_tickets")]
        if names:
            found[mapper.class_] = names
    return found


class NameGeneration(db.Model):
    """One row, so that those who rename at once wait for each other and the number never repeats."""

    __tablename__ = "renamings"

    id: Mapped[int] = mapped_column(primary_key=True)
    count: Mapped[int] = mapped_column(default=0)


def note_renaming(session) -> None:
    """Note that something which tickets show of other rows has changed."""
    for row in session.dirty:
        state = inspect(row).attrs
        names = shown_on_tickets().get(type(row), ())
        if any(state[name].history.has_changes() for name in names):
            session.pending.is_renamed = True


def count_renaming(session) -> None:
    """Move the generation of names once for a transaction."""
    if session.pending.is_renamed:
        more = update(NameGeneration).values(count=NameGeneration.count + 1)
        if not session.connection().execute(more).rowcount:
            session.connection().execute(insert(NameGeneration).values(id=THE_ONE, count=1))
