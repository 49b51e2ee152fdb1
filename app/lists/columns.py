"""What a query selects: the members of its schema that the reader sees, so that these have one home."""

from typing import Any

from sqlalchemy.orm import InstrumentedAttribute

from app.actors import Actor
from app.web.fields import SEEN_BY, ResponseSchema


def columns_for(schema: type[ResponseSchema], actor: Actor | None, **others: Any) -> list[Any]:
    """Return the columns of the schema's model that this reader sees, under the names of the members.

    `others` are those that come from elsewhere, or None for a member that is added to the row afterwards.
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
