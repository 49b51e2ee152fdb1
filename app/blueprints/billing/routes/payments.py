"""Routes for payments and refunds."""

from flask import Blueprint, g

from app.actors import STAFF, Role
from app.blueprints.billing.queries import payments as queries
from app.blueprints.billing.schemas.payments import (
    CustomerPaymentCreate,
    PaymentBatchOut,
    PaymentCreate,
    PaymentListQuery,
    PaymentOut,
    RefundCreate,
)
from app.blueprints.billing.services import payments as services
from app.blueprints.customers import bp as customers
from app.blueprints.service_tickets import bp as tickets
from app.errors import AboveBalance, AbovePayment, NotAPayment, NotFound, TicketClosed
from app.web.auth import requires
from app.web.caching import cached
from app.web.limits import reads, writes
from app.web.pages import page_shape
from app.web.shapes import accepts, checks_if_match, refuses, returns

bp = Blueprint("payments", __name__, url_prefix="/payments")


@tickets.post("/<int:ticket_id>/payments")
@writes
@requires(*STAFF)
@checks_if_match
@accepts(PaymentCreate())
@returns(PaymentOut(), 201, location="/payments/{id}", needs_key=True)
@refuses(NotFound, AboveBalance, TicketClosed)
def pay(ticket_id, **money):
    """Record a payment for a ticket: a deposit before its invoice, or money after it.

    This takes no money: a terminal or a person does. A payment above what is left to pay is refused. An
    `Idempotency-Key` is required, so that a retry can't record the money twice. `If-Match` is the version
    of the ticket.
    """
    return queries.payment(g.actor, services.pay_ticket(g.actor, ticket_id, **money))


@tickets.get("/<int:ticket_id>/payments")
@reads
@requires()
@cached(*queries.TABLES)
@accepts(PaymentListQuery(exclude=("ticket_id",)), "query")
@returns(page_shape(PaymentOut))
@refuses(NotFound)
def payments_of_ticket(ticket_id, **query):
    """List the payments and refunds of a ticket, newest first; customers see those of their own tickets."""
    return queries.payments_of_ticket(g.actor, ticket_id, **query)


@customers.post("/<int:customer_id>/payments")
@writes
@requires(*STAFF)
@accepts(CustomerPaymentCreate())
@returns(PaymentBatchOut(), 201, location="/payments/{batch_id}", needs_key=True)
@refuses(NotFound, AboveBalance, TicketClosed)
def pay_several(customer_id, **money):
    """Record one payment of a customer for several tickets, with a payment for each of them.

    `allocations` says how much is for which ticket. Without it, the open invoices are paid, the one that
    is due first at first. All is recorded, or nothing. An `Idempotency-Key` is required.
    """
    made = services.pay_for_customer(g.actor, customer_id, **money)
    return {"batch_id": made[0], "items": queries.these(g.actor, made)}


@bp.get("")
@reads
@requires()
@cached(*queries.TABLES)
@accepts(PaymentListQuery(), "query")
@returns(page_shape(PaymentOut))
def index(**query):
    """List payments and refunds, newest first; customers see their own."""
    return queries.payments(g.actor, **query)


@bp.get("/<int:payment_id>")
@reads
@requires()
@cached(*queries.TABLES)
@returns(PaymentOut())
@refuses(NotFound)
def show(payment_id):
    """Show a payment or refund, with the present balance of its ticket."""
    return queries.payment(g.actor, payment_id)


@bp.post("/<int:payment_id>/refunds")
@writes
@requires(Role.MANAGER)
@checks_if_match
@accepts(RefundCreate())
@returns(PaymentOut(), 201, location="/payments/{id}", needs_key=True)
@refuses(NotFound, AbovePayment, NotAPayment)
def refund(payment_id, **money):
    """Record that a part of a payment, or all of it, was paid back.

    A payment that was typed wrong is refunded, too, and recorded anew: the ledger shows both. An
    `Idempotency-Key` is required. `If-Match` is the version of the ticket.
    """
    return queries.payment(g.actor, services.refund(g.actor, payment_id, **money))
