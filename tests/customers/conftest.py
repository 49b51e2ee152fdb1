"""What the tests of customers who are merged share."""

import pytest

from tests.factories import PASSWORD, a_manager


@pytest.fixture
def marge(as_):
    return as_(a_manager(PASSWORD, name="Marge"))
