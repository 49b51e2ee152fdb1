"""Fixtures of the tests of backups: the commands, and a second database."""

import contextlib

import pytest

from app import create_app
from app.database.session import db
from app.web.transactions import IdempotencyRecord
from tests import servers
from tests.conftest import a_database
from tests.factories import a_manager, a_part, a_ticket, saved, token_of
from tests.system.backups import books


@pytest.fixture
def flask(settings, program, monkeypatch, tmp_path):
    """Return `flask("backup", "to.db", at=elsewhere)`, which runs a command and returns its result."""
    monkeypatch.setattr("app.cli.backups.BACKUPS", tmp_path / "backups")
    if settings["DATABASE_URL"].startswith("postgres"):
        monkeypatch.setenv("PG_BIN", str(program("pg_dump", servers.postgres_clients)))

    def run(*words, at=settings):
        with inside(at) as shop:
            return shop.test_cli_runner().invoke(args=[*map(str, words)])

    return run


@pytest.fixture
def backup(app, flask, tmp_path):
    """Return the file of a backup: a shop with a manager, who is signed in, a ticket and a part."""
    a_part(7)
    a_ticket()
    saved(IdempotencyRecord(key_fingerprint="k", request_fingerprint="r", status=201))
    app.token = token_of(a_manager(name="Marge"))
    app.books = books.whole()
    close()
    file = tmp_path / "shop.backup"
    done = flask("backup", file)
    assert done.exit_code == 0, done.stderr
    app.said = done.stdout
    return file


@pytest.fixture
def elsewhere(settings, tmp_path):
    """Yield the settings of another shop on the same kind of database, which has no tables."""
    with contextlib.ExitStack() as stack:
        if settings["DATABASE_URL"].startswith("sqlite"):
            yield settings | {"DATABASE_URL": f"sqlite:///{tmp_path / 'elsewhere.db'}"}
            return
        url = stack.enter_context(a_database(settings["DATABASE_URL"], "elsewhere"))
        yield settings | {"DATABASE_URL": url}


@contextlib.contextmanager
def inside(settings):
    """Yield an app with these settings, in its context."""
    other = create_app(settings)
    with other.app_context():
        yield other
        close()


def close():
    """Close every connection that this process has to the shop's database."""
    db.session.remove()
    db.engine.dispose()
