"""Passwords that are tried first. A guesser has the same list.

common.txt.gz holds those of eight or more signs among the 20,000 that Django refuses (BSD licence;
its list is by Royce Williams, of passwords seen in breaches), in lower case.
"""

import gzip
from functools import cache
from pathlib import Path

LIST = Path(__file__).with_name("common.txt.gz")


def is_common(password: str) -> bool:
    """Return whether it is on the list, in any case and with blanks around it."""
    return password.strip().lower() in _list()


@cache
def _list() -> frozenset[str]:
    return frozenset(gzip.decompress(LIST.read_bytes()).decode().splitlines())
