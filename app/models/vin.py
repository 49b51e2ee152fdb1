"""Vehicle identification numbers: ISO 3779 for the form, 49 CFR 565.15 for the check digit."""

import re

from app.errors import Invalid

FIRST_STANDARD_YEAR = 1981
STANDARD = re.compile(r"[A-HJ-NPR-Z0-9]{17}")
FREE_FORM = re.compile(r"[A-Z0-9-]{1,17}")
VALUES = dict(
    zip("ABCDEFGHJKLMNPRSTUVWXYZ", [*range(1, 9), *range(1, 6), 7, 9, *range(2, 10)], strict=True)
)
VALUES |= {digit: int(digit) for digit in "0123456789"}
WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)


def checked_vin(vin: str | None, year: int | None) -> str | None:
    """The VIN in upper case, or Invalid; a vehicle made before 1981 may have any short number."""
    if vin is None:
        return None
    vin = vin.strip().upper()
    if year is not None and year < FIRST_STANDARD_YEAR:
        if not FREE_FORM.fullmatch(vin):
            raise Invalid.at("/vin", "Before 1981: up to 17 letters, digits and hyphens.")
    elif not STANDARD.fullmatch(vin):
        raise Invalid.at("/vin", "A VIN has 17 letters and digits, and never I, O or Q (ISO 3779).")
    return vin


def check_digit(vin: str) -> str:
    remainder = sum(VALUES[sign] * weight for sign, weight in zip(vin, WEIGHTS, strict=True)) % 11
    return "X" if remainder == 10 else str(remainder)


def vin_check(vin: str | None) -> str:
    """`valid`, `invalid` (a North American VIN whose ninth sign is wrong) or `not_applicable`.

    The check digit is mandatory for the North American market only; a European VIN may have any
    sign there, so a wrong one is a warning and never a refusal.
    """
    if vin is None or not STANDARD.fullmatch(vin):
        return "not_applicable"
    if vin[8] == check_digit(vin):
        return "valid"
    return "invalid" if vin[0] in "12345" else "not_applicable"
