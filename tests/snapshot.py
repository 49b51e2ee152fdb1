"""What is in the database, row by row: whether it has changed, and back to what it was."""

from operator import itemgetter

import sqlalchemy as sa

from app.database.session import db

# What moves with every commit that has written something.
MARKS = {
    "sqlite": "PRAGMA data_version",
    "postgresql": "SELECT pg_snapshot_xmax(pg_current_snapshot())",
}


class Snapshot:
    """Every row of every table, as it is when this is made.

    They are read anew only where something was committed meanwhile, which a mark tells at once; and as the
    driver gives them, because most of them are only compared.
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
        """The names of the tables that are not as they were."""
        if self._marked() != self.mark:
            self.now = self._read()
        return frozenset(t.name for t, rows in self.kept.items() if self.now[t] != rows)

    def put_back(self):
        """What is gone comes back before what refers to it; what is new goes after what refers to it."""
        changed = [table for table in self.tables if self.now[table] != self.kept[table]]
        with self.engine.begin() as connection:
            for table in changed:
                now = self.now[table]
                for key, row in self.kept[table].items():
                    values = self.typed[table][key]
                    if key not in now:
                        connection.execute(sa.insert(table).values(**values))
                    elif row != now[key]:
                        connection.execute(sa.update(table).where(_is(table, key)).values(**values))
            for table in reversed(changed):
                for key in self.now[table].keys() - self.kept[table].keys():
                    connection.execute(sa.delete(table).where(_is(table, key)))
        self.now, self.mark = self.kept, self._marked()

    def _read(self):
        """`{table: {key: row}}`, in the types of the driver."""
        self.mark, found = self._marked(), {}
        with self.engine.connect() as connection:
            cursor = connection.connection.cursor()
            for table, (select, key) in self.selects.items():
                cursor.execute(select)
                found[table] = {key(row): row for row in cursor}
        return found

    def _typed(self):
        """The same in the types of the models, for writing."""
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
    """A function from a row to its primary key, a tuple."""
    columns = list(table.columns)
    places = [columns.index(each) for each in table.primary_key]
    if len(places) > 1:
        return itemgetter(*places)
    return lambda row: (row[places[0]],)


def _is(table, key):
    return sa.and_(*(each == value for each, value in zip(table.primary_key, key, strict=True)))
