"""Groups of PostgreSQL's error codes, which are called SQLSTATE (PostgreSQL's manual, appendix A).

psycopg2's exception classes are too coarse: a read-only server, for example, is just an InternalError.
"""

from typing import Any

# Serialization failure, deadlock, lock not available: nothing was written, so a retry is safe.
TRANSIENT = ("40001", "40P01", "55P03")
# The plan of a prepared statement is outdated, because a column has changed, or it does not exist.
STALE_PLAN = ("0A000", "26000")
# Lost connection, read-only server, no resources, shut-down, disk, internal error: try another server.
BROKEN = ("08", "25006", "53", "57P", "58", "XX")
# A statement that took too long, and errors that remained after all retries.
BUSY = ("57014", *TRANSIENT, *STALE_PLAN)


def sqlstate(error: Any) -> str:
    """Return the SQLSTATE, five characters, of an error, or "" if PostgreSQL did not send it."""
    return getattr(error, "pgcode", None) or ""
