"""One customer twice: two records become one, and everything of the other moves."""

from typing import Any

from sqlalchemy import select

from app.access.accounts import close_account
from app.actors import Actor
from app.database.session import db
from app.errors import BothHaveAccounts, CannotMerge, Invalid
from app.lookup import Versions, find
from app.models import Account, Customer
from app.permissions import customers_visible_to


def merge_customers(
    actor: Actor,
    customer_id: int,
    *,
    from_id: int,
    keep_account: str | None = None,
    if_match: Versions = None,
) -> int:
    """Move all that belongs to the other customer to this one, and leave the other one empty."""
    if from_id == customer_id:
        raise CannotMerge("A customer can't be merged into itself.")
    for row_id in sorted(
        (customer_id, from_id)
    ):  # two who merge them crosswise wait for each other once
        find(_any_customer, actor, row_id, lock=True)
    customer = find(customers_visible_to, actor, customer_id, if_match=if_match)
    other: Customer = find(_any_customer, actor, from_id)
    if other.erased_at or other.merged_into_id:
        raise CannotMerge(f"Customer {other.id} is erased, or merged into another already.")

    account = _the_account_that_stays(customer, other, keep_account)
    customer.take_over(other)
    if account is not None:
        customer.email = account.email
    _move_everything(other.id, customer.id)

    db.session.commit()
    return customer.id


def _any_customer(_actor):
    return select(Customer)


def _the_account_that_stays(customer, other, keep_account) -> Account | None:
    """The one account of the two, which is this customer's from now on; another one ends."""
    theirs = {"this": customer.account_id, "other": other.account_id}
    if keep_account is not None and theirs[keep_account] is None:
        raise Invalid.at("/keep_account", "That one does not sign in.")
    if keep_account is None and None not in theirs.values():
        raise BothHaveAccounts()
    kept = theirs[keep_account] if keep_account else customer.account_id or other.account_id
    ended = [each for each in theirs.values() if each not in (None, kept)]
    other.account_id = None
    if customer.account_id != kept:
        customer.account_id = None
    db.session.flush()  # an account has one customer at a time
    customer.account_id = kept
    for account_id in ended:
        close_account(account_id)
    return db.session.get_one(Account, kept) if kept else None


def references() -> list[tuple[Any, str]]:
    """Return each (model, attribute) that names a customer: tickets before vehicles, as in every lock."""
    depth = {table: n for n, table in enumerate(db.metadata.sorted_tables)}
    found = [
        (mapper.class_, mapper.get_property_by_column(column).key)
        for mapper in Customer.registry.mappers
        for column in mapper.local_table.columns
        if column.references(Customer.__table__.c.id)
    ]
    return sorted(found, key=lambda each: depth[each[0].__table__], reverse=True)


def _move_everything(from_id, to_id):
    """Until nothing is left: a ticket may have been opened while this act waited for its vehicle.

    From then on nobody can: whoever adds a vehicle, or a ticket without one, waits for the customer.
    """
    moved = True
    while moved:
        moved = False
        for model, attribute in references():
            theirs = select(model).where(getattr(model, attribute) == from_id).order_by(model.id)
            for row in db.session.scalars(_locked(theirs)):
                setattr(row, attribute, to_id)
                moved = True


def _locked(query):
    return query.with_for_update(key_share=True).execution_options(populate_existing=True)
