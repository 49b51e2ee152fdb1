"""Fixture: the access matrix runs once on each database, and the tests check its cells."""

import pytest

from app.database.session import db
from tests.conftest import empty
from tests.system.access.matrix import played


@pytest.fixture(scope="session")
def cells(shop, at_length, fastest_hash):
    """Return every cell of the matrix."""
    with fastest_hash():
        with shop.app_context():
            empty()
            db.session.remove()
        return list(played(shop, *at_length((1, 1, 3), slow=(99, 99, 99))))
