"""What the tests of the house share."""

import contextlib
import os

import pytest

from app import create_app
from app.cli.walkthrough import play
from app.database.session import db
from tests.conftest import a_database
from tests.live import NO_FILES


@pytest.fixture(scope="session")
def day():
    """The working day as it was played in a shop of its own."""
    return play.in_a_shop_of_its_own(create_app)


@pytest.fixture
def fresh(settings, tmp_path):
    """A shop on an empty database of its own, not migrated; `environ` is for its processes."""
    with contextlib.ExitStack() as stack:
        if settings["DATABASE_URL"].startswith("sqlite"):
            url = f"sqlite:///{tmp_path / 'fresh.db'}"
        else:
            url = stack.enter_context(a_database(settings["DATABASE_URL"], "fresh"))
        app = create_app(settings | {"DATABASE_URL": url})
        app.environ = {"PATH": os.environ["PATH"]} | NO_FILES | settings | {"DATABASE_URL": url}
        stack.enter_context(app.app_context())
        yield app
        db.session.remove()
        db.engine.dispose()
