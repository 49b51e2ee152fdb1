"""Checks and copies of all rows of a shop."""

import sqlalchemy as sa

from app.database.session import db
from tests.books import surprises


def assert_in_order():
    """Assert that the shop's rows break no rule and no foreign key."""
    assert surprises() == {}
    for table in db.metadata.sorted_tables:
        for key in table.foreign_keys:
            orphans = sa.select(sa.func.count()).where(
                key.parent.is_not(None), key.parent.not_in(sa.select(key.column))
            )
            assert db.session.scalar(orphans) == 0, key


def whole():
    """Return every row of every table, as text by table."""
    return {
        table.name: sorted(map(repr, db.session.execute(sa.select(table)).all()))
        for table in db.metadata.sorted_tables
    }
