"""Rows as objects that SQLAlchemy does not track."""

from typing import Any, TypeVar

M = TypeVar("M")


def untracked(model: type[M], /, **values: Any) -> M:
    """Return a row as an object that SQLAlchemy does not track, with the values of some of its columns.

    Use it to read the row, or to insert it without the session: changes of it are not written, it can't
    be added to the session, and a column without a value can't be read. Making an object that SQLAlchemy
    tracks takes ten times as long.
    """
    row = model.__new__(model)
    vars(row).update(values)
    return row
