"""Text from people: e-mail addresses, passwords, and lines without characters that nobody can see.

What a text keeps is NFC. White space and invisible characters (Unicode category Cf) at its ends go; inside,
they are refused where they could mislead: `Ann` and `A<zero width space>nn` look the same and are not.
"""

import re
import unicodedata

import idna
from marshmallow import ValidationError, fields, validate

from app.passwords import NewPassword
from app.passwords.common import is_common

CONTROL = {*map(chr, range(32)), "\x7f"} - {"\n", "\t", "\r"}
BREAKS = re.compile("[\n\r\t\v\f\x1c-\x1e\x85\u2028\u2029]")
# They turn round what follows, on the whole page: no text needs them that a name or a note could be.
TURNS_ROUND = re.compile("[\u202a-\u202e\u2066-\u2069]")
# Persian and the scripts of India write words with these two, and emoji are joined by one.
JOINERS = "\u200c\u200d"
LATIN_ENDS = "\u0250"
# The same for the document, in escapes that ECMA-262, Python and Rust read alike, but for U+FEFF.
SIGN, VISIBLE = r"[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", r"[^\s\x00-\x1f\x7f\x85]"
IN_LINE = r"[^\x00-\x1f\x7f\x85\u2028\u2029]"
ANY_TEXT, NOT_BLANK, BLANK = f"^{SIGN}*$", f"^{SIGN}*{VISIBLE}{SIGN}*$", r"^[ \t\r\n]*$"
# White space at the ends, but for what is a control character.
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
    """Return the first character of a line that nobody sees and that is no part of a word."""
    for place, sign in enumerate(text):
        if not sign.isascii() and unicodedata.category(sign) == "Cf" and not _joins(text, place):
            return sign
    return None


def _joins(text, place):
    """Whether a joiner stands between signs of a script that writes with it, or emoji."""
    beside = text[place - 1 : place] + text[place + 1 : place + 2]
    return text[place] in JOINERS and len(beside) == 2 and min(beside) >= LATIN_ENDS


def _named(sign: str) -> str:
    return f"{unicodedata.name(sign, 'a control character')} (U+{ord(sign):04X})"


class Text(fields.String):
    """Text without control characters, trimmed and not blank; on one line unless it may have several."""

    def __init__(self, *, lines: bool = False, **kwargs):
        self.lines = lines
        super().__init__(**kwargs)
        self.metadata = self.documented() | dict(self.metadata)

    def documented(self) -> dict:
        if self.lines:
            return {"pattern": ANY_TEXT if self.allow_none else NOT_BLANK}
        return {"pattern": ANY_LINE if self.allow_none else LINE_NOT_BLANK}

    def deserialize(self, value, attr=None, data=None, **kwargs):
        """Return the text; where null is allowed, a blank text is null."""
        if isinstance(value, str):
            if CONTROL & set(value):
                raise ValidationError("Control characters are not text.")
            value = trimmed(value)
            if not value and not self.allow_none:
                raise ValidationError("May not be blank.")
            self._look_inside(value)
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
    """An e-mail address, in lower case and with its domain in ASCII: one is written in one way."""

    def __init__(self, **kwargs):
        super().__init__(validate=[validate.Length(max=254), validate.Email()], **kwargs)

    def documented(self):
        said = {"type": "string", "format": "email"}
        blank = [{"type": "string", "pattern": BLANK}, {"type": "null"}]
        return {"anyOf": [said, *blank]} if self.allow_none else said

    def deserialize(self, value, attr=None, data=None, **kwargs):
        """Return the address; refuse an invisible character, which was copied with it by mistake."""
        if isinstance(value, str) and (unseen := misleading(value)):
            raise ValidationError(f"Nobody can see it: leave out {_named(unseen)}.")
        return super().deserialize(value, attr, data, **kwargs)

    def _deserialize(self, value, attr, data, **kwargs):
        return in_ascii(super()._deserialize(value, attr, data, **kwargs).lower())


def in_ascii(address: str) -> str:
    """Return the address with its domain as mail servers know it: `xn--bcher-kva.example`."""
    name, at, domain = address.rpartition("@")
    if domain.isascii():
        return address
    try:
        return name + at + idna.encode(domain, uts46=True).decode()
    except idna.IDNAError:
        raise ValidationError("Not a valid email address.") from None


class Password(fields.String):
    """8 to 128 characters, kept as they are, and not common (NIST SP 800-63B asks for no more)."""

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
