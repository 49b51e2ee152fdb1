"""Rate limits: one for each of four groups of routes, and one for all these routes together.

config.py has the numbers. Flask-Limiter provides the declaration of limits and the storage. Its own
hooks would ask Redis four times for a request: once for each limit, and once more for each limit in the
headers. Here, one round trip counts a request against all its limits and returns the numbers for the
headers. If the answer cache uses the same Redis, this round trip also reads the cached answer to the
request.
"""

import hashlib
import time
from typing import NamedTuple

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
from app.web.namespace import namespace
from app.web.redis_memory import ask

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


class Counted(NamedTuple):
    """A rate limit, at most `most` requests in `window` seconds, with the number of `hits` so far."""

    name: str
    most: int
    window: int
    hits: int
    reset: int  # seconds until the window ends


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
                kept = counts.pop() if also else None
                return [(hits, left / 1000) for hits, left in counts], kept
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
        try:
            return ask(self._redis, "EVALSHA", DIGEST, *arguments_of_script)
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
    """Register the hooks that count requests, refuse those beyond a limit, and add RateLimit headers.

    Such a header is `"reads";r=299;t=60`: 299 more reads are allowed in the next 60 s
    (draft-ietf-httpapi-ratelimit-headers).
    """
    app.extensions["limiter"] = {limiter}  # if it finds itself here, it adds no hooks of its own
    limiter.init_app(app)
    if limiter.enabled:
        app.extensions["counter"], app.extensions["rate_limits"] = Counter(limiter.storage), {}
        app.before_request(_count)
        app.after_request(_tell_what_is_left)


def _count():
    limits = [limit for limit in _limits_of(request.endpoint) if not limit.is_exempt]
    if not limits:
        return
    shop = namespace()
    asked = {
        f"{shop}:{limit.limit.key_for(limit.key_func(), limit.scope)}": limit for limit in limits
    }
    windows = {key: limit.limit.get_expiry() for key, limit in asked.items()}
    counts, kept = current_app.extensions["counter"].count(
        windows, caching.keys_to_fetch(), shared=shop is not None
    )
    caching.take_fetched(kept)
    g.counted = [
        Counted(limit.scope, limit.limit.amount, window, hits, max(0, round(left)))
        for limit, window, (hits, left) in zip(
            asked.values(), windows.values(), counts, strict=True
        )
    ]
    if any(each.hits > each.most for each in g.counted):
        raise TooManyRequests()


def _limits_of(endpoint):
    """Return the limits of an endpoint: those of its own view, then the limit for all routes.

    If the view declares no limit, the list is empty. An OPTIONS request, or an unknown path (`endpoint`
    is None), has only the limit for all routes. The limits of a view are cached.
    """
    known, manager = current_app.extensions["rate_limits"], limiter.limit_manager
    if endpoint is None:  # unknown path, or method not allowed
        return manager.application_limits
    name = declared(current_app.view_functions.get(endpoint)).rate_limit
    if name is None:
        return []
    if name not in known:
        known[name] = [*manager.decorated_limits(name), *manager.application_limits]
    return manager.application_limits if request.method == "OPTIONS" else known[name]


def _tell_what_is_left(response):
    counted = g.get("counted")
    if counted:
        response.headers["RateLimit-Policy"] = ", ".join(
            f'"{each.name}";q={each.most};w={each.window}' for each in counted
        )
        response.headers["RateLimit"] = ", ".join(
            f'"{each.name}";r={max(0, each.most - each.hits)};t={each.reset}' for each in counted
        )
        late = [each.reset for each in counted if each.hits > each.most]
        if late:
            response.headers["Retry-After"] = str(max(1, *late))
    return response
