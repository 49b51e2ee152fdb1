"""Balances: what is due for tickets, what was paid, and what is left."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from sqlalchemy import select

from app.blueprints.service_tickets.queries.priced_tickets import priced
from app.blueprints.service_tickets.queries.prices import TERMS
from app.database.prepared import IDS, PREPARED, Among
from app.database.statements import Row, fetch
from app.models import Customer, Invoice, Payment, ServiceTicket, TicketStatus

TABLES = (
    *("service_tickets", "customers", "ticket_lines", "jobs", "invoices", "payments", "shop"),
)
TICKETS = (
    select(
        *(ServiceTicket.id, ServiceTicket.version, ServiceTicket.paid_cents),
        *(ServiceTicket.closed_at, *TERMS),
    )
    .join(Customer, Customer.id == ServiceTicket.customer_id)
    .where(Among(ServiceTicket.id, IDS))
    .execution_options(**PREPARED)
)
INVOICES = (
    select(
        *(Invoice.id, Invoice.ticket_id, Invoice.total_cents),
        *(Invoice.credited_cents, Invoice.voided_at),
    )
    .where(Among(Invoice.ticket_id, IDS))
    .order_by(Invoice.id)
    .execution_options(**PREPARED)
)
REFUNDED = (
    select(Payment.ticket_id)
    .where(Among(Payment.ticket_id, IDS), Payment.amount_cents < 0)
    .distinct()
    .execution_options(**PREPARED)
)


class Balance(NamedTuple):
    """What is due for a ticket in cents, what was paid less refunds, and its invoice that is not void.

    Due is the total of the invoice less its credit notes; without an invoice, it is the price of the
    ticket, or 0 if the ticket was cancelled or its invoice was voided after it was closed.
    """

    invoice_id: int | None
    due_cents: int
    paid_cents: int
    is_refunded: bool

    @property
    def balance_cents(self) -> int:
        return self.due_cents - self.paid_cents

    @property
    def payment_status(self) -> str:
        """Return `overpaid`, `partially_paid`, `unpaid`, `refunded` or `paid`: the first that fits."""
        if self.balance_cents < 0:
            return "overpaid"
        if self.balance_cents > 0:
            return "partially_paid" if self.paid_cents > 0 else "unpaid"
        return "refunded" if self.is_refunded and not self.paid_cents else "paid"

    def shown(self) -> Row:
        """Return the members that answers show: `{paid_cents, balance_cents, payment_status}`."""
        return {
            "paid_cents": self.paid_cents,
            "balance_cents": self.balance_cents,
            "payment_status": self.payment_status,
        }


def balances(
    ticket_ids: Iterable[int], prices: Mapping[int, int] | None = None
) -> dict[int, Balance]:
    """Return the balances of tickets: `{ticket_id: Balance}`.

    `prices` are the totals of tickets that are known already, in cents.
    """
    ids = sorted(set(ticket_ids))
    if not ids:
        return {}
    tickets, invoices = fetch(TICKETS, ids=ids), fetch(INVOICES, ids=ids)
    live = {each["ticket_id"]: each for each in invoices if each["voided_at"] is None}
    voided = {each["ticket_id"]: each["voided_at"] for each in invoices if each["voided_at"]}
    refunded = {each["ticket_id"] for each in fetch(REFUNDED, ids=ids)}
    known = dict(prices or {}) | {
        each["id"]: 0
        for each in tickets
        if each["status"] is TicketStatus.CANCELLED
        or (
            each["status"] is TicketStatus.CLOSED
            and each["id"] in voided
            and voided[each["id"]] >= each["closed_at"]
        )
    }
    known |= {
        ticket_id: each["total_cents"] - each["credited_cents"] for ticket_id, each in live.items()
    }
    if unknown := [each for each in tickets if each["id"] not in known]:
        known |= {each.id: each.price.total for each in priced(unknown, None).values()}
    return {
        each["id"]: Balance(
            live[each["id"]]["id"] if each["id"] in live else None,
            known[each["id"]],
            each["paid_cents"],
            each["id"] in refunded,
        )
        for each in tickets
    }
