"""What the shop asks its database, heard by a test."""

import contextlib
import re

import sqlalchemy as sa

from app.extensions import db


@contextlib.contextmanager
def overheard(with_parameters=False):
    """The statements that the database is asked meanwhile, but for the look-up of the session."""
    said = []

    def listen(_connection, _cursor, statement, parameters, *_):
        if not statement.startswith("BEGIN") and not re.search(r"\bFROM sessions\b", statement):
            said.append((statement, parameters) if with_parameters else statement)

    sa.event.listen(db.engine, "before_cursor_execute", listen)
    try:
        yield said
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", listen)
