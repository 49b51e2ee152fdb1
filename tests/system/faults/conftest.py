"""A live shop on servers of its own, which may be broken; its limits are on, and never in the way."""

import pytest

from tests import servers
from tests.conftest import SECRET, a_database, figures_of
from tests.live import flask, serving
from tests.postgres import a_postgres
from tests.system.faults.crowd import a_crowd

NEVER = "1000000/minute"


@pytest.fixture(scope="session")
def database(program):
    """A PostgreSQL that keeps what it has said, as in production."""
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
    """The environment of a shop on an empty, migrated database of this kind."""
    common = {"SECRET_KEY": SECRET} | dict.fromkeys(servers.PACES, NEVER)
    if request.param == "sqlite":
        yield migrated(common | {"DATABASE_URL": f"sqlite:///{tmp_path / 'shop.db'}"})
        return
    redis = request.getfixturevalue("memory").url
    common |= {"CACHE_REDIS_URL": redis, "RATELIMIT_STORAGE_URI": redis}
    with a_database(request.getfixturevalue("database").url, "broken") as url:
        yield migrated(common | {"DATABASE_URL": url})


def migrated(environ):
    flask(environ, "db", "upgrade")
    return environ


@pytest.fixture
def figures(request, settings):
    return figures_of(request.config, settings)


@pytest.fixture
def live(settings):
    """The shop as shipped: one worker on SQLite, four on PostgreSQL and Redis."""
    workers = 4 if settings["DATABASE_URL"].startswith("postgres") else 1
    with serving(settings, workers) as live_shop:
        yield live_shop


@pytest.fixture
def crowd(live):
    """Eight people at work in that shop, each with a journal."""
    with a_crowd(live) as people:
        yield people
