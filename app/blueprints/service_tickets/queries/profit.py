"""The gross profit of a ticket: what its labor, parts and sublets bring in, less what they cost."""

from app.blueprints.service_tickets.pricing.price import MINUTES_PER_HOUR
from app.blueprints.service_tickets.queries.priced_tickets import PricedTicket
from app.database.statements import Row
from app.money import half_up
from app.quantities import priced

BOUGHT = ("part", "sublet")


def gross_profit(ticket: PricedTicket) -> int | None:
    """Return the gross profit of a ticket in cents, or None if a cost is unknown.

    It is the net amount of labor, parts and sublets less their cost. A cost is unknown if a part or
    sublet has none, or if there is labor and the shop has no labor cost rate. Fees, shop supplies, cores
    and taxes are left out.
    """
    rows, profit = {row["id"]: row for row in ticket.lines}, 0
    for line in ticket.price.lines:
        if line.line.kind not in ("labor", *BOUGHT):
            continue
        cost = cost_of(rows[line.line.id], ticket.labor_cost_cents)
        if cost is None:
            return None
        profit += line.left - cost
    return profit


def cost_of(row: Row, labor_cost_cents: int | None) -> int | None:
    """Return what a line costs the shop in cents, or None if that is unknown.

    `row` is a line of labor, a part or a sublet, in the JSON form for staff. `labor_cost_cents` is what
    an hour of labor costs, or None.
    """
    if row["kind"] in BOUGHT:
        unit = row["unit_cost_cents"]
        return None if unit is None else priced(row["quantity"], unit)
    if labor_cost_cents is None:
        return None
    return half_up(row["billed_minutes"] * labor_cost_cents, MINUTES_PER_HOUR)
