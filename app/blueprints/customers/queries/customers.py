"""Customers, as they go over the wire."""

from sqlalchemy import Select, bindparam, select

from app.actors import Actor
from app.database.statements import Row, fetch
from app.errors import Merged, NotFound
from app.lists.pages import get_or_404, paginated
from app.lists.searching import Searched, Source
from app.models import Customer, Kind, Vehicle
from app.permissions import customers_visible_to

CUSTOMER = (
    Customer.id,
    Customer.name,
    Customer.email,
    Customer.phone,
    Customer.address,
    Customer.city,
    Customer.state,
    Customer.postal_code,
    Customer.account_id.is_not(None).label("has_account"),
    Customer.created_at,
    Customer.updated_at,
    Customer.version,
)
CUSTOMER_OF_STAFF = (*CUSTOMER, Customer.email_verified)
TAKEN_IN = select(*CUSTOMER).where(Customer.id == bindparam("customer_id"))
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
    """A page of customers; `q` looks into name, e-mail, phone, and their vehicles' VIN and plate."""
    return _customers(actor)


def customer(actor: Actor, customer_id: int) -> Row:
    return get_or_404(_customers, actor, customer_id)[0]


def customer_or_survivor(actor: Actor, customer_id: int) -> Row:
    """The customer, or Merged with the id of the one that it was merged into."""
    try:
        return customer(actor, customer_id)
    except NotFound:
        survivors = get_or_404(_merged, actor, customer_id)
    raise Merged(survivors[0]["merged_into_id"])


def just_taken_in(actor: Actor | None, customer_id: int | None) -> Row:
    """Return a new customer for the caller who added it, signed in or not."""
    if actor and actor.is_staff and customer_id:
        return customer(actor, customer_id)
    return fetch(TAKEN_IN, customer_id=customer_id)[0]


def _merged(actor):
    """Records that were emptied, each for those who see the customer it was merged into."""
    survivors = customers_visible_to(actor).with_only_columns(Customer.id)
    return select(Customer.id, Customer.merged_into_id).where(
        Customer.merged_into_id.in_(survivors)
    )


def _customers(actor):
    seen = CUSTOMER_OF_STAFF if actor.is_staff else CUSTOMER
    return customers_visible_to(actor).with_only_columns(*seen)
