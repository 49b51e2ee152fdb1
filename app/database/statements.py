"""Statements past SQLAlchemy's Session and Connection: those that are read, and those that are written most.

To go through them takes SQLAlchemy longer than it takes PostgreSQL to answer, and its unit of work longer
still. So a statement is put into words once, and what SQLAlchemy knows of its types is kept with the words.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import islice
from typing import Any

from sqlalchemy import Dialect, Insert, Select, Table, Update, bindparam, insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import PoolProxiedConnection
from sqlalchemy.types import TypeEngine

from app.database.postgresql import Cursor
from app.database.prepared import PREPARED, execute_prepared, is_prepared, prepared
from app.database.sqlstates import BROKEN, sqlstate
from app.extensions import TOUCHED, db

Row = dict[str, Any]
Statement = Select | Insert | Update
KEPT = 1000  # statements whose words are
AT_ONCE = 10  # new rows


class Worded:
    """A statement in the words of one database, and how its values go there and come back."""

    def __init__(self, statement: Statement, dialect: Dialect):
        def own(kind: TypeEngine) -> TypeEngine:
            return kind.dialect_impl(dialect)

        compiled = statement.compile(dialect=dialect)
        if left_out := [*compiled.insert_prefetch, *compiled.update_prefetch]:
            raise ValueError(f"Nobody would fill in {', '.join(each.name for each in left_out)}.")
        self.text, self.dialect = str(compiled), dialect
        self.prepared = is_prepared(statement.get_execution_options(), dialect)
        self._asks = [
            (name, each, own(each.type).bind_processor(dialect))
            for each, name in compiled.bind_names.items()
        ]
        returned = {str(name): each for name, each in statement.exported_columns.items()}
        self._names = tuple(returned)
        self._returns = [
            (name, process)
            for name, column in returned.items()
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
        return rows_in_act(query, **values)
    worded = _worded(query, db.engine.dialect)
    return [worded.row(row) for row in _fetched(worded, worded.values(values))]


def rows_in_act(statement: Statement, **values: Any) -> list[Row]:
    """What a statement finds, or returns of what it writes, in the transaction of the session."""
    return _in_act(statement, values)


def write(statement: Insert | Update, **values: Any) -> list[Row]:
    """What it returns of what it writes; the table is touched, and nothing is on record by itself."""
    _touch(statement)
    return _in_act(statement, values)


def write_along(statement: Insert | Update, **values: Any) -> None:
    """As `write`, by a statement that can't fail: nobody waits for it, and it goes with the next one."""
    _touch(statement)
    _in_act(statement, values, along=True)


def write_new(table: Table, new: Iterable[Row]) -> list[int]:
    """The ids of new rows, which all say the same members."""
    return [made["id"] for one, values in _inserts(table, new) for made in write(one, **values)]


def write_new_along(table: Table, new: Iterable[Row]) -> None:
    """New rows whose ids nobody asks for."""
    for one, values in _inserts(table, new):
        write_along(one, **values)


def _touch(statement):
    session = db.session()
    session.flush()
    session.info.setdefault(TOUCHED, set()).add(statement.entity_description["table"].name)


def _in_act(statement, values, *, along=False):
    connection = db.session().connection()
    worded = _worded(statement, connection.dialect)
    told = _fetched(worded, worded.values(values), connection.connection, along=along)
    return [worded.row(row) for row in told]


def _inserts(table, new):
    left = iter(new)
    while some := list(islice(left, AT_ONCE)):
        values = {f"{name}_{n}": each for n, row in enumerate(some) for name, each in row.items()}
        yield _insert(table, tuple(some[0]), len(some)), values


@lru_cache(KEPT)
def _insert(table: Table, names: tuple[str, ...], many: int) -> Insert:
    new = [
        {name: bindparam(f"{name}_{n}", type_=table.c[name].type) for name in names}
        for n in range(many)
    ]
    return insert(table).values(new).returning(table.c.id).execution_options(**PREPARED)


@lru_cache(KEPT)
def _worded(statement: Statement, dialect: Dialect) -> Worded:
    return Worded(statement, dialect)


def _fetched(
    worded: Worded, values: Row, of_act: PoolProxiedConnection | None = None, *, along: bool = False
) -> Sequence[tuple]:
    """On the connection of an act, or on any, for this one statement and without a transaction."""
    connection = of_act
    try:
        if connection is None:
            connection = db.engine.raw_connection()
        cursor = connection.cursor()
        if along and isinstance(cursor, Cursor):
            text = worded.text
            if worded.prepared:
                text = prepared(cursor, text, values, connection.info)
            cursor.along(text, values)
            return []
        if worded.prepared:
            execute_prepared(cursor, worded.text, values, connection.info)
        else:
            cursor.execute(worded.text, values)
        return cursor.fetchall()
    except worded.dialect.loaded_dbapi.Error as error:
        raise _as_sqlalchemy_says(error, worded, connection) from error
    finally:
        if connection is not None and of_act is None:
            connection.close()


def _as_sqlalchemy_says(
    error: Any, worded: Worded, connection: PoolProxiedConnection | None
) -> DBAPIError:
    """What everybody else would have to handle, had SQLAlchemy asked."""
    dialect = worded.dialect
    lost = dialect.is_disconnect(error, connection and connection.driver_connection, None)
    broke = lost or sqlstate(error).startswith(BROKEN)
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
