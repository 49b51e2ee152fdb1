"""What the shop asks its database, heard by a test."""

import contextlib
import re
from unittest.mock import patch

import sqlalchemy as sa

from app.database import statements
from app.database.session import db


@contextlib.contextmanager
def overheard(with_parameters=False):
    """The statements that the database is asked meanwhile, but for the look-up of the session."""
    said = []

    def note(statement, parameters):
        if not statement.startswith("BEGIN") and not re.search(r"\bFROM sessions\b", statement):
            said.append((statement, parameters) if with_parameters else statement)

    def listen(_connection, _cursor, statement, parameters, *_):
        note(statement, parameters)

    def fetched(worded, values, *where, **how):
        note(worded.text, values)
        return ask(worded, values, *where, **how)

    ask = statements._fetched
    sa.event.listen(db.engine, "before_cursor_execute", listen)
    try:
        with patch.object(statements, "_fetched", fetched):
            yield said
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", listen)
