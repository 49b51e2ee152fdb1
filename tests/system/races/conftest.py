"""One live shop for all the races on a database: to start one takes longer than a round."""

import pytest

from tests import books
from tests.conftest import served
from tests.system.races.crowd import Crowd


@pytest.fixture(scope="package")
def live(shop, settings, at_length):
    """The shop as shipped, empty at first: one worker on SQLite, more on PostgreSQL and Redis."""
    with served(shop, settings, at_length) as live_shop:
        yield live_shop


@pytest.fixture(scope="package")
def crowd(live, figures):
    """Many at once at that shop; counted, and told at the end of the run."""
    crowd = Crowd(live)
    yield crowd
    figures(str(crowd))


@pytest.fixture
def rounds(shop, crowd, at_length):
    """`for n in rounds(2)`: as often as the lane says, with sound books after each; n is the seed."""

    def surprises():
        with shop.app_context():
            return books.surprises()

    def play(few, slow=50):
        of_others = surprises()
        for n in range(at_length(few, slow=slow)):
            print(f"round {n}")
            yield n
            crowd.rounds += 1
            assert surprises() == of_others

    return play
