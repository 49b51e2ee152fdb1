"""What a column means beyond its value: said at the column, `mapped_column(..., info=...)`."""

from collections.abc import Callable
from enum import IntEnum

from app.extensions import country
from app.words import LONGEST, bare, phones_in, words, words_of_phones

# Nobody reads its value, in the audit trail neither.
SECRET = {"secret": True}
# Kept beside another column, to sort by.
SORT_KEY = {"sort_key": True}
# Tickets show it, though their version does not move with it.
SHOWN_ON_TICKETS = {"shown_on_tickets": True}

Derive = Callable[[str], set[str]]


class Kind(IntEnum):
    """Name what a search term stands in; the numbers are in the database."""

    CUSTOMER = 1
    VIN = 10
    PLATE = 11
    MODEL = 12
    MECHANIC = 20
    MECHANIC_PRIVATE = 21
    PART = 30
    TICKET = 40
    # All of a number, an address or a phone: what is typed in full is found first.
    WHOLE_CUSTOMER = 101
    WHOLE_VIN = 110
    WHOLE_PLATE = 111
    WHOLE_MECHANIC_PRIVATE = 121
    WHOLE_PART = 130


def searched_as(kind: Kind, derive: Derive = words, in_full: Derive | None = None) -> dict:
    """Mark a column as searched by the terms that `derive` makes of it; what is typed in full comes first."""
    kinds = {kind: derive}
    if in_full is not None:
        kinds[Kind[f"WHOLE_{kind.name}"]] = in_full
    return {"searched_as": kinds}


def whole_of(kind: Kind) -> Kind | None:
    """Return the kind of what is typed in full, where there is one."""
    return Kind.__members__.get(f"WHOLE_{kind.name}")


def phone(text: str) -> set[str]:
    """Return the terms of a phone number, by the country of the shop."""
    return words_of_phones(text, country())


def whole(text: str) -> set[str]:
    """Return all of a text as one term, unless it is too long for one."""
    run = bare(text)
    return {run} if 0 < len(run) <= LONGEST else set()


def whole_phones(text: str) -> set[str]:
    """Return all digits of a text, and those of each phone number in it, in each of its forms."""
    return whole(text) | phones_in(text, country())
