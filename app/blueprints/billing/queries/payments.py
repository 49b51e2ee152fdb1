"""Queries for payments and refunds."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from app.actors import Actor
from app.blueprints.service_tickets.queries import balances as of_tickets
from app.blueprints.service_tickets.queries.visible import must_be_visible
from app.database.statements import Row
from app.lists.pages import between, equals, filtered, get_or_404, paginated
from app.models import Mechanic, Payment, PaymentMethod
from app.permissions import payments_visible_to

TABLES = (*of_tickets.TABLES, "mechanics")
Refund = aliased(Payment)
BACK = (
    select(func.coalesce(func.sum(Refund.amount_cents), 0))
    .where(Refund.refunds_payment_id == Payment.id)
    .correlate(Payment)
    .scalar_subquery()
    .label("back_cents")
)
SHOWN = (
    *(Payment.id, Payment.ticket_id, Payment.customer_id, Payment.amount_cents),
    *(Payment.method, Payment.reference, Payment.note, Payment.received_at),
    *(Payment.refunds_payment_id, Payment.batch_id, BACK),
    *(Mechanic.id.label("recorded_by_id"), Mechanic.name.label("recorded_by_name")),
)
SORTS = {"id": Payment.id, "received_at": Payment.received_at}


def _finish(found: list[Row], _actor: Actor | None) -> list[Row]:
    """Return payments in their JSON form, with the balances of their tickets.

    `found` are rows with the columns SHOWN, which are changed in place.
    """
    balances = of_tickets.balances(each["ticket_id"] for each in found)
    for each in found:
        balance, back = balances[each["ticket_id"]], -int(each.pop("back_cents"))
        recorded_by = {name: each.pop(f"recorded_by_{name}") for name in ("id", "name")}
        each |= {
            "invoice_id": balance.invoice_id,
            "refunded_cents": back,
            "refundable_cents": max(0, each["amount_cents"]) - back,
            "recorded_by": recorded_by if recorded_by["id"] else None,
            "balance_cents": balance.balance_cents,
            "payment_status": balance.payment_status,
        }
    return found


@paginated(SORTS, finish=_finish)
def payments(
    actor: Actor,
    *,
    ticket_id: int | None = None,
    customer_id: int | None = None,
    method: PaymentMethod | None = None,
    received_from: datetime | None = None,
    received_to: datetime | None = None,
) -> Select:
    """Return a page of the payments that the actor may see and that match all given filters."""
    return filtered(
        _visible(actor),
        equals(Payment.ticket_id, ticket_id),
        equals(Payment.customer_id, customer_id),
        equals(Payment.method, method),
        *between(Payment.received_at, received_from, received_to),
    )


def payments_of_ticket(actor: Actor, ticket_id: int, **query) -> dict:
    """Return a page of the payments of a ticket, or raise NotFound; for `query`, see `payments`."""
    must_be_visible(actor, ticket_id)
    return payments(actor, ticket_id=ticket_id, **query)


def payment(actor: Actor, payment_id: int) -> Row:
    return _finish(get_or_404(_visible, actor, payment_id), actor)[0]


def these(actor: Actor, payment_ids: Iterable[int]) -> list[Row]:
    """Return payments by their ids, in this order, as the actor may see them."""
    return [payment(actor, each) for each in payment_ids]


def _visible(actor):
    recorded = payments_visible_to(actor).outerjoin(
        Mechanic, Mechanic.account_id == Payment.account_id
    )
    return recorded.with_only_columns(*SHOWN)
