"""Fixtures of the tests in this folder."""

import contextlib
import os
import shutil

import pytest
import sqlalchemy as sa

from app import create_app
from app.cli.walkthrough import play
from app.database.session import db
from tests.conftest import a_database, on_postgres, on_sqlite
from tests.live import NO_FILES


@pytest.fixture(scope="session")
def day():
    """Return the calls of the walkthrough, recorded in a separate shop."""
    return play.in_a_shop_of_its_own(create_app)


@pytest.fixture
def fresh(settings, tmp_path):
    """Yield a shop on an empty, unmigrated database; `environ` is the environment for its processes."""
    with a_shop(settings, tmp_path) as app:
        yield app


@pytest.fixture
def migrated(settings, tmp_path, template):
    """Yield a shop on an empty database of its own with today's schema."""
    with a_shop(settings, tmp_path, template) as app:
        yield app


@pytest.fixture(scope="session")
def template(request, settings, tmp_path_factory):
    """Yield the URL of an empty, migrated database to copy: a copy is faster than a migration."""
    kind = on_sqlite if is_sqlite(settings["DATABASE_URL"]) else on_postgres
    with kind(request.config, tmp_path_factory, "template") as environ:
        yield sa.make_url(environ["DATABASE_URL"])


@contextlib.contextmanager
def a_shop(settings, tmp_path, template=None):
    with contextlib.ExitStack() as stack:
        if is_sqlite(settings["DATABASE_URL"]):
            url = f"sqlite:///{tmp_path / 'fresh.db'}"
            if template:
                shutil.copy(template.database, tmp_path / "fresh.db")
        else:
            how = f"TEMPLATE {template.database}" if template else ""
            url = stack.enter_context(a_database(settings["DATABASE_URL"], "fresh", how))
        app = create_app(settings | {"DATABASE_URL": url})
        app.environ = {"PATH": os.environ["PATH"]} | NO_FILES | settings | {"DATABASE_URL": url}
        stack.enter_context(app.app_context())
        yield app
        db.session.remove()
        db.engine.dispose()


def is_sqlite(url):
    return url.startswith("sqlite")
