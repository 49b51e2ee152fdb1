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
from collections.abc import Iterable, Sequence
from functools import wraps
from zlib import crc32

from flask import Response, after_this_request, current_app, g, request
from redis import RedisError

from app.actors import Actor
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
        _renew(*generations(shop, session.pending.touched))


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
            if not (names := g.answer_keys):
                return view(*args, **kwargs)
            key, *names = names
            kept, *generations = g.recalled or _recall(key, *names)
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
                _keep(key, (g.question, generations, body, headers), KEPT_SECONDS)
            return response

        return declare(remembered, reads_tables=tables)

    return decorate


def keys(shop: str | None, actor: Actor | None, tables: Iterable[str] | None) -> list[str]:
    """Return the cache keys of this request's answer, and of the generations of its `tables`.

    There are none for a view without a cache, or without the id of the shop. For callers who are not
    signed in, there are only PLACES different keys, so that they can't fill the cache with any number of
    answers to different URLs.
    """
    if tables is None or not shop:
        return []
    g.question = question = _question()
    if actor:
        key = f"{shop}:answer:{actor.role}:{actor.account_id}:{actor.customer_id}:{question}"
    else:
        key = f"{shop}:answer:anyone:{crc32(question.encode()) % PLACES}"
    return [key, *generations(shop, tables)]


def generations(shop: str | None, tables: Iterable[str]) -> list[str]:
    """Return the cache keys of the generations of these tables; [] without the id of the shop."""
    return [f"{shop}:generation:{table}" for table in tables] if shop else []


def in_redis(keys: list[str]) -> list[str]:
    """Return these cache keys as Redis has them; [] if it is not the Redis that counts requests."""
    if not current_app.config["ONE_REDIS"]:
        return []
    return cache.cache.all_prefixed(keys)


def commands_to_send() -> list[tuple]:
    """Return the commands that store answers in the Redis that counts requests, to be sent to it now."""
    return cache.cache.commands_to_send() if current_app.config["ONE_REDIS"] else []


def are_current(keys: list[str], values: Sequence[bytes | None]) -> bool:
    """Return whether `values`, read from Redis under these keys of generations, are the current ones.

    They are not if they were not read, or as long as this process could not store a new one. A missing one is
    made, to be read the next time.
    """
    if not values or _not_renewed:
        return False
    missing = [key for key, value in zip(keys, values, strict=True) if value is None]
    if missing:
        _renew(*missing)
    return not missing


def take_fetched(keys: list[str], values: list) -> None:
    """Store what was read from Redis under the `keys` of this request's answer, for `cached` to use.

    `values` is empty if nothing was read. It is ignored as long as a new generation could not be stored in
    Redis.
    """
    g.answer_keys = keys
    g.recalled = cache.cache.loaded(values) if values and not _not_renewed else None


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
            if asked == g.question and of == generations:
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
    """Store a value for this time; in the Redis that counts requests, together with the next count."""
    if current_app.config["ONE_REDIS"]:
        cache.cache.set_later(key, value, seconds)
    elif time.monotonic() >= _redis["away_until"]:
        _ask(cache.set, key, value, timeout=seconds)


def _renew(*names):
    """Store a new generation under each of the cache keys `names`; return `{key: generation}`.

    A generation is a random text, explained at the top of this file. If this fails, the keys are
    remembered in `_not_renewed` and tried again at the next call. Until then, the cache is not read.
    Redis is asked even during the pause after an error.
    """
    generations = dict.fromkeys((*names, *_not_renewed), secrets.token_hex(8))
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
