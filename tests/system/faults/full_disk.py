"""The shop on a disk that is full while the file $DISK_FULL exists.

Each checkout of a connection sets `max_page_count` of SQLite, which then answers SQLITE_FULL as on a
full disk.
"""

import os
from pathlib import Path

from sqlalchemy import event
from sqlalchemy.pool import Pool

from flask_app import app

FULL = Path(os.environ["DISK_FULL"])


@event.listens_for(Pool, "checkout")
def has_room(connection, _record, _proxy):
    pages = 1 if FULL.exists() else 1_000_000
    connection.execute(f"PRAGMA max_page_count={pages}").close()


__all__ = ["app"]
