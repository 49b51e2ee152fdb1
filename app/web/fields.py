"""Fields that let in what every database can keep, and nothing that means two things."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from marshmallow import EXCLUDE, RAISE, Schema, ValidationError, fields, pre_load, validate
from marshmallow_sqlalchemy import ModelConverter

from app.extensions import ma
from app.passwords import NewPassword
from app.passwords.common import is_common

MAX_ID = 2**31 - 1
SEEN_BY = "x-seen-by"
CONTROL = {*map(chr, range(32)), "\x7f"} - {"\n", "\t", "\r"}
# The same for the document, in escapes that ECMA-262, Python and Rust read alike, but for U+FEFF.
SIGN, VISIBLE = r"[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", r"[^\s\x00-\x1f\x7f\x85]"
ANY_TEXT, NOT_BLANK, BLANK = f"^{SIGN}*$", f"^{SIGN}*{VISIBLE}{SIGN}*$", r"^[ \t\r\n]*$"


class Text(fields.String):
    """Text without control characters, trimmed and not blank."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.metadata = self.documented() | dict(self.metadata)

    def documented(self) -> dict:
        return {"pattern": ANY_TEXT if self.allow_none else NOT_BLANK}

    def deserialize(self, value, attr=None, data=None, **kwargs):
        """Where nothing is allowed, blank is nothing."""
        if isinstance(value, str):
            if CONTROL & set(value):
                raise ValidationError("Control characters are not text.")
            if not value.strip() and not self.allow_none:
                raise ValidationError("May not be blank.")
            value = value.strip() or None
        return super().deserialize(value, attr, data, **kwargs)


class Email(Text):
    """An e-mail address, in lower case: there is one of each, whatever the case."""

    def __init__(self, **kwargs):
        super().__init__(validate=[validate.Length(max=254), validate.Email()], **kwargs)

    def documented(self):
        said = {"type": "string", "format": "email"}
        blank = [{"type": "string", "pattern": BLANK}, {"type": "null"}]
        return {"anyOf": [said, *blank]} if self.allow_none else said

    def _deserialize(self, value, attr, data, **kwargs):
        return super()._deserialize(value, attr, data, **kwargs).lower()


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


class Whole(fields.Integer):
    """A whole number within bounds; neither 1.9 nor "1" nor true is one, and 1.0 is."""

    def __init__(self, *, least: int = 0, most: int = MAX_ID, **kwargs):
        kwargs["validate"] = [validate.Range(min=least, max=most)]
        super().__init__(strict=True, **kwargs)

    def _deserialize(self, value, attr, data, **kwargs):
        whole = isinstance(value, float) and value.is_integer()
        return super()._deserialize(int(value) if whole else value, attr, data, **kwargs)


class Digits(Whole):
    """A whole number in a query string, in ASCII digits."""

    def _deserialize(self, value, attr, data, **kwargs):
        if not re.fullmatch("[0-9]{1,18}", value):
            raise self.make_error("invalid", input=value)
        return super()._deserialize(int(value), attr, data, **kwargs)


class NumberOrDigits(Digits):
    """A whole number in a body, the same in digits in a query string."""

    def _deserialize(self, value, attr, data, **kwargs):
        if isinstance(value, str):
            return super()._deserialize(value, attr, data, **kwargs)
        return Whole._deserialize(self, value, attr, data, **kwargs)


class Flag(fields.Boolean):
    """true or false, and nothing that might be meant so."""

    def _deserialize(self, value, attr, data, **kwargs):
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


def Id(**kwargs) -> Whole:
    return Whole(least=1, **kwargs)


class Hundredths(fields.Field[int]):
    """A number with at most two decimals, kept as whole hundredths: a salary, a percentage."""

    def __init__(self, *, most: int, **kwargs):
        self.most = most
        said = {"type": "number", "minimum": 0, "maximum": most, "multipleOf": 0.01}
        super().__init__(metadata=kwargs.pop("metadata", {}) | said, **kwargs)

    def _deserialize(self, value, attr, data, **kwargs):
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ValidationError("Not a valid number.")
        if not 0 <= value <= self.most:
            raise ValidationError(f"Must be from 0 to {self.most}.")
        hundredths = Decimal(str(value)) * 100
        if hundredths != hundredths.to_integral_value():
            raise ValidationError("At most two decimals.")
        return int(hundredths)


