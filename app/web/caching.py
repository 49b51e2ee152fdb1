"""A cache of JSON answers per reader and URL; a change of a table invalidates the answers read from it.

Each table has a generation: a random text in the cache. Each commit that changes the table replaces the
generation by a new one. An answer is stored together with the generations of the tables that it was read
from, and is used only while all of them are still current. While Redis refuses writes, the cache is not
read either, because its generations may be outdated.

There is one gap: if the process dies after a commit, before it has stored the new generation, or if
Redis is unreachable at that moment, another process may serve an outdated answer until the answer
expires, after 60 seconds.
"""

import secrets
import time
from collections.abc import Iterable
from functools import wraps
from zlib import crc32

from flask import Response, after_this_request, current_app, g, request
from redis import RedisError

from app.extensions import cache
from app.web.csv_answers import vary_by_accept, wants_csv
from app.web.declared import declare, declared
from app.web.namespace import namespace

KEPT = ("ETag", "Link", "Ignored-Members")
KEPT_SECONDS, LONGEST = 60, 64 * 1024  # bytes; longer answers are not cached, to save Redis memory
PLACES = 1024  # number of keys for the answers to all callers who are not signed in
AWAY_SECONDS = 1
_redis = {"away_until": 0.0}
_not_renewed: set[str] = set()


def renew_touched(session) -> None:
    """Invalidate all cached answers that were read from a table changed by the commit of `session`.

    `session.pending.touched` has the names of these tables. Each gets a new generation, a random text
    that is stored with each answer: an answer with an older one is not used any more.
    """
    if session.pending.touched and (shop := namespace()):
        _renew(*_generations(shop, session.pending.touched))


def cached(*tables: str):
    """Return a decorator that caches a view's answers per reader, until a table changes or 60 s pass.

    `tables` are the names of all tables that the answers are read from. All callers who are not signed
    in share the same cached answers. Answers of more than 64 KiB, and those as CSV, are not cached.
    """

    def decorate(view):
        has_csv = declared(view).has_csv

        @wraps(view)
        def remembered(*args, **kwargs):
            if has_csv:
                after_this_request(vary_by_accept)
                if wants_csv():
                    return view(*args, **kwargs)
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
    """Return the Redis keys of this request's cached answer and of its tables' generations.

    A generation is a text that each commit to the table replaces. The rate limiter reads the values of
    these keys in the same round trip as its counts. The list is empty if the answer is not cached, or if
    the cache and the rate limits are not in the same Redis.
    """
    tables = declared(current_app.view_functions.get(request.endpoint or "")).reads_tables
    if not tables or request.method == "OPTIONS" or not current_app.config["ONE_REDIS"]:
        return []
    g.answer_keys = _keys(tables)
    return [cache.cache.prefixed(each) for each in g.answer_keys]


def take_fetched(kept: list | None) -> None:
    """Store the values that the rate limiter has read from Redis, so that `cached` can use them.

    `kept` is the list of raw values of `keys_to_fetch`, or None if nothing was read. It is ignored as
    long as a new generation could not be stored in Redis.
    """
    if kept is not None and not _not_renewed:
        g.recalled = cache.cache.loaded(kept)


def _keys(tables: Iterable[str]) -> list[str]:
    """Return the cache key of this request's answer, followed by the key of each table's generation.

    The list is empty while the shop's id can't be read; then nothing is cached. For callers who are not
    signed in, there are only PLACES different keys, so that they can't fill the cache with any number of
    answers to different URLs.
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
    """Return `generations` with a new generation, which is also stored, in the place of each None.

    There is one generation for each table, explained at the top of this file. `names` are their cache
    keys.
    """
    missing = [name for name, each in zip(names, generations, strict=True) if each is None]
    known = dict(zip(names, generations, strict=True)) | (_renew(*missing) if missing else {})
    return [known[name] for name in names]


def _question():
    """Return the path and the query of this request, which identify a cached answer of one reader."""
    prefix, path, query = map(request.environ.get, ("SCRIPT_NAME", "PATH_INFO", "QUERY_STRING"))
    return f"{prefix}{path}?{query}"


def _answer(kept, generations):
    """Return the cached value `kept` as a Response, or None if it can't be used.

    `kept` must be `[path and query, generations, body, headers]`, with the path and query of this
    request, and with the current `generations` of the tables.
    """
    match kept:
        case [str(asked), list(of), bytes(body), dict(headers)]:
            if asked == _question() and of == generations:
                return Response(body, headers=headers, mimetype="application/json")
    return None


def _recall(*keys):
    """Return the values cached under `keys`, None for a miss; all are None while Redis can't be used.

    Redis is not used for AWAY_SECONDS after an error, or while a new generation could not be stored in
    it.
    """
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
    """Store a new generation under each of the cache keys `names`; return `{key: generation}`.

    A generation is a random text for each table, explained at the top of this file. If this fails, the
    keys are remembered in `_not_renewed` and tried again at the next call. Until then, the cache is not
    read. Redis is asked even during the pause after an error.
    """
    generations = {name: secrets.token_hex(8) for name in (*names, *_not_renewed)}
    if _ask(cache.set_many, generations, timeout=0) is None:
        _not_renewed.update(names)
    else:
        _not_renewed.difference_update(generations)
    return generations


def _ask(command, *arguments, **options):
    """Return the result of `command`, a method of the cache; return None if Redis fails.

    After a failure, `_recall` and `_keep` do not use Redis for AWAY_SECONDS.
    """
    try:
        return command(*arguments, **options)
    except RedisError:
        _redis["away_until"] = time.monotonic() + AWAY_SECONDS
        return None
