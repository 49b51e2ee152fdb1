"""The rows of repair orders in the database, and as the book says; names are ids here."""

from decimal import Decimal
from functools import cache

from sqlalchemy import select

from app.database.session import db
from app.models import (
    ApprovalLink,
    Authorization,
    CannedJob,
    CreditLine,
    CreditNote,
    Decision,
    Invoice,
    InvoiceLine,
    Job,
    Payment,
    Shop,
    TicketLine,
)
from tests.system.whole_shop.book import Book
from tests.system.whole_shop.counter import Counter
from tests.system.whole_shop.order_rows import OF_AUTHORIZATION, OF_JOB, OF_LINE
from tests.system.whole_shop.terms import KINDS

MODELS = (
    *(ApprovalLink, Authorization, Decision, Invoice, InvoiceLine, Job, TicketLine),
    *(CreditLine, CreditNote, Payment),
)
# The settings of the shop whose percentages are stored as whole numbers, each with its parts of a percent.
STORED = {"percentage": ("bps", 100), "markup_percentage": ("markup_bps", 100)}
STORED |= {f"{kind}_percentage": (f"{kind}_millionths", 10_000) for kind in KINDS}


def rows(model, *names: str) -> dict:
    """Return the rows of a table by their ids, each with these columns."""
    found = db.session.execute(selected(model, names))
    return {row_id: dict(zip(names, row, strict=True)) for row_id, *row in found}


@cache
def selected(model, names):
    return select(model.id, *(getattr(model, name) for name in names))


def found() -> dict:
    lines = rows(TicketLine, "ticket_id", "name", *OF_LINE)
    for line in lines.values():
        line["used_at"] = line["used_at"] is not None
    given = rows(Authorization, "ticket_id", *OF_AUTHORIZATION, "estimate")
    for each in given.values():
        each["decisions"] = []
    of_decision = ("authorization_id", "job_id", "name", "decision", "price_cents", "up_to_cents")
    for _, each in sorted(rows(Decision, *of_decision).items()):
        given[each.pop("authorization_id")]["decisions"].append(tuple(each.values()))
    offered = rows(CannedJob, "name", "note", "category", "lines", "retired_at")
    for each in offered.values():
        each["retired_at"] = each["retired_at"] is not None
    settings = ("labor_rate_cents", "taxes", "shop_supplies", "markup_matrix", "closing_policy")
    return {
        "jobs": rows(Job, "ticket_id", "name", *OF_JOB),
        "lines": lines,
        "authorizations": given,
        "links": rows(ApprovalLink, "ticket_id", "end_reason"),
        "canned jobs": offered,
        "shop": rows(Shop, *settings, "authorization_policy"),
    }


def expected(book: Book, counter: Counter) -> dict:
    said = {
        "jobs": {
            job.name: of(job, OF_JOB) | {"ticket_id": ticket.name}
            for ticket in book.tickets.values()
            for job in ticket.jobs.values()
        },
        "lines": {
            line.name: of(line, OF_LINE) | {"ticket_id": ticket.name}
            for ticket in book.tickets.values()
            for line in ticket.lines
        },
        "authorizations": {
            each.name: {name: getattr(each, name) for name in (*OF_AUTHORIZATION, "decisions")}
            | {"ticket_id": ticket.name, "estimate": each.estimate}
            for ticket in book.tickets.values()
            for each in ticket.authorizations
        },
        "links": {
            each.name: {"ticket_id": each.ticket, "end_reason": each.end_reason}
            for each in book.links.values()
        },
        "canned jobs": {
            each.name: {"name": each.called, "note": each.note, "category": each.category}
            | {"lines": each.lines, "retired_at": each.retired}
            for each in book.canned_jobs.values()
        },
        "shop": {book.shop.name: stored(vars(book.shop.settings))},
    }
    return in_ids(counter, said)


def in_ids(counter: Counter, said: dict) -> dict:
    """Return rows by kind and name, `{kind: {name: row}}`, with ids for all names."""
    return {
        kind: {counter.id_of(name): counter.with_ids(row) for name, row in of_kind.items()}
        for kind, of_kind in said.items()
    }


def of(row, names) -> dict:
    return {"name": row.called} | {name: getattr(row, name) for name in names}


def stored(value):
    """Return settings as they are stored, with percentages as whole numbers."""
    if isinstance(value, list):
        return [stored(each) for each in value]
    if not isinstance(value, dict):
        return value
    found = {}
    for name, each in value.items():
        column, parts = STORED.get(name, (name, None))
        found[column] = stored(each) if parts is None else int(Decimal(str(each)) * parts)
    return found
