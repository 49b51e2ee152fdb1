"""Fixtures of the tests in this folder: clients of people who are signed in."""

import pytest
from redis import Redis

from tests.conftest import SERVERS, required
from tests.factories import a_manager, a_mechanic


@pytest.fixture
def redis(request):
    """A client of the Redis that this test uses."""
    required(request.config, "Redis")
    return Redis.from_url(request.config.stash[SERVERS]["Redis"])


@pytest.fixture
def marge(as_):
    return as_(a_manager())


@pytest.fixture
def bob(as_):
    return as_(a_mechanic())


@pytest.fixture
def post(bob):
    """Return `post(raw)`, which sends these bytes as the body of a new part."""
    return lambda raw, kind="application/json": bob.post("/inventory", data=raw, content_type=kind)
