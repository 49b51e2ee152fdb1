"""What tickets look like, kept as bytes under everything that they show.

A list asks the database for ids and versions only, and then for those tickets that have not been looked
at in this form before. Nothing kept is ever stale, because what it is kept under is read anew each time.
It holds for as long as whoever changes a ticket, its lines or its crew moves the ticket's version.
"""

from collections.abc import Callable, Hashable
from threading import Lock
from weakref import WeakKeyDictionary

import orjson
from cachetools import LRUCache
from sqlalchemy import Engine

from app.database.session import db
from app.database.statements import Row
from app.quantities import as_json

AT_MOST = 8 * 1024 * 1024  # bytes in each process
_known: WeakKeyDictionary[Engine, LRUCache[Hashable, bytes]] = WeakKeyDictionary()
_one_at_a_time = Lock()


def get_many(
    keys: dict[int, Hashable], look: Callable[[list[int]], list[Row]]
) -> list[orjson.Fragment]:
    """Return these tickets as JSON, in this order: `keys` has what each depends on, `look` loads others."""
    with _one_at_a_time:
        known = _known.setdefault(db.engine, LRUCache(AT_MOST, len))
        found = {ticket_id: known.get(key) for ticket_id, key in keys.items()}
    unknown = [ticket_id for ticket_id, encoded in found.items() if encoded is None]
    if unknown:
        seen = {row["id"]: _as_bytes(row) for row in look(unknown)}
        found |= seen
        with _one_at_a_time:
            for ticket_id, encoded in seen.items():
                if len(encoded) <= AT_MOST:
                    known[keys[ticket_id]] = encoded
    return [orjson.Fragment(encoded) for encoded in found.values() if encoded is not None]


def _as_bytes(row: Row) -> bytes:
    """A copy, because what orjson makes stands in several times the memory that it needs."""
    return bytes(memoryview(orjson.dumps(row, default=as_json, option=orjson.OPT_UTC_Z)))
