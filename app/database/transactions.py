"""How a transaction begins on each database."""

from sqlalchemy import Connection

from app.database import postgresql, sqlite
from app.database.mode import mode


def begin(connection: Connection) -> None:
    """Begin a transaction; on SQLite, a writing one takes the write lock at once.

    A transaction that has read already could not wait for that lock. On PostgreSQL, where each statement
    sees the latest commits anyway, a request that only reads begins no transaction.
    """
    writes = connection.get_execution_options().get("writes", mode().writes)
    driver = connection.connection.dbapi_connection
    if not isinstance(driver, postgresql.Connection):
        if writes:
            sqlite.stand_in_line(connection)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
    elif writes or not mode().serves:
        driver.begin()
