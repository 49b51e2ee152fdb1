"""Numbers of vehicles: ISO 3779 for the form of a VIN, 49 CFR 565.15 for its check digit.

Makers stamped other numbers, too: frame numbers in Japan, anything before 1981, trailers and machines.
"""

import re
import unicodedata

from app.errors import Invalid
from app.folding import visible

FIRST_STANDARD_YEAR = 1981
LONGEST_NUMBER = 20
LONGEST_AS_TYPED = 40  # a VIN in groups, or between asterisks
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
    """Return what makes two ways of writing a number one: upper case, without the signs between."""
    return None if vin is None else SIGNS.sub("", _plain(vin)).upper()


def checked_vin(vin: str | None, year: int | None) -> str | None:
    """Return the number as it is kept, in upper case, or raise Invalid.

    With 17 letters and digits it is a VIN, kept without signs; any other is kept as its maker wrote it.
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
    """Return `valid`, `invalid` (a warning, never a refusal) or `not_applicable`.

    Invalid are a North American VIN with another ninth character than its check digit, which is mandatory
    there only, and a number that is no VIN on a vehicle of a year when all had one.
    """
    if vin is None:
        return "not_applicable"
    if not STANDARD.fullmatch(vin):
        return "invalid" if year is not None and year >= FIRST_STANDARD_YEAR else "not_applicable"
    if vin[8] == check_digit(vin):
        return "valid"
    return "invalid" if vin[0] in NORTH_AMERICA else "not_applicable"


def _plain(vin: str) -> str:
    """Full width as plain, and without what cannot be seen."""
    return " ".join(unicodedata.normalize("NFKC", visible(vin)).split())
