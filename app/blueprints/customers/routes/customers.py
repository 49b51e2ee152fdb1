"""Customers over HTTP. Decorators read in the order in which a request meets them."""

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
    """Open your own account, or take in a customer.

    Anyone opens an account with e-mail and password; staff may leave out both for a walk-in.
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

    `q` finds them by words of name, e-mail and phone, and of VIN and plate of a vehicle, in any order.
    Customers may not ask, because they are not to know each other.
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

    Customers see themselves; anybody else is not found, as if there were none. One that was merged into
    another is answered with 308 and where that one is.
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
    """Change what is known of a customer; what you leave out stays.

    Customers change themselves, staff anyone.
    Staff open a walk-in's sign-in by sending a password; only a manager may replace one.
    """
    return queries.customer(g.actor, customers.change_customer(g.actor, customer_id, **facts))


@bp.delete("/<int:customer_id>")
@writes
@requires(Role.CUSTOMER, Role.MANAGER)
@checks_if_match
@returns(None, 204)
@refuses(NotFound, SignInAgain, TicketsOpen)
def erase(customer_id, if_match):
    """Erase a customer's personal data and access; tickets and vehicles stay for the books.

    Customers erase themselves, a manager anyone. Every session of theirs ends. Their tickets must be closed
    or cancelled first.
    """
    customers.erase_customer(g.actor, customer_id, if_match=if_match)


@bp.get("/<int:customer_id>/duplicates")
@reads
@requires(*STAFF)
@cached("customers")
@returns(items_shape(DuplicateOut))
@refuses(NotFound)
def duplicates(customer_id):
    """List up to 20 customers who may be this one, taken in a second time, most alike first.

    They have the same name, phone number or e-mail address. A manager makes one of two by `POST .../merge`.
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
    """Make one of two records of the same customer.

    This one gets the vehicles and tickets of the one in `from_id`, and its phone, e-mail and address where it
    has none. The other one is emptied, and from then on leads here. There is no way back, but a vehicle may
    be given to another owner.
    """
    return queries.customer(g.actor, merging.merge_customers(g.actor, customer_id, **query))
