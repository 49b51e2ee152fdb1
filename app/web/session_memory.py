"""The actors of sessions, kept in this process as long as Redis confirms that they are still true.

The database knows whether a session is live, and whose it is, but asking it takes a round trip at each
request. With Redis, the round trip that counts a request also reads the generations of the tables that
an actor is read from. caching.py replaces a table's generation after each commit that changes the table,
in whichever process. So an actor is true if it was read after these generations, and they are unchanged.

The gap is that of the answer cache: if a process dies between a commit and the new generation, or can't
reach Redis, what others keep holds for KEPT_SECONDS. Requests that write ask the database in any case.
"""

import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

from app.actors import Actor
from app.web import caching

KEPT_SECONDS = 10
AT_MOST = 1000  # sessions
LookUp = Callable[[str], Actor | None]  # from the id of a session
Generations = Sequence[bytes | None]  # () if they are not known


class Known(NamedTuple):
    """The actor of a session; for a kept one, until when it may be used; None for one just read.

    It was read while the tables had these `generations`, or later ones.
    """

    session_id: str | None = None
    actor: Actor | None = None
    generations: Generations = ()
    until: float | None = None


class SessionMemory:
    """The actors of sessions that this process has seen lately; `look_up` reads one from the database."""

    def __init__(self, look_up: LookUp):
        self._look_up = look_up
        self._kept: dict[str, Known] = {}
        self._latest: Generations = ()  # as this process has last seen them in Redis

    def recall(self, session_id: str) -> Known:
        """Return what is known of a session: a kept actor, or else the one in the database."""
        kept = self._kept.get(session_id)
        if kept and kept.until and time.time() < kept.until:
            return kept
        before = self._latest
        return Known(session_id, self._look_up(session_id), before)

    def confirm(self, known: Known, keys: list[str], generations: Generations) -> Actor | None:
        """Return the session's actor, None for an ended session.

        `generations` are those of the tables now, read under the cache `keys`; () if they were not read.
        A kept actor that they do not confirm is read from the database again.
        """
        actor, is_kept = known.actor, known.until is not None
        if not caching.are_current(keys, generations):
            return self._look_up(str(known.session_id)) if is_kept else actor
        self._latest = generations
        if known.generations == generations:
            if not is_kept:
                self._keep(known)
        elif is_kept:
            actor = self._look_up(str(known.session_id))
            self._keep(known._replace(actor=actor, generations=generations))
        return actor

    def _keep(self, known):
        if known.actor is None:
            return
        if len(self._kept) >= AT_MOST:
            self._kept.clear()
        until = min(time.time() + KEPT_SECONDS, known.actor.session_expires_at.timestamp())
        self._kept[known.session_id] = known._replace(until=until)
