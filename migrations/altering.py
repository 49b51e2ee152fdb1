"""What steps of the schema share. It knows nothing of the application's models, which go on changing."""

import contextlib
from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations


@contextlib.contextmanager
def altered(table: str, *, numbered: bool = True) -> Iterator[BatchOperations]:
    """Alter a table; SQLite makes it anew, and must not give the id of a deleted row to another one.

    `numbered=False` is for a table whose ids the database does not make.
    """
    connection = op.get_bind()
    sqlite = connection.dialect.name == "sqlite"
    where = {"name": table}
    last = (
        sqlite
        and numbered
        and connection.scalar(sa.text("SELECT seq FROM sqlite_sequence WHERE name = :name"), where)
    )
    kept = {"sqlite_autoincrement": numbered}
    with op.batch_alter_table(table, schema=None, table_kwargs=kept) as batch_op:
        yield batch_op
    if last:
        connection.execute(sa.text("DELETE FROM sqlite_sequence WHERE name = :name"), where)
        connection.execute(
            sa.text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :last)"),
            where | {"last": last},
        )
