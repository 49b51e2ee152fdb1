"""A record of the SQL statements that the shop sends during a test."""

import contextlib
import re
from unittest.mock import patch

import sqlalchemy as sa

from app.database import statements
from app.database.session import db


@contextlib.contextmanager
def overheard(with_parameters=False):
    """Yield a list of the SQL statements that are sent, except BEGIN and the query of the session.

    With `with_parameters` it is a list of `(statement, parameters)`.
    """
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
