"""Loading tickets with all their lines and their price, for responses with jobs, lines or totals."""

from collections import defaultdict

from sqlalchemy import select

from app.actors import Actor
from app.blueprints.service_tickets.pricing.price import Price
from app.blueprints.service_tickets.queries.prices import (
    IN_ORDER,
    PRICED,
    TERMS,
    price_of,
    terms_of,
)
from app.blueprints.service_tickets.schemas.lines import OF_STAFF
from app.database.prepared import IDS, PREPARED, Among
from app.database.statements import Row, fetch
from app.lists.pages import get_or_404
from app.models import Customer, Job, LineKind, ServiceTicket, TicketLine
from app.permissions import tickets_visible_to

MILLIONTHS_OF_A_PERCENT = 10_000
SHOWN = (
    *PRICED,
    TicketLine.position,
    TicketLine.name,
    TicketLine.mechanic_id,
    TicketLine.unit_cost_cents,
    TicketLine.markup_bps,
    TicketLine.price_source,
    TicketLine.supplier,
    TicketLine.part_id,
    TicketLine.part_number,
    TicketLine.condition,
    TicketLine.used_at,
    TicketLine.installed_by_mechanic_id,
    TicketLine.warranty_months,
    TicketLine.warranty_distance,
)
TERMS_SHOWN = ("customer_po", "return_replaced_parts", "shop_supplies_waived", "tax_exempt")
LINES = (
    select(*SHOWN)
    .outerjoin(Job, Job.id == TicketLine.job_id)
    .where(Among(TicketLine.ticket_id, IDS))
    .order_by(*IN_ORDER)
    .execution_options(**PREPARED)
)


class PricedTicket:
    """A ticket with its version, its lines in their JSON form, and its price."""

    def __init__(self, ticket: Row, rows: list[Row], actor: Actor):
        self.id, self.version = ticket["id"], ticket["version"]
        self.price: Price = price_of(rows, terms_of(ticket))
        charges = {
            line.line.id: {
                "amount_cents": line.amount,
                "net_cents": line.left,
                "tax_cents": line.tax,
            }
            for job in self.price.jobs
            for line in job.lines
        }
        taken = dict(self.price.discounts)
        for job in self.price.jobs:
            taken |= job.discounts
        self.lines = [_shown(row, actor, charges, taken) for row in rows]
        self.prices = {job.job.id: job.price for job in self.price.jobs}


def priced_ticket(actor: Actor, ticket_id: int) -> PricedTicket:
    [ticket] = get_or_404(_of_ticket, actor, ticket_id)
    return priced([ticket], actor)[ticket_id]


def priced(tickets: list[Row], actor: Actor) -> dict[int, PricedTicket]:
    """Load the lines of tickets and compute their prices; return `{ticket_id: PricedTicket}`.

    `tickets` are rows with the columns id and version and the columns in the constant TERMS. Unless
    `actor` is staff, the lines have no cost, markup and supplier.
    """
    lines = defaultdict(list)
    for row in fetch(LINES, ids=[ticket["id"] for ticket in tickets]):
        lines[row["ticket_id"]].append(row)
    return {each["id"]: PricedTicket(each, lines[each["id"]], actor) for each in tickets}


def _of_ticket(actor):
    tickets = tickets_visible_to(actor).join(Customer, Customer.id == ServiceTicket.customer_id)
    return tickets.with_only_columns(ServiceTicket.id, ServiceTicket.version, *TERMS)


def _shown(row, actor, charges, taken):
    """Return a line in its JSON form; only staff see its cost, markup and supplier.

    `charges` is `{line_id: {amount_cents, net_cents, tax_cents}}`, and `taken` is `{line_id: cents}`
    with the cents that each discount takes off.
    """
    discount, markup = row.pop("discount_bps"), row.pop("markup_bps")
    row["discount_percentage"] = None if discount is None else discount / 100
    row["markup_percentage"] = None if markup is None else markup / 100
    if not actor.is_staff:
        for name in OF_STAFF:
            del row[name]
    if row["kind"] is LineKind.DISCOUNT:
        return row | {"amount_cents": -taken[row["id"]], "net_cents": None, "tax_cents": None}
    return row | charges[row["id"]]


def totals_of(ticket: PricedTicket) -> Row:
    price, lines = ticket.price, ticket.price.lines
    discounts = sum(line.amount - line.left for line in lines)
    return {
        "ticket_id": ticket.id,
        "labor_cents": price.amount_of("labor"),
        "parts_cents": price.amount_of("part"),
        "sublet_cents": price.amount_of("sublet"),
        "fees_cents": price.amount_of("fee"),
        "discount_cents": discounts,
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
    }
