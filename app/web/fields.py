"""Fields that let in what every database can keep, and nothing that means two things."""

import re
from collections.abc import Callable, Mapping
from copy import copy
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from marshmallow import EXCLUDE, RAISE, Schema, ValidationError, fields, validate
from marshmallow_sqlalchemy import ModelConverter

from app.database.prepared import MAX_ID
from app.extensions import ma
from app.web.amounts import scaled
from app.web.names import Older, understood
from app.web.rules import merged
from app.web.texts import Email as Email
from app.web.texts import Password as Password
from app.web.texts import Text

SEEN_BY = "x-seen-by"
AS_IT_IS = "taken as it is, refused where it differs"


class Whole(fields.Integer):
    """A whole number within bounds; neither 1.9 nor "1" nor true is one, and 1.0 is."""

    def __init__(self, *, least: int = 0, most: int = MAX_ID, **kwargs):
        kwargs["validate"] = [validate.Range(min=least, max=most)]
        super().__init__(strict=True, **kwargs)

    def _deserialize(self, value, attr, data, **kwargs):
        return super()._deserialize(_whole(value), attr, data, **kwargs)


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


def _whole(value: Any) -> Any:
    """1.0 as 1; a number with a large exponent stays as it is, because to write it out takes for ever."""
    whole = isinstance(value, float | Decimal) and -MAX_ID <= value <= MAX_ID + 1 and value % 1 == 0
    return int(value) if whole else value


def Id(**kwargs) -> Whole:
    return Whole(least=1, **kwargs)


class Hundredths(fields.Field[int]):
    """A number with at most two decimals, kept as whole hundredths: a salary, a percentage."""

    places = 2

    def __init__(self, *, most: int, **kwargs):
        self.most = most
        said = {"type": "number", "minimum": 0, "maximum": most, "multipleOf": 10**-self.places}
        super().__init__(metadata=kwargs.pop("metadata", {}) | said, **kwargs)

    def _deserialize(self, value, attr, data, **kwargs):
        if isinstance(value, int | float | Decimal) and not 0 <= value <= self.most:
            raise ValidationError(f"Must be from 0 to {self.most}.")
        return scaled(value, self.places)


class TenThousandths(Hundredths):
    """A number with at most four decimals: a percentage is kept as millionths, 8.875 as 88,750."""

    places = 4


class Few(fields.List):
    """A list whose length is looked at before what is in it: 60,000 things would take a minute."""

    def _deserialize(self, value, attr, data, **kwargs):
        if isinstance(value, list):
            self._validate(value)
        return super()._deserialize(value, attr, data, **kwargs)


class DateTime(fields.AwareDateTime):
    """A time with its zone (RFC 3339), kept and told in UTC."""

    def __init__(self, **kwargs):
        super().__init__(format="iso", **kwargs)

    def _deserialize(self, value, attr, data, **kwargs):
        said = value.upper() if isinstance(value, str) else value  # t and z are T and Z, too
        moment: datetime = super()._deserialize(said, attr, data, **kwargs)
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


class ResponseSchema(Columns):
    """What an answer looks like: every member is in it, but those that only some may see.

    It is documented as open: a new member breaks no client.
    """

    class Meta(Columns.Meta):
        unknown = EXCLUDE

    def on_bind_field(self, field_name, field_obj):
        field_obj.required = SEEN_BY not in field_obj.metadata
        if isinstance(field_obj, Text):  # what was kept before lines were single
            field_obj.lines = True
            field_obj.metadata = {**field_obj.metadata, **field_obj.documented()}


def only(who: str, **metadata) -> dict:
    """Return the metadata of a member that only these see: `staff` or `managers`."""
    return {SEEN_BY: who} | metadata


class RequestSchema(Columns):
    """What a body or a query may say. Unknown members are refused, older names are understood.

    `without_home` are members of earlier systems that are read and not kept, `instead` says what to send
    for an unknown one, and `held` (name: today's) are those of an answer that may come back as they are.
    """

    also_known_as: Mapping[str, str] = {}
    without_home: frozenset[str] = frozenset()
    instead: Mapping[str, str] = {}

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.todays_names = {each.data_key or name for name, each in self.load_fields.items()}
        self.older_names = dict(self._older())
        self.held: dict[str, str] = {}

    def _older(self):
        for older, todays in self.also_known_as.items():
            if todays in self.todays_names:
                yield older.lower(), todays if isinstance(todays, Older) else Older(todays)

    def hold(self, shape: type[ResponseSchema]) -> None:
        """Let the other members of this shape come back as they are: documented, and never set."""
        for name, each in shape().fields.items():
            if name not in self.todays_names:
                kept = copy(each)
                kept.dump_only, kept.required = True, False
                kept.metadata = {**each.metadata, "description": AS_IT_IS}
                self.fields[name] = self.dump_fields[name] = kept
                self.held[name] = name
        for older, todays in self.also_known_as.items():
            if todays in self.held:
                self.held[older] = str(todays)

    def load(self, data, *, beside: Mapping[str, list[str]] | None = None, **kwargs):
        """Return the values of a body, or raise ValidationError with all that is wrong, `beside` included.

        marshmallow-sqlalchemy's would look its version up on the disk each time.
        """
        if not isinstance(data, Mapping):
            return Schema.load(self, data, **kwargs)
        body = understood(self, data)
        try:
            loaded = Schema.load(self, body.members, **kwargs)
        except ValidationError as error:
            sent_as = {
                body.called.get(name, name): why
                for name, why in error.normalized_messages().items()
            }
            problems = {name: why for name, why in sent_as.items() if name not in body.problems}
            raise ValidationError(merged(problems, body.problems, beside)) from None
        if body.problems or beside:
            raise ValidationError(merged(body.problems, beside))
        for name, half in body.halves.items():
            loaded[name] = half(loaded[name])
        return loaded
