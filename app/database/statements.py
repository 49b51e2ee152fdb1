"""The fast path: statements that bypass SQLAlchemy's Session and Connection.

SQLAlchemy's Connection takes longer for a statement than PostgreSQL takes to answer, and its Session
takes longer still. Here a statement is compiled once: see compiled.py.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from itertools import islice
from typing import Any

from sqlalchemy import (
    BindParameter,
    Dialect,
    Insert,
    Select,
    Table,
    bindparam,
    event,
    insert,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import PoolProxiedConnection

from app.database.compiled import CompiledStatement, Row, Statement
from app.database.postgresql import Cursor
from app.database.prepared import PREPARED, execute_prepared, prepared
from app.database.session import db, shop_session
from app.database.sqlstates import BROKEN, sqlstate

KEPT = 1000  # compiled statements in the cache
AT_ONCE = 10  # rows in one INSERT
# Tables from which the session derives data when it writes: search terms, sums, versions of tickets.
DERIVED_FROM: set[str] = set()
_taken: ContextVar[list[PoolProxiedConnection] | None] = ContextVar("taken", default=None)


def fetch(query: Select, **values: Any) -> list[Row]:
    """Run the SELECT `query` with the bind values `values`, and return its rows as dicts.

    If the session has an open transaction, the query runs in it and sees the changes that were flushed.
    Otherwise it runs on another connection from the pool, in autocommit mode; see `on_one_connection`.
    """
    compiled, found = _selected(query, values)
    return compiled.rows(found)


def fetch_tuples(query: Select, **values: Any) -> Sequence[tuple]:
    """Return the rows that `fetch` returns as tuples, for those who make other dicts of many rows."""
    compiled, found = _selected(query, values)
    return compiled.tuples(found)


@contextmanager
def on_one_connection() -> Iterator[None]:
    """Make `fetch` run all its queries in this `with` block on one connection, taken at the first.

    A page of tickets, with four queries, takes a twentieth less of the processor so. The connection is
    given back early if the session begins a transaction, so that no request has two connections: they
    could wait for each other's.
    """
    before = _taken.set([])
    try:
        yield
    finally:
        _give_back()
        _taken.reset(before)


def _give_back(*_of_session: Any) -> None:
    taken = _taken.get()
    while taken:
        taken.pop().close()


event.listen(db.session, "after_transaction_create", _give_back)


def execute(statement: Statement, *, wait: bool = True, **values: Any) -> list[Row]:
    """Run a statement in the session's transaction, begun if necessary; return its rows as dicts.

    `values` are the bind values. Collectors (app/database/pending.py) do not see the rows that the
    statement writes, so no audit entries are written for them. With `wait=False`, the statement is sent
    to PostgreSQL together with the next one, and no rows are returned: use this only for statements that
    can't fail.
    """
    compiled, found = _executed(statement, values, wait)
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


def _selected(query: Select, values: Row) -> tuple[CompiledStatement, Sequence[tuple]]:
    if db.session.registry.has() and db.session().in_transaction():
        return _executed(query, values)
    compiled = _compiled(query, db.engine.dialect)
    return compiled, _fetched(compiled, compiled.values(values))


def _executed(
    statement: Statement, values: Row, wait: bool = True
) -> tuple[CompiledStatement, Sequence[tuple]]:
    session = shop_session()
    pending = session.pending
    if not statement.is_select:
        session.flush()
        pending.touched.add(_table_of(statement).name)
    if (connection := pending.connection) is None:
        connection = pending.connection = session.connection()
    compiled = _compiled(statement, connection.dialect)
    return compiled, _fetched(compiled, compiled.values(values), connection.connection, wait=wait)


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

    Without `of_act`, use a connection in autocommit mode, that of `on_one_connection` if there is one.
    With `wait=False`, PostgreSQL gets the statement later, and no rows are returned: see `execute`.
    """
    taken = _taken.get() if of_act is None else None
    connection = of_act or (taken[0] if taken else None)
    try:
        if connection is None:
            connection = db.engine.raw_connection()
            if taken is not None:
                taken.append(connection)
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
        if connection is not None and of_act is None and taken is None:
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
