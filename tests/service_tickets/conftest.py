"""A mechanic who works on tickets."""

import pytest

from tests.factories import a_mechanic


@pytest.fixture
def bob(as_):
    return as_(a_mechanic())
