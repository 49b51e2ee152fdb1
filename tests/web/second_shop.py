"""A second app with other settings, beside the app under test, and without an effect on it."""

import contextlib

from app import create_app
from app.database.session import db
from app.extensions import limiter
from app.web import caching
from tests.documented_client import DocumentedClient

NOBODY_THERE = "127.0.0.1:1"
REDIS_AWAY = {
    "CACHE_REDIS_URL": f"redis://{NOBODY_THERE}/0",
    "RATELIMIT_STORAGE_URI": f"redis://{NOBODY_THERE}/0",
}
POSTGRES_AWAY = {"DATABASE_URL": f"postgresql://postgres@{NOBODY_THERE}/shop"}


@contextlib.contextmanager
def second_shop(settings, **others):
    """Yield an app with these settings, some of them replaced: `with second_shop(settings, PORT="1")`.

    It has the database of the shop under test unless DATABASE_URL is replaced. Its rate limits are
    counted from zero.
    """
    with limiter_put_back(), redis_believed_in_again():
        shop = create_app(settings | others)
        shop.test_client_class = DocumentedClient
        if limiter.enabled and others.get("RATELIMIT_STORAGE_URI") is None:
            limiter.reset()
        try:
            yield shop
        finally:
            with shop.app_context():
                db.session.remove()
                db.engine.dispose()


@contextlib.contextmanager
def limiter_put_back():
    """Restore the limiter afterwards: all apps share it, and `init_app()` changes it."""
    kept = [(each, dict(vars(each))) for each in (limiter, limiter.limit_manager)]
    limiter._storage_options = {}
    try:
        yield
    finally:
        for each, state in kept:
            vars(each).clear()
            vars(each).update(state)


@contextlib.contextmanager
def redis_believed_in_again():
    """Forget, before and after, that Redis was unavailable, so that it is asked again at once."""
    caching._redis["away_until"] = 0.0
    try:
        yield
    finally:
        caching._redis["away_until"] = 0.0
        caching._not_renewed.clear()
