"""The rows that a figure is the sum of, as SELECTs with the columns `id, key, number, on, amount`.

Invoices count on the day of their issue, and credit notes, with the other sign, on the day of theirs: so
a month that is over does not change. `key` divides the rows of a figure into groups, such as mechanics.
An unknown amount is NULL. The `id` has the kind of the row (see SOURCES) and the id in its table. Jobs
and assignments have the id of their ticket as `number`.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    Select,
    String,
    case,
    cast,
    func,
    literal,
    null,
    select,
    type_coerce,
    union_all,
)

from app.blueprints.billing.queries.periods import FIRST, LAST, SINCE, UNTIL
from app.blueprints.billing.queries.receivables import receivables
from app.models import (
    Assignment,
    Authorization,
    CreditLine,
    CreditLineTax,
    CreditNote,
    Decision,
    Invoice,
    InvoiceLine,
    InvoiceLineTax,
    Job,
    Part,
    Payment,
)
from app.quantities import HUNDREDTHS

ON_TICKETS = ("job", "assignment")
SOURCES = ("invoice", "credit_note", "payment", "job", "assignment", "part")
ISSUED, NOTED = Invoice.issued_on.between(FIRST, LAST), CreditNote.issued_on.between(FIRST, LAST)
RECEIVED = (Payment.received_at >= SINCE, Payment.received_at < UNTIL)
NO_KEY = cast(null(), String)


def source_of(row_id: int) -> tuple[str, int]:
    """Return `(kind of the row, id in its table)`, such as `("invoice", 7)`, for the id of a row."""
    row_id, kind = divmod(row_id, len(SOURCES))
    return SOURCES[kind], row_id


@dataclass(frozen=True)
class Rows:
    """The rows of a measure: one for each document, or one for each document and group."""

    alone: Select
    by_key: Select


def summed(*parts: Select) -> Rows:
    """Return the rows of all parts together; what they have of the same document is added up."""
    each = union_all(*parts).subquery()
    about = (each.c.id, each.c.number, each.c.on)
    known = func.count() == func.count(each.c.amount)
    amount = cast(case((known, func.sum(each.c.amount))), BigInteger).label("amount")
    return Rows(
        select(select(*about, amount).group_by(*about).subquery()),
        select(select(*about, each.c.key, amount).group_by(*about, each.c.key).subquery()),
    )


def _row(source: str, of: Any, number: Any, on: Any, amount: Any, key: Any = NO_KEY) -> Select:
    row_id = cast(of, BigInteger) * len(SOURCES) + SOURCES.index(source)
    return select(
        row_id.label("id"),
        cast(key, String).label("key"),
        cast(number, String).label("number"),
        on.label("on"),
        cast(amount, BigInteger).label("amount"),
    )


def invoices() -> Select:
    """Select 1 for each invoice."""
    return _row("invoice", Invoice.id, Invoice.number, Invoice.issued_on, literal(1)).where(ISSUED)


def voids() -> Select:
    """Select -1 for each credit note that voids its invoice."""
    return _note(literal(-1)).where(CreditNote.voids)


def invoiced(amount: Any, *lines: Any, key: Any = NO_KEY) -> Select:
    """Select an amount of the lines of invoices; `lines` are conditions for lines."""
    found = _row("invoice", Invoice.id, Invoice.number, Invoice.issued_on, amount, key)
    return found.join(InvoiceLine, InvoiceLine.invoice_id == Invoice.id).where(ISSUED, *lines)


def credited(amount: Any, *lines: Any, key: Any = NO_KEY) -> Select:
    """Select an amount of the lines of credit notes; `lines` are conditions for lines of invoices."""
    noted = _note(amount, key).join(CreditLine, CreditLine.credit_note_id == CreditNote.id)
    of_lines = noted.join(InvoiceLine, InvoiceLine.id == CreditLine.invoice_line_id)
    return of_lines.where(*lines)


def voided(amount: Any, *lines: Any, key: Any = NO_KEY) -> Select:
    """Select an amount of all lines of the invoices that were voided, on the day when they were."""
    of_lines = InvoiceLine.invoice_id == CreditNote.invoice_id
    return _note(amount, key).join(InvoiceLine, of_lines).where(CreditNote.voids, *lines)


def _note(amount: Any, key: Any = NO_KEY) -> Select:
    columns = (CreditNote.id, CreditNote.number, CreditNote.issued_on)
    return _row("credit_note", *columns, amount, key).where(NOTED)


def taxed(invoice_amount: Any, credit_amount: Any) -> Rows:
    """Select an amount of the lines with a tax, by tax and rate; less what was credited."""
    of, back = InvoiceLineTax, CreditLineTax
    charged = invoiced(invoice_amount, key=_tax(of)).join(of, of.invoice_line_id == InvoiceLine.id)
    returned = credited(-credit_amount, key=_tax(back))
    return summed(charged, returned.join(back, back.credit_line_id == CreditLine.id))


def _tax(share: Any) -> Any:
    return share.name + ":" + cast(share.millionths, String)


def worked() -> Rows:
    """Return the minutes worked by now on the tickets of invoices, less void ones, by mechanic."""

    def _minutes(amount, on):
        columns = (Assignment.id, Assignment.ticket_id, FIRST, amount, Assignment.mechanic_id)
        return _row("assignment", *columns).join(on, on.ticket_id == Assignment.ticket_id)

    minutes = Assignment.minutes_worked
    voided = _minutes(-minutes, CreditNote).where(NOTED, CreditNote.voids)
    return summed(_minutes(minutes, Invoice).where(ISSUED), voided)


def decided(amount: Any, *decisions: Any, key: Any = NO_KEY) -> Select:
    """Select an amount of the jobs that were first decided in the period."""
    of_job = select(func.min(Decision.id)).where(Decision.job_id == Job.id).scalar_subquery()
    columns = (Job.id, Job.ticket_id, Authorization.at)
    found = _row("job", *columns, amount, key)
    found = found.join(Decision, Decision.job_id == Job.id)
    found = found.join(Authorization, Authorization.id == Decision.authorization_id)
    first = Decision.id == of_job.correlate(Job)
    return found.where(first, Authorization.at >= SINCE, Authorization.at < UNTIL, *decisions)


def paid(amount: Any, *payments: Any) -> Select:
    """Select an amount of payments and refunds, by method."""
    columns = (Payment.id, Payment.reference, Payment.received_at, amount, Payment.method)
    return _row("payment", *columns).where(*RECEIVED, *payments)


def owed() -> Select:
    """Select what is left of invoices at the end of the period, by age."""
    open_ = receivables().subquery()
    columns = (open_.c.id, open_.c.number, open_.c.due_on, open_.c.balance_cents, open_.c.age)
    return _row("invoice", *columns)


def stock() -> Select:
    """Select what the parts in stock cost now: quantity x current cost, rounded half up for each part."""
    hundredths = type_coerce(Part.quantity_in_stock, BigInteger)
    cost = cast(Part.current_cost_cents, BigInteger)
    # The whole ones and the rest apart, because the product of all hundredths may exceed 64 bits.
    rest = (hundredths % HUNDREDTHS * cost + HUNDREDTHS // 2) // HUNDREDTHS
    value = hundredths // HUNDREDTHS * cost + rest
    return _row("part", Part.id, Part.part_number, LAST, value).where(hundredths > 0)
