"""Statements of SQLAlchemy, compiled once for the fast path (statements.py)."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Dialect, Enum, Insert, Select, Update
from sqlalchemy.types import TypeEngine

from app.database.prepared import is_prepared

Row = dict[str, Any]
Statement = Select | Insert | Update


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
            (n, process)
            for n, column in enumerate(returned.values())
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
        return [dict(zip(names, each, strict=False)) for each in self.tuples(found)]

    def tuples(self, found: Sequence[tuple]) -> Sequence[tuple]:
        """Return raw rows with their values converted from the database, column by column."""
        if not self._returns or not found:
            return found
        columns: list[Sequence] = [*zip(*found, strict=True)]
        for n, process in self._returns:
            columns[n] = [None if each is None else process(each) for each in columns[n]]
        return [*zip(*columns, strict=True)]


def _converter(of: TypeEngine, dialect: Dialect) -> Callable[[Any], Any] | None:
    """Return the function that converts a value of this type from the database; None if none is needed.

    It is called for values other than None. SQLAlchemy's own function for an enum makes two calls in
    Python for each value.
    """
    if isinstance(of, Enum) and of.enum_class:
        return {each.value: each for each in of.enum_class}.__getitem__
    return of.result_processor(dialect, None)
