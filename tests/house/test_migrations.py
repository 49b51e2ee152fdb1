"""One history makes the models' tables on SQLite and on PostgreSQL, and unmakes them."""

import contextlib

import pytest
import sqlalchemy as sa
from flask_migrate import check, downgrade, upgrade

from app import create_app
from app.extensions import db
from tests.conftest import a_database
from tests.factories import a_part, a_ticket


@pytest.fixture
def fresh(settings, tmp_path):
    """A shop on an empty database of its own, not migrated."""
    with contextlib.ExitStack() as stack:
        if settings["DATABASE_URL"].startswith("sqlite"):
            url = f"sqlite:///{tmp_path / 'fresh.db'}"
        else:
            url = stack.enter_context(a_database(settings["DATABASE_URL"], "fresh"))
        app = create_app(settings | {"DATABASE_URL": url})
        stack.enter_context(app.app_context())
        yield app
        db.session.remove()
        db.engine.dispose()


def tables():
    with db.engine.connect() as connection:
        return set(sa.inspect(connection).get_table_names())


def test_the_history_makes_what_the_models_say(fresh):
    upgrade()
    check()
    assert tables() == set(db.metadata.tables) | {"alembic_version"}


def test_up_and_down_and_up_again_with_rows(fresh):
    upgrade()
    a_ticket()
    a_part(3)
    downgrade(revision="base")
    assert tables() == {"alembic_version"}
    upgrade()
    a_ticket()


def test_a_second_upgrade_changes_nothing(fresh):
    upgrade()
    ticket = a_ticket()
    upgrade()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(type(ticket))) == 1
