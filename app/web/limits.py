"""Rate limits: one for each of four groups of routes, and one for all these routes together.

config.py has the numbers. Flask-Limiter provides the declaration of limits and the storage. Its own
hooks would ask Redis four times for a request: once for each limit, and once more for each limit in the
headers. Here, one round trip counts a request against all its limits and returns the numbers for the
headers. This round trip also reads what else a request needs from the same Redis: see arrivals.py.
"""

import hashlib
import time
from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

from flask import Flask, current_app, g, request
from flask_limiter.util import get_qualified_name
from limits.storage import MemoryStorage, RedisStorage, Storage
from redis import RedisError
from redis.exceptions import NoScriptError

from app.errors import TooManyRequests
from app.extensions import limiter
from app.web import caching
from app.web.auth import callers_address
from app.web.declared import declare, declared
from app.web.redis_memory import ask, ask_all

AWAY_SECONDS = 1
COUNT = """
local counts = {}
for i, window in ipairs(ARGV) do
  local hits = redis.call('INCR', KEYS[i])
  if hits == 1 then redis.call('EXPIRE', KEYS[i], window) end
  counts[i] = {hits, redis.call('PTTL', KEYS[i])}
end
if #KEYS > #ARGV then counts[#ARGV + 1] = redis.call('MGET', unpack(KEYS, #ARGV + 1)) end
return counts
"""
DIGEST = hashlib.sha1(COUNT.encode(), usedforsecurity=False).hexdigest()


class Limit(NamedTuple):
    """A rate limit: at most `most` requests in `window` seconds, for each result of `caller()`."""

    scope: str
    most: int
    window: int
    caller: Callable[[], str]
    exempt_when: Callable[[], bool] | None


class Counted(NamedTuple):
    """The limits of a request, with the number of hits and the seconds left for each of them."""

    limits: tuple[Limit, ...]
    hits: tuple[int, ...]
    resets: tuple[int, ...]


class Counter:
    """The counter of requests, in Redis or in memory; if Redis fails, in memory for a second."""

    def __init__(self, storage: Storage):
        self._storage, self._meanwhile, self._away_until = storage, MemoryStorage(), 0.0
        if isinstance(storage, RedisStorage):
            self._redis = storage.get_connection()

    def count(
        self, windows: dict[str, int], also: list[str], *, shared: bool
    ) -> tuple[list[tuple], list | None]:
        """Count a request under each key of `windows`, `{key: seconds}`; return `(counts, values)`.

        `counts` is `[(hits, seconds left), ...]`. `values` are the values of the Redis keys in `also`,
        read in the same round trip; it is None if nothing was read. `shared=False` means that the keys
        lack the shop's id: another shop could use the same keys in Redis, so the request is counted in
        memory.
        """
        if not isinstance(self._storage, RedisStorage):
            return _in_memory(self._storage, windows), None
        if shared and time.monotonic() >= self._away_until:
            try:
                keys = [self._storage.prefixed_key(key) for key in windows]
                counts = self._counts([*keys, *also], windows.values())
                values = counts.pop() if also else None
                return [(hits, left / 1000) for hits, left in counts], values
            except RedisError:
                current_app.logger.warning("Redis is away: requests are counted in memory.")
                self._away_until = time.monotonic() + AWAY_SECONDS
        return _in_memory(self._meanwhile, windows), None

    def _counts(self, keys, arguments):
        """Run the Lua script COUNT in Redis, and return its result.

        `keys` are the keys to count under, then the keys to read. `arguments` are the windows in
        seconds. The result has `[hits, milliseconds left]` for each counted key, and then the list of
        the values read, if any. The text of the script is sent only if Redis does not know it yet.
        """
        arguments_of_script = (len(keys), *keys, *arguments)
        script = ("EVALSHA", DIGEST, *arguments_of_script)
        try:
            return ask_all(self._redis, *caching.commands_to_send(), script)[-1]
        except NoScriptError:
            return ask(self._redis, "EVAL", COUNT, *arguments_of_script)


def _in_memory(storage, windows):
    counted = [(storage.incr(key, window), key) for key, window in windows.items()]
    return [(hits, storage.get_expiry(key) - time.time()) for hits, key in counted]


def _rate_limit(setting: str, scope: str, **but):
    limited = limiter.shared_limit(lambda: current_app.config[setting], scope=scope, **but)

    def decorate(view):
        limited(view)  # registers the limit; the function it returns would count again
        return declare(view, rate_limit=get_qualified_name(view))

    return decorate


