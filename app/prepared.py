"""Statements that differ in nothing but their values: PostgreSQL plans each once for a connection.

To plan the look-up of a session takes PostgreSQL longer than to run it. psycopg2 knows no prepared
statements; sqlite3 keeps its own. Only for look-ups by key, where one plan is the best for any value:
left to itself, PostgreSQL would compare plans for ever (config.py tells it not to).
"""

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Dialect, Engine, Integer, TypeDecorator, bindparam, event, func, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import Boolean

LARGEST_ID = 2**31 - 1  # what is larger is none, and PostgreSQL would not look for it
PREPARED = {"prepared": True}  # query.execution_options(**PREPARED)


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


def prepared(cursor: Any, statement: str, parameters: Any, info: dict[str, Any]) -> str:
    """What to say instead, with the same parameters.

    Prepared when a connection is asked for the first time; its `info` remembers what is.
    """
    known = info.setdefault("prepared", {})
    if statement not in known:
        name = f"prepared_{len(known)}"
        numbered = {each: f"${n}" for n, each in enumerate(parameters, 1)}
        cursor.execute(f"PREPARE {name} AS {statement % numbered}")
        known[statement] = f"EXECUTE {name} ({', '.join(f'%({each})s' for each in parameters)})"
    return known[statement]


@event.listens_for(Engine, "do_execute")
def _execute_prepared(cursor, statement, parameters, context):
    if not is_prepared(context.execution_options, context.dialect):
        return None
    info = context.root_connection.info
    cursor.execute(prepared(cursor, statement, parameters, info), parameters)
    return True
