"""Every test runs twice: on SQLite in memory-backed limits and caches, and on PostgreSQL with Redis."""

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
from app.extensions import cache, limiter
from app.models import Shop
from app.models.shop import SHOP
from tests import factories, servers
from tests.documented_client import DocumentedClient
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
# With every limit on and none that is ever reached: an answer may come with what is counted.
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
    """True leaves it out; None lets pytest decide."""
    in_slow_lane = collection_path in [
        Path(__file__).parent / "system" / name for name in SLOW_LANE
    ]
    return (in_slow_lane and not config.getoption("--slow")) or None


def pytest_configure(config):
    """Start the servers before anything is collected; keep the reason where one can't run."""
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
    """Skip the test where one of these can't run, and say so at the end; fail where it must."""
    for name, why in config.stash[UNAVAILABLE].items():
        if name in names:
            if os.environ.get("REQUIRE_SERVICES"):
                pytest.fail(f"{name} is required and cannot run: {why}")
            pytest.skip(why)


@pytest.fixture(scope="session")
def program(request):
    """`program("Chromium", servers.chromium)`: where it is, or a skip that is told in red at the end."""

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
    """`figures("96 calls, 0 failed")`: a line at the end of the run, whether it is green or red."""
    return figures_of(request.config, settings)


def figures_of(config, settings):
    database = "PostgreSQL" if settings["DATABASE_URL"].startswith("postgres") else "SQLite"
    return lambda text: config.stash[FIGURES].append(f"{database}: {text}")


@pytest.fixture(scope="session")
def at_length(request):
    """`at_length(5, slow=50)`: how often, by the lane that the tests run in."""
    return lambda quick, *, slow: slow if request.config.getoption("--slow") else quick


@pytest.fixture(scope="session", params=["sqlite", "postgres"])
def settings(request, tmp_path_factory):
    """The environment of a shop on an empty, migrated database of this kind."""
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
    """Turn off fsync in this process, as the tests' PostgreSQL has it; a live shop keeps its own setting."""
    tune_sqlite(connection, record)
    connection.execute("PRAGMA synchronous=OFF")


sqlite.tune_sqlite = commit_without_fsync  # before the first engine is made


@pytest.fixture(scope="session")
def shop(settings):
    with opened(settings) as app:
        yield app


@contextlib.contextmanager
def opened(settings):
    """The shop that this environment means, its clients held to the document."""
    app = create_app(settings)
    app.test_client_class = DocumentedClient
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="session")
def fastest_hash():
    """`with fastest_hash():` argon2id is set to its fastest, for tests that hash much, not well."""
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
    """The shop, empty, with a context pushed."""
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
    cache.clear()
    if limiter.enabled:
        limiter.reset()


@pytest.fixture
def client(app):
    """Somebody at the door, not signed in."""
    return app.test_client()


@pytest.fixture
def as_(app):
    """A client with somebody's token: `as_(a_manager()).get("/customers")`."""
    return lambda person: factories.signed_in(app, person)


@pytest.fixture
def live(shop, settings, at_length):
    """The shop as shipped, empty: one worker on SQLite, more on PostgreSQL and Redis."""
    with served(shop, settings, at_length) as live_shop:
        yield live_shop


@contextlib.contextmanager
def served(shop, settings, at_length):
    """Empty the database and serve the shop in processes of its own, with fewer workers in the quick form."""
    with shop.app_context():
        empty()
        factories.a_manager(**MANAGER, name="Marge Rivers")
    workers = at_length(2, slow=4) if settings["DATABASE_URL"].startswith("postgres") else 1
    with serving(settings, workers, has_manager=True) as live_shop:
        yield live_shop
