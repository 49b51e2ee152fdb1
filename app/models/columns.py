"""Column types, constraints and mixins that several models share."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Enum, String, TypeDecorator
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, validates

from app.clock import UTCDateTime, utc_now
from app.errors import Invalid
from app.folding import same
from app.names import FirstName, LastName

MAX_CENTS = 100_000_000
MAX_COUNT = 1_000_000_000
LONGEST_FOLD = 18  # characters that one character may become, such as ﷺ
MAX_NAME = 120


def enum_column(enum: type[StrEnum], column: str) -> Enum:
    """Return a column type for an enum: text with a CHECK of its values, the same on every database.

    `column` is the name of the column, which the name of the CHECK contains.
    """
    return Enum(
        enum,
        native_enum=False,
        create_constraint=True,
        name=f"{column}_is_known",
        length=20,
        values_callable=lambda words: [word.value for word in words],
    )


class Folded(TypeDecorator):
    """A column type that stores the form of a text by which texts are compared (`folding.same`).

    That form ignores case, full width and extra spaces. A value that is compared with the column is
    brought into the same form.
    """

    impl = String
    cache_ok = True

    def __init__(self, length: int):
        """Make room for texts of `length` characters, whose stored form may be 18 times as long."""
        super().__init__(length * LONGEST_FOLD)

    def process_bind_param(self, value, dialect):
        return None if value is None else same(value)


def between(column: str, least: int, most: int) -> CheckConstraint:
    return CheckConstraint(f"{column} BETWEEN {least} AND {most}", name=f"{column}_in_range")


class Named:
    """Mixin for a row with a `name`, in which a client may replace the first or the last name alone."""

    name: Mapped[str]

    @validates("name")
    def _put_half_into(self, _key: str, name: str) -> str:
        if not isinstance(name, FirstName | LastName):
            return name
        whole = name.put_into(self.name)
        if len(whole) > MAX_NAME:
            raise Invalid.at("/name", f"Longer than {MAX_NAME} characters together.")
        return whole


class Versioned:
    """Mixin for a row with a `version`, which is a part of the ETag. Every change increments it."""

    version: Mapped[int] = mapped_column()
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utc_now, onupdate=utc_now)

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls):
        return {"version_id_col": cls.__table__.c.version}

    def touch(self) -> None:
        """Increment the version at the next flush, even if no other column of the row changes.

        Call this if other data that is shown together with the row has changed.
        """
        self.updated_at = utc_now()


class OnTicket:
    """Mixin for a row that belongs to a ticket: writing the row increments the ticket's version."""

    ticket_id: Any
