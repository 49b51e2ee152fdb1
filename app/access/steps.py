"""Steps that several acts share. They commit nothing: the act that takes them does."""

from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import Select, bindparam, select, update

from app.actors import Actor
from app.clock import Moment, now
from app.database.account_lock import Alone
from app.database.prepared import LARGEST_ID, PREPARED
from app.database.statements import rows_in_act, write, write_along, write_new
from app.errors import Invalid, NotFound, OutOfStock, Overtaken
from app.extensions import db
from app.models import (
    Account,
    MovementReason,
    Part,
    ServiceTicket,
    Session,
    StockMovement,
    audit,
)
from app.permissions import A_READER, ids_of, tickets_visible_to
from app.quantities import Number, Quantity


def _next_version(table) -> dict:
    """What a statement sets where `Versioned` would: a row's version moves with whatever is shown of it."""
    return {"version": table.c.version + 1, "updated_at": bindparam("moment", type_=Moment)}


PARTS = Part.__table__
ON_SHELF = PARTS.c.quantity_in_stock + bindparam("more", type_=Quantity)
MOVE = (
    update(PARTS)
    .where(PARTS.c.id == bindparam("part"), ON_SHELF >= 0)
    .values(quantity_in_stock=ON_SHELF, **_next_version(PARTS))
    .returning(PARTS.c.quantity_in_stock)
    .execution_options(**PREPARED)
)
NEEDS_AN_ADDRESS = "An account needs an e-mail address to sign in with."
# The versions that an If-Match header names; None where there is no such header.
Versions = frozenset[int] | None


def find(
    visible: Callable[[Actor], Select],
    actor: Actor,
    row_id: int,
    *,
    lock: bool = False,
    if_match: Versions = None,
    follow: bool = True,
) -> Any:
    """The row with this id that the actor may see, else NotFound.

    With `lock` nobody else changes it until the transaction ends; with `if_match` it must still have
    one of these versions, which only means something under the lock. What the session doesn't `follow` is
    a copy, had in a third of the time: for who reads it, or changes it by a statement.
    """
    query, model = _look_up(visible, actor.role, lock)
    values = ids_of(actor) | {"row_id": row_id}
    row = None
    if row_id <= LARGEST_ID:
        row = db.session.scalar(query, values) if follow else _copy(model, query, values)
    if row is None:
        raise NotFound(f"There is no {_noun(model)} {row_id}.")
    if if_match is not None and row.version not in if_match:
        raise Overtaken()
    return row


def _copy(model, query, values):
    """The row to read, which SQLAlchemy knows nothing of: to set a member of it is an AttributeError."""
    found = rows_in_act(query, **values)
    if not found:
        return None
    copy = model.__new__(model)
    vars(copy).update(found[0])
    return copy


def _noun(model):
    return model.__tablename__.rstrip("s").replace("_", " ")


@lru_cache
def _look_up(visible, role, lock):
    """The statement, put together once for a role, and what it looks for."""
    query = visible(A_READER[role])
    model = query.column_descriptions[0]["entity"]
    query = query.where(model.id == bindparam("row_id")).execution_options(**PREPARED)
    if lock:
        query = query.with_for_update(of=model, key_share=True)
        query = query.execution_options(populate_existing=True)
    else:
        query = query.execution_options(autoflush=False)
    return query, model


def write_down(row: Any) -> None:
    """A new row, written at once and on record, that the session does not follow; it has its id then."""
    columns = [each for each in row.__table__.c if not each.primary_key]
    for each in columns:
        if getattr(row, each.key) is None and each.default is not None:
            value = each.default.arg
            setattr(row, each.key, value(None) if each.default.is_callable else value)
    [row.id] = write_new(row.__table__, [{each.key: getattr(row, each.key) for each in columns}])
    audit.note_new(row)


def locked_ticket(actor: Actor, ticket_id: int, if_match: Versions) -> ServiceTicket:
    """The ticket, locked before anything of it is: a copy, because only its version moves."""
    return find(tickets_visible_to, actor, ticket_id, lock=True, if_match=if_match, follow=False)


def workable_ticket(actor: Actor, ticket_id: int, if_match: Versions = None) -> ServiceTicket:
    """The ticket, locked, open to work, and with a new version."""
    ticket = locked_ticket(actor, ticket_id, if_match)
    move_version(ticket)
    ticket.must_be_workable()
    return ticket


def move_version(copy: Any) -> None:
    """What `touch` does for a row that the session follows: something shown with it has changed."""
    write_along(_move_version(copy.__table__), row_id=copy.id, moment=now())


@cache
def _move_version(table):
    moved = update(table).where(table.c.id == bindparam("row_id")).values(_next_version(table))
    return moved.returning(table.c.version).execution_options(**PREPARED)


def open_account(email: str | None, password: str) -> Account:
    """A way in for somebody with an e-mail address."""
    if not email:
        raise Invalid.at("/email", NEEDS_AN_ADDRESS)
    account = Account(email=email)
    account.set_password(password)
    db.session.add(account)
    db.session.flush()
    return account


def follow_person(person, facts: dict) -> None:
    """Keep a person's account in step with a new e-mail address or a password that the shop has set."""
    password = facts.pop("password", None)
    for name, value in facts.items():
        setattr(person, name, value)
    if person.account_id is None:
        if password is not None:
            person.account_id = open_account(person.email, password).id
        return
    if "email" in facts and person.email is None:
        raise Invalid.at("/email", "Whoever signs in needs an e-mail address.")
    account = db.session.get_one(Account, person.account_id)
    account.email = person.email
    if password is not None:
        account.set_password(password)
        end_sessions(account.id)


def close_account(account_id: int) -> None:
    """Delete an account and its sessions, when nothing is being done in them any more."""
    db.session.execute(select(Alone(account_id)))
    db.session.delete(db.session.get_one(Account, account_id))


def end_sessions(account_id: int | None, *which) -> None:
    """End these sessions of an account, when nothing is being done in them any more.

    Their tokens are worth nothing from the commit on.
    """
    db.session.execute(select(Alone(account_id)))
    of_account = Session.account_id == account_id, Session.ended_at.is_(None)
    live = select(Session).where(*of_account, *which).order_by(Session.id)
    for session in db.session.scalars(live.with_for_update()):
        session.end()


def move_stock(
    actor: Actor, part_id: int, quantity: Number, reason: MovementReason, **about
) -> Number:
    """Put `quantity` on the shelf (or take it, if negative) and return what is there then.

    One conditional UPDATE and a line in the ledger: two takers of the last part can't both succeed,
    on any database and at any isolation. Whoever moves several parts goes by ascending id, so that
    no two can wait for each other.
    """
    found = write(MOVE, part=part_id, more=quantity, moment=now())
    if not found:
        part = db.session.get_one(Part, part_id, populate_existing=True)
        raise OutOfStock(
            f"{part.quantity_in_stock} of {part.part_number} on the shelf, {-quantity} wanted;"
            " nothing was taken.",
            part_id=part_id,
            quantity_in_stock=part.quantity_in_stock,
        )
    on_shelf = found[0]["quantity_in_stock"]
    shelf = "quantity_in_stock"
    audit.note("parts", part_id, {shelf: on_shelf - quantity}, {shelf: on_shelf})
    write_down(
        StockMovement(
            part_id=part_id,
            quantity=quantity,
            reason=reason,
            account_id=actor.account_id,
            **about,
        )
    )
    return on_shelf
