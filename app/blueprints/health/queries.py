"""Checks whether the database can be reached and has the schema that this code needs."""

from functools import cache

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import exists, select, text

from app.database.session import db
from app.errors import Unavailable
from app.models import Customer, Mechanic

UTF8 = "UTF8"


def readiness(migrations: str) -> dict:
    """Return `{status, schema}`, or raise Unavailable with the cause and the remedy.

    `migrations` is the folder of the migrations, and `schema` is the newest one.
    """
    if reason := why_not_ready(migrations):
        raise Unavailable(reason)
    return {"status": "ready", "schema": _newest(migrations)}


def why_not_ready(migrations: str) -> str | None:
    """Return why the database is not ready and what to do about it, or None if it is ready.

    `migrations` is the folder of the migrations.
    """
    if (encoding := _encoding()) != UTF8:
        return f"The database keeps {encoding}, not every letter: make it with ENCODING 'UTF8'."
    schema, newest = schemas(migrations)
    if schema == newest:
        return None
    return f"The schema is {schema or 'missing'}, not {newest}: run `flask db upgrade`."


def _encoding() -> str:
    if db.engine.dialect.name == "sqlite":
        return UTF8
    return str(db.session.scalar(text("SELECT current_setting('server_encoding')")))


def has_people() -> bool:
    """Return whether there is a customer or a mechanic, which means that a shop uses this database."""
    people = exists(select(Customer.id)) | exists(select(Mechanic.id))
    return bool(db.session.scalar(select(people)))


def schemas(migrations: str) -> tuple[str | None, str | None]:
    """Return `(present, newest)`: the database's migration, or None, and the newest migration there is.

    `migrations` is the folder of the migrations.
    """
    newest = _newest(migrations)
    context = MigrationContext.configure(db.session.connection())
    return context.get_current_revision(), newest


@cache
def _newest(migrations: str) -> str | None:
    return ScriptDirectory(migrations).get_current_head()
