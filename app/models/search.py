"""What a row is found by: the words of its texts.

One table for all, so that a search is a range of one index on every database. It is kept by what the
session writes, in the same transaction, and no act has to remember it.
"""

from collections.abc import Callable
from enum import IntEnum

from sqlalchemy import Index, SmallInteger, String, delete, event, insert, inspect
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import country, db
from app.models.customers import Customer
from app.models.inventory import Part
from app.models.mechanics import Mechanic
from app.models.service_tickets import ServiceTicket
from app.models.vehicles import Vehicle
from app.words import LONGEST, bare, phones_in, words, words_of_phones, words_of_vin


class Kind(IntEnum):
    """Name what a word stands in; the numbers are in the database."""

    CUSTOMER = 1
    VIN = 10
    PLATE = 11
    MODEL = 12
    MECHANIC = 20
    MECHANIC_PRIVATE = 21
    PART = 30
    TICKET = 40
    # All of a number, an address or a phone: what is typed in full is found first.
    WHOLE_CUSTOMER = 101
    WHOLE_VIN = 110
    WHOLE_PLATE = 111
    WHOLE_MECHANIC_PRIVATE = 121
    WHOLE_PART = 130


def whole_of(kind: Kind) -> Kind | None:
    """Return the kind of what is typed in full, where there is one."""
    return Kind.__members__.get(f"WHOLE_{kind.name}")


def _phone(text: str) -> set[str]:
    return words_of_phones(text, country())


def _whole(text: str) -> set[str]:
    run = bare(text)
    return {run} if 0 < len(run) <= LONGEST else set()


def whole_phones(text: str) -> set[str]:
    """Return all digits of a text, and those of each phone number in it, in each of its forms."""
    return _whole(text) | phones_in(text, country())


Derived = dict[str, Callable[[str], set[str]]]
SEARCHED: dict[type, dict[Kind, Derived]] = {
    Customer: {
        Kind.CUSTOMER: {"name": words, "email": words, "phone": _phone},
        Kind.WHOLE_CUSTOMER: {"email": _whole, "phone": whole_phones},
    },
    Vehicle: {
        Kind.VIN: {"vin": words_of_vin},
        Kind.WHOLE_VIN: {"vin": _whole},
        Kind.PLATE: {"license_plate": words},
        Kind.WHOLE_PLATE: {"license_plate": _whole},
        Kind.MODEL: {"make": words, "model": words, "year": words},
    },
    Mechanic: {
        Kind.MECHANIC: {"name": words, "specialty": words},
        Kind.MECHANIC_PRIVATE: {"email": words, "phone": _phone},
        Kind.WHOLE_MECHANIC_PRIVATE: {"email": _whole, "phone": whole_phones},
    },
    Part: {
        Kind.PART: dict.fromkeys(
            ("part_number", "name", "description", "manufacturer", "category"), words
        ),
        Kind.WHOLE_PART: {"part_number": _whole},
    },
    ServiceTicket: {Kind.TICKET: {"problem_description": words, "kept_vin": words_of_vin}},
}


class SearchTerm(db.Model):
    """One word, and the row that is found by it."""

    __tablename__ = "search_terms"
    __table_args__ = (
        Index("ix_search_terms_row_id_kind_word", "row_id", "kind", "word"),
        {"sqlite_with_rowid": False},
    )

    kind: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    # In the order of its bytes everywhere, so that a beginning is a range.
    word: Mapped[str] = mapped_column(
        String(LONGEST).with_variant(String(LONGEST, collation="C"), "postgresql"),
        primary_key=True,
    )
    row_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


def terms(model: type, row: object) -> dict[Kind, set[str]]:
    """Return the words of a row by kind; the row is anything with the members of the model."""
    return {
        kind: {
            word
            for name, derive in derived.items()
            if (text := getattr(row, name)) is not None
            for word in derive(str(text))
        }
        for kind, derived in SEARCHED[model].items()
    }


@event.listens_for(db.session, "after_flush")
def _keep_terms(session, _context) -> None:
    table, rows = SearchTerm.__table__, session.connection()
    fresh: list[dict] = []
    for row in (*session.new, *session.dirty, *session.deleted):
        kinds = _changed(session, row)
        if kinds and row not in session.new:
            rows.execute(delete(table).where(table.c.row_id == row.id, table.c.kind.in_(kinds)))
        if kinds and row not in session.deleted:
            fresh += [
                {"kind": kind, "word": word, "row_id": row.id}
                for kind, found in terms(type(row), row).items()
                if kind in kinds
                for word in sorted(found)
            ]
    if fresh:
        rows.execute(insert(table), fresh)


def _changed(session, row) -> list[Kind]:
    """Return the kinds of words that have changed with the row."""
    derived = SEARCHED.get(type(row), {})
    if row in session.deleted:
        return list(derived)
    attributes = inspect(row).attrs
    return [
        kind
        for kind, names in derived.items()
        if any(attributes[name].history.has_changes() for name in names)
    ]
