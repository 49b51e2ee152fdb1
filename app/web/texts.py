"""Marshmallow fields for text that people type: lines, longer texts, e-mail addresses and passwords.

Texts are stored in NFC, without white space and invisible characters (Unicode category Cf) at the ends.
Inside a line, invisible characters that could mislead are refused: `Ann` and `A<zero width space>nn`
look the same and differ.
"""

import re
import unicodedata

import idna
from marshmallow import ValidationError, fields, validate

from app.passwords import NewPassword
from app.passwords.common import is_common
from app.web.card_numbers import has_card_number

# Addresses, hashes and words to search for; no other text may have the number of a payment card.
ANY_DIGITS = {"email", "estimate_sha256", "q", "key"}
NO_CARDS = "That is a card number, which is never stored here."
CONTROL = {*map(chr, range(32)), "\x7f"} - {"\n", "\t", "\r"}
BREAKS = re.compile("[\n\r\t\v\f\x1c-\x1e\x85\u2028\u2029]")
# They reverse the direction of the text that follows, on the whole page. No name or note needs them.
TURNS_ROUND = re.compile("[\u202a-\u202e\u2066-\u2069]")
# Persian and the scripts of India use these two inside words; emoji are joined by one of them.
JOINERS = "\u200c\u200d"
LATIN_ENDS = "\u0250"
# The rules as patterns for the document, which ECMA-262, Python and Rust read alike, except for U+FEFF.
SIGN, VISIBLE = r"[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", r"[^\s\x00-\x1f\x7f\x85]"
IN_LINE = r"[^\x00-\x1f\x7f\x85\u2028\u2029]"
ANY_TEXT, NOT_BLANK, BLANK = f"^{SIGN}*$", f"^{SIGN}*{VISIBLE}{SIGN}*$", r"^[ \t\r\n]*$"
# White space at the ends, except control characters.
END = r"[ \t\n\r\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]*"
ANY_LINE = f"^{END}{IN_LINE}*{END}$"
LINE_NOT_BLANK = f"^{END}{IN_LINE}*{VISIBLE}{IN_LINE}*{END}$"


def trimmed(text: str) -> str:
    """Return the text in NFC, without white space and invisible characters at its ends."""
    first, last = 0, len(text)
    while first < last and _is_nothing(text[first]):
        first += 1
    while first < last and _is_nothing(text[last - 1]):
        last -= 1
    return unicodedata.normalize("NFC", text[first:last])


def _is_nothing(sign: str) -> bool:
    return sign.isspace() or unicodedata.category(sign) == "Cf"


def misleading(text: str) -> str | None:
    """Return the first invisible character that the script of the text does not need, or None."""
    for place, sign in enumerate(text):
        if not sign.isascii() and unicodedata.category(sign) == "Cf" and not _joins(text, place):
            return sign
    return None


def _joins(text, place):
    """Return whether the character at the index `place` is a joiner between non-Latin letters or emoji.

    Joiners are invisible, but Persian, the scripts of India and emoji need them.
    """
    beside = text[place - 1 : place] + text[place + 1 : place + 2]
    return text[place] in JOINERS and len(beside) == 2 and min(beside) >= LATIN_ENDS


def _named(sign: str) -> str:
    return f"{unicodedata.name(sign, 'a control character')} (U+{ord(sign):04X})"


class Text(fields.String):
    """A field for text without control characters, trimmed; one line only, unless `lines` is set.

    A blank text is refused or, where null is allowed, becomes None.
    """

    def __init__(self, *, lines: bool = False, **kwargs):
        self.lines = lines
        super().__init__(**kwargs)
        self.metadata = self.documented() | dict(self.metadata)

    def documented(self) -> dict:
        if self.lines:
            return {"pattern": ANY_TEXT if self.allow_none else NOT_BLANK}
        return {"pattern": ANY_LINE if self.allow_none else LINE_NOT_BLANK}

    def deserialize(self, value, attr=None, data=None, **kwargs):
        """Return the trimmed text, or None for a blank text if the field allows null."""
        if isinstance(value, str):
            if CONTROL & set(value):
                raise ValidationError("Control characters are not text.")
            value = trimmed(value)
            if not value and not self.allow_none:
                raise ValidationError("May not be blank.")
            self._look_inside(value)
            if attr not in ANY_DIGITS and has_card_number(value):
                raise ValidationError(NO_CARDS)
            value = value or None
        return super().deserialize(value, attr, data, **kwargs)

    def _look_inside(self, text: str) -> None:
        if turns := TURNS_ROUND.search(text):
            raise ValidationError(f"Turns text round: leave out {_named(turns[0])}.")
        if self.lines:
            return
        if BREAKS.search(text):
            raise ValidationError("One line only: no line breaks and tabs inside.")
        if unseen := misleading(text):
            raise ValidationError(f"Nobody can see it: leave out {_named(unseen)}.")


class Email(Text):
    """A field for an e-mail address, loaded in lower case and with its domain in ASCII."""

    def __init__(self, **kwargs):
        super().__init__(validate=[validate.Length(max=254), validate.Email()], **kwargs)

    def documented(self):
        said = {"type": "string", "format": "email"}
        blank = [{"type": "string", "pattern": BLANK}, {"type": "null"}]
        return {"anyOf": [said, *blank]} if self.allow_none else said

    def deserialize(self, value, attr=None, data=None, **kwargs):
        """Return the trimmed address; refuse invisible characters, which Text removes at the ends."""
        if isinstance(value, str) and (unseen := misleading(value)):
            raise ValidationError(f"Nobody can see it: leave out {_named(unseen)}.")
        return super().deserialize(value, attr, data, **kwargs)

    def _deserialize(self, value, attr, data, **kwargs):
        return in_ascii(super()._deserialize(value, attr, data, **kwargs).lower())


def in_ascii(address: str) -> str:
    """Return the address with its domain in ASCII, as mail servers use it: `xn--bcher-kva.example`.

    Raise ValidationError if the domain has no such form.
    """
    name, at, domain = address.rpartition("@")
    if domain.isascii():
        return address
    try:
        return name + at + idna.encode(domain, uts46=True).decode()
    except idna.IDNAError:
        raise ValidationError("Not a valid email address.") from None


class Password(fields.String):
    """A field for a password, which is never trimmed.

    With `new`, the password must have 8 to 128 characters and must not be a common one; it is loaded as
    a NewPassword. NIST SP 800-63B recommends no further rules.
    """

    def __init__(self, *, new: bool = True, **kwargs):
        self.new = new
        length = validate.Length(min=8 if new else 1, max=128)
        said = {"format": "password"}
        required = kwargs.pop("required", True)
        super().__init__(
            required=required, load_only=True, validate=length, metadata=said, **kwargs
        )

    def _deserialize(self, value, attr, data, **kwargs):
        password = super()._deserialize(value, attr, data, **kwargs)
        if self.new and is_common(password):
            raise ValidationError("Too common: guessers try it first. Several words are better.")
        return NewPassword(password) if self.new else password
