"""The search index: search terms that are made from the searched columns of each row.

All models share one table, so that a search is a range scan of one index on every database. When the
SQLAlchemy session writes a row, it writes the row's search terms in the same transaction.
"""

from functools import cache

from sqlalchemy import Index, SmallInteger, String, delete, insert, inspect
from sqlalchemy.orm import Mapped, mapped_column

from app.database.session import db
from app.models.marks import Derive, Kind
from app.words import LONGEST


@cache
def searched() -> dict[type, dict[Kind, dict[str, Derive]]]:
    """Return, for each model, the functions that make search terms from the values of its columns.

    The result is `{model: {kind: {column: function}}}`; a Kind is the kind of term, such as VIN.
    """
    found: dict[type, dict[Kind, dict[str, Derive]]] = {}
    for mapper in db.Model.registry.mappers:
        for column in mapper.columns:
            for kind, derive in column.info.get("searched_as", {}).items():
                found.setdefault(mapper.class_, {}).setdefault(kind, {})[column.key] = derive
    return found


class SearchTerm(db.Model):
    """A word by which searches find a row: the row's id, and the Kind of data that the word is from."""

    __tablename__ = "search_terms"
    __table_args__ = (
        Index("ix_search_terms_row_id_kind_word", "row_id", "kind", "word"),
        {"sqlite_with_rowid": False},
    )

    kind: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    # Sorted by bytes on every database, so that the words with the same beginning are a range.
    word: Mapped[str] = mapped_column(
        String(LONGEST).with_variant(String(LONGEST, collation="C"), "postgresql"),
        primary_key=True,
    )
    row_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


def terms(model: type, row: object) -> dict[Kind, set[str]]:
    """Return the search terms of a row: `{kind: {term, ...}}`.

    `row` may be any object that has the attributes of `model`.
    """
    return {
        kind: {
            word
            for name, derive in derived.items()
            if (text := getattr(row, name)) is not None
            for word in derive(str(text))
        }
        for kind, derived in searched()[model].items()
    }


def keep_terms(session) -> None:
    """Update the search terms of all rows that this flush writes.

    A changed row gets new terms only if a searched column has changed.
    """
    table, rows = SearchTerm.__table__, session.connection()
    fresh: list[dict] = []
    for row in (*session.new, *session.dirty, *session.deleted):
        kinds = _changed(session, row)
        if kinds and row not in session.new:
            rows.execute(delete(table).where(table.c.row_id == row.id, table.c.kind.in_(kinds)))
        if kinds and row not in session.deleted:
            fresh += [
                {"kind": kind, "word": word, "row_id": row.id}
                for kind, found in terms(type(row), row).items()
                if kind in kinds
                for word in sorted(found)
            ]
    if fresh:
        rows.execute(insert(table), fresh)


def _changed(session, row) -> list[Kind]:
    """Return the kinds of a row's search terms that this flush changes."""
    derived = searched().get(type(row), {})
    if not derived or row in session.deleted:
        return list(derived)
    attributes = inspect(row).attrs
    return [
        kind
        for kind, names in derived.items()
        if any(attributes[name].history.has_changes() for name in names)
    ]
