"""What a row is found by: its texts, from the beginning of each word on.

One table for all, so that a search is a range of one index on every database. It is kept by what the
session writes, in the same transaction, and no act has to remember it.
"""

import re
from enum import IntEnum

from sqlalchemy import Index, SmallInteger, String, delete, event, insert, inspect
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import db
from app.models.customers import Customer
from app.models.inventory import Part
from app.models.mechanics import Mechanic
from app.models.service_tickets import ServiceTicket
from app.models.vehicles import Vehicle

LONGEST = 40  # of what is sought, no more is looked at
VIN_LENGTH, SPOKEN = 17, range(4, 9)  # on the phone, a car goes by the end of its VIN
WORD, NO_WORD, NO_WORD_YET = re.compile(r"\w+"), re.compile(r"\W+"), re.compile(r"^\W+")
NUMBER = re.compile(r"(?=.*\d)[\w .()+/-]+")


class Field(IntEnum):
    """Where something was found; the numbers are in the database."""

    CUSTOMER_NAME = 1
    CUSTOMER_EMAIL = 2
    CUSTOMER_PHONE = 3
    VIN = 10
    LICENSE_PLATE = 11
    MAKE = 12
    MODEL = 13
    MECHANIC_NAME = 20
    SPECIALTY = 21
    MECHANIC_EMAIL = 22
    MECHANIC_PHONE = 23
    PART_NUMBER = 30
    PART_NAME = 31
    PART_DESCRIPTION = 32
    MANUFACTURER = 33
    PROBLEM = 40


SEARCHED: dict[type, dict[str, Field]] = {
    Customer: {
        "name": Field.CUSTOMER_NAME,
        "email": Field.CUSTOMER_EMAIL,
        "phone": Field.CUSTOMER_PHONE,
    },
    Vehicle: {
        "vin": Field.VIN,
        "license_plate": Field.LICENSE_PLATE,
        "make": Field.MAKE,
        "model": Field.MODEL,
    },
    Mechanic: {
        "name": Field.MECHANIC_NAME,
        "specialty": Field.SPECIALTY,
        "email": Field.MECHANIC_EMAIL,
        "phone": Field.MECHANIC_PHONE,
    },
    Part: {
        "part_number": Field.PART_NUMBER,
        "name": Field.PART_NAME,
        "description": Field.PART_DESCRIPTION,
        "manufacturer": Field.MANUFACTURER,
    },
    ServiceTicket: {"problem_description": Field.PROBLEM},
}


class SearchWord(db.Model):
    """One beginning of a word, and the row that has it there."""

    __tablename__ = "search_words"
    __table_args__ = (
        Index("ix_search_words_field_word_row_id", "field", "word", "row_id"),
        Index("ix_search_words_row_id_field", "row_id", "field"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    field: Mapped[int] = mapped_column(SmallInteger)
    # In the order of its bytes everywhere, so that a beginning is a range.
    word: Mapped[str] = mapped_column(
        String(LONGEST).with_variant(String(LONGEST, collation="C"), "postgresql")
    )
    row_id: Mapped[int]


def sought(text: str) -> set[str]:
    """The beginnings that a search for this means; none where there is no letter or digit in it."""
    said = NO_WORD_YET.sub("", _plain(text))
    return _as_written_and_bare(said) if said else set()


def words(text: str | None) -> set[str]:
    """Every beginning that a text can be found by."""
    plain = _plain(text or "")
    found = {plain[at.start() : at.start() + LONGEST] for at in WORD.finditer(plain)}
    if len(plain) == VIN_LENGTH and plain.isalnum():
        found |= {plain[-n:] for n in SPOKEN}
    return found | _as_written_and_bare(plain) if found and len(plain) <= LONGEST else found


def _plain(text):
    return " ".join(text.lower().split())


def _as_written_and_bare(plain):
    """A number, such as a plate's or a phone's, is found with the signs between its parts or without."""
    bare = {NO_WORD.sub("", plain)[:LONGEST]} if NUMBER.fullmatch(plain) else set()
    return {plain[:LONGEST]} | bare


@event.listens_for(db.session, "after_flush")
def _keep_words(session, _context) -> None:
    table, rows = SearchWord.__table__, session.connection()
    fresh: list[dict] = []
    for row in (*session.new, *session.dirty, *session.deleted):
        fields = {name: SEARCHED[type(row)][name] for name in _changed(session, row)}
        if fields and row not in session.new:
            rows.execute(
                delete(table).where(table.c.row_id == row.id, table.c.field.in_(fields.values()))
            )
        if row not in session.deleted:
            fresh += [
                {"field": field, "word": word, "row_id": row.id}
                for name, field in fields.items()
                for word in sorted(words(getattr(row, name)))
            ]
    if fresh:
        rows.execute(insert(table), fresh)


def _changed(session, row) -> list[str]:
    """What a row is searched by and may say otherwise now."""
    names = SEARCHED.get(type(row), ())
    if row in session.deleted:
        return list(names)
    attributes = inspect(row).attrs
    return [name for name in names if attributes[name].history.has_changes()]
