"""Merging two records of the same customer into one."""

from typing import Any

from sqlalchemy import select

from app.access.accounts import close_account
from app.actors import Actor
from app.database.session import db
from app.errors import BothHaveAccounts, CannotMerge, Invalid
from app.lookup import Versions, find
from app.models import Account, Customer
from app.models.columns import OnTicket
from app.permissions import customers_visible_to


def merge_customers(
    actor: Actor,
    customer_id: int,
    *,
    from_id: int,
    keep_account: str | None = None,
    if_match: Versions = None,
) -> int:
    """Merge the duplicate `from_id` into the customer `customer_id`; return the id of that customer.

    The customer gets the vehicles and tickets of the duplicate, whose personal data is cleared.

    If both have an account, `keep_account` says which one is kept: `this` is that of `customer_id`,
    `other` that of `from_id`. Without it, raise BothHaveAccounts. Raise CannotMerge if both ids are
    equal, or if the duplicate is erased or merged already. Raise PreconditionFailed unless the
    customer's version is in `if_match` (None: any version).
    """
    if from_id == customer_id:
        raise CannotMerge("A customer can't be merged into itself.")
    # In order of id, so that two opposite merges can't deadlock.
    for row_id in sorted((customer_id, from_id)):
        find(_any_customer, actor, row_id, lock=True)
    customer = find(customers_visible_to, actor, customer_id, if_match=if_match)
    other: Customer = find(_any_customer, actor, from_id)
    if other.erased_at or other.merged_into_id:
        raise CannotMerge(f"Customer {other.id} is erased, or merged into another already.")

    account = _the_account_that_stays(customer, other, keep_account)
    verified = {each.email for each in (customer, other) if each.email_verified}
    customer.take_over(other)
    if account is not None:
        customer.email, customer.email_verified = account.email, account.email in verified
    _move_everything(other.id, customer.id)

    db.session.commit()
    return customer.id


def _any_customer(_actor):
    return select(Customer)


def _the_account_that_stays(customer, other, keep_account) -> Account | None:
    """Give `customer` the account that is kept in a merge; return the account, or None if there is none.

    `other` is the duplicate, and `keep_account` is `this` (the account of `customer`), `other`, or None.
    An account that is not kept is deleted.
    """
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
    db.session.flush()  # an account can have only one customer at a time
    customer.account_id = kept
    for account_id in ended:
        close_account(account_id)
    return db.session.get_one(Account, kept) if kept else None


def references() -> list[tuple[Any, str]]:
    """Return `(model, attribute)` for each attribute that refers to a customer.

    Rows must be locked in the order of this list: tickets, vehicles, customers, and then the rows that
    belong to tickets, such as invoices, which other acts lock after their ticket.
    """
    depth = {table: -n for n, table in enumerate(db.metadata.sorted_tables)}
    found = [
        (mapper.class_, mapper.get_property_by_column(column).key)
        for mapper in Customer.registry.mappers
        for column in mapper.local_table.columns
        if column.references(Customer.__table__.c.id)
    ]
    return sorted(found, key=lambda each: (issubclass(each[0], OnTicket), depth[each[0].__table__]))


def _move_everything(from_id, to_id):
    """Change all rows that refer to customer `from_id`, so that they refer to customer `to_id`.

    Repeat this until no such row is found, because a ticket may have been opened while this transaction
    waited for its vehicle. After that no row can be added: adding a vehicle, or a ticket without a
    vehicle, waits for the lock on the customer.
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
