"""Answers kept as bytes, never served to another reader and never older than the last commit.

What a reader was told is kept together with the generation of each table it was read from. A commit
gives the tables it touched a new generation, so what was read before can't be found again; nobody
deletes a key. If the process dies between a commit and its new generation, or Redis is away just
then, an old answer may live on for as long as answers are kept: 60 seconds.
"""

import secrets
import time
from functools import wraps

from flask import Response, current_app, g, request
from redis import RedisError
from sqlalchemy import event, inspect

from app.extensions import TOUCHED, cache, db

KEPT = ("ETag", "Link", "Ignored-Members")
KEPT_SECONDS, LONGEST = 60, 64 * 1024  # bytes: who reads on and on should not fill Redis with it
AWAY_SECONDS = 1
_redis = {"away_until": 0.0}


def cached(*tables: str):
    """Answer this reader from memory, as long as nothing in these tables has changed."""
    names = [f"generation:{table}" for table in tables]

    def decorate(view):
        @wraps(view)
        def remembered(*args, **kwargs):
            kept, *generations = g.pop("recalled", None) or _recall(_key(), *names)
            if kept is not None and None not in generations and kept[0] == generations:
                return _response(*kept[1:])
            generations = _completed(names, generations)
            response = view(*args, **kwargs)
            body = response.get_data()
            if len(body) <= LONGEST:
                headers = {
                    name: response.headers[name] for name in KEPT if name in response.headers
                }
                _keep(_key(), (generations, body, headers), KEPT_SECONDS)
            return response

        remembered.reads_tables, remembered.recalls = frozenset(tables), names
        return remembered

    return decorate


def sought() -> list[str]:
    """The keys of this request's answer in Redis, for whoever asks that Redis something anyway."""
    names = getattr(current_app.view_functions.get(request.endpoint or ""), "recalls", None)
    if names is None or request.method == "OPTIONS" or not current_app.config["ONE_REDIS"]:
        return []
    prefixed = cache.cache.prefixed
    return [prefixed(each) for each in (_key(), *names)]


def found(kept: list | None) -> None:
    """What was there, as Redis has it."""
    if kept is not None:
        g.recalled = cache.cache.loaded(kept)


def _completed(names, generations):
    """These generations, with new ones where none was known."""
    missing = [name for name, each in zip(names, generations, strict=True) if each is None]
    fresh = _new_generation(*missing) if missing else {}
    return [each or fresh[name] for name, each in zip(names, generations, strict=True)]


def _key():
    """Everything that an answer may depend on: what is asked, and who asks."""
    actor, environ = g.actor, request.environ
    reader = f"{actor.role}:{actor.account_id}:{actor.customer_id}" if actor else "anyone"
    prefix, path, query = map(environ.get, ("SCRIPT_NAME", "PATH_INFO", "QUERY_STRING"))
    return f"answer:{reader}:{prefix}{path}?{query}"


def _response(body, headers):
    return Response(body, headers=headers, mimetype="application/json")


def _recall(*keys):
    """What is kept under these keys; nothing where Redis has just not answered."""
    away = time.monotonic() < _redis["away_until"]
    return (None if away else _ask(cache.get_many, *keys)) or [None] * len(keys)


def _keep(key, value, seconds):
    if time.monotonic() >= _redis["away_until"]:
        _ask(cache.set, key, value, timeout=seconds)


def _new_generation(*names):
    """Tried even where Redis has just not answered: it is what keeps the others from telling old news."""
    generations = {name: secrets.token_hex(8) for name in names}
    _ask(cache.set_many, generations, timeout=0)
    return generations


def _ask(do, *said, **how):
    """Never an error: without its memory the shop asks the database."""
    try:
        return do(*said, **how)
    except RedisError:
        _redis["away_until"] = time.monotonic() + AWAY_SECONDS
        return None


@event.listens_for(db.session, "after_flush")
def _note_rows(session, _context):
    for row in (*session.new, *session.dirty):
        _touch(session, inspect(row).mapper.local_table)
    for row in session.deleted:
        _touch(session, inspect(row).mapper.local_table, deleted=True)


@event.listens_for(db.session, "do_orm_execute")
def _note_statements(execution):
    if execution.is_insert or execution.is_update or execution.is_delete:
        table = db.metadata.tables[execution.statement.table.name]
        _touch(execution.session, table, deleted=execution.is_delete)


@event.listens_for(db.session, "after_commit")
def _forget_what_was_read(session):
    if not session.in_nested_transaction() and (touched := session.info.pop(TOUCHED, None)):
        _new_generation(*(f"generation:{table}" for table in touched))


@event.listens_for(db.session, "after_rollback")
def _nothing_happened(session):
    if not session.in_nested_transaction():
        session.info.pop(TOUCHED, None)


def _touch(session, table, *, deleted=False):
    """A deleted row takes others with it, or its mark off them, by ON DELETE."""
    touched = session.info.setdefault(TOUCHED, set())
    touched.add(table.name)
    if deleted:
        for other in table.metadata.tables.values():
            hit = any(key.column.table is table and key.ondelete for key in other.foreign_keys)
            if hit and other.name not in touched:
                _touch(session, other, deleted=True)
