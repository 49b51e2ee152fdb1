"""Fixtures of the tests in this folder: clients of people who are signed in."""

import pytest

from tests.factories import a_manager, a_mechanic


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
