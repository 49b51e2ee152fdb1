"""The statement of a customer's account: what was invoiced, credited, paid and paid back."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import exists, func, select

from app.actors import Actor
from app.blueprints.billing.queries.periods import FIRST, LAST, SINCE, UNTIL, Period, period
from app.blueprints.billing.queries.receivables import AGES, CUSTOMER, OLDEST, receivables
from app.blueprints.customers.queries.customers import customer
from app.blueprints.service_tickets.queries import balances as of_tickets
from app.database.session import read_at_one_moment
from app.database.statements import Row, fetch
from app.extensions import currency
from app.models import CreditNote, Invoice, Payment, ServiceTicket, TicketStatus
from app.words import ro_number

TABLES = (*of_tickets.TABLES, "credit_notes")
COLUMNS = (
    *("on", "kind", "id", "number", "ticket_id"),
    *("debit_cents", "credit_cents", "balance_cents"),
)
INVOICES = select(
    *(Invoice.id, Invoice.number, Invoice.ticket_id, Invoice.issued_on, Invoice.total_cents)
).where(Invoice.customer_id == CUSTOMER, Invoice.issued_on.between(FIRST, LAST))
CREDIT_NOTES = select(
    *(CreditNote.id, CreditNote.number, CreditNote.ticket_id),
    *(CreditNote.issued_on, CreditNote.total_cents),
).where(CreditNote.customer_id == CUSTOMER, CreditNote.issued_on.between(FIRST, LAST))
PAYMENTS = select(Payment.id, Payment.ticket_id, Payment.received_at, Payment.amount_cents).where(
    Payment.customer_id == CUSTOMER, Payment.received_at >= SINCE, Payment.received_at < UNTIL
)
# Tickets that were closed without an invoice, since these keep the taxes and supplies of that moment.
CLOSED = select(ServiceTicket.id, ServiceTicket.closed_at).where(
    *(ServiceTicket.customer_id == CUSTOMER, ServiceTicket.status == TicketStatus.CLOSED),
    *(ServiceTicket.closed_at < UNTIL, ServiceTicket.invoiced_terms.is_not(None)),
    ~exists().where(Invoice.ticket_id == ServiceTicket.id, Invoice.voided_at.is_(None)),
)
BEFORE = select(
    select(func.sum(Invoice.total_cents))
    .where(Invoice.customer_id == CUSTOMER, Invoice.issued_on < FIRST)
    .scalar_subquery()
    .label("invoiced"),
    select(func.sum(CreditNote.total_cents))
    .where(CreditNote.customer_id == CUSTOMER, CreditNote.issued_on < FIRST)
    .scalar_subquery()
    .label("credited"),
    select(func.sum(Payment.amount_cents))
    .where(Payment.customer_id == CUSTOMER, Payment.received_at < SINCE)
    .scalar_subquery()
    .label("paid"),
)
OPEN = receivables(of_one=True)
ORDER = ("invoice", "repair_order", "credit_note", "payment", "refund")  # on the same day


def statement(
    actor: Actor, customer_id: int, *, first: date | None = None, last: date | None = None
) -> Row:
    """Return the statement of a customer's account for a period, or raise NotFound.

    `first` and `last` are those of `period`. Invoices and credit notes count on the day of their issue,
    money on the day when it changed hands. Payments for tickets without an invoice are included; a
    ticket that was closed without one is an entry of its own, `repair_order`.
    """
    read_at_one_moment()
    about, days = customer(actor, customer_id), period(first, last)
    values = days.values | {CUSTOMER.key: customer_id}
    [before] = fetch(BEFORE, **values)
    closed = _closed(days, values)
    opening = sum(each["debit_cents"] for each in closed if each["on"] < days.first)
    opening += (
        int(before["invoiced"] or 0) - int(before["credited"] or 0) - int(before["paid"] or 0)
    )
    since = [each for each in closed if each["on"] >= days.first]
    items = sorted([*since, *_entries(days, values)], key=_place)
    balance = opening
    for each in items:
        balance += each["debit_cents"] - each["credit_cents"]
        each["balance_cents"] = balance
    return {
        "customer": {name: about[name] for name in ("id", "name")},
        "from": days.first,
        "to": days.last,
        "currency": currency(),
        "opening_balance_cents": opening,
        "items": items,
        "closing_balance_cents": balance,
        "ageing": _ageing(fetch(OPEN, **values)),
    }


def _ageing(rows: list[Row]) -> dict[str, int]:
    """Return what is owed in each group of age, in cents."""
    sums = {f"{name}_cents": 0 for name in (*AGES.values(), OLDEST)}
    for row in rows:
        sums[f"{row['age']}_cents"] += row["balance_cents"]
    return sums


def _closed(days: Period, values: Row) -> list[Row]:
    """Return an entry for each ticket that was closed without an invoice, if something is due for it."""
    closed = {row["id"]: days.day_of(row["closed_at"]) for row in fetch(CLOSED, **values)}
    return [
        _entry(
            *("repair_order", {"id": ticket_id, "ticket_id": ticket_id}, closed[ticket_id]),
            *(ro_number(ticket_id), balance.due_cents),
        )
        for ticket_id, balance in of_tickets.balances(closed).items()
        if balance.due_cents
    ]


def _entries(days: Period, values: Row) -> Iterator[Row]:
    for row in fetch(INVOICES, **values):
        yield _entry("invoice", row, row["issued_on"], row["number"], row["total_cents"])
    for row in fetch(CREDIT_NOTES, **values):
        yield _entry("credit_note", row, row["issued_on"], row["number"], -row["total_cents"])
    for row in fetch(PAYMENTS, **values):
        kind = "payment" if row["amount_cents"] > 0 else "refund"
        yield _entry(kind, row, days.day_of(row["received_at"]), None, -row["amount_cents"])


def _entry(kind: str, row: Row, on: date, number: str | None, cents: int) -> Row:
    """Return an entry of a statement; `cents` is what the customer owes more by it, or less."""
    return {
        "on": on,
        "kind": kind,
        "id": row["id"],
        "number": number,
        "ticket_id": row["ticket_id"],
        "debit_cents": max(0, cents),
        "credit_cents": max(0, -cents),
    }


def _place(entry: Row) -> tuple[date, int, int]:
    return entry["on"], ORDER.index(entry["kind"]), entry["id"]
