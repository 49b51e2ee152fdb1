"""How a transaction begins on each database."""

from sqlalchemy import Connection

from app.database import postgresql, sqlite
from app.database.mode import mode


def begin(connection: Connection) -> None:
    """Begin a transaction; a writer takes SQLite's one write lock first: taken later, it can't be waited for.

    On PostgreSQL, where each statement sees what is there by then, a reader of a request begins nothing.
    """
    writes = connection.get_execution_options().get("writes", mode().writes)
    driver = connection.connection.dbapi_connection
    if not isinstance(driver, postgresql.Connection):
        if writes:
            sqlite.stand_in_line(connection)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
    elif writes or not mode().serves:
        driver.begin()
