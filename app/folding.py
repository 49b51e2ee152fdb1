"""Forms of a text to compare, search and sort by. Pure functions; the database stores their results."""

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
    """Return the form in which two spellings of the same thing are equal.

    It is NFKC, case-folded (full width equals plain), without invisible characters, and each run of
    white space is one space. Accents and signs count: part numbers that differ in them are different.
    """
    plain = unicodedata.normalize("NFKC", visible(text)).casefold()
    return " ".join(unicodedata.normalize("NFKC", plain).split())


def folded(text: str) -> str:
    """Return the form that searches compare: as `same`, in ASCII, without accents and apostrophes.

    `Étancheité` equals `etancheite`, `Strauß` equals `STRAUSS`, `O’Brien` equals `obrien`.
    """
    plain = APOSTROPHES.sub("", same(text))
    return " ".join(APOSTROPHES.sub("", anyascii(plain)).casefold().split())


def sort_key(text: str) -> str:
    """Return a key to sort by its bytes, so that numbers are in order: `NAT-9` before `NAT-10`.

    Every run of digits is padded to ten, and the key has at most LONGEST_KEY characters.
    """
    padded = DIGITS.sub(lambda run: run[0].lstrip("0").zfill(10), folded(text)[:LONGEST_KEY])
    return padded[:LONGEST_KEY]
