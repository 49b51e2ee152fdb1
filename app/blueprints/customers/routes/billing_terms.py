"""Routes for the billing terms of a customer."""

from flask import g

from app.actors import STAFF
from app.blueprints.customers import bp
from app.blueprints.customers.queries import customers as queries
from app.blueprints.customers.schemas import BillingTermsOut, BillingTermsUpdate
from app.blueprints.customers.services import customers
from app.errors import NotFound
from app.web.auth import requires
from app.web.caching import cached
from app.web.limits import reads, writes
from app.web.shapes import accepts, checks_if_match, refuses, returns


@bp.get("/<int:customer_id>/billing-terms")
@reads
@requires(*STAFF)
@cached("customers")
@returns(BillingTermsOut())
@refuses(NotFound)
def billing_terms(customer_id):
    """Show whether a customer is exempt from taxes, and the number of the exemption."""
    return queries.billing_terms(g.actor, customer_id)


@bp.route("/<int:customer_id>/billing-terms", methods=["PUT", "PATCH"])
@writes
@requires(*STAFF)
@checks_if_match
@accepts(BillingTermsUpdate(), sent_back=(BillingTermsOut, queries.billing_terms))
@returns(BillingTermsOut())
@refuses(NotFound)
def change_billing_terms(customer_id, **terms):
    """Change the billing terms of a customer; members that you leave out stay unchanged.

    An exemption from taxes needs its number (`tax_exempt_number`). It applies at once to all tickets of
    the customer that are not invoiced, closed or cancelled.
    """
    changed = customers.change_billing_terms(g.actor, customer_id, **terms)
    return queries.billing_terms(g.actor, changed)
