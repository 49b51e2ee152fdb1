"""Reads, asked of the database's own driver: a connection for one statement, and no transaction.

To go through a Session and a Connection takes SQLAlchemy longer than it takes PostgreSQL to answer. So a
statement is put into words once, and what SQLAlchemy knows of its types is kept with the words.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Dialect, Select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import PoolProxiedConnection
from sqlalchemy.types import TypeEngine

from app.extensions import db, only_reads
from app.prepared import execute, is_prepared

Row = dict[str, Any]
STATEMENTS = 1000  # whose words are kept


class Worded:
    """A SELECT in the words of one database, and how its values go there and come back."""

    def __init__(self, query: Select, dialect: Dialect):
        def own(kind: TypeEngine) -> TypeEngine:
            return kind.dialect_impl(dialect)

        compiled = query.compile(dialect=dialect)
        self.text = str(compiled)
        self.prepared = is_prepared(query.get_execution_options(), dialect)
        self._asks = [
            (name, each, own(each.type).bind_processor(dialect))
            for each, name in compiled.bind_names.items()
        ]
        self._names = tuple(query.selected_columns.keys())
        self._returns = [
            (name, process)
            for name, column in query.selected_columns.items()
            if (process := own(column.type).result_processor(dialect, None))
        ]

    def values(self, given: Row) -> Row:
        """One for each name, in the database's types: what is given, or what the statement says."""
        said = {}
        for name, bind, process in self._asks:
            value = given[name] if bind.required else bind.effective_value
            said[name] = process(value) if process else value
        return said

    def row(self, found: Any) -> Row:
        row = dict(zip(self._names, found, strict=True))
        for name, process in self._returns:
            row[name] = process(row[name])
        return row


def rows(query: Select, **values: Any) -> list[Row]:
    """What is there now, or, to whoever has something to commit, what is there with it."""
    if db.session.registry.has() and db.session().in_transaction():
        return [dict(row) for row in db.session.connection().execute(query, values).mappings()]
    worded = _worded(query, db.engine.dialect)
    return [worded.row(row) for row in _fetched(worded, worded.values(values))]


@lru_cache(STATEMENTS)
def _worded(query: Select, dialect: Dialect) -> Worded:
    return Worded(query, dialect)


def _fetched(worded: Worded, values: Row) -> Sequence[tuple]:
    connection, driver = None, db.engine.dialect.loaded_dbapi
    try:
        connection = db.engine.raw_connection()
        only_reads(connection)
        cursor = connection.cursor()
        if worded.prepared:
            execute(cursor, worded.text, values, connection.info)
        else:
            cursor.execute(worded.text, values)
        return cursor.fetchall()
    except driver.Error as error:
        raise _as_sqlalchemy_says(error, worded, connection) from error
    finally:
        if connection is not None:
            connection.close()


def _as_sqlalchemy_says(
    error: Any, worded: Worded, connection: PoolProxiedConnection | None
) -> DBAPIError:
    """What everybody else would have to handle, had SQLAlchemy asked."""
    dialect = db.engine.dialect
    broke = dialect.is_disconnect(error, connection and connection.driver_connection, None)
    if broke and connection:
        connection.invalidate(error)
    return DBAPIError.instance(
        worded.text,
        None,
        error,
        dialect.loaded_dbapi.Error,
        hide_parameters=True,
        connection_invalidated=broke,
        dialect=dialect,
    )
