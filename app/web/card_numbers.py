"""Finding the numbers of payment cards in texts, because the shop must not store them."""

import re

LENGTHS = range(13, 20)
# The beginnings and lengths of the numbers that cards have: Visa, Mastercard, Maestro, Discover, UnionPay,
# JCB, American Express and Diners Club. Other numbers, such as EANs and IMEIs, differ in one of both.
ISSUED = re.compile(
    r"4\d{15}(\d{3})?|5\d{15}|2[2-7]\d{14}|6\d{15}(\d{3})?|35\d{14}|3[47]\d{13}|3[068]\d{12}"
)
BETWEEN = r"[\W_]{1,5}"
# How cards show their numbers, and people type them: in one run, or in groups such as 4-4-4-4 or 4-6-5.
SHOWN = [
    re.compile(rf"(?<!\d)(?=({number})(?!\d))")
    for number in (
        r"\d{13,19}",
        rf"\d{{8}}{BETWEEN}\d{{8}}",
        rf"\d{{4}}(?:{BETWEEN}\d{{4}}){{3}}",
        rf"\d{{4}}(?:{BETWEEN}\d{{4}}){{3}}{BETWEEN}\d{{1,3}}",
        rf"\d{{4}}{BETWEEN}\d{{6}}{BETWEEN}\d{{4,5}}",
    )
]


def has_card_number(text: str) -> bool:
    """Return whether a text has the number of a card: as issuers give them, with the right check digit."""
    found = (re.sub(r"\D", "", each[1]) for shown in SHOWN for each in shown.finditer(text))
    return any(ISSUED.fullmatch(number) and _fits_luhn(number) for number in found)


def may_have_card_number(text: str) -> bool:
    """Return whether a text has 13 to 19 digits in any groups, with the right check digit.

    The groups may be divided by anything but letters, and have others beside them, such as a date of
    expiry. Of numbers that are no card's, one in ten fits, too.
    """
    for without_letters in re.split(r"[^\W\d_]+", text):
        groups = re.findall(r"\d+", without_letters)
        for first in range(len(groups)):
            joined = ""
            for group in groups[first : first + LENGTHS[-1]]:
                joined += group
                if len(joined) in LENGTHS and _fits_luhn(joined):
                    return True
    return False


def _fits_luhn(digits: str) -> bool:
    """Return True if the last digit is the check digit of the others (ISO/IEC 7812-1, annex B)."""
    values = [int(each) for each in reversed(digits)]
    doubled = [sum(divmod(2 * each, 10)) if n % 2 else each for n, each in enumerate(values)]
    return sum(doubled) % 10 == 0
