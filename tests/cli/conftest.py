"""A demo shop that is filled once, for the tests of a module that only look at it."""

import pytest

from app.cli import demo
from app.clock import utc_now
from app.database.session import db
from tests.conftest import empty


@pytest.fixture(scope="module")
def filled_once(shop):
    """Return when a demo shop was filled, and the sign-ins that it told."""
    with shop.app_context():
        empty()
        return utc_now(), demo.fill()


@pytest.fixture
def filled(filled_once, shop):
    """Yield what `filled_once` returns, in an app context."""
    with shop.app_context():
        yield filled_once
        db.session.remove()
