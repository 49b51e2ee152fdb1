"""Queries for customers; they return what the API's responses contain."""

from sqlalchemy import Select, bindparam, select

from app.actors import Actor
from app.blueprints.customers.schemas import CustomerOut
from app.database.statements import Row, fetch
from app.errors import Merged, NotFound
from app.lists.columns import columns_for
from app.lists.pages import get_or_404, paginated
from app.lists.searching import Searched, Source
from app.models import Customer, Kind, Vehicle
from app.permissions import customers_visible_to

HAS_ACCOUNT = Customer.account_id.is_not(None)
TAKEN_IN = select(*columns_for(CustomerOut, None, has_account=HAS_ACCOUNT)).where(
    Customer.id == bindparam("customer_id")
)
OF_CUSTOMERS = Searched(
    Customer.id,
    (
        Source((Kind.CUSTOMER,), Customer.id),
        Source((Kind.VIN, Kind.PLATE), Customer.id, of=(Vehicle.id, Vehicle.customer_id)),
    ),
)


@paginated(
    {"id": Customer.id, "name": Customer.name_sort, "created_at": Customer.created_at},
    searched=OF_CUSTOMERS,
)
def customers(actor: Actor) -> Select:
    """Select the customers that the actor may see.

    Callers get a page of them (see `paginated`). With the argument `q`, each of its words must occur in
    name, e-mail or phone, or in VIN or plate of a vehicle of the customer.
    """
    return _customers(actor)


def billing_terms(actor: Actor, customer_id: int) -> Row:
    """Return a customer's billing terms (exemption from taxes and its number), or raise NotFound."""
    [row] = get_or_404(_billing_terms, actor, customer_id)
    return {"customer_id": row.pop("id")} | row


def _billing_terms(actor):
    return customers_visible_to(actor).with_only_columns(
        *(Customer.id, Customer.tax_exempt, Customer.tax_exempt_number),
        *(Customer.payment_terms_days, Customer.version),
    )


def customer(actor: Actor, customer_id: int) -> Row:
    return get_or_404(_customers, actor, customer_id)[0]


def customer_or_survivor(actor: Actor, customer_id: int) -> Row:
    """Return a customer; if it was merged into another one, raise Merged with the other one's id.

    Raise NotFound if the actor may see neither of them.
    """
    try:
        return customer(actor, customer_id)
    except NotFound:
        survivors = get_or_404(_merged, actor, customer_id)
    raise Merged(survivors[0]["merged_into_id"])


def just_taken_in(actor: Actor | None, customer_id: int | None) -> Row:
    """Return a customer that was just created, with the members that its creator may see.

    `actor` is the creator, or None for a visitor who has opened an account without being signed in.
    """
    if actor and actor.is_staff and customer_id:
        return customer(actor, customer_id)
    return fetch(TAKEN_IN, customer_id=customer_id)[0]


def _merged(actor):
    """Select the merged records that were merged into a customer whom the actor may see."""
    survivors = customers_visible_to(actor).with_only_columns(Customer.id)
    return select(Customer.id, Customer.merged_into_id).where(
        Customer.merged_into_id.in_(survivors)
    )


def _customers(actor):
    columns = columns_for(CustomerOut, actor, has_account=HAS_ACCOUNT)
    return customers_visible_to(actor).with_only_columns(*columns)
