"""What must follow from each change of a row: its version, and its trail in the audit."""

from datetime import date
from decimal import Decimal

from sqlalchemy import select

from app.database.nouns import noun_of
from app.database.session import db
from app.models import (
    AuditEntry,
    CannedJob,
    Customer,
    Mechanic,
    Part,
    ServiceTicket,
    Shop,
    Vehicle,
)
from app.models.audit import WITHHELD
from tests.system.whole_shop import order_books
from tests.system.whole_shop.books import every
from tests.system.whole_shop.counter import Counter

VERSIONED = {
    "customer": Customer,
    "vehicle": Vehicle,
    "ticket": ServiceTicket,
    "part": Part,
    "mechanic": Mechanic,
    "canned_job": CannedJob,
    "shop": Shop,
}
AUDITED = (*VERSIONED.values(), *order_books.MODELS)
# The references that the database empties when the row that they refer to is deleted.
EMPTIED = {
    model: [key.parent.name for key in model.__table__.foreign_keys if key.ondelete == "SET NULL"]
    for model in order_books.MODELS
}


def versions(counter: Counter) -> dict:
    return {
        counter.name_of(kind, row_id): version
        for kind, model in VERSIONED.items()
        for row_id, version in every(model.id, model.version)
    }


def astray() -> list[tuple]:
    """Return the values that differ from the last ones in the audit trail.

    A reference that the database has emptied, because its row is gone, is not in the trail.
    """
    trails: dict = {}
    for entity, row_id, after in every(AuditEntry.entity, AuditEntry.entity_id, AuditEntry.after):
        trails.setdefault((entity, row_id), {}).update(after or {})
    return [
        (model.__tablename__, row.id, name, said, getattr(row, name))
        for model in AUDITED
        for row in db.session.scalars(select(model))
        for name, said in trails.get((noun_of(model.__tablename__), row.id), {}).items()
        if said not in (plain(getattr(row, name)), WITHHELD)
        and not isinstance(getattr(row, name), date)
        and not (getattr(row, name) is None and name in EMPTIED.get(model, ()))
    ]


def plain(value):
    """Return a value as JSON returns it."""
    return float(value) if isinstance(value, Decimal) else value
