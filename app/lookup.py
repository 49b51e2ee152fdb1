"""The look-up of one row by its id, among the rows that the actor may see."""

from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar

from sqlalchemy import Select, bindparam, update

from app.actors import Actor
from app.clock import utc_now
from app.database.nouns import label_of
from app.database.prepared import MAX_ID, PREPARED
from app.database.session import db
from app.database.statements import execute
from app.errors import NotFound, PreconditionFailed
from app.models.raw import next_version
from app.models.untracked import untracked
from app.permissions import ACTOR_PLACEHOLDER, actor_params

# The versions that an If-Match header names; None where there is no such header.
Versions = frozenset[int] | None
M = TypeVar("M")


def find(
    visible: Callable[[Actor], Select[M]],
    actor: Actor,
    row_id: int,
    *,
    lock: bool = False,
    if_match: Versions = None,
    detached: bool = False,
) -> M:
    """Return the row with this id if the actor may see it, else raise NotFound.

    `visible` returns the query of the rows that an actor may see. `lock`: no other transaction changes
    the row until this one ends. `if_match`: raise PreconditionFailed if the row's version is not one of
    these; reliable only with `lock`. `detached`: return a copy that the session does not track, which
    takes a third of the time; use it only to read the row, or to change it by an UPDATE statement.
    """
    query, model = _look_up(visible, actor.role, lock)
    values = actor_params(actor) | {"row_id": row_id}
    row = None
    if row_id <= MAX_ID:
        row = db.session.scalar(query, values) if not detached else _copy(model, query, values)
    return _demanded(model, row_id, row, if_match)


def find_bumped(
    visible: Callable[[Actor], Select[M]],
    actor: Actor,
    row_id: int,
    *columns: str,
    if_match: Versions = None,
) -> M:
    """Lock a row and increment its version, by one UPDATE; return a copy of it with `columns` only.

    The session does not track the copy, which has the new version. The other arguments and the errors
    are those of `find`.
    """
    statement, model = _bump(visible, actor.role, columns)
    values = actor_params(actor) | {"row_id": row_id, "moment": utc_now()}
    row = _copy(model, statement, values) if row_id <= MAX_ID else None
    return _demanded(model, row_id, row, if_match, increments=1)


def _demanded(model, row_id, row, if_match, increments=0):
    """Return `row`, or raise NotFound or PreconditionFailed, as `find` does.

    The client knows the version that the row had before this many `increments`.
    """
    if row is None:
        raise NotFound(f"There is no {label_of(model.__tablename__)} {row_id}.")
    if if_match is not None and row.version - increments not in if_match:
        raise PreconditionFailed()
    return row


def _copy(model, query, values):
    """Return the row that `query` selects, as an object that SQLAlchemy does not track, or None.

    Changes of the object are not written to the database. `values` are the bind values of the query.
    """
    found = execute(query, **values)
    return untracked(model, **found[0]) if found else None


@lru_cache
def _look_up(visible, role, lock):
    """Return `(query, model)`: the query of a row by its id, for an actor with this role, and its model.

    `visible` returns the query of the rows that an actor may see. With `lock`, the query locks the row.
    Both are built only once for the same arguments.
    """
    query = visible(ACTOR_PLACEHOLDER[role])
    model = query.column_descriptions[0]["entity"]
    query = query.where(model.id == bindparam("row_id")).execution_options(**PREPARED)
    if lock:
        query = query.with_for_update(of=model, key_share=True)
        query = query.execution_options(populate_existing=True)
    else:
        query = query.execution_options(autoflush=False)
    return query, model


@lru_cache
def _bump(visible, role, columns):
    """Return `(statement, model)`: the UPDATE of `find_bumped` for an actor with this role."""
    query, model = _look_up(visible, role, False)
    table = model.__table__
    moved = update(table).where(query.whereclause).values(next_version(table))
    returned = [table.c[name] for name in (*columns, "version")]
    return moved.returning(*returned).execution_options(**PREPARED), model
