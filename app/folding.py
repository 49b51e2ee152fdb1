"""Compare texts as people read them. Pure functions; the database keeps what they return."""

import re
import unicodedata

from anyascii import anyascii

APOSTROPHES = re.compile("['`´ʹʻʼʽˈ‘’‛′＇]")
DIGITS = re.compile(r"[0-9]+")
LONGEST_KEY = 200


def visible(text: str) -> str:
    """Return the text in NFC without characters that cannot be seen (Unicode category Cf)."""
    seen = "".join(each for each in text if unicodedata.category(each) != "Cf")
    return unicodedata.normalize("NFC", seen)


def same(text: str) -> str:
    """Return the form in which one thing written two ways is one thing.

    NFKC and case folding (so full width equals plain), without invisible characters, any run of white
    space one space. Accents and signs count: two part numbers that differ in them are two.
    """
    plain = unicodedata.normalize("NFKC", visible(text)).casefold()
    return " ".join(unicodedata.normalize("NFKC", plain).split())


def folded(text: str) -> str:
    """Return the text as a search compares it: as `same`, in ASCII, without accents and apostrophes.

    `Étancheité` and `etancheite` are one, so are `Strauß` and `STRAUSS`, `O’Brien` and `obrien`.
    """
    plain = APOSTROPHES.sub("", same(text))
    return " ".join(APOSTROPHES.sub("", anyascii(plain)).casefold().split())


def sort_key(text: str) -> str:
    """Return a key whose order by bytes is the order in which people read lists: `NAT-9`, `NAT-10`.

    Every run of digits is padded to ten, and the key has at most LONGEST_KEY characters.
    """
    padded = DIGITS.sub(lambda run: run[0].lstrip("0").zfill(10), folded(text)[:LONGEST_KEY])
    return padded[:LONGEST_KEY]
