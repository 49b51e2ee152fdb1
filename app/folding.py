"""Pure functions that convert texts to forms by which they are compared, searched and sorted.

The database stores these forms.
"""

import re
import unicodedata

from anyascii import anyascii

APOSTROPHES = re.compile("['`´ʹʻʼʽˈ‘’‛′＇]")
DIGITS = re.compile(r"[0-9]+")
LONGEST_KEY = 200


def visible(text: str) -> str:
    """Return the text in NFC, without invisible characters (Unicode category Cf)."""
    seen = "".join(each for each in text if unicodedata.category(each) != "Cf")
    return unicodedata.normalize("NFC", seen)


def same(text: str) -> str:
    """Return a form of the text that is equal for two spellings of the same thing.

    The form is NFKC and case-folded, so that full-width letters equal plain ones. It has no invisible
    characters, and each run of white space is one space. Accents and signs are kept: part numbers that
    differ in them are different.
    """
    plain = unicodedata.normalize("NFKC", visible(text)).casefold()
    return " ".join(unicodedata.normalize("NFKC", plain).split())


def folded(text: str) -> str:
    """Return the form of a text for searches: that of `same`, in ASCII, without accents and apostrophes.

    `Étancheité` equals `etancheite`, `Strauß` equals `STRAUSS`, `O’Brien` equals `obrien`.
    """
    plain = APOSTROPHES.sub("", same(text))
    return " ".join(APOSTROPHES.sub("", anyascii(plain)).casefold().split())


def sort_key(text: str) -> str:
    """Return a key to sort texts by, in which numbers are in order: `NAT-9` comes before `NAT-10`.

    Keys are compared byte by byte. Every run of digits is padded to ten digits, and a key has at most
    LONGEST_KEY characters.
    """
    padded = DIGITS.sub(lambda run: run[0].lstrip("0").zfill(10), folded(text)[:LONGEST_KEY])
    return padded[:LONGEST_KEY]
