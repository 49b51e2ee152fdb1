"""The choice of the columns that a query selects, by its response schema and its reader."""

from typing import Any

from sqlalchemy.orm import InstrumentedAttribute

from app.actors import Actor
from app.web.fields import SEEN_BY, ResponseSchema


def columns_for(schema: type[ResponseSchema], actor: Actor | None, **others: Any) -> list[Any]:
    """Return the columns for the members of a schema that `actor` may see, labelled by their names.

    The model of the schema has most of the columns. `others` has columns, by name, for members that the
    model does not have; None means that the member is added to the row later.
    """
    levels = {None} | ({"staff"} if actor and actor.is_staff else set())
    levels |= {"managers"} if actor and actor.is_manager else set()
    model: Any = schema.Meta.model  # type: ignore[attr-defined]
    columns = {
        name: others[name] if name in others else getattr(model, name)
        for name, field in schema().fields.items()
        if field.metadata.get(SEEN_BY) in levels
    }
    return [
        column if isinstance(column, InstrumentedAttribute) else column.label(name)
        for name, column in columns.items()
        if column is not None
    ]
