"""What the tests of the house share."""

import pytest

from app.cli import a_played_day


@pytest.fixture(scope="session")
def day():
    """The working day as it was played in a shop of its own."""
    return a_played_day()
