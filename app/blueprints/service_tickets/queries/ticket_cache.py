"""A cache of tickets as JSON bytes; the keys contain all versions that a ticket's JSON depends on.

A list of tickets reads only ids and versions from the database, and then loads the tickets that are not
in the cache. A cached ticket is never stale, because its key is read anew each time. This requires that
every change of a ticket, its lines or its mechanics increments the ticket's version.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from threading import Lock
from weakref import WeakKeyDictionary

import orjson
from sqlalchemy import Engine

from app.database.session import db
from app.database.statements import Row
from app.quantities import as_json

AT_MOST = 8 * 1024 * 1024  # bytes in each process


class _Cache:
    """The tickets used last, with AT_MOST bytes altogether; a library's cache takes longer to fill."""

    def __init__(self) -> None:
        self._tickets: OrderedDict[Hashable, bytes] = OrderedDict()
        self.bytes, self._lock = 0, Lock()

    def get(self, keys: dict[int, Hashable]) -> dict[int, bytes | None]:
        with self._lock:
            found = {ticket_id: self._tickets.get(key) for ticket_id, key in keys.items()}
            for ticket_id, encoded in found.items():
                if encoded is not None:
                    self._tickets.move_to_end(keys[ticket_id])
        return found

    def add(self, tickets: Iterable[tuple[Hashable, bytes]]) -> None:
        with self._lock:
            for key, encoded in tickets:
                if key not in self._tickets:
                    self._tickets[key] = encoded
                    self.bytes += len(encoded)
            while self.bytes > AT_MOST:
                self.bytes -= len(self._tickets.popitem(last=False)[1])


_caches: WeakKeyDictionary[Engine, _Cache] = WeakKeyDictionary()


def get_many(
    keys: dict[int, Hashable], look: Callable[[list[int]], list[Row]]
) -> list[orjson.Fragment]:
    """Return the tickets with these ids as JSON, from the cache or, if missing there, from `look`.

    `keys` is `{ticket_id: cache key}`, and the result has the same order. `look` is a function that
    loads tickets by their ids.
    """
    cache = _caches.setdefault(db.engine, _Cache())
    found = cache.get(keys)
    unknown = [ticket_id for ticket_id, encoded in found.items() if encoded is None]
    if unknown:
        seen = {row["id"]: _as_bytes(row) for row in look(unknown)}
        cache.add((keys[ticket_id], encoded) for ticket_id, encoded in seen.items())
        found |= seen
    return [orjson.Fragment(encoded) for encoded in found.values() if encoded is not None]


def _as_bytes(row: Row) -> bytes:
    """Return a row as JSON. The bytes are copied, because orjson's buffer is several times as large."""
    return bytes(memoryview(orjson.dumps(row, default=as_json, option=orjson.OPT_UTC_Z)))
