"""What the tests of the house share."""

import pytest

from app import create_app
from app.day import play


@pytest.fixture(scope="session")
def day():
    """The working day as it was played in a shop of its own."""
    return play.in_a_shop_of_its_own(create_app)
