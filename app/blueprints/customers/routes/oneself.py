"""Deprecated routes of an earlier system, without an id in the path: for the signed-in customer only."""

from flask import g

from app.actors import Role
from app.blueprints.customers import bp
from app.blueprints.customers.queries import customers as queries
from app.blueprints.customers.routes.own_password import own_password_as_it_is
from app.blueprints.customers.schemas import CustomerCreate, CustomerOut
from app.blueprints.customers.services import customers
from app.errors import EmailTaken, Forbidden, NotFound, SignInAgain, TicketsOpen, TooManyAttempts
from app.web.auth import requires
from app.web.declared import deprecated
from app.web.limits import writes
from app.web.shapes import accepts, checks_if_match, refuses, returns

BY_ID = "/customers/<int:customer_id>"


def myself(actor):
    return queries.customer(actor, actor.customer_id)


@bp.route("", methods=["PUT", "PATCH"])
@deprecated(BY_ID)
@writes
@requires(Role.CUSTOMER)
@checks_if_match
@accepts(CustomerCreate(partial=True), sent_back=(CustomerOut, myself))
@own_password_as_it_is
@returns(CustomerOut())
@refuses(NotFound, EmailTaken, Forbidden, SignInAgain, TooManyAttempts)
def change_oneself(**facts):
    """Change your own data, except the password; members that you leave out stay unchanged.

    If the body has a `password`, it must be your current one. Set a new one with `PUT /auth/password`.
    """
    customers.change_customer(g.actor, g.actor.customer_id, **facts)
    return myself(g.actor)


@bp.delete("")
@deprecated(BY_ID)
@writes
@requires(Role.CUSTOMER)
@checks_if_match
@returns(None, 204)
@refuses(NotFound, SignInAgain, TicketsOpen)
def erase_oneself(if_match):
    """Erase your personal data and account; your tickets and vehicles stay.

    All of your sessions end. All of your tickets must be closed or cancelled first. Invoices, credit notes
    and payments stay as they were recorded, with name and address, because tax law asks to keep them.
    """
    customers.erase_customer(g.actor, g.actor.customer_id, if_match=if_match)
