"""What is in the database, row by row: whether it has changed, and back to what it was."""

import sqlalchemy as sa

from app.extensions import db

# What moves with every commit that has written something.
MARKS = {
    "sqlite": "PRAGMA data_version",
    "postgresql": "SELECT pg_snapshot_xmax(pg_current_snapshot())",
}


class Snapshot:
    """Every row of every table, as it is when this is made.

    They are read anew only where something was committed meanwhile, which a mark tells at once.
    """

    def __init__(self, engine):
        self.engine, self.tables = engine, db.metadata.sorted_tables
        self.watch, self.mark = engine.connect(), None
        self.kept = self.now = self._read()

    def close(self):
        assert self._read() == self.kept
        self.watch.close()

    def changed(self):
        """The names of the tables that are not as they were."""
        if self._marked() != self.mark:
            self.now = self._read()
        return frozenset(name for name, rows in self.kept.items() if self.now[name] != rows)

    def put_back(self):
        """What is gone comes back before what refers to it; what is new goes after what refers to it."""
        with self.engine.begin() as connection:
            for table in self.tables:
                kept, now = self.kept[table.name], self.now[table.name]
                for key, row in kept.items():
                    if key not in now:
                        connection.execute(sa.insert(table).values(**row))
                    elif row != now[key]:
                        connection.execute(sa.update(table).where(_is(table, key)).values(**row))
            for table in reversed(self.tables):
                for key in self.now[table.name].keys() - self.kept[table.name].keys():
                    connection.execute(sa.delete(table).where(_is(table, key)))
        self.now, self.mark = self.kept, self._marked()

    def _read(self):
        self.mark = self._marked()
        with self.engine.connect() as connection:
            return {
                table.name: {
                    tuple(row._mapping[each] for each in table.primary_key): dict(row._mapping)
                    for row in connection.execute(sa.select(table))
                }
                for table in self.tables
            }

    def _marked(self):
        mark = self.watch.exec_driver_sql(MARKS[self.engine.dialect.name]).scalar()
        self.watch.rollback()
        return mark


def _is(table, key):
    return sa.and_(*(each == value for each, value in zip(table.primary_key, key, strict=True)))
