"""Counters of the numbers of documents, which have no gaps: 1, 2, 3, ..."""

from enum import StrEnum

from sqlalchemy import BigInteger, String, bindparam, update
from sqlalchemy.orm import Mapped, mapped_column

from app.database.session import db


class CounterName(StrEnum):
    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"


class Counter(db.Model):
    """How many documents of a kind have been numbered. The migrations insert a row for each kind."""

    __tablename__ = "counters"

    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    value: Mapped[int] = mapped_column(BigInteger, default=0)


COUNTERS = Counter.__table__
MORE = (
    update(COUNTERS)
    .where(COUNTERS.c.name == bindparam("counter"))
    .values(value=COUNTERS.c.value + 1)
    .returning(COUNTERS.c.value)
)


def next_value(name: CounterName) -> int:
    """Increment a counter, and return its new value; the counter is locked until the transaction ends.

    Take it after all other locks, so that nobody who holds it waits for another row. If the transaction
    is rolled back, the next one gets the same value, so numbers have no gaps.
    """
    [value] = db.session.scalars(MORE, {"counter": name})
    return value
