"""Answers kept as bytes, never served to another reader and never older than the last commit.

An answer is kept together with the generation of each table that it was read from. A commit gives the
tables that it touched a new generation, so that what was read before can't be found again. A Redis that
refuses to write is not read either, because it may have kept a generation that is over. If the process
dies between a commit and its new generation, or Redis can't be reached just then, another process may
tell an old answer for as long as answers are kept: 60 seconds.
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
KEPT_SECONDS, LONGEST = 60, 64 * 1024  # bytes: who reads on and on should not fill Redis with it
PLACES = 1024  # for the answers of all strangers together
AWAY_SECONDS = 1
_redis = {"away_until": 0.0}
_not_renewed: set[str] = set()


def renew_touched(session) -> None:
    """Give the tables of a commit new generations, so that what was read before is not found again."""
    if shop := namespace():
        _renew(*_generations(shop, session.pending.touched))


def cached(*tables: str):
    """Answer this reader from memory, as long as nothing in these tables has changed."""

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
    """Return the keys of this request's answer in Redis, which the rate limiter fetches as it counts."""
    tables = declared(current_app.view_functions.get(request.endpoint or "")).reads_tables
    if not tables or request.method == "OPTIONS" or not current_app.config["ONE_REDIS"]:
        return []
    g.answer_keys = _keys(tables)
    return [cache.cache.prefixed(each) for each in g.answer_keys]


def take_fetched(kept: list | None) -> None:
    """Take what was there, as Redis has it."""
    if kept is not None and not _not_renewed:
        g.recalled = cache.cache.loaded(kept)


def _keys(tables: Iterable[str]) -> list[str]:
    """Return the keys of this reader's answer and of the tables' generations.

    There are none while the shop has no name, and nothing is kept. Strangers may ask as many questions as
    they can spell, so that several of theirs have one place.
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
    """Return these generations, with new ones where none was known."""
    missing = [name for name, each in zip(names, generations, strict=True) if each is None]
    known = dict(zip(names, generations, strict=True)) | (_renew(*missing) if missing else {})
    return [known[name] for name in names]


def _question():
    """Return all that an answer depends on beside its reader."""
    prefix, path, query = map(request.environ.get, ("SCRIPT_NAME", "PATH_INFO", "QUERY_STRING"))
    return f"{prefix}{path}?{query}"


def _answer(kept, generations):
    """Return the answer that is kept, if it is one to this question and still true."""
    match kept:
        case [str(asked), list(of), bytes(body), dict(headers)]:
            if asked == _question() and of == generations:
                return Response(body, headers=headers, mimetype="application/json")
    return None


def _recall(*keys):
    """Return what is kept under these keys; nothing where Redis has just not answered."""
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
    """Give new generations, tried even where Redis has just not answered; what fails is tried again first."""
    generations = {name: secrets.token_hex(8) for name in (*names, *_not_renewed)}
    if _ask(cache.set_many, generations, timeout=0) is None:
        _not_renewed.update(names)
    else:
        _not_renewed.difference_update(generations)
    return generations


def _ask(command, *arguments, **options):
    """Return what the memory answers, or None where it is away: without it, the shop asks the database."""
    try:
        return command(*arguments, **options)
    except RedisError:
        _redis["away_until"] = time.monotonic() + AWAY_SECONDS
        return None
