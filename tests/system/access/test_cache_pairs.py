"""What is kept in memory for one reader is never told to another: every cached read, every pair."""

from itertools import permutations

import pytest

from app.extensions import cache
from tests.busy_shop import READS, a_busy_shop

pytestmark = pytest.mark.one_database("postgres")

READERS = ("anyone", "alice", "charlie", "bob", "marge")


def test_whoever_asked_before_makes_no_difference(app, figures, at_length):
    busy, reads = a_busy_shop(app), at_length([*READS][::3], slow=READS)
    alone, surprises, pairs = {}, [], list(permutations(READERS, 2))
    for path in (each.format(**busy.ids) for each in reads):
        for reader in READERS:
            cache.clear()
            alone[reader] = asked(busy, reader, path)
        for before, reader in pairs:
            cache.clear()
            asked(busy, before, path)
            if asked(busy, reader, path) != alone[reader]:
                surprises.append(f"{path}: {reader} after {before}")

    figures(
        f"{len(reads)} cached reads x {len(pairs)} pairs of readers, {len(surprises)} surprises"
    )
    assert surprises == []


def asked(busy, reader, path):
    """Status, ETag and body, without the name of the request."""
    answer = getattr(busy, reader).get(path)
    own = answer.headers["X-Request-ID"].encode()
    return answer.status_code, answer.headers.get("ETag"), answer.get_data().replace(own, b"?")
