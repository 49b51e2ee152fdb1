"""The check that a ticket is invoiced and paid before it is closed, if the shop's policy is `strict`."""

from sqlalchemy import select

from app.blueprints.service_tickets.queries.balances import balances
from app.database.prepared import PREPARED
from app.database.session import db
from app.database.statements import fetch
from app.errors import BalanceDue, InvoiceRequired
from app.models import ServiceTicket, Shop
from app.models.shop import Policy

POLICY = select(Shop.closing_policy).execution_options(**PREPARED)


def must_be_settled(ticket: ServiceTicket, *, on_account: bool) -> None:
    """Refuse to close a locked ticket that is not settled, if the shop's `closing_policy` is `strict`.

    Raise InvoiceRequired if something is due for it and it has no invoice, and BalanceDue if something is
    left to pay or to pay back; with `on_account`, that may be left.
    """
    if fetch(POLICY)[0]["closing_policy"] is Policy.OFF:
        return
    db.session.flush()
    balance = balances([ticket.id])[ticket.id]
    if balance.invoice_id is None and balance.due_cents:
        raise InvoiceRequired()
    if balance.balance_cents and not on_account:
        raise BalanceDue(balance_cents=balance.balance_cents)
