"""Fixtures: one live shop for all races on a database, because its start takes longer than a round."""

import pytest

from tests import books
from tests.conftest import served
from tests.system.races.crowd import Crowd


@pytest.fixture(scope="package")
def live(shop, settings, at_length):
    """Yield the shop run by gunicorn, empty at first: one worker on SQLite, more on PostgreSQL."""
    with served(shop, settings, at_length) as live_shop:
        yield live_shop


@pytest.fixture(scope="package")
def crowd(live, figures):
    """Yield the sender of many requests at once; report its counts at the end of the run."""
    crowd = Crowd(live)
    yield crowd
    figures(str(crowd))


@pytest.fixture
def rounds(shop, crowd, at_length):
    """Return `rounds(2)`, which yields the numbers of the rounds, to be used as seeds.

    With --slow there are more rounds. Each round must not break a rule of the shop's rows.
    """

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
