"""What customers owe for invoices at the end of a day, and for how long it is due."""

from sqlalchemy import BigInteger, Integer, Select, bindparam, case, cast, func, select, union

from app.blueprints.billing.queries.periods import DAYS_BEFORE, LAST, UNTIL
from app.models import CreditNote, Invoice, Payment

CUSTOMER = bindparam("customer", type_=Integer)
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
# The groups of age, by the number of days since an invoice was due; the last group has all others.
AGES = {0: "current", 30: "days_1_30", 60: "days_31_60", 90: "days_61_90"}
OLDEST = "over_90"
AGE = case(
    *((Invoice.due_on >= DAYS_BEFORE[days], name) for days, name in AGES.items()), else_=OLDEST
).label("age")


def receivables(*, of_one: bool = False) -> Select:
    """Select the invoices that were not paid at the end of a period, by the day since when they are due.

    The columns are `id, number, due_on, balance_cents, age`. The balance is that of then, by the dates of
    payments and credit notes, so that a day of the past changes only by money that is recorded late.
    With `of_one`, these are the invoices of one customer, whose id is the bind parameter CUSTOMER.

    Only invoices that are open now, or got money or a credit note after the period, can be among them:
    so the work does not grow with all that was ever invoiced.
    """
    candidates = (
        select(Invoice.id).where(Invoice.is_open, *_of(Invoice, of_one)),
        select(Invoice.id)
        .join(Payment, Payment.ticket_id == Invoice.ticket_id)
        .where(Payment.received_at >= UNTIL, *_of(Payment, of_one)),
        select(CreditNote.invoice_id).where(CreditNote.issued_on > LAST, *_of(CreditNote, of_one)),
    )
    owed = (
        select(Invoice.id, Invoice.number, Invoice.due_on, BALANCE, AGE)
        .where(Invoice.id.in_(union(*candidates)), Invoice.issued_on <= LAST)
        .subquery()
    )
    return select(owed).where(owed.c.balance_cents > 0)


def _of(model, of_one):
    return [model.customer_id == CUSTOMER] if of_one else []
