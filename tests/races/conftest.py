"""A live shop for each race: one worker on SQLite as shipped, four on PostgreSQL and Redis."""

import pytest

from tests.conftest import empty
from tests.live import serving


@pytest.fixture
def live(shop, settings):
    with shop.app_context():
        empty()
    workers = 4 if settings["DATABASE_URL"].startswith("postgres") else 1
    with serving(settings, workers) as live_shop:
        yield live_shop
