"""A cache of tickets as JSON bytes; the keys contain all versions that a ticket's JSON depends on.

A list of tickets reads only ids and versions from the database, and then loads the tickets that are not
in the cache. A cached ticket is never stale, because its key is read anew each time. This requires that
every change of a ticket, its lines or its mechanics increments the ticket's version.
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
    """Return the tickets with these ids as JSON, from the cache or, if missing there, from `look`.

    `keys` is `{ticket_id: cache key}`, and the result has the same order. `look` is a function that
    loads tickets by their ids.
    """
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
    """Return a row as JSON. The bytes are copied, because orjson's buffer is several times as large."""
    return bytes(memoryview(orjson.dumps(row, default=as_json, option=orjson.OPT_UTC_Z)))
