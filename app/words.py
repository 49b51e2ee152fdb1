"""Pure functions that split texts into words for searches: stored texts, and what a person has typed.

A word is stored whole and from each of its parts on: `15W-40` as `15w40`, `w40` and `40`. A search finds
the stored words that begin with a typed word. So any part finds the text, with or without punctuation.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

import phonenumbers

from app.folding import APOSTROPHES, folded

LONGEST = 40  # characters of a word, and of the text of a search
MOST_WORDS = 8  # words of one search
VIN_ENDS, PHONE_ENDS = range(4, 9), range(4, 11)  # lengths; people give only the end of a VIN
PARTS = re.compile(r"[a-z]+|[0-9]+")
TOKENS = re.compile(r"[a-z0-9]+")
BETWEEN_WORDS = re.compile(r"[\s,;]+")
# Chinese and Japanese are written without spaces: each sign begins a word.
IDEOGRAPHS = re.compile(r"([\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff])")
PHONE = re.compile(r"\+?\(?\d[\d\s().·–—-]*")
PHONE_TYPED = re.compile(r"[+(\d][\d\s()./·–—-]*")
DIALLED_ABROAD = re.compile(r"^\s*00")
PHONE_DIGITS = range(7, 16)
REPAIR_ORDER = re.compile(r"(?:ro)?0*([0-9]{1,10})")


class Search(NamedTuple):
    """The words of a search, as alternatives: a row is found if it has all words of one alternative.

    `strict` and `loose` are lists of alternatives, and an alternative is a list of words. `loose` is
    used only if no alternative in `strict` can match, because each has a word that no row has. `whole`
    has the forms of what was typed, for exact matches with a whole number or address.
    """

    strict: tuple[tuple[str, ...], ...]
    loose: tuple[tuple[str, ...], ...]
    whole: tuple[str, ...]


def words(text: str) -> set[str]:
    """Return the words under which a text is stored, so that searches find it."""
    found = set(_words(folded(IDEOGRAPHS.sub(r"\1 ", text))))
    if APOSTROPHES.search(text):  # O'Hara is found as ohara and as hara
        found |= set(_words(folded(APOSTROPHES.sub(" ", text))))
    return found


def words_of_vin(vin: str) -> set[str]:
    """Return the words of a VIN, including its last four to eight characters."""
    return words(vin) | {ending[:LONGEST] for ending in _endings(bare(vin), VIN_ENDS)}


def words_of_phones(text: str, country: str) -> set[str]:
    """Return the words of a text, and all forms of each phone number in it.

    Each form is also stored with only its last 4 to 10 digits. `country` is the ISO code of the country
    to which national numbers belong.
    """
    found = words(text)
    for form in phones_in(text, country):
        found |= {form[:LONGEST]} | _endings(form, PHONE_ENDS)
    return found


def phones_in(text: str, country: str) -> set[str]:
    """Return the digits of each phone number in a text: as written, national and international.

    `country` is the ISO code of the country to which national numbers belong.
    """
    found = set()
    for run in PHONE.findall(_plain_digits(text)):
        digits = bare(run)
        if len(digits) in PHONE_DIGITS:
            found |= {digits, *_forms(run, country)}
    return found


def bare(text: str) -> str:
    """Return the letters and digits of a text, in the form of `folded`: `15W-40` becomes `15w40`."""
    return "".join(TOKENS.findall(folded(text)))


def search_for(q: str, country: str) -> Search:
    """Return the Search for the first LONGEST characters of the text `q`, which a person has typed.

    `country` is the ISO code of the country to which national phone numbers belong.
    """
    q = _plain_digits(q)[:LONGEST]
    chunks = [bare(each) for each in BETWEEN_WORDS.split(q)]
    joined = bare(q)[:LONGEST]
    loose = [_alternative(chunks), _alternative(TOKENS.findall(folded(q))), (joined,)]
    whole: list[str] = [joined]
    strict: list[tuple[str, ...]] = []
    if PHONE_TYPED.fullmatch(q.strip()) and len(joined) in PHONE_DIGITS:
        whole += sorted(_forms(q, country))
        strict = [(form,) for form in whole]
    elif len([each for each in chunks if each]) == 1 and re.search("[0-9@]", q):
        strict = [(joined,)]
    if not joined:
        return Search((), (), ())
    return Search(
        tuple(dict.fromkeys(strict)), tuple(dict.fromkeys(loose)), tuple(dict.fromkeys(whole))
    )


def repair_order(word: str) -> int:
    """Return the id of the ticket that a word such as `ro000228` or `228` means; 0 for other words."""
    named = REPAIR_ORDER.fullmatch(word)
    return int(named[1]) if named else 0


def ro_number(ticket_id: int) -> str:
    """Return the number of a ticket as a repair order, as it is printed: `RO-000228`."""
    return f"RO-{ticket_id:06d}"


def _words(plain: str) -> Iterator[str]:
    for chunk in _chunks(plain):
        parts = PARTS.findall(chunk)
        run, begins = "".join(parts), 0
        for part in parts:
            yield run[begins : begins + LONGEST]
            begins += len(part)


def _chunks(plain: str) -> list[str]:
    """Return `[plain]` for a text of up to LONGEST characters; split a longer text at its spaces.

    Neighbouring chunks with digits are joined again, because they may be one number.
    """
    if len(plain) <= LONGEST:
        return [plain]
    chunks: list[str] = []
    for chunk in plain.split():
        if chunks and re.search("[0-9]", chunk) and re.search("[0-9]", chunks[-1]):
            chunks[-1] += chunk
        else:
            chunks.append(chunk)
    return chunks


def _endings(run: str, lengths: range) -> set[str]:
    return {run[-length:] for length in lengths if length <= len(run)}


def _plain_digits(text: str) -> str:
    """Return the text with full-width characters replaced by ASCII ones."""
    return text.translate(WIDE)


WIDE = {0xFEE0 + code: code for code in range(0x21, 0x7F)} | {0x3000: 0x20, 0xA0: 0x20}


def _forms(run: str, country: str) -> set[str]:
    """Return the forms of a phone number, digits only; an empty set if `run` is no phone number.

    They are the national form, with and without its trunk prefix such as 0, and the international form.
    `country` is the ISO code of the country to which national numbers belong.
    """
    try:
        number = phonenumbers.parse(DIALLED_ABROAD.sub("+", run), country)
    except phonenumbers.NumberParseException:
        return set()
    national = phonenumbers.national_significant_number(number)
    at_home = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
    return {national, f"{number.country_code}{national}", bare(at_home)}


def _alternative(asked: list[str]) -> tuple[str, ...]:
    """Return at most MOST_WORDS of the words `asked`, without those that are the beginning of another.

    A row with the longer word is also found by the shorter one.
    """
    asked = [each[:LONGEST] for each in dict.fromkeys(asked) if each][:MOST_WORDS]
    return tuple(
        each
        for each in asked
        if not any(other != each and other.startswith(each) for other in asked)
    )
