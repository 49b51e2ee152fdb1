"""The access matrix is played once on each database; the tests look at what came of it."""

import pytest
from argon2 import PasswordHasher

from app import passwords
from app.extensions import db
from tests.access.matrix import played
from tests.conftest import empty


@pytest.fixture(scope="session")
def cells(shop, at_length):
    """Every cell of the matrix. Hundreds of them hash a password, so argon2id is set to its fastest."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            passwords, "hasher", PasswordHasher(memory_cost=8, time_cost=1, parallelism=1)
        )
        with shop.app_context():
            empty()
            db.session.remove()
        return list(played(shop, at_length(1, slow=99)))
