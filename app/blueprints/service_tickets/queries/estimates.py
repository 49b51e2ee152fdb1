"""The estimate of a ticket: jobs, lines, prices and totals, with shop, customer and vehicle."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, case, func, select

from app.actors import Actor
from app.blueprints.service_tickets.consent import Decided, sha256_of
from app.blueprints.service_tickets.queries.authorizations import all_of_ticket
from app.blueprints.service_tickets.queries.consents import decided_on
from app.blueprints.service_tickets.queries.jobs import JOBS, consent_shown
from app.blueprints.service_tickets.queries.jobs import TABLES as OF_JOBS
from app.blueprints.service_tickets.queries.priced_tickets import PricedTicket, priced
from app.blueprints.service_tickets.queries.prices import TERMS
from app.blueprints.service_tickets.queries.totals import totals_of
from app.blueprints.service_tickets.schemas.estimates import EstimateLineOut
from app.database.prepared import IDS, PREPARED, Among
from app.database.statements import Row, fetch
from app.errors import NotFound
from app.lists.pages import get_or_404
from app.models import Customer, ServiceTicket, Shop, Vehicle
from app.models.jobs import TURNED_DOWN
from app.permissions import tickets_visible_to
from app.quantities import plain
from app.words import ro_number

TABLES = (*OF_JOBS, "vehicles", "mechanics")
STILL_OWNS = Vehicle.customer_id == ServiceTicket.customer_id
# The columns of each part of an estimate. In one SELECT they are labelled with its name.
PARTS: dict[str, tuple[Any, ...]] = {
    "ticket": (
        *(ServiceTicket.status, ServiceTicket.opened_at),
        *(ServiceTicket.promised_at, ServiceTicket.updated_at),
        *(ServiceTicket.problem_description, ServiceTicket.odometer_in),
        *(ServiceTicket.return_replaced_parts, ServiceTicket.customer_po),
    ),
    "customer": (
        *(Customer.name, Customer.phone, Customer.email),
        *(Customer.address, Customer.city, Customer.state, Customer.postal_code),
    ),
    "vehicle": (
        *(Vehicle.id, Vehicle.make, Vehicle.model, Vehicle.year),
        # The number of then, and what the present owner may have changed only if it is the same one.
        func.coalesce(ServiceTicket.kept_vin, Vehicle.vin).label("vin"),
        case((STILL_OWNS, Vehicle.license_plate)).label("license_plate"),
        case((STILL_OWNS, Vehicle.color)).label("color"),
    ),
}
SETTINGS = select(
    *(Shop.name, Shop.address_lines, Shop.phone, Shop.email, Shop.website),
    *(Shop.registration_number, Shop.tax_number, Shop.distance_unit, Shop.time_zone, Shop.paper),
    *(Shop.estimate_terms, Shop.shop_supplies),
)
SHOWN_OF_LINE = tuple(EstimateLineOut().fields)
OF_LINE = (
    *("id", "kind", "name", "part_number", "condition", "quantity", "billed_minutes"),
    *("warranty_months", "warranty_distance", "amount_cents"),
)
OF_DISCOUNT = ("id", "name", "discount_percentage", "discount_cents", "applies_to")


def estimate(actor: Actor, ticket_id: int) -> Row:
    """Return the estimate of a ticket in its JSON form, with the ticket's authorizations.

    Every actor gets the same estimate, without costs, markups, suppliers and profit. Raise NotFound if
    the actor may not see the ticket.
    """
    [row] = get_or_404(_visible, actor, ticket_id)
    return _estimate(row) | {"authorizations": all_of_ticket(ticket_id)}


def estimate_by_id(ticket_id: int) -> Row:
    """Return the estimate of a ticket in its JSON form, without the ticket's authorizations.

    Who may see the ticket is not checked. Raise NotFound if it does not exist.
    """
    found = fetch(BY_ID, ids=[ticket_id])
    if not found:
        raise NotFound(f"There is no service ticket {ticket_id}.")
    return _estimate(found[0])


def _visible(actor):
    return _columns(tickets_visible_to(actor))


def _columns(tickets: Select) -> Select:
    owned = tickets.join(Customer, Customer.id == ServiceTicket.customer_id)
    in_what = owned.outerjoin(Vehicle, Vehicle.id == ServiceTicket.vehicle_id)
    labelled = (
        column.label(f"{part}_{column.key}")
        for part, columns in PARTS.items()
        for column in columns
    )
    return in_what.with_only_columns(ServiceTicket.id, ServiceTicket.version, *TERMS, *labelled)


BY_ID = (
    _columns(select(ServiceTicket))
    .where(Among(ServiceTicket.id, IDS))
    .execution_options(**PREPARED)
)


def _estimate(row: Row) -> Row:
    ticket, jobs = priced([row], None)[row["id"]], fetch(JOBS, ids=[row["id"]])
    return _made_of(row, ticket, jobs)


def estimate_for(actor: Actor, ticket_id: int) -> tuple[Row, PricedTicket, list[Row]]:
    """Return `(estimate, priced ticket, jobs)` of a ticket, from which its invoice is made.

    The estimate is that of `estimate_by_id`. The lines of the PricedTicket have what the actor may see
    of costs, and `jobs` are the rows JOBS. The ticket must exist.
    """
    [row] = fetch(BY_ID, ids=[ticket_id])
    ticket, jobs = priced([row], actor)[ticket_id], fetch(JOBS, ids=[ticket_id])
    return _made_of(row, ticket, jobs), ticket, jobs


def _made_of(row: Row, ticket: PricedTicket, jobs: list[Row]) -> Row:
    parts = {
        part: {column.key: row[f"{part}_{column.key}"] for column in columns}
        for part, columns in PARTS.items()
    }
    parts["ticket"]["ro_number"] = ro_number(row["id"])
    decided = decided_on(jobs)
    [shop] = fetch(SETTINGS)
    supplies, terms = shop.pop("shop_supplies"), shop.pop("estimate_terms")
    shown = [(job, _shown(job, ticket, decided)) for job in jobs if job["id"] in ticket.prices]
    return {
        "ticket_id": ticket.id,
        "version": ticket.version,
        "shop": shop,
        **parts,
        "vehicle": parts["vehicle"] if parts["vehicle"].pop("id") else None,
        "jobs": [each for job, each in shown if job["decision"] not in TURNED_DOWN],
        "declined_jobs": [each for job, each in shown if job["decision"] in TURNED_DOWN],
        "discounts": [_discount(line) for line in ticket.lines_of(None)],
        "totals": totals_of(ticket, decided, None),
        "shop_supplies": supplies and {name: supplies[name] for name in ("name", "statement")},
        "estimate_terms": terms,
        "estimate_sha256": sha256_of(asked(ticket, jobs)),
    }


def _shown(job: Row, ticket: PricedTicket, decided: Mapping[int, Decided]) -> Row:
    lines = ticket.lines_of(job["id"])
    return {
        **{name: job[name] for name in ("id", "name", "note")},
        **consent_shown(job["id"], ticket, decided),
        "price_cents": ticket.prices[job["id"]],
        "lines": [{name: line[name] for name in SHOWN_OF_LINE} for line in lines],
    }


def _discount(line):
    return {name: line[name] for name in (*OF_DISCOUNT, "amount_cents")}


def asked(ticket: PricedTicket, jobs: list[Row]) -> dict[str, Any]:
    """Return the part of an estimate that the customer decides on, as it is hashed and stored.

    It is `{jobs, declined_jobs, discounts, subtotal_cents, taxes, total_cents}`, as JSON values, without
    shop, customer and vehicle. `ticket` is the ticket with its prices, and `jobs` are the rows of its
    jobs, in order; jobs without lines are left out.
    """
    shown = [(job, _asked_job(job, ticket)) for job in jobs if job["id"] in ticket.prices]
    totals = totals_of(ticket, {}, None)
    return {
        "jobs": [each for job, each in shown if job["decision"] not in TURNED_DOWN],
        "declined_jobs": [each for job, each in shown if job["decision"] in TURNED_DOWN],
        "discounts": [_named(line, OF_DISCOUNT) for line in ticket.lines_of(None)],
        "taxes": [_named(tax, tax) for tax in totals["taxes"]],
        **{name: totals[name] for name in ("subtotal_cents", "total_cents")},
    }


def _asked_job(job, ticket):
    lines = [_named(line, OF_LINE) for line in ticket.lines_of(job["id"])]
    about = _named(job, ("id", "name", "note"))
    return about | {"price_cents": ticket.prices[job["id"]], "lines": lines}


def _named(row, names):
    return {name: plain(row[name]) for name in names}
