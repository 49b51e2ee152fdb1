"""What an invoice of a ticket says, and its lines, before it has a number and a date."""

from dataclasses import asdict
from typing import Any, NamedTuple

from sqlalchemy import select

from app.actors import Actor
from app.blueprints.service_tickets.pricing.charges import Charge, charges_of
from app.blueprints.service_tickets.pricing.order import Terms
from app.blueprints.service_tickets.pricing.price import Price
from app.blueprints.service_tickets.queries.authorizations import all_of_ticket
from app.blueprints.service_tickets.queries.crews import on_crews
from app.blueprints.service_tickets.queries.estimates import estimate_for
from app.blueprints.service_tickets.queries.profit import cost_of
from app.database.prepared import IDS, PREPARED, Among
from app.database.statements import Row, fetch
from app.models import Customer, Mechanic, ServiceTicket, Shop

OF_TICKET = (
    *("ro_number", "opened_at", "customer_po", "problem_description"),
    *("odometer_in", "return_replaced_parts"),
)
OF_JOB = ("id", "name", "note", "cause", "correction")
OF_ESTIMATE = ("id", "name", "note", "price_cents")
# Of the totals, what changes after the invoice is issued is left out.
LATER = ("ticket_id", "authorized_total_cents", "authorization_status", "currency")
INSTALLERS = ("mechanic_id", "installed_by_mechanic_id")
CORES = {True: "Core charge", False: "Core return"}


class Draft(NamedTuple):
    """An invoice before it has a number: its document, lines and taxes, and the prices behind them.

    `lines` are `(columns of an InvoiceLine, columns of its InvoiceLineTaxes)`.
    """

    document: dict[str, Any]
    lines: list[tuple[Row, list[Row]]]
    price: Price
    terms: Terms


def draft(actor: Actor, ticket_id: int) -> Draft:
    """Return the draft of an invoice: what the ticket costs now, and all that is printed.

    `actor` is the member of staff who issues the invoice, and certifies it with his or her name.
    """
    estimate, ticket, jobs = estimate_for(actor, ticket_id)
    [about] = fetch(ABOUT, ids=[ticket_id])
    charges = charges_of(ticket.price, ticket.terms)
    rows = {line["id"]: line for line in ticket.lines}
    names = {job["id"]: job["name"] for job in jobs}
    supplies = estimate["shop_supplies"]
    lines = [
        (_line(n, charge, rows, names, supplies, ticket.labor_cost_cents), _taxes(charge))
        for n, charge in enumerate(charges, start=1)
    ]
    document = {
        **{name: estimate[name] for name in ("shop", "vehicle", "discounts", "shop_supplies")},
        "ticket": {name: estimate["ticket"][name] for name in OF_TICKET},
        "customer": estimate["customer"] | {"tax_exempt_number": about["tax_exempt_number"]},
        "jobs": _done(estimate["jobs"], jobs, rows),
        "not_done": _not_done(estimate["declined_jobs"]),
        "mechanics": [{"name": each["name"]} for each in on_crews([ticket_id])[ticket_id]],
        "charges": [_charged(line, taxes) for line, taxes in lines],
        "totals": _totals(estimate["totals"], about["paid_cents"]),
        "currency": estimate["totals"]["currency"],
        "authorizations": all_of_ticket(ticket_id),
        "certified_by": _name_of(actor),
        "terms": about["invoice_terms"],
        "steps": [asdict(step) | {"numerator": str(step.numerator)} for step in ticket.price.steps],
    }
    return Draft(document, lines, ticket.price, ticket.terms)


NAMES = select(Mechanic.id, Mechanic.name).where(Among(Mechanic.id, IDS))
ABOUT = (
    select(
        *(Customer.tax_exempt_number, ServiceTicket.paid_cents),
        select(Shop.invoice_terms).scalar_subquery().label("invoice_terms"),
    )
    .join(ServiceTicket, ServiceTicket.customer_id == Customer.id)
    .where(Among(ServiceTicket.id, IDS))
    .execution_options(**PREPARED)
)


def _totals(totals: Row, paid: int) -> Row:
    """Return the totals of an invoice, with what was paid before it is issued."""
    kept = {name: each for name, each in totals.items() if name not in LATER}
    return kept | {"paid_cents": paid, "balance_cents": totals["total_cents"] - paid}


def _done(shown: list[Row], jobs: list[Row], lines: dict[int, Row]) -> list[Row]:
    """Return the jobs of an estimate as an invoice shows them: with cause, correction and mechanics."""
    about = {job["id"]: job for job in jobs}
    staff = {line[name] for line in lines.values() for name in INSTALLERS} - {None}
    names = {row["id"]: row["name"] for row in fetch(NAMES, ids=sorted(staff))}
    return [
        {
            **{name: about[job["id"]][name] for name in OF_JOB},
            "price_cents": job["price_cents"],
            "mechanics": _mechanics(job, lines, names),
            "lines": job["lines"],
        }
        for job in shown
    ]


def _mechanics(job: Row, lines: dict[int, Row], names: dict[int, str]) -> list[Row]:
    """Return the mechanics who did the labor of a job or installed its parts, each once."""
    ids = dict.fromkeys(lines[line["id"]][name] for line in job["lines"] for name in INSTALLERS)
    return [{"name": names[each]} for each in ids if each is not None]


def _not_done(declined: list[Row]) -> list[Row]:
    return [
        {name: job[name] for name in OF_ESTIMATE} | {"decision": job["authorization"]}
        for job in declined
    ]


def _line(n, charge: Charge, rows, names, supplies, labor_cost_cents) -> Row:
    """Return the columns of an InvoiceLine for a charge; `rows` are the ticket's lines by id."""
    found = {
        "position": n,
        "kind": charge.kind,
        "amount_cents": charge.amount,
        "discount_cents": charge.amount - charge.net,
        "net_cents": charge.net,
        "tax_cents": charge.tax,
    }
    if charge.line is None:
        return found | {"name": supplies["name"]}
    row = rows[charge.line.id]
    found |= {"line_id": row["id"], "job_id": row["job_id"], "job_name": names[row["job_id"]]}
    found |= {"part_id": row["part_id"]}
    if charge.kind == "core":
        return found | {"name": f"{CORES[charge.net > 0]}: {row['name']}"}
    return found | {
        "name": row["name"],
        "mechanic_id": row["mechanic_id"],
        "quantity_hundredths": None if row["quantity"] is None else charge.line.quantity,
        "billed_minutes": row["billed_minutes"],
        "cost_cents": None if charge.kind == "fee" else cost_of(row, labor_cost_cents),
    }


def _taxes(charge: Charge) -> list[Row]:
    return [
        {"position": n, "name": tax.name, "millionths": tax.millionths, "tax_cents": tax.cents}
        for n, tax in enumerate(charge.taxes, start=1)
    ]


CHARGED = (
    *("position", "kind", "name", "amount_cents", "discount_cents", "net_cents", "tax_cents"),
    *("job_id", "line_id"),
)


def _charged(line: Row, taxes: list[Row]) -> Row:
    """Return a charge as the document shows it: without cost, with its share of each tax."""
    return {name: line.get(name) for name in CHARGED} | {"taxes": taxes}


def _name_of(actor: Actor) -> str | None:
    found = fetch(NAMES, ids=[actor.mechanic_id])
    return found[0]["name"] if found else None
