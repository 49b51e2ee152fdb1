"""Marks that models put on their columns, such as secret or searched: `mapped_column(info=...)`."""

from collections.abc import Callable
from enum import IntEnum

from app.extensions import country
from app.words import LONGEST, bare, phones_in, words, words_of_phones

# The value is never shown, not even in the audit trail.
SECRET = {"secret": True}
# The value is long, and its hash is in another column: the audit trail does not repeat it.
WITHHELD_FROM_AUDIT = {"withheld_from_audit": True}
# The column is derived from another one, to sort by.
SORT_KEY = {"sort_key": True}
# Tickets show the value, but changing it does not increment their versions.
SHOWN_ON_TICKETS = {"shown_on_tickets": True}

Derive = Callable[[str], set[str]]


class Kind(IntEnum):
    """The kind of a row in the search index: from which table and columns its word was taken.

    The database stores the number, so that numbers must not change.
    """

    CUSTOMER = 1
    VIN = 10
    PLATE = 11
    MODEL = 12
    MECHANIC = 20
    MECHANIC_PRIVATE = 21
    PART = 30
    TICKET = 40
    CANNED_JOB = 50
    INVOICE = 60
    CREDIT_NOTE = 61
    # Terms for a complete match of a number or an address, whose rows come first in a search.
    WHOLE_CUSTOMER = 101
    WHOLE_VIN = 110
    WHOLE_PLATE = 111
    WHOLE_MECHANIC_PRIVATE = 121
    WHOLE_PART = 130


def searched_as(kind: Kind, derive: Derive = words, in_full: Derive | None = None) -> dict:
    """Return the mark for a column that searches look in; its search terms are stored with this kind.

    `derive` is a function that returns the search terms of a value. `in_full` is one that returns the
    terms for exact matches: rows that match exactly come first in a search. These terms are stored with
    the kind for exact matches that belongs to `kind`, such as WHOLE_VIN for VIN.
    """
    kinds = {kind: derive}
    if in_full is not None:
        kinds[Kind[f"WHOLE_{kind.name}"]] = in_full
    return {"searched_as": kinds}


def whole_of(kind: Kind) -> Kind | None:
    """Return the kind for exact matches that belongs to `kind`, such as WHOLE_VIN for VIN, or None."""
    return Kind.__members__.get(f"WHOLE_{kind.name}")


def phone(text: str) -> set[str]:
    """Return the search terms of a text with phone numbers: its words, and the digits of each number.

    A number is found as written, in national and in international form, and by its last 4 to 10 digits.
    A number without a country code belongs to the shop's country.
    """
    return words_of_phones(text, country())


def whole(text: str) -> set[str]:
    """Return a set with one search term: all letters and digits of the text, written together.

    The set is empty if there are none, or more than 40.
    """
    run = bare(text)
    return {run} if 0 < len(run) <= LONGEST else set()


def whole_phones(text: str) -> set[str]:
    """Return the search terms for exact matches of a text with phone numbers.

    They are all letters and digits of the text as one term, and the digits of each phone number in it:
    as written, in national and in international form.
    """
    return whole(text) | phones_in(text, country())
