"""Prepared statements: PostgreSQL plans each of them once per connection.

To plan the look-up of a caller's session takes longer than to run it. psycopg2 has no support for
prepared statements; for SQLite, Python's sqlite3 caches statements itself. Prepare only look-ups by key,
for which one plan is best for all values: config.py makes PostgreSQL use one generic plan, because
otherwise PostgreSQL would plan some executions again, to compare the plans.
"""

import json
from collections.abc import Mapping
from typing import Any

from psycopg2 import Error
from sqlalchemy import Dialect, Engine, Integer, TypeDecorator, bindparam, event, func, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import Boolean

from app.database.sqlstates import STALE_PLAN, sqlstate

MAX_ID = 2**31 - 1  # no id is larger, and PostgreSQL refuses a larger integer
PREPARED = {"prepared": True}  # query.execution_options(**PREPARED)
_prepared_since = 0


class Ids(TypeDecorator):
    """The type of a bind parameter with any number of ids: an array on PostgreSQL, JSON text on SQLite.

    So the statement's text does not depend on the number of ids.
    """

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value, dialect):
        return list(value) if dialect.name == "postgresql" else json.dumps(list(value))


class Among(FunctionElement):
    """The SQL condition `Among(column, IDS)`: the column is one of the ids in the bind parameter IDS."""

    type = Boolean()
    inherit_cache = True

    def self_group(self, against: Any = None) -> Any:
        """Return the condition as it is; SQLAlchemy would add ` = 1` on SQLite, which then uses no index."""
        return self


IDS = bindparam("ids", type_=Ids)


@compiles(Among, "postgresql")
def _any(element, compiler, **how):
    column, ids = element.clauses
    return compiler.process(column == func.any(ids), **how)


@compiles(Among, "sqlite")
def _each(element, compiler, **how):
    column, ids = element.clauses
    each = func.json_each(ids).table_valued("value")
    return compiler.process(column.in_(select(each.c.value)), **how)


def is_prepared(options: Mapping[str, Any], dialect: Dialect) -> bool:
    return dialect.name == "postgresql" and options.get("prepared", False)


def forget_prepared() -> None:
    """Make all connections of this process prepare their statements again, after a plan was outdated."""
    global _prepared_since
    _prepared_since += 1


def prepared(cursor: Any, statement: str, parameters: Any, info: dict[str, Any]) -> str:
    """Return the EXECUTE statement to send instead of `statement`, with the same parameters.

    `statement` is prepared first, unless this connection has prepared it before. `parameters` is
    `{name: value}`. `info` is a dict that belongs to the connection; it has the statements prepared
    there.
    """
    if info.get("prepared_since") != _prepared_since:
        if "prepared" in info:
            cursor.execute("DEALLOCATE ALL")
        info |= {"prepared": {}, "prepared_since": _prepared_since}
    known = info["prepared"]
    if statement not in known:
        name = f"prepared_{len(known)}"
        numbered = {each: f"${n}" for n, each in enumerate(parameters, 1)}
        cursor.execute(f"PREPARE {name} AS {statement % numbered}")
        values = ", ".join(f"%({each})s" for each in parameters)
        known[statement] = f"EXECUTE {name} ({values})" if values else f"EXECUTE {name}"
    return known[statement]


def execute_prepared(cursor: Any, statement: str, parameters: Any, info: dict[str, Any]) -> None:
    """Execute a statement as a prepared one; if its plan is outdated, prepare and execute it once more.

    Inside a transaction, the error of an outdated plan is raised, because PostgreSQL has aborted the
    transaction. The whole request is then run again: see app/web/transactions.py. For the arguments, see
    `prepared`.
    """
    try:
        cursor.execute(prepared(cursor, statement, parameters, info), parameters)
    except Error as error:
        if sqlstate(error) not in STALE_PLAN or cursor.connection.in_transaction():
            raise
        forget_prepared()
        cursor.execute(prepared(cursor, statement, parameters, info), parameters)


def listen_to(engine: Engine) -> None:
    """Make an engine prepare the statements that SQLAlchemy executes with the option PREPARED."""
    event.listen(engine, "do_execute", _execute_prepared)


def _execute_prepared(cursor, statement, parameters, context):
    if not is_prepared(context.execution_options, context.dialect):
        return None
    execute_prepared(cursor, statement, parameters, context.root_connection.info)
    return True
