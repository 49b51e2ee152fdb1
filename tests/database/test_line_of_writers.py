"""SQLite has one writer at a time, and lets whoever asks just then be next; the shop keeps a line."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from app.database.session import db


@pytest.fixture
def impatient(app):
    """An engine to which SQLite itself says no at once."""
    if db.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL keeps lines of its own")

    def hurry(connection, *_):
        connection.execute("PRAGMA busy_timeout=0").close()

    db.engine.dispose()
    sa.event.listen(db.engine, "checkout", hurry)
    yield db.engine
    sa.event.remove(db.engine, "checkout", hurry)
    db.engine.dispose()


def test_a_writer_waits_for_the_one_before(impatient):
    def write():
        with impatient.connect().execution_options(writes=True) as second:
            return second.scalar(sa.text("SELECT 'written'"))

    with ThreadPoolExecutor() as threads:
        with impatient.connect().execution_options(writes=True) as first:
            first.execute(sa.text("SELECT 1"))
            waiting = threads.submit(write)
            with pytest.raises(TimeoutError):
                waiting.result(timeout=0.2)
        assert waiting.result(timeout=5) == "written"
