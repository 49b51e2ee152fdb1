"""Recording payments for tickets, and refunds of payments."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from app.actors import Actor
from app.blueprints.service_tickets.queries.balances import Balance, balances
from app.clock import utc_now
from app.database.session import db
from app.errors import AboveBalance, AbovePayment, NotAPayment, NotFound, TicketClosed
from app.lookup import Versions, find
from app.models import Invoice, Payment, ServiceTicket, TicketStatus
from app.models.invoices import keep_open
from app.permissions import customers_visible_to, payments_visible_to, tickets_visible_to


def pay_ticket(
    actor: Actor,
    ticket_id: int,
    *,
    amount_cents: int,
    if_match: Versions = None,
    **facts: Any,
) -> int:
    """Record a payment for a ticket, and return its id.

    `facts` are further columns of the Payment: `method`, `reference`, `note`, `received_at`. `if_match`
    has the accepted versions of the ticket, or is None if any will do. Raise AboveBalance if the amount
    is more than what is left to pay, and TicketClosed if the ticket is cancelled.
    """
    ticket = find(tickets_visible_to, actor, ticket_id, lock=True, if_match=if_match)
    payment = _pay(actor, ticket, balances([ticket_id])[ticket_id], amount_cents, **facts)
    db.session.commit()
    return payment.id


def pay_for_customer(
    actor: Actor,
    customer_id: int,
    *,
    amount_cents: int,
    allocations: list[dict[str, int]] | None = None,
    **facts: Any,
) -> list[int]:
    """Record one payment of a customer for several tickets; return the ids of the Payments.

    `allocations` is `[{ticket_id, amount_cents}]`, which add up to `amount_cents`. If it is None, the
    customer's open invoices are paid, the one that is due first at first. `facts` and the errors are
    those of `pay_ticket`. The tickets are locked in the order of their ids before a balance is read.
    """
    find(customers_visible_to, actor, customer_id)
    chosen = None if allocations is None else {each["ticket_id"] for each in allocations}
    tickets = _locked(actor, customer_id, _open_tickets(customer_id) if chosen is None else chosen)
    left = balances(tickets)
    if allocations is None:
        allocations = _oldest_first(customer_id, left, amount_cents)
    made = [
        _pay(actor, tickets[ticket_id], left[ticket_id], amount, **facts)
        for ticket_id, amount in ((each["ticket_id"], each["amount_cents"]) for each in allocations)
    ]
    for payment in made:
        payment.batch_id = made[0].id
    db.session.commit()
    return [payment.id for payment in made]


def refund(
    actor: Actor, payment_id: int, *, amount_cents: int, if_match: Versions = None, **facts: Any
) -> int:
    """Record that a part of a payment, or all of it, was paid back; return the id of the refund.

    `facts` are further columns: `method`, `reference`, `note`. `if_match` has the accepted versions of
    the ticket, or is None if any will do. Raise NotAPayment for a refund, and AbovePayment if more would
    be paid back than was paid.
    """
    ticket_id = find(payments_visible_to, actor, payment_id).ticket_id
    ticket = find(tickets_visible_to, actor, ticket_id, lock=True, if_match=if_match)
    payment = find(payments_visible_to, actor, payment_id)
    if payment.refunds_payment_id is not None:
        raise NotAPayment()
    of_it = select(func.sum(Payment.amount_cents)).where(Payment.refunds_payment_id == payment.id)
    refundable = payment.amount_cents + int(db.session.scalar(of_it) or 0)
    if amount_cents > refundable:
        raise AbovePayment(f"{refundable} can be paid back.", refundable_cents=refundable)
    made = _record(actor, ticket, -amount_cents, refunds_payment_id=payment.id, **facts)
    db.session.commit()
    return made.id


def _locked(actor: Actor, customer_id: int, ticket_ids: set[int]) -> dict[int, ServiceTicket]:
    """Lock tickets of a customer in the order of their ids; return them by id, or raise NotFound."""
    of_customer = tickets_visible_to(actor).where(
        ServiceTicket.customer_id == customer_id, ServiceTicket.id.in_(ticket_ids)
    )
    locked = of_customer.order_by(ServiceTicket.id).with_for_update(key_share=True)
    found = db.session.scalars(locked.execution_options(populate_existing=True))
    tickets = {ticket.id: ticket for ticket in found}
    if missing := ticket_ids - tickets.keys():
        raise NotFound(f"There is no service ticket {min(missing)} of this customer.")
    return tickets


def _pay(
    actor: Actor, ticket: ServiceTicket, balance: Balance, amount_cents: int, **facts: Any
) -> Payment:
    """Record a payment for a locked ticket with this balance, and return it; commit nothing."""
    if ticket.status is TicketStatus.CANCELLED:
        raise TicketClosed(f"Ticket {ticket.id} is cancelled: nothing is due for it.")
    if amount_cents > balance.balance_cents:
        raise AboveBalance(
            f"{balance.balance_cents} is left to pay for ticket {ticket.id}.",
            ticket_id=ticket.id,
            balance_cents=balance.balance_cents,
        )
    return _record(actor, ticket, amount_cents, **facts)


def _record(
    actor: Actor,
    ticket: ServiceTicket,
    amount_cents: int,
    received_at: datetime | None = None,
    **facts: Any,
) -> Payment:
    payment = Payment(
        ticket_id=ticket.id,
        customer_id=ticket.customer_id,
        amount_cents=amount_cents,
        received_at=received_at or utc_now(),
        account_id=actor.account_id,
        **facts,
    )
    db.session.add(payment)
    ticket.paid_cents += amount_cents
    db.session.flush()
    keep_open(ticket)
    return payment


def _open_tickets(customer_id: int) -> set[int]:
    """Return the ids of the tickets of a customer with an invoice on which something is left to pay."""
    of_customer = select(Invoice.ticket_id).where(Invoice.customer_id == customer_id)
    return set(db.session.scalars(of_customer.where(Invoice.is_open)))


def _oldest_first(
    customer_id: int, left: Mapping[int, Balance], amount_cents: int
) -> list[dict[str, int]]:
    """Divide an amount among open invoices, the one that is due first at first; return allocations.

    `left` has the balances of locked tickets of the customer. Raise AboveBalance if something is left.
    """
    found = []
    in_order = (
        select(Invoice.ticket_id)
        .where(Invoice.ticket_id.in_(left), Invoice.voided_at.is_(None))
        .order_by(Invoice.due_on, Invoice.id)
    )
    for ticket_id in db.session.scalars(in_order):
        share = min(amount_cents, left[ticket_id].balance_cents)
        if share > 0:
            found.append({"ticket_id": ticket_id, "amount_cents": share})
            amount_cents -= share
    if amount_cents:
        open_cents = sum(each["amount_cents"] for each in found)
        raise AboveBalance(
            f"The open invoices of customer {customer_id} come to {open_cents}.",
            balance_cents=open_cents,
        )
    return found
