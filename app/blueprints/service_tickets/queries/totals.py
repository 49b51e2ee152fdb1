"""The totals of a ticket: the sums of its price, the total of the authorized jobs, the gross profit."""

from collections.abc import Mapping

from app.actors import Actor
from app.blueprints.service_tickets.consent import AUTHORIZED, Decided
from app.blueprints.service_tickets.pricing.price import COUNTS
from app.blueprints.service_tickets.queries.priced_tickets import PricedTicket
from app.blueprints.service_tickets.queries.profit import gross_profit
from app.database.statements import Row
from app.extensions import currency
from app.money import MILLIONTHS_OF_A_PERCENT


def totals_of(ticket: PricedTicket, decided: Mapping[int, Decided], actor: Actor | None) -> Row:
    """Return the totals of a ticket in JSON form, with amounts in cents.

    `decided` is `{job_id: Decided}`, as `decided_on` returns it for the ticket's jobs. The gross profit
    is included only if `actor` is a manager.
    """
    price, lines = ticket.price, ticket.price.lines
    totals = {
        "ticket_id": ticket.id,
        "labor_cents": price.amount_of("labor"),
        "parts_cents": price.amount_of("part"),
        "sublet_cents": price.amount_of("sublet"),
        "fees_cents": price.amount_of("fee"),
        "discount_cents": sum(line.amount - line.left for line in lines),
        "shop_supplies_cents": price.supplies,
        "shop_supplies_tax_cents": price.supplies_tax,
        "core_charges_cents": sum(line.core_charge for line in lines),
        "core_returns_cents": sum(line.core_return for line in lines),
        "subtotal_cents": price.subtotal,
        "taxes": [
            {
                "name": tax.name,
                "percentage": tax.millionths / MILLIONTHS_OF_A_PERCENT,
                "taxable_cents": tax.taxable,
                "tax_cents": tax.tax,
            }
            for tax in price.taxes
        ],
        "tax_cents": price.tax,
        "total_cents": price.total,
        "authorized_total_cents": ticket.authorized_total(decided),
        "authorization_status": authorization_status(ticket, decided),
        "currency": currency(),
    }
    if actor is not None and actor.is_manager:
        totals["gross_profit_cents"] = gross_profit(ticket)
    return totals


def authorization_status(ticket: PricedTicket, decided: Mapping[int, Decided]) -> str:
    """Return `full`, `partial` or `none`: whether all, some or none of the jobs are authorized.

    Jobs without lines, and jobs that the customer has declined or deferred, are left out. `decided` is
    `{job_id: Decided}`, as `decided_on` returns it for the ticket's jobs.
    """
    authorized = [
        ticket.consent(job["id"], decided).status == AUTHORIZED
        for job in ticket.jobs
        if job["decision"] is None or job["decision"] in COUNTS
    ]
    if authorized and all(authorized):
        return "full"
    return "partial" if any(authorized) else "none"
