"""Routes for customers. A request passes the decorators of a route from top to bottom."""

from flask import g

from app.actors import STAFF, Role
from app.blueprints.customers import bp
from app.blueprints.customers.queries import customers as queries
from app.blueprints.customers.queries.duplicates import duplicates as alike
from app.blueprints.customers.routes.own_password import own_password_as_it_is
from app.blueprints.customers.schemas import (
    CustomerCreate,
    CustomerListQuery,
    CustomerMerge,
    CustomerOut,
    DuplicateOut,
)
from app.blueprints.customers.services import customers, merging
from app.errors import (
    BothHaveAccounts,
    CannotMerge,
    EmailTaken,
    Forbidden,
    Merged,
    NotFound,
    SignInAgain,
    TicketsOpen,
    TooManyAttempts,
)
from app.web.auth import public, requires
from app.web.caching import cached
from app.web.limits import reads, registrations, writes
from app.web.pages import items_shape, page_shape
from app.web.shapes import accepts, checks_if_match, refuses, returns


@bp.post("")
@registrations
@writes
@public
@accepts(CustomerCreate())
@returns(CustomerOut(), 201, location="/customers/{id}")
@refuses(EmailTaken, Forbidden)
def create(**facts):
    """Create a customer: anyone can open their own account, and staff can add any customer.

    `name` is required. An account also needs `email` and `password`; only staff may leave both out, for
    a walk-in.
    """
    return queries.just_taken_in(g.actor, customers.take_in(g.actor, **facts))


@bp.get("")
@reads
@requires(*STAFF)
@cached("customers", "vehicles")
@accepts(CustomerListQuery(), "query")
@returns(page_shape(CustomerOut))
def index(**query):
    """List customers.

    `q` selects the customers who have each of its words, in any order, in name, e-mail or phone, or in
    VIN or plate of a vehicle. Customers can't use this list, because they must not see each other.
    """
    return queries.customers(g.actor, **query)


@bp.get("/<int:customer_id>")
@reads
@requires()
@cached("customers")
@returns(CustomerOut())
@refuses(NotFound, Merged)
def show(customer_id):
    """Show one customer.

    Customers can see only themselves; for any other id, the response is 404, as if there was no such
    customer. If the customer was merged into another one, the response is 308 with the path of the other
    one.
    """
    return queries.customer_or_survivor(g.actor, customer_id)


@bp.route("/<int:customer_id>", methods=["PUT", "PATCH"])
@writes
@requires()
@checks_if_match
@accepts(CustomerCreate(partial=True), sent_back=(CustomerOut, queries.customer))
@own_password_as_it_is
@returns(CustomerOut())
@refuses(NotFound, EmailTaken, Forbidden, SignInAgain, TooManyAttempts)
def change(customer_id, **facts):
    """Change a customer; members that you leave out stay unchanged.

    Customers can change themselves, staff any customer. Staff can open an account for a walk-in by
    sending a password; only a manager can replace a password.
    """
    return queries.customer(g.actor, customers.change_customer(g.actor, customer_id, **facts))


@bp.delete("/<int:customer_id>")
@writes
@requires(Role.CUSTOMER, Role.MANAGER)
@checks_if_match
@returns(None, 204)
@refuses(NotFound, SignInAgain, TicketsOpen)
def erase(customer_id, if_match):
    """Erase a customer's personal data and account; the tickets and vehicles stay.

    Customers can erase themselves, managers any customer. All sessions of the customer end. All tickets
    of the customer must be closed or cancelled first. Invoices, credit notes and payments stay as they were
    recorded, with name and address, because tax law asks to keep them.
    """
    customers.erase_customer(g.actor, customer_id, if_match=if_match)


@bp.get("/<int:customer_id>/duplicates")
@reads
@requires(*STAFF)
@cached("customers")
@returns(items_shape(DuplicateOut))
@refuses(NotFound)
def duplicates(customer_id):
    """List up to 20 customers who may be duplicates of this one, the most similar first.

    They have the same name, phone number or e-mail address. A manager can merge two of them with
    `POST /customers/{customer_id}/merge`.
    """
    return alike(g.actor, customer_id)


@bp.post("/<int:customer_id>/merge")
@writes
@requires(Role.MANAGER)
@checks_if_match
@accepts(CustomerMerge())
@returns(CustomerOut(), 201, location="/customers/{id}")
@refuses(NotFound, CannotMerge, BothHaveAccounts)
def merge(customer_id, **query):
    """Merge a duplicate record (`from_id`) into this customer.

    This customer gets the vehicles and tickets of the duplicate, and also its phone, e-mail, address and
    tax exemption, if this customer has none. If both have an account, `keep_account` says which one is
    kept: `this` is the account of this customer, `other` that of the duplicate. The other account is
    deleted. The e-mail address of the kept account becomes that of the customer. The duplicate is
    emptied, and its path redirects to this customer. A merge can't be undone, but a vehicle can be given
    to another owner.
    """
    return queries.customer(g.actor, merging.merge_customers(g.actor, customer_id, **query))
