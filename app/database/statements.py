"""The fast path: statements that bypass SQLAlchemy's Session and Connection.

SQLAlchemy's Connection takes longer for a statement than PostgreSQL takes to answer, and its Session
takes longer still. Here a statement is compiled once. The cache holds its text, and the functions that
convert its parameters and results.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import islice
from typing import Any

from sqlalchemy import (
    BindParameter,
    Dialect,
    Enum,
    Insert,
    Select,
    Table,
    Update,
    bindparam,
    insert,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import PoolProxiedConnection
from sqlalchemy.types import TypeEngine

from app.database.postgresql import Cursor
from app.database.prepared import PREPARED, execute_prepared, is_prepared, prepared
from app.database.session import db, shop_session
from app.database.sqlstates import BROKEN, sqlstate

Row = dict[str, Any]
Statement = Select | Insert | Update
KEPT = 1000  # compiled statements in the cache
AT_ONCE = 10  # rows in one INSERT
# Tables from which the session derives data when it writes: search terms, sums, versions of tickets.
DERIVED_FROM: set[str] = set()


class CompiledStatement:
    """A statement's text for one kind of database, and the converters of its parameters and results."""

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
            if (process := _converter(own(column.type), dialect))
        ]

    def values(self, given: Row) -> Row:
        """Return all parameters, `{name: value}`, converted for the database.

        Their values come from `given`, `{name: value}`, or are constants of the statement.
        """
        bound = {}
        for name, bind, process in self._asks:
            value = given[name] if bind.required else bind.effective_value
            bound[name] = process(value) if process else value
        return bound

    def rows(self, found: Sequence[tuple]) -> list[Row]:
        """Return raw rows as dicts, with their values converted from the database."""
        names = self._names
        rows = [dict(zip(names, each, strict=False)) for each in found]
        for name, process in self._returns:
            for row in rows:
                row[name] = process(row[name])
        return rows


def _converter(of: TypeEngine, dialect: Dialect) -> Callable[[Any], Any] | None:
    """Return the function that converts a value of this type from the database; None if none is needed.

    SQLAlchemy's own function for an enum makes two calls in Python for each value.
    """
    words = isinstance(of, Enum) and of.enum_class
    if words:
        return {None: None, **{each.value: each for each in words}}.__getitem__
    return of.result_processor(dialect, None)


def fetch(query: Select, **values: Any) -> list[Row]:
    """Run the SELECT `query` with the bind values `values`, and return its rows as dicts.

    If the session has an open transaction, the query runs in it and sees the changes that were flushed.
    Otherwise it runs on another connection from the pool, in autocommit mode.
    """
    if db.session.registry.has() and db.session().in_transaction():
        return execute(query, **values)
    compiled = _compiled(query, db.engine.dialect)
    return compiled.rows(_fetched(compiled, compiled.values(values)))


def execute(statement: Statement, *, wait: bool = True, **values: Any) -> list[Row]:
    """Run a statement in the session's transaction, begun if necessary; return its rows as dicts.

    `values` are the bind values. Collectors (app/database/pending.py) do not see the rows that the
    statement writes, so no audit entries are written for them. With `wait=False`, the statement is sent
    to PostgreSQL together with the next one, and no rows are returned: use this only for statements that
    can't fail.
    """
    session = shop_session()
    pending = session.pending
    if not statement.is_select:
        session.flush()
        pending.touched.add(_table_of(statement).name)
    if (connection := pending.connection) is None:
        connection = pending.connection = session.connection()
    compiled = _compiled(statement, connection.dialect)
    found = _fetched(compiled, compiled.values(values), connection.connection, wait=wait)
    return compiled.rows(found)


def insert_rows(
    table: Table, new: Iterable[Row], common: Row | None = None, *, wait: bool = True
) -> list[int]:
    """Insert the rows `new`, dicts with the same keys, and return their ids.

    `common` has the columns with the same value in all rows, `{name: value}`. With `wait=False`, the
    rows are sent with the next statement, and no ids are returned: see `execute`. Raise TypeError for a
    table in DERIVED_FROM: only the session updates the data that is derived from its rows.
    """
    if table.name in DERIVED_FROM:
        raise TypeError(
            f"Something is derived from each row of {table.name}: add it to db.session."
        )
    return [
        made["id"]
        for one, values in _inserts(table, new, common or {})
        for made in execute(one, wait=wait, **values)
    ]


def _table_of(statement: Any) -> Table:
    table: Table = statement.table
    return table


def _inserts(table, new, common):
    left = iter(new)
    in_all = {f"{name}_of_all": each for name, each in common.items()}
    while some := list(islice(left, AT_ONCE)):
        values = {f"{name}_{n}": each for n, row in enumerate(some) for name, each in row.items()}
        yield _insert(table, tuple(common), tuple(some[0]), len(some)), in_all | values


@lru_cache(KEPT)
def _insert(table: Table, common: tuple[str, ...], names: tuple[str, ...], many: int) -> Insert:
    def value(name: str, of: str) -> BindParameter:
        return bindparam(f"{name}_{of}", type_=table.c[name].type)

    in_all = {name: value(name, "of_all") for name in common}
    new = [in_all | {name: value(name, str(n)) for name in names} for n in range(many)]
    return insert(table).values(new).returning(table.c.id).execution_options(**PREPARED)


@lru_cache(KEPT)
def _compiled(statement: Statement, dialect: Dialect) -> CompiledStatement:
    return CompiledStatement(statement, dialect)


def _fetched(
    compiled: CompiledStatement,
    values: Row,
    of_act: PoolProxiedConnection | None = None,
    *,
    wait: bool = True,
) -> Sequence[tuple]:
    """Run a CompiledStatement on `of_act`, the connection of a transaction; return raw rows.

    Without `of_act`, use a connection from the pool, in autocommit mode. With `wait=False`, PostgreSQL
    gets the statement later, and no rows are returned: see `execute`.
    """
    connection = of_act
    try:
        if connection is None:
            connection = db.engine.raw_connection()
        cursor = connection.cursor()
        if not wait and isinstance(cursor, Cursor):
            text = compiled.text
            if compiled.prepared:
                text = prepared(cursor, text, values, connection.info)
            cursor.execute_later(text, values)
            return []
        if compiled.prepared:
            execute_prepared(cursor, compiled.text, values, connection.info)
        else:
            cursor.execute(compiled.text, values)
        return cursor.fetchall()
    except compiled.dialect.loaded_dbapi.Error as error:
        raise _as_sqlalchemy_says(error, compiled, connection) from error
    finally:
        if connection is not None and of_act is None:
            connection.close()


def _as_sqlalchemy_says(
    error: Any, compiled: CompiledStatement, connection: PoolProxiedConnection | None
) -> DBAPIError:
    """Return the error that SQLAlchemy would raise for `error`, which the database driver has raised.

    If the connection is lost, or its server is broken, the pool drops the connection.
    """
    dialect = compiled.dialect
    lost = dialect.is_disconnect(error, connection and connection.driver_connection, None)
    broke = lost or sqlstate(error).startswith(BROKEN)
    if broke and connection:
        connection.invalidate(error)
    return DBAPIError.instance(
        compiled.text,
        None,
        error,
        dialect.loaded_dbapi.Error,
        hide_parameters=True,
        connection_invalidated=broke,
        dialect=dialect,
    )
