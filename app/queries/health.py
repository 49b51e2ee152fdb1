"""Whether the database is there and has the schema that this code was written for."""

from functools import cache

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from app.errors import Unavailable
from app.extensions import db


def readiness(migrations: str) -> dict:
    """`{status, schema}`, or Unavailable with what to do."""
    schema, newest = schemas(migrations)
    if schema != newest:
        raise Unavailable(f"The schema is {schema}, not {newest}: run `flask db upgrade`.")
    return {"status": "ready", "schema": schema}


def schemas(migrations: str) -> tuple[str | None, str | None]:
    """The migration that the database stands at, and the newest one."""
    newest = _newest(migrations)
    context = MigrationContext.configure(db.session.connection())
    return context.get_current_revision(), newest


@cache
def _newest(migrations: str) -> str | None:
    return ScriptDirectory(migrations).get_current_head()
