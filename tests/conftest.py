"""Fixtures of all tests. A test of the shop runs on SQLite without Redis, and on PostgreSQL with it."""

import contextlib
import os
import signal
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher
from flask_migrate import upgrade

from app import create_app, passwords
from app.database import sqlite
from app.database.session import db
from app.database.sqlite import tune_sqlite
from app.models import Counter, CounterName, Shop
from app.models.shop import SHOP
from tests import factories, servers
from tests.documented_client import DocumentedClient
from tests.forgetting import forget
from tests.live import MANAGER, serving
from tests.postgres import a_database, postgres
from tests.workers import (  # noqa: F401 - hooks
    FIGURES,
    UNAVAILABLE,
    is_controller,
    pytest_collection_modifyitems,
    pytest_sessionfinish,
    pytest_terminal_summary,
    pytest_testnodedown,
    pytest_xdist_make_scheduler,
)

SECRET = "a secret for the tests, and long enough"
# All rate limits are on, for the headers of an answer, but are never reached.
COMMON = {
    "FLASK_ENV": "testing",
    "SECRET_KEY": SECRET,
    **dict.fromkeys(servers.PACES, "1000000/second"),
}
SERVERS = pytest.StashKey[dict]()
STACK = pytest.StashKey[contextlib.ExitStack]()
SLOW_LANE = ("clients", "faults", "soak")


def pytest_addoption(parser):
    slow = "also the long form of the tests, and other people's clients and faults on a live shop"
    parser.addoption("--slow", action="store_true", help=slow)
    parser.addoption(
        "--rest", action="store_true", help="what the quick form left to the other database"
    )
    parser.addoption(
        "--sqlite", action="store_true", help="only what runs on SQLite, without a server"
    )


def pytest_ignore_collect(collection_path, config):
    """Return True to leave out a folder that needs --slow, else None: pytest decides."""
    in_slow_lane = collection_path in [
        Path(__file__).parent / "system" / name for name in SLOW_LANE
    ]
    return (in_slow_lane and not config.getoption("--slow")) or None


def pytest_configure(config):
    """Start the servers before the tests are collected; if one can't run, store the reason."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    config.stash[STACK] = stack = contextlib.ExitStack()
    config.stash[SERVERS] = running = {}
    config.stash[UNAVAILABLE], config.stash[FIGURES] = {}, []
    if is_controller(config):
        return
    if config.getoption("--sqlite"):
        config.stash[UNAVAILABLE] |= dict.fromkeys(("PostgreSQL", "Redis"), "left out by --sqlite")
        return
    for name, start in (("PostgreSQL", postgres), ("Redis", servers.redis)):
        try:
            running[name] = stack.enter_context(start())
        except servers.Unavailable as why:
            config.stash[UNAVAILABLE][name] = str(why)


def required(config, *names):
    """Skip the test (fail it with REQUIRE_SERVICES) if one of these can't run; report it at the end."""
    for name, why in config.stash[UNAVAILABLE].items():
        if name in names:
            if os.environ.get("REQUIRE_SERVICES"):
                pytest.fail(f"{name} is required and cannot run: {why}")
            pytest.skip(why)


@pytest.fixture(scope="session")
def program(request):
    """Return `program("Chromium", servers.chromium)`, which returns a path or skips the test."""

    def find(name, look):
        try:
            return look()
        except servers.Unavailable as why:
            request.config.stash[UNAVAILABLE][name] = str(why)
            return required(request.config, name)

    return find


def pytest_unconfigure(config):
    config.stash[STACK].close()


@pytest.fixture(scope="session")
def figures(request, settings):
    """Return `figures("96 calls, 0 failed")`, which prints a line at the end of the run."""
    return figures_of(request.config, settings)


def figures_of(config, settings):
    database = "PostgreSQL" if settings["DATABASE_URL"].startswith("postgres") else "SQLite"
    return lambda text: config.stash[FIGURES].append(f"{database}: {text}")


@pytest.fixture(scope="session")
def at_length(request):
    """Return `at_length(5, slow=50)`, which returns the second value with --slow, else the first."""
    return lambda quick, *, slow: slow if request.config.getoption("--slow") else quick


