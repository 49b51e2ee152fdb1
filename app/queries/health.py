"""Whether the database is there and has the schema that this code was written for."""

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from app.errors import Unavailable
from app.extensions import db


def readiness(migrations: str) -> dict:
    """`{status, schema}`, or Unavailable with what is missing."""
    newest = ScriptDirectory(migrations).get_current_head()
    context = MigrationContext.configure(db.session.connection())
    schema = context.get_current_revision()
    if schema != newest:
        raise Unavailable(f"The schema is {schema}, not {newest}: run `flask db upgrade`.")
    return {"status": "ready", "schema": schema}
