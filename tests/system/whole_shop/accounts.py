"""The expected statement of a customer's account, and what customers owe for invoices."""

from collections.abc import Iterator
from datetime import date, timedelta

from tests.system.whole_shop.balances import due, live_invoice
from tests.system.whole_shop.book import Book
from tests.system.whole_shop.credits import shown as note_shown
from tests.system.whole_shop.invoices import printed
from tests.system.whole_shop.money_rows import Invoice, today
from tests.system.whole_shop.order import number
from tests.system.whole_shop.step import INVALID, SIGNED_IN, act

KINDS = ("invoice", "repair_order", "credit_note", "payment", "refund")
AGES = ("current", "days_1_30", "days_31_60", "days_61_90", "over_90")
DAYS = (0, 30, 60, 90)
MOST_DAYS = 366


@act("GET", "/customers/{customer}/statement", SIGNED_IN)
def see_statement(book: Book, step):
    customer = book.customer(step, step.at["customer"])
    first, last = period(step.query)
    entries = sorted(
        (each for each in entries_of(book, customer.name) if each[0] <= last),
        key=lambda each: each[:3],
    )
    balance = opening = sum(cents for on, *_, cents in entries if on < first)
    items = []
    for on, rank, _, name, paper, ticket, cents in entries:
        if on < first:
            continue
        balance += cents
        item = {
            "on": on.isoformat(),
            "kind": KINDS[rank],
            "id": name,
            "ticket_id": ticket,
            "debit_cents": max(0, cents),
            "credit_cents": max(0, -cents),
            "balance_cents": balance,
        }
        # The number of a repair order is made of the id of its row, which the book does not know.
        items.append(item if KINDS[rank] == "repair_order" else item | {"number": paper})
    theirs = [each for each in book.invoices.values() if each.customer == customer.name]
    owed = owed_by_age(book, theirs, last)
    book.members = {
        "customer": {"id": customer.name, "name": customer.called},
        "from": first.isoformat(),
        "to": last.isoformat(),
        "opening_balance_cents": opening,
        "items": items,
        "closing_balance_cents": balance,
        "ageing": {f"{age}_cents": owed.get(age, 0) for age in AGES},
    }


def period(query: dict) -> tuple[date, date]:
    """Return the first and last day that are asked for: by default this month until today."""
    last = date.fromisoformat(query["to"]) if "to" in query else today()
    first = date.fromisoformat(query["from"]) if "from" in query else last.replace(day=1)
    if not timedelta(0) <= last - first < timedelta(MOST_DAYS):
        raise INVALID
    return first, last


def entries_of(book: Book, customer) -> Iterator[tuple]:
    """Yield `(day, rank, number, name, printed number, ticket, cents)` of all that a customer got.

    `cents` is what the customer owes more by it. On the same day, a lower rank comes first.
    """
    for each in book.invoices.values():
        if each.customer == customer:
            cents = each.totals["total_cents"]
            yield each.on, 0, number(each), each.name, printed(each), each.ticket, cents
    for each in book.tickets.values():
        is_plain = each.closed and live_invoice(book, each) is None
        if each.owner == customer and is_plain and (cents := due(book, each)):
            yield each.closed, 1, number(each), each.name, None, each.name, cents
    for each in book.credit_notes.values():
        if each.customer == customer:
            paper = note_shown(book, each)["number"]
            yield each.on, 2, number(each), each.name, paper, each.ticket, -each.total
    for each in book.payments.values():
        if each.customer == customer:
            rank = 4 if each.refunds else 3
            yield each.on, rank, number(each), each.name, None, each.ticket, -each.amount


def owed_by_age(book: Book, invoices: list[Invoice], day: date) -> dict[str, int]:
    """Return what was left to pay of invoices at the end of a day, by their age then."""
    owed: dict[str, int] = {}
    for each in invoices:
        notes = book.credit_notes.values()
        credited = sum(note.total for note in notes if note.invoice == each.name and note.on <= day)
        of_it = [paid for paid in book.payments.values() if paid.ticket == each.ticket]
        paid = sum(payment.amount for payment in of_it if payment.on <= day)
        left = each.totals["total_cents"] - credited - paid
        if each.on <= day and left > 0:
            age = AGES[sum((day - each.due).days > days for days in DAYS)]
            owed[age] = owed.get(age, 0) + left
    return owed
