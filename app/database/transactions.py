"""The function that begins a transaction on PostgreSQL or SQLite."""

from sqlalchemy import Connection

from app.database import postgresql, sqlite
from app.database.mode import mode


def begin(connection: Connection) -> None:
    """Begin a transaction; on SQLite, one that may write takes the write lock at once.

    A SQLite transaction that reads before it asks for the write lock can't wait for it: if another one
    holds the lock, SQLite refuses it at once. On PostgreSQL, each statement sees the latest commits
    anyway, so a request that only reads begins no transaction, except for a snapshot.
    """
    options = connection.get_execution_options()
    writes, snapshot = options.get("writes", mode().writes), options.get("snapshot", False)
    driver = connection.connection.dbapi_connection
    if not isinstance(driver, postgresql.Connection):
        if writes:
            sqlite.stand_in_line(connection)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
    elif writes or snapshot or not mode().serves:
        driver.begin(snapshot=snapshot)
