"""Strict marshmallow fields: they accept only unambiguous values that every database can store."""

import re
from collections.abc import Callable, Mapping
from copy import copy
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from marshmallow import EXCLUDE, RAISE, Schema, ValidationError, fields
from marshmallow_sqlalchemy import ModelConverter

from app.extensions import ma
from app.web.names import Older, understood
from app.web.numbers import Digits as Digits
from app.web.numbers import Hundredths as Hundredths
from app.web.numbers import Id as Id
from app.web.numbers import NumberOrDigits as NumberOrDigits
from app.web.numbers import TenThousandths as TenThousandths
from app.web.numbers import Whole as Whole
from app.web.rules import merged
from app.web.texts import Email as Email
from app.web.texts import Password as Password
from app.web.texts import Text

SEEN_BY = "x-seen-by"
ON_REQUEST = (
    "x-on-request"  # a member that is only in the answer if the parameter `include` names it
)
AS_IT_IS = "taken as it is, refused where it differs"


class Flag(fields.Boolean):
    """A field for a boolean: only true and false are accepted, no other spelling such as 1 or "yes"."""

    def _deserialize(self, value, attr, data, **kwargs):
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


class TrueOrFalse(fields.Boolean):
    """A field for a boolean in the query: only the words `true` and `false` are accepted."""

    truthy, falsy = {"true"}, {"false"}


class Few(fields.List):
    """A list field that checks the length first, and the items only if the length is right.

    Otherwise it would take a minute to check 60,000 items of a list that is refused for its length.
    """

    def _deserialize(self, value, attr, data, **kwargs):
        if isinstance(value, list):
            self._validate(value)
        return super()._deserialize(value, attr, data, **kwargs)


class DateTime(fields.AwareDateTime):
    """A field for a time with a time zone (RFC 3339) in the years 1900 to 9000, converted to UTC."""

    def __init__(self, **kwargs):
        super().__init__(format="iso", **kwargs)

    def _deserialize(self, value, attr, data, **kwargs):
        said = value.upper() if isinstance(value, str) else value  # t and z are valid, too
        moment: datetime = super()._deserialize(said, attr, data, **kwargs)
        if not 1900 <= moment.year <= 9000:
            raise ValidationError("Must be from 1900 to 9000.")
        return moment.astimezone(UTC)


class Choice(fields.Field[StrEnum]):
    """A field for a value of the enum `words`, or for a synonym in `also_known_as`, `{synonym: value}`.

    Upper and lower case, spaces, hyphens and underscores make no difference.
    """

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
        """Return `value` in lower case with underscores between words; "" if it is not a string."""
        return re.sub(r"[\s_-]+", "_", value.strip().lower()) if isinstance(value, str) else ""


class ShopConverter(ModelConverter):
    """The conversion of a model's columns to marshmallow fields: strings become Text, integers Whole.

    Each field gets the length limit and the nullability of its column.
    """

    SQLA_TYPE_MAPPING = {
        **ModelConverter.SQLA_TYPE_MAPPING,
        sa.String: Text,
        sa.Integer: Whole,
    }


# flask-marshmallow creates its classes at run time, so that type checkers don't know them.
auto_field: Callable[..., Any] = ma.auto_field  # type: ignore[assignment]


class Columns(ma.SQLAlchemySchema):
    """Base class of schemas whose fields can be derived from the columns of a model."""

    class Meta:
        model_converter = ShopConverter
        load_instance = False
        unknown = RAISE


class ResponseSchema(Columns):
    """Base class for schemas of answers.

    All members are required, except those that only some readers may see, and those that are sent only
    on request. The OpenAPI document allows additional members, so that clients are prepared for new
    ones.
    """

    class Meta(Columns.Meta):
        unknown = EXCLUDE

    def on_bind_field(self, field_name, field_obj):
        field_obj.required = not {SEEN_BY, ON_REQUEST} & field_obj.metadata.keys()
        if isinstance(field_obj, Text):  # older rows may contain line breaks
            field_obj.lines = True
            field_obj.metadata = {**field_obj.metadata, **field_obj.documented()}


def only(who: str, **metadata) -> dict:
    """Return metadata for a field that only `who` may see: `staff` or `managers`.

    The keyword arguments `metadata` are added to it.
    """
    return {SEEN_BY: who} | metadata


class RequestSchema(Columns):
    """Base class for schemas of bodies and queries; members that the schema does not know are refused.

    `also_known_as` has older names of members, which are still accepted: `{older name: current name}`.
    `without_home` has names of members that earlier systems had: they are accepted and not stored.
    `instead` tells a client what to do instead of sending a member that is refused: `{member: advice}`.
    `held` has the read-only members that a client may send back unchanged: `{name: current name}`.
    app/web/sent_back.py explains `one_alone` and `goes_with`.
    """

    also_known_as: Mapping[str, str] = {}
    without_home: frozenset[str] = frozenset()
    instead: Mapping[str, str] = {}
    one_alone: frozenset[str] = frozenset()
    goes_with: Mapping[str, str] = {}

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.todays_names = {each.data_key or name for name, each in self.load_fields.items()}
        self.older_names = dict(self._older())
        self.held: dict[str, str] = {}
        self.on_request: set[str] = set()
        self._defaults: dict[str, Any] | None = None

    def _older(self):
        for older, todays in self.also_known_as.items():
            if todays in self.todays_names:
                yield older.lower(), todays if isinstance(todays, Older) else Older(todays)

    def hold(self, shape: type[ResponseSchema]) -> None:
        """Accept also members that are only in the answer, if a client sends them back unchanged.

        `shape` is the schema of the answer. The members that this schema lacks are added to it as
        read-only fields.
        """
        for name, each in shape().fields.items():
            if name not in self.todays_names:
                kept = copy(each)
                kept.dump_only, kept.required = True, False
                kept.metadata = {**each.metadata, "description": AS_IT_IS}
                self.fields[name] = self.dump_fields[name] = kept
                self.held[name] = name
                if ON_REQUEST in each.metadata:
                    self.on_request.add(name)
        for older, todays in self.also_known_as.items():
            if todays in self.held:
                self.held[older] = str(todays)

    def load(self, data, *, beside: Mapping[str, list[str]] | None = None, **kwargs):
        """Return the loaded values of the members in `data`; raise ValidationError with all problems.

        `beside` has problems that were found before, `{member: messages}`; they are included in the
        error. marshmallow-sqlalchemy's own `load` is skipped, because each call reads marshmallow's
        version number from disk.
        """
        if not isinstance(data, Mapping):
            return Schema.load(self, data, **kwargs)
        if not data and not beside and not kwargs:
            if self._defaults is None:
                self._defaults = Schema.load(self, data)
            return {**self._defaults}
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
