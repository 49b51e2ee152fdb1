"""A list of common passwords, which attackers try first.

common.txt.gz has, in lower case, those of at least eight characters among the 20,000 that Django refuses
(BSD licence; its list is by Royce Williams, of passwords seen in breaches).
"""

import gzip
from functools import cache
from pathlib import Path

LIST = Path(__file__).with_name("common.txt.gz")


def is_common(password: str) -> bool:
    """Return whether a password is on the list; case and white space around it do not matter."""
    return password.strip().lower() in _list()


@cache
def _list() -> frozenset[str]:
    return frozenset(gzip.decompress(LIST.read_bytes()).decode().splitlines())