class Moment(fields.AwareDateTime):
    """A time with its zone (RFC 3339), kept and told in UTC."""

    def __init__(self, **kwargs):
        super().__init__(format="iso", **kwargs)

    def _deserialize(self, value, attr, data, **kwargs):
        moment: datetime = super()._deserialize(value, attr, data, **kwargs)
        if not 1900 <= moment.year <= 9000:
            raise ValidationError("Must be from 1900 to 9000.")
        return moment.astimezone(UTC)


class Choice(fields.Field[StrEnum]):
    """One of a closed set of words, or an older word for one of them, in any case and spelling."""

    def __init__(
        self, words: type[StrEnum], also_known_as: Mapping[str, str] | None = None, **kwargs
    ):
        self.words, self.also_known_as = words, dict(also_known_as or {})
        known = [*words, *self.also_known_as]
        said = {"type": "string", "enum": [*known, None] if kwargs.get("allow_none") else known}
        super().__init__(metadata=kwargs.pop("metadata", {}) | said, **kwargs)

    def _deserialize(self, value, attr, data, **kwargs):
        word = self.word(value)
        if (todays := self.also_known_as.get(word, word)) in list(self.words):
            return self.words(todays)
        raise ValidationError(f"Must be one of: {', '.join([*self.words, *self.also_known_as])}.")

    def word(self, value: Any) -> str:
        """Return what somebody means who writes `In Progress` or `ON-HOLD`."""
        return re.sub(r"[\s_-]+", "_", value.strip().lower()) if isinstance(value, str) else ""


class ShopConverter(ModelConverter):
    """What a column is on the wire: its length, its nullability, and our strict fields."""

    SQLA_TYPE_MAPPING = {
        **ModelConverter.SQLA_TYPE_MAPPING,
        sa.String: Text,
        sa.Integer: Whole,
    }


# flask-marshmallow makes its schema and fields at run time, where no type checker sees them.
auto_field: Callable[..., Any] = ma.auto_field  # type: ignore[assignment]


class Columns(ma.SQLAlchemySchema):
    """Fields may be taken from the columns that keep them."""

    class Meta:
        model_converter = ShopConverter
        load_instance = False
        unknown = RAISE


class Shape(Columns):
    """What an answer looks like: every member is in it, but those that only some may see.

    It is documented as open: a new member breaks no client.
    """

    class Meta(Columns.Meta):
        unknown = EXCLUDE

    def on_bind_field(self, field_name, field_obj):
        field_obj.required = SEEN_BY not in field_obj.metadata


def only(who: str, **metadata) -> dict:
    """The metadata of a member that only these see: `staff` or `managers`."""
    return {SEEN_BY: who} | metadata


class Wanted(Columns):
    """What a body or a query may say. Unknown members are refused, older names are understood."""

    also_known_as: Mapping[str | tuple[str, ...], str] = {}

    def load(self, *args, **kwargs):
        """As marshmallow does it; marshmallow-sqlalchemy would look its version up on the disk each time."""
        return Schema.load(self, *args, **kwargs)

    @pre_load
    def understand_older_names(self, given, **_kwargs):
        if not isinstance(given, Mapping):
            return given
        given = dict(given)
        for older, todays in self.also_known_as.items():
            names = (older,) if isinstance(older, str) else older
            if todays not in given and given.keys() >= set(names):
                values = [given.pop(name) for name in names]
                given[todays] = values[0] if len(values) == 1 else _joined(values)
        return given


def _joined(values):
    """A first and a last name make a name; anything else in them is left for the field to refuse."""
    return " ".join(values) if all(isinstance(value, str) for value in values) else values


def demand(needed: str, wanted: Mapping, *said_with_it: str) -> None:
    """Refuse what means nothing without `needed`, rather than drop it."""
    for name in said_with_it:
        if wanted.get(name) is not None and wanted.get(needed) is None:
            raise ValidationError(f"Says nothing without {needed}.", name)
