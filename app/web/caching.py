"""A cache of answers, separate for each reader; a commit to a table invalidates answers read from it.

An answer is stored together with a generation (a random text) of each table that it was read from. A
commit gives each table that it changed a new generation, so that older answers are no longer used. A
Redis that refuses writes is not read either, because its generations may be outdated.

There is one gap: if the process dies between a commit and the new generation, or Redis is unreachable at
that moment, another process may serve an outdated answer until it expires, after 60 seconds.
"""

import secrets
import time
from collections.abc import Iterable
from functools import wraps
from zlib import crc32

from flask import Response, current_app, g, request
from redis import RedisError

from app.extensions import cache
from app.web.declared import declare, declared
from app.web.namespace import namespace

KEPT = ("ETag", "Link", "Ignored-Members")
KEPT_SECONDS, LONGEST = 60, 64 * 1024  # bytes; longer answers are not cached, to save Redis memory
PLACES = 1024  # number of keys for the answers to all callers who are not signed in
AWAY_SECONDS = 1
_redis = {"away_until": 0.0}
_not_renewed: set[str] = set()


def renew_touched(session) -> None:
    """Give each table that a commit changed a new generation, which invalidates its cached answers."""
    if shop := namespace():
        _renew(*_generations(shop, session.pending.touched))


def cached(*tables: str):
    """Return a decorator that caches a view's answers per reader, until a table changes or 60 s pass.

    `tables` are the names of all tables that the answers are read from. Callers who are not signed in
    share their answers. Answers of more than 64 KiB are not cached.
    """

    def decorate(view):
        @wraps(view)
        def remembered(*args, **kwargs):
            keys = g.pop("answer_keys", None) or _keys(tables)
            if not keys:
                return view(*args, **kwargs)
            key, *names = keys
            kept, *generations = g.pop("recalled", None) or _recall(*keys)
            generations = [each if isinstance(each, str) else None for each in generations]
            if None not in generations and (answer := _answer(kept, generations)):
                return answer
            generations = _completed(names, generations)
            response = view(*args, **kwargs)
            body = response.get_data()
            if len(body) <= LONGEST:
                headers = {
                    name: response.headers[name] for name in KEPT if name in response.headers
                }
                _keep(key, (_question(), generations, body, headers), KEPT_SECONDS)
            return response

        return declare(remembered, reads_tables=tables)

    return decorate


def keys_to_fetch() -> list[str]:
    """Return the Redis keys of this request's cached answer, for the rate limiter to fetch.

    The rate limiter reads them together with its counts. The list is empty if the view has no cache, or
    if the cache and the rate limits are not in the same Redis.
    """
    tables = declared(current_app.view_functions.get(request.endpoint or "")).reads_tables
    if not tables or request.method == "OPTIONS" or not current_app.config["ONE_REDIS"]:
        return []
    g.answer_keys = _keys(tables)
    return [cache.cache.prefixed(each) for each in g.answer_keys]


def take_fetched(kept: list | None) -> None:
    """Keep `kept`, the raw values of `keys_to_fetch`, for `cached` to use; do nothing if it is None."""
    if kept is not None and not _not_renewed:
        g.recalled = cache.cache.loaded(kept)


def _keys(tables: Iterable[str]) -> list[str]:
    """Return the key of this request's answer, and then those of the tables' generations.

    The list is empty, and nothing is cached, while the shop's id is not known. Callers who are not
    signed in share PLACES keys, because they could fill the cache with any number of different URLs.
    """
    shop, actor = namespace(), g.actor
    if not shop:
        return []
    place = _question() if actor else crc32(_question().encode()) % PLACES
    reader = f"{actor.role}:{actor.account_id}:{actor.customer_id}" if actor else "anyone"
    return [f"{shop}:answer:{reader}:{place}", *_generations(shop, tables)]


def _generations(shop: str, tables: Iterable[str]) -> list[str]:
    return [f"{shop}:generation:{table}" for table in tables]


def _completed(names, generations):
    """Return the generations; create a new one for each that is None. `names` are their keys."""
    missing = [name for name, each in zip(names, generations, strict=True) if each is None]
    known = dict(zip(names, generations, strict=True)) | (_renew(*missing) if missing else {})
    return [known[name] for name in names]


def _question():
    """Return the path and the query: an answer depends on them, on its reader and on the tables only."""
    prefix, path, query = map(request.environ.get, ("SCRIPT_NAME", "PATH_INFO", "QUERY_STRING"))
    return f"{prefix}{path}?{query}"


def _answer(kept, generations):
    """Return the cached value `kept` as a response if its URL and generations are right, else None."""
    match kept:
        case [str(asked), list(of), bytes(body), dict(headers)]:
            if asked == _question() and of == generations:
                return Response(body, headers=headers, mimetype="application/json")
    return None


def _recall(*keys):
    """Return the cached values of these keys; None for each if Redis can't be used now."""
    nothing = [None] * len(keys)
    if time.monotonic() < _redis["away_until"]:
        return nothing
    if _not_renewed:
        _renew()
    return nothing if _not_renewed else _ask(cache.get_many, *keys) or nothing


def _keep(key, value, seconds):
    if time.monotonic() >= _redis["away_until"]:
        _ask(cache.set, key, value, timeout=seconds)


def _renew(*names):
    """Store new generations for these names and return them.

    This is tried even if Redis failed a moment ago. Names that could not be stored are tried again
    before anything is read.
    """
    generations = {name: secrets.token_hex(8) for name in (*names, *_not_renewed)}
    if _ask(cache.set_many, generations, timeout=0) is None:
        _not_renewed.update(names)
    else:
        _not_renewed.difference_update(generations)
    return generations


def _ask(command, *arguments, **options):
    """Return the result of a cache command; if Redis fails, return None and pause for AWAY_SECONDS."""
    try:
        return command(*arguments, **options)
    except RedisError:
        _redis["away_until"] = time.monotonic() + AWAY_SECONDS
        return None