def _staff_asks():
    return g.actor is not None and g.actor.is_staff


reads = _rate_limit("LIMIT_READS", "reads")
writes = _rate_limit("LIMIT_WRITES", "writes")
approvals = _rate_limit("LIMIT_APPROVALS", "approvals", key_func=callers_address)
pdfs = _rate_limit("LIMIT_PDF", "pdfs")
sign_ins = _rate_limit("LIMIT_SIGN_IN", "sign-ins")
registrations = _rate_limit(
    "LIMIT_REGISTER", "registrations", exempt_when=_staff_asks, key_func=callers_address
)


def init_app(app: Flask) -> None:
    """Make the counter of requests, and register the hook that adds the RateLimit headers.

    Such a header is `"reads";r=299;t=60`: 299 more reads are allowed in the next 60 s
    (draft-ietf-httpapi-ratelimit-headers).
    """
    app.extensions["limiter"] = {limiter}  # if it finds itself here, it adds no hooks of its own
    limiter.init_app(app)
    if limiter.enabled:
        app.extensions["counter"], app.extensions["rate_limits"] = Counter(limiter.storage), {}
        app.after_request(_tell_what_is_left)


def count(endpoint: str | None, shop: str | None, also: list[str]) -> list | None:
    """Count this request against the limits of its endpoint; set `g.counted`.

    Return the values of the Redis keys in `also`, which are read in the same round trip; None if they
    were not read. `endpoint` is None for an unknown path, or a method that is not allowed. `shop` is the
    id of the shop, None if it could not be read.
    """
    g.counted = None
    extensions = current_app.extensions
    if (counter := extensions.get("counter")) is None:
        return None
    limits = _limits_of(endpoint, extensions["rate_limits"])
    if any(limit.exempt_when for limit in limits):
        limits = tuple(limit for limit in limits if not (limit.exempt_when and limit.exempt_when()))
    if not limits:
        return None
    windows = {
        f"{shop}:{limit.caller()}:{limit.scope}:{limit.most}/{limit.window}": limit.window
        for limit in limits
    }
    counts, values = counter.count(windows, also, shared=shop is not None)
    hits, left = zip(*counts, strict=True)
    g.counted = Counted(limits, hits, tuple(max(0, round(each)) for each in left))
    return values


def refuse_too_many() -> None:
    """Raise TooManyRequests if this request is beyond one of its limits."""
    limits, hits, _ = g.counted or Counted((), (), ())
    if any(n > limit.most for limit, n in zip(limits, hits, strict=True)):
        raise TooManyRequests()


def _limits_of(endpoint, known) -> tuple[Limit, ...]:
    """Return the limits of an endpoint: those of its own view, then the limit for all routes.

    If the view declares no limit, there are none. An OPTIONS request, or an unknown path (`endpoint` is
    None), has only the limit for all routes. The limits of a view are cached in `known`.
    """
    of_all = request.method == "OPTIONS"
    name = declared(current_app.view_functions.get(endpoint)).rate_limit if endpoint else ""
    if name is None:
        return ()
    if (name, of_all) not in known:
        manager = limiter.limit_manager
        own = [] if of_all or not endpoint else manager.decorated_limits(name)
        each = map(_as_limit, (*own, *manager.application_limits))
        known[name, of_all] = tuple(dict.fromkeys(each))
    found: tuple[Limit, ...] = known[name, of_all]
    return found


def _as_limit(each: Any) -> Limit:
    """Return a RuntimeLimit of Flask-Limiter as a Limit."""
    limit = each.limit
    return Limit(each.scope, limit.amount, limit.get_expiry(), each.key_func, each.exempt_when)


def _tell_what_is_left(response):
    if counted := g.get("counted"):
        limits, hits, resets = counted
        response.headers["RateLimit-Policy"] = _policy(limits)
        response.headers["RateLimit"] = ", ".join(
            f'"{limit.scope}";r={max(0, limit.most - n)};t={reset}'
            for limit, n, reset in zip(limits, hits, resets, strict=True)
        )
        if late := [reset for limit, n, reset in zip(*counted, strict=True) if n > limit.most]:
            response.headers["Retry-After"] = str(max(1, *late))
    return response


@lru_cache
def _policy(limits: tuple[Limit, ...]) -> str:
    return ", ".join(f'"{each.scope}";q={each.most};w={each.window}' for each in limits)
