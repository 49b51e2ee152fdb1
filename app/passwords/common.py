"""A list of common passwords, which attackers try first.

The file common.txt.gz has, in lower case, all passwords of at least eight characters in Django's list of
20,000. Django has the BSD licence; Royce Williams made the list from passwords in breaches.
"""

import gzip
from functools import cache
from pathlib import Path

LIST = Path(__file__).with_name("common.txt.gz")


def is_common(password: str) -> bool:
    """Return whether a password is on the list; case, and white space at its ends, do not matter."""
    return password.strip().lower() in _list()


@cache
def _list() -> frozenset[str]:
    return frozenset(gzip.decompress(LIST.read_bytes()).decode().splitlines())
