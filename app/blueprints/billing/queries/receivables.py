"""What customers owe for invoices at the end of a day, and for how long it is due."""

from collections.abc import Iterable
from datetime import date
from functools import cache

from sqlalchemy import BigInteger, Date, Select, bindparam, cast, func, select, union

from app.blueprints.billing.periods import Period
from app.clock import UTCDateTime
from app.database.statements import Row, fetch
from app.models import CreditNote, Invoice, Payment

LAST, UNTIL = bindparam("last", type_=Date), bindparam("until", type_=UTCDateTime)
PAID = (
    select(func.coalesce(func.sum(Payment.amount_cents), 0))
    .where(Payment.ticket_id == Invoice.ticket_id, Payment.received_at < UNTIL)
    .correlate(Invoice)
    .scalar_subquery()
)
CREDITED = (
    select(func.coalesce(func.sum(CreditNote.total_cents), 0))
    .where(CreditNote.invoice_id == Invoice.id, CreditNote.issued_on <= LAST)
    .correlate(Invoice)
    .scalar_subquery()
)
BALANCE = cast(Invoice.total_cents - CREDITED - PAID, BigInteger).label("balance_cents")
# For how many days at most an invoice in a group is due; the last group has the others.
GROUPS = {"current": 0, "days_1_30": 30, "days_31_60": 60, "days_61_90": 90}
LATEST = "over_90"


def receivables(period: Period, customer_id: int | None = None) -> list[Row]:
    """Return the invoices that were not paid at the end of a period, of all customers or of one.

    The rows are `{id, number, ticket_id, due_on, balance_cents}`, and the balance is that of then: by
    the dates of payments and credit notes. So a day of the past changes only by money recorded late.
    """
    values = period.values if customer_id is None else period.values | {"customer": customer_id}
    return fetch(_not_paid(customer_id is not None), **values)


@cache
def _not_paid(of_one: bool) -> Select:
    """Select the invoices that were not paid; `of_one` says whether those of one customer.

    They are among those that are open now, or got money or a credit note after the period.
    """
    customer = bindparam("customer")
    candidates = [
        select(Invoice.id).where(Invoice.is_open, *_of(Invoice, customer, of_one)),
        select(Invoice.id)
        .join(Payment, Payment.ticket_id == Invoice.ticket_id)
        .where(Payment.received_at >= UNTIL, *_of(Payment, customer, of_one)),
        select(CreditNote.invoice_id).where(
            CreditNote.issued_on > LAST, *_of(CreditNote, customer, of_one)
        ),
    ]
    owed = (
        select(Invoice.id, Invoice.number, Invoice.ticket_id, Invoice.due_on, BALANCE)
        .where(Invoice.id.in_(union(*candidates)), Invoice.issued_on <= LAST)
        .subquery()
    )
    return select(owed).where(owed.c.balance_cents > 0).order_by(owed.c.due_on, owed.c.id)


def _of(model, customer, of_one):
    return [model.customer_id == customer] if of_one else []


def group_of(due_on: date, on: date) -> str:
    """Return the group of what was due on one day, at the end of another: one of GROUPS, or LATEST."""
    late = (on - due_on).days
    return next((name for name, most in GROUPS.items() if late <= most), LATEST)


def ageing(rows: Iterable[Row], on: date) -> dict[str, int]:
    """Return what is owed in each group of age, in cents; `rows` are those of `receivables`."""
    sums = dict.fromkeys((*GROUPS, LATEST), 0)
    for row in rows:
        sums[group_of(row["due_on"], on)] += row["balance_cents"]
    return {f"{name}_cents": cents for name, cents in sums.items()}
