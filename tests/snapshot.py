"""A copy of all rows of the database, to find out what has changed and to undo it."""

import contextlib
from operator import itemgetter

import sqlalchemy as sa

from app.database.session import db

# Queries with another result after each commit that has written something.
MARKS = {
    "sqlite": "PRAGMA data_version",
    "postgresql": "SELECT pg_snapshot_xmax(pg_current_snapshot())",
}


class Snapshot:
    """A copy of every row of every table, made when this object is created.

    Rows are read again only after a new commit, which a query in MARKS shows. They are compared in the
    types of the driver, because a conversion of all rows takes long.
    """

    def __init__(self, engine):
        self.engine, self.tables = engine, db.metadata.sorted_tables
        self.watch, self.mark = engine.connect(), None
        self.selects = {table: (str(sa.select(table)), _key_of(table)) for table in self.tables}
        self.kept = self.now = self._read()
        self.typed = self._typed()

    def close(self):
        assert self._read() == self.kept
        self.watch.close()

    def changed(self):
        """Return the names of the tables that differ from the copy."""
        if self._marked() != self.mark:
            self.now = self._read()
        return frozenset(t.name for t, rows in self.kept.items() if self.now[t] != rows)

    def put_back(self):
        """Restore the copied rows and delete new ones, in the order that foreign keys need.

        New rows are deleted at the end, or at once if no other row refers to them: a row that is restored
        may be unique only without them.
        """
        changed = [table for table in self.tables if self.now[table] != self.kept[table]]
        with self.engine.begin() as connection:
            for table in reversed(changed):
                with contextlib.suppress(sa.exc.IntegrityError), connection.begin_nested():
                    self._delete_new(connection, table)
            for table in changed:
                now = self.now[table]
                for key, row in self.kept[table].items():
                    values = self.typed[table][key]
                    if key not in now:
                        connection.execute(sa.insert(table).values(**values))
                    elif row != now[key]:
                        connection.execute(sa.update(table).where(_is(table, key)).values(**values))
            for table in reversed(changed):
                self._delete_new(connection, table)
        self.now, self.mark = self.kept, self._marked()

    def _delete_new(self, connection, table):
        for key in self.now[table].keys() - self.kept[table].keys():
            connection.execute(sa.delete(table).where(_is(table, key)))

    def _read(self):
        """Return `{table: {key: row}}` in the types of the driver, and store the mark."""
        self.mark, found = self._marked(), {}
        with self.engine.connect() as connection:
            cursor = connection.connection.cursor()
            for table, (select, key) in self.selects.items():
                cursor.execute(select)
                found[table] = {key(row): row for row in cursor}
        return found

    def _typed(self):
        """Return the rows in the types of the models, with which they can be written."""
        with self.engine.connect() as connection:
            return {
                table: {key(row): row._asdict() for row in connection.execute(sa.select(table))}
                for table, (_, key) in self.selects.items()
            }

    def _marked(self):
        mark = self.watch.exec_driver_sql(MARKS[self.engine.dialect.name]).scalar()
        self.watch.rollback()
        return mark


def _key_of(table):
    """Return a function that returns the primary key of a row as a tuple."""
    columns = list(table.columns)
    places = [columns.index(each) for each in table.primary_key]
    if len(places) > 1:
        return itemgetter(*places)
    return lambda row: (row[places[0]],)


def _is(table, key):
    return sa.and_(*(each == value for each, value in zip(table.primary_key, key, strict=True)))
