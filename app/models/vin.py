"""Vehicle numbers: the form of a VIN (ISO 3779) and its check digit (49 CFR 565.15).

Some vehicles have another number: vehicles built before 1981, Japanese vehicles (frame numbers),
trailers and machines.
"""

import re
import unicodedata

from app.errors import Invalid
from app.folding import visible

FIRST_STANDARD_YEAR = 1981
LONGEST_NUMBER = 20
LONGEST_AS_TYPED = 40  # with separators, such as a VIN in groups or between asterisks
VIN_LENGTH = 17
STANDARD = re.compile(r"[A-HJ-NPR-Z0-9]{17}")
ANY_NUMBER = re.compile(rf"[A-Za-z0-9 ./*-]{{3,{LONGEST_NUMBER}}}")
SIGNS = re.compile(r"[ ./*-]+")
NORTH_AMERICA = "123457"
VALUES = dict(
    zip("ABCDEFGHJKLMNPRSTUVWXYZ", [*range(1, 9), *range(1, 6), 7, 9, *range(2, 10)], strict=True)
)
VALUES |= {digit: int(digit) for digit in "0123456789"}
WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)


def vin_key(vin: str | None) -> str | None:
    """Return the vehicle number in upper case, without separators: all its spellings become equal."""
    return None if vin is None else SIGNS.sub("", _plain(vin)).upper()


def checked_vin(vin: str | None, year: int | None) -> str | None:
    """Return the vehicle number in the form that is stored, in upper case, or raise Invalid.

    A standard VIN (17 letters and digits) is stored without separators. Any other number of 3 to 20
    characters keeps them. `year` is the model year: from 1981 on, or if it is None, a number of 17
    letters and digits must be a standard VIN, without I, O and Q.
    """
    if vin is None:
        return None
    plain, key = _plain(vin), vin_key(vin) or ""
    if plain.isascii() and STANDARD.fullmatch(key):
        return key
    standard_year = year is None or year >= FIRST_STANDARD_YEAR
    if plain.isascii() and key.isalnum() and len(key) == VIN_LENGTH and standard_year:
        raise Invalid.at(
            "/vin", "A VIN never has I, O or Q (ISO 3779): read them again as 1 and 0."
        )
    if not key or not ANY_NUMBER.fullmatch(plain):
        raise Invalid.at(
            "/vin",
            "A VIN has 17 letters and digits. Any other number has 3 to 20 characters: letters, digits,"
            " spaces and - / . *",
        )
    return plain.upper()


def check_digit(vin: str) -> str:
    remainder = sum(VALUES[sign] * weight for sign, weight in zip(vin, WEIGHTS, strict=True)) % 11
    return "X" if remainder == 10 else str(remainder)


def vin_check(vin: str | None, year: int | None = None) -> str:
    """Return whether a vehicle number is `valid`, `invalid` or neither (`not_applicable`).

    `invalid` is only a warning. A VIN from North America is invalid if its ninth character is not its
    check digit, which is mandatory only there. A number that is not a VIN is invalid if the model year
    `year` is 1981 or later.
    """
    if vin is None:
        return "not_applicable"
    if not STANDARD.fullmatch(vin):
        return "invalid" if year is not None and year >= FIRST_STANDARD_YEAR else "not_applicable"
    if vin[8] == check_digit(vin):
        return "valid"
    return "invalid" if vin[0] in NORTH_AMERICA else "not_applicable"


def _plain(vin: str) -> str:
    """Return the vehicle number without full-width or invisible characters, with single spaces only."""
    return " ".join(unicodedata.normalize("NFKC", visible(vin)).split())
