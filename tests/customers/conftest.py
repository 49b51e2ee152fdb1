"""A fixture for the tests that merge customers."""

import pytest

from tests.factories import PASSWORD, a_manager


@pytest.fixture
def marge(as_):
    return as_(a_manager(PASSWORD, name="Marge"))
