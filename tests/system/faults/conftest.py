"""Fixtures: a live shop with servers that tests may break, and rate limits that are never reached."""

import pytest
from flask_migrate import upgrade

from app import create_app
from app.database.session import db
from tests import factories, servers
from tests.conftest import SECRET, a_database, figures_of
from tests.live import MANAGER, serving
from tests.postgres import a_postgres
from tests.system.faults.crowd import a_crowd

NEVER = "1000000/minute"


@pytest.fixture(scope="session")
def database(program):
    """Yield a PostgreSQL server that loses no committed row in a crash, as in production."""
    program("PostgreSQL", servers.postgres_bin)
    with a_postgres() as server:
        yield server


@pytest.fixture(scope="session")
def memory(program):
    program("Redis", servers.redis_bin)
    with servers.a_redis() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgres"])
def settings(request, tmp_path):
    """Yield the environment of a shop on a migrated database of this kind, with only a manager in it."""
    common = {"SECRET_KEY": SECRET} | dict.fromkeys(servers.PACES, NEVER)
    if request.param == "sqlite":
        yield migrated(common | {"DATABASE_URL": f"sqlite:///{tmp_path / 'shop.db'}"})
        return
    redis = request.getfixturevalue("memory").url
    common |= {"CACHE_REDIS_URL": redis, "RATELIMIT_STORAGE_URI": redis}
    with a_database(request.getfixturevalue("database").url, "broken") as url:
        yield migrated(common | {"DATABASE_URL": url})


def migrated(environ):
    """Migrate the database, add a manager, and return the environment."""
    with create_app(environ).app_context():
        upgrade()
        factories.a_manager(**MANAGER, name="Marge Rivers")
        db.session.remove()
        db.engine.dispose()
    return environ


@pytest.fixture
def figures(request, settings):
    return figures_of(request.config, settings)


@pytest.fixture
def live(settings):
    """Yield the shop run by gunicorn: one worker on SQLite, three on PostgreSQL and Redis."""
    workers = 3 if settings["DATABASE_URL"].startswith("postgres") else 1
    with serving(settings, workers, has_manager=True) as live_shop:
        yield live_shop


@pytest.fixture
def crowd(live):
    """Yield eight clients at work in that shop, each with a journal."""
    with a_crowd(live) as people:
        yield people
