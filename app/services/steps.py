"""Steps that several acts share. They commit nothing: the act that takes them does."""

from typing import Any

from sqlalchemy import Select, select, update

from app.actors import Actor
from app.errors import Invalid, NotFound, OutOfStock, Overtaken
from app.extensions import db
from app.models import Account, MovementReason, Part, Session, StockMovement, Vehicle, audit
from app.moments import now

# The versions that an If-Match header names; None where there is no such header.
Versions = frozenset[int] | None


def find(query: Select, row_id: int, *, lock: bool = False, if_match: Versions = None) -> Any:
    """The row of `query` with this id, else NotFound.

    With `lock` nobody else changes it until the transaction ends; with `if_match` it must still have
    one of these versions, which only means something under the lock.
    """
    model = query.column_descriptions[0]["entity"]
    query = query.where(model.id == row_id)
    if lock:
        query = query.with_for_update(of=model, key_share=True)
        query = query.execution_options(populate_existing=True)
    row = db.session.scalar(query)
    if row is None:
        raise NotFound(f"There is no {model.__tablename__.rstrip('s').replace('_', ' ')} {row_id}.")
    if if_match is not None and row.version not in if_match:
        raise Overtaken()
    return row


def open_account(email: str | None, password: str) -> Account:
    """A way in for somebody with an e-mail address."""
    if not email:
        raise Invalid.at("/email", "An account needs an e-mail address to sign in with.")
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
        end_sessions(Session.account_id == account.id)


def end_sessions(*which) -> None:
    """End those that are not over yet: their tokens are worth nothing from the commit on."""
    live = select(Session).where(*which, Session.ended_at.is_(None)).order_by(Session.id)
    for session in db.session.scalars(live.with_for_update()):
        session.end()


def log_odometer(
    actor: Actor, vehicle: Vehicle, reading: int, override_reason: str | None, **about
) -> None:
    """A line in the odometer log, or OdometerLower."""
    line = vehicle.read_odometer(reading, override_reason)
    line.account_id = actor.account_id
    for name, value in about.items():
        setattr(line, name, value)
    db.session.add(line)


def move_stock(actor: Actor, part_id: int, quantity: int, reason: MovementReason, **about) -> int:
    """Put `quantity` on the shelf (or take it, if negative) and return what is there then.

    One conditional UPDATE and a line in the ledger: two takers of the last part can't both succeed,
    on any database and at any isolation. Whoever moves several parts goes by ascending id, so that
    no two can wait for each other.
    """
    on_shelf = db.session.scalar(
        update(Part)
        .where(Part.id == part_id, Part.quantity_in_stock + quantity >= 0)
        .values(
            quantity_in_stock=Part.quantity_in_stock + quantity,
            version=Part.version + 1,
            updated_at=now(),
        )
        .returning(Part.quantity_in_stock)
        .execution_options(synchronize_session=False)
    )
    if on_shelf is None:
        part = db.session.get_one(Part, part_id, populate_existing=True)
        raise OutOfStock(
            f"{part.quantity_in_stock} of {part.part_number} on the shelf, {-quantity} wanted;"
            " nothing was taken.",
            part_id=part_id,
            quantity_in_stock=part.quantity_in_stock,
        )
    shelf = "quantity_in_stock"
    audit.note("parts", part_id, {shelf: on_shelf - quantity}, {shelf: on_shelf})
    db.session.add(
        StockMovement(
            part_id=part_id,
            quantity=quantity,
            reason=reason,
            account_id=actor.account_id,
            **about,
        )
    )
    return on_shelf
