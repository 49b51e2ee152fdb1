"""Marks of columns, such as secret or searched, set by `mapped_column(..., info=...)`."""

from collections.abc import Callable
from enum import IntEnum

from app.extensions import country
from app.words import LONGEST, bare, phones_in, words, words_of_phones

# The value is never shown, not even in the audit trail.
SECRET = {"secret": True}
# The column is derived from another one, to sort by.
SORT_KEY = {"sort_key": True}
# Tickets show the value, but changing it does not increment their versions.
SHOWN_ON_TICKETS = {"shown_on_tickets": True}

Derive = Callable[[str], set[str]]


class Kind(IntEnum):
    """The kind of data that a search term was derived from; the numbers are stored in the database."""

    CUSTOMER = 1
    VIN = 10
    PLATE = 11
    MODEL = 12
    MECHANIC = 20
    MECHANIC_PRIVATE = 21
    PART = 30
    TICKET = 40
    # Terms for a complete match of a number or an address, whose rows come first in a search.
    WHOLE_CUSTOMER = 101
    WHOLE_VIN = 110
    WHOLE_PLATE = 111
    WHOLE_MECHANIC_PRIVATE = 121
    WHOLE_PART = 130


def searched_as(kind: Kind, derive: Derive = words, in_full: Derive | None = None) -> dict:
    """Return the mark of a column whose values searches find, under search terms of this kind.

    `derive` returns the search terms of a value. `in_full` returns its terms for exact matches, whose
    rows come first in a search; they get the kind `WHOLE_...` that belongs to `kind`.
    """
    kinds = {kind: derive}
    if in_full is not None:
        kinds[Kind[f"WHOLE_{kind.name}"]] = in_full
    return {"searched_as": kinds}


def whole_of(kind: Kind) -> Kind | None:
    """Return the kind for exact matches that belongs to `kind`, such as WHOLE_VIN for VIN, or None."""
    return Kind.__members__.get(f"WHOLE_{kind.name}")


def phone(text: str) -> set[str]:
    """Return the words of a text with phone numbers, and the digits of each number in all its forms.

    Numbers without a country code belong to the shop's country.
    """
    return words_of_phones(text, country())


def whole(text: str) -> set[str]:
    """Return all letters and digits of a text as one term; no term if there are none or more than 40."""
    run = bare(text)
    return {run} if 0 < len(run) <= LONGEST else set()


def whole_phones(text: str) -> set[str]:
    """Return the search terms for exact matches of a phone number, digits only.

    They are the whole text, and each number in it as written, in national and in international form.
    """
    return whole(text) | phones_in(text, country())
