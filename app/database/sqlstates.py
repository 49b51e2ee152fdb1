"""What PostgreSQL means by the SQLSTATE of an error (its manual, appendix A).

The classes of psycopg2's errors say less: a server that only reads is an InternalError to it, a column
that does not exist a ProgrammingError, and so are both in one place.
"""

from typing import Any

# Serialization failure, deadlock, lock not available: nothing happened, so the act may be tried again.
TRANSIENT = ("40001", "40P01", "55P03")
# The plan of a prepared statement is over, because a column has changed, or there is none any more.
STALE_PLAN = ("0A000", "26000")
# Lost connection, read-only server, no room, shut down, disk, internal error: another server may do better.
BROKEN = ("08", "25006", "53", "57P", "58", "XX")
# A statement that took too long, and what the shop has tried again in vain.
BUSY = ("57014", *TRANSIENT, *STALE_PLAN)


def sqlstate(error: Any) -> str:
    """Return the five characters, or none of an error that PostgreSQL did not send."""
    return getattr(error, "pgcode", None) or ""
