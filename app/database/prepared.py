"""Statements that differ in nothing but their values: PostgreSQL plans each once for a connection.

To plan the look-up of a session takes PostgreSQL longer than to run it. psycopg2 knows no prepared
statements; sqlite3 keeps its own. Only for look-ups by key, where one plan is the best for any value:
left to itself, PostgreSQL would compare plans for ever (config.py tells it not to).
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

MAX_ID = 2**31 - 1  # what is larger is none, and PostgreSQL would not look for it
PREPARED = {"prepared": True}  # query.execution_options(**PREPARED)
_prepared_since = 0


class Ids(TypeDecorator):
    """Any number of ids as one value, so that the statement stays the same."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value, dialect):
        return list(value) if dialect.name == "postgresql" else json.dumps(list(value))


class Among(FunctionElement):
    """`Among(column, IDS)`: whether the column is one of these ids."""

    type = Boolean()
    inherit_cache = True


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
    """Let every connection of this process prepare anew: what one has found stale is so for all."""
    global _prepared_since
    _prepared_since += 1


def prepared(cursor: Any, statement: str, parameters: Any, info: dict[str, Any]) -> str:
    """Return what to say instead, with the same parameters.

    Prepared when a connection is asked for the first time; its `info` remembers what is.
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
        known[statement] = f"EXECUTE {name} ({', '.join(f'%({each})s' for each in parameters)})"
    return known[statement]


def execute_prepared(cursor: Any, statement: str, parameters: Any, info: dict[str, Any]) -> None:
    """Execute a prepared statement; once more where its plan was stale and nothing else is lost with it.

    In a transaction that is lost, the act must begin again: see app/web/transactions.py.
    """
    try:
        cursor.execute(prepared(cursor, statement, parameters, info), parameters)
    except Error as error:
        if sqlstate(error) not in STALE_PLAN or cursor.connection.in_transaction():
            raise
        forget_prepared()
        cursor.execute(prepared(cursor, statement, parameters, info), parameters)


def listen_to(engine: Engine) -> None:
    """Prepare what SQLAlchemy executes with this engine and the option PREPARED."""
    event.listen(engine, "do_execute", _execute_prepared)


def _execute_prepared(cursor, statement, parameters, context):
    if not is_prepared(context.execution_options, context.dialect):
        return None
    execute_prepared(cursor, statement, parameters, context.root_connection.info)
    return True