@pytest.fixture(scope="session", params=["sqlite", "postgres"])
def settings(request, tmp_path_factory):
    """Yield the environment of a shop on an empty, migrated database of this kind."""
    kind = {"sqlite": on_sqlite, "postgres": on_postgres}[request.param]
    with kind(request.config, tmp_path_factory) as environ:
        yield environ


@contextlib.contextmanager
def on_sqlite(_config, tmp_path_factory, purpose="test"):
    path = tmp_path_factory.mktemp(f"shop_{purpose}") / "shop.db"
    yield migrated(COMMON | {"DATABASE_URL": f"sqlite:///{path}"})


@contextlib.contextmanager
def on_postgres(config, _tmp_path_factory, purpose="test"):
    required(config, "PostgreSQL", "Redis")
    running = config.stash[SERVERS]
    with a_database(running["PostgreSQL"], purpose) as url:
        memory = dict.fromkeys(("CACHE_REDIS_URL", "RATELIMIT_STORAGE_URI"), running["Redis"])
        yield migrated(COMMON | {"DATABASE_URL": url} | memory)


def migrated(environ):
    with create_app(environ).app_context():
        upgrade()
        db.engine.dispose()
    return environ


def commit_without_fsync(connection, record):
    """Turn off fsync in this process, as in the tests' PostgreSQL, but not in a live shop."""
    tune_sqlite(connection, record)
    connection.execute("PRAGMA synchronous=OFF")


sqlite.tune_sqlite = commit_without_fsync  # before the first engine is made


@pytest.fixture(scope="session")
def shop(settings):
    with opened(settings) as app:
        yield app


@contextlib.contextmanager
def opened(settings):
    """Yield an app with these settings, whose clients check answers against the document."""
    app = create_app(settings)
    app.test_client_class = DocumentedClient
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="session")
def fastest_hash():
    """Return `fastest_hash()`, a context in which argon2id is as fast, and as weak, as can be."""
    hasher = PasswordHasher(memory_cost=8, time_cost=1, parallelism=1)
    nobody = hasher.hash("nobody's")

    @contextlib.contextmanager
    def fast():
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(passwords, "hasher", hasher)
            patch.setattr(passwords, "NOBODY", nobody)
            yield

    return fast


@pytest.fixture
def app(shop, fastest_hash):
    """Yield the shop without rows, in an app context."""
    with fastest_hash(), shop.app_context():
        empty()
        yield shop
        db.session.remove()


def empty():
    """Delete every row but the id of the shop, and put its settings back; PostgreSQL does it at once."""
    db.session.rollback()
    tables = [each.name for each in reversed(db.metadata.sorted_tables) if each.name != "shop_id"]
    deletions = [f"DELETE FROM {name}" for name in tables]
    together = db.engine.dialect.name == "postgresql"
    with db.engine.begin() as connection:
        for statement in ["; ".join(deletions)] if together else deletions:
            connection.exec_driver_sql(statement)
        connection.execute(sa.insert(Shop).values(id=SHOP, version=1))
        connection.execute(sa.insert(Counter), [{"name": name, "value": 0} for name in CounterName])
    forget()


@pytest.fixture
def client(app):
    """Return a client that is not signed in."""
    return app.test_client()


@pytest.fixture
def as_(app):
    """Return a function that signs a person in: `as_(a_manager()).get("/customers")`."""
    return lambda person: factories.signed_in(app, person)


@pytest.fixture
def live(shop, settings, at_length):
    """Yield the shop run by gunicorn, empty: one worker on SQLite, more on PostgreSQL and Redis."""
    with served(shop, settings, at_length) as live_shop:
        yield live_shop


@contextlib.contextmanager
def served(shop, settings, at_length):
    """Empty the database and run the shop with gunicorn; with --slow there are more workers."""
    with shop.app_context():
        empty()
        factories.a_manager(**MANAGER, name="Marge Rivers")
    workers = at_length(2, slow=4) if settings["DATABASE_URL"].startswith("postgres") else 1
    with serving(settings, workers, has_manager=True) as live_shop:
        yield live_shop
