"""Find one row by its id, among those that the actor may see."""

from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar

from sqlalchemy import Select, bindparam

from app.actors import Actor
from app.database.nouns import label_of
from app.database.prepared import MAX_ID, PREPARED
from app.database.session import db
from app.database.statements import execute
from app.errors import NotFound, PreconditionFailed
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
    """Return the row with this id that the actor may see, else NotFound.

    With `lock` nobody else changes it until the transaction ends; with `if_match` it must still have
    one of these versions, which only means something under the lock. A row that is `detached` is a copy, in a
    third of the time, for those who read it or change it by a statement: the session does not know it.
    """
    query, model = _look_up(visible, actor.role, lock)
    values = actor_params(actor) | {"row_id": row_id}
    row = None
    if row_id <= MAX_ID:
        row = db.session.scalar(query, values) if not detached else _copy(model, query, values)
    if row is None:
        raise NotFound(f"There is no {label_of(model.__tablename__)} {row_id}.")
    if if_match is not None and row.version not in if_match:
        raise PreconditionFailed()
    return row


def _copy(model, query, values):
    """Return a row to read, of which SQLAlchemy knows nothing: to set a member of it is an AttributeError."""
    found = execute(query, **values)
    if not found:
        return None
    copy = model.__new__(model)
    vars(copy).update(found[0])
    return copy


@lru_cache
def _look_up(visible, role, lock):
    """Return the statement, put together once for a role, and the model that it looks for."""
    query = visible(ACTOR_PLACEHOLDER[role])
    model = query.column_descriptions[0]["entity"]
    query = query.where(model.id == bindparam("row_id")).execution_options(**PREPARED)
    if lock:
        query = query.with_for_update(of=model, key_share=True)
        query = query.execution_options(populate_existing=True)
    else:
        query = query.execution_options(autoflush=False)
    return query, model
