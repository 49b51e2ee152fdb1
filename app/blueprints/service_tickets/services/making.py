"""Functions that make jobs and lines, and change lines, with their prices. They commit nothing."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import func, select

from app.actors import Actor
from app.database.session import db
from app.errors import Invalid, PartRetired, TicketFull
from app.lookup import find
from app.models import Condition, Job, LineKind, Part, PriceSource, ServiceTicket, Shop, TicketLine
from app.models.jobs import MOST_JOBS
from app.models.shop import SHOP
from app.models.ticket_lines import MOST_LINES, next_position, unit_price
from app.permissions import mechanics_visible_to, parts_in_catalogue

PRICES = {"unit_price_cents", "markup_bps", "price_source"}


def make_job(
    actor: Actor, ticket: ServiceTicket, lines: Iterable[dict[str, Any]], **facts: Any
) -> Job:
    """Add a job with its lines to a ticket, and return the job.

    Each of `lines` has the loaded members of LineCreate. The keyword arguments are columns of the job;
    without `position`, it becomes the last job. Raise TicketFull if the ticket has 50 jobs already, or
    if it would have more than 200 lines.
    """
    jobs = select(func.count()).where(Job.ticket_id == ticket.id)
    if (db.session.scalar(jobs) or 0) >= MOST_JOBS:
        raise TicketFull()
    job = Job(ticket_id=ticket.id, **facts)
    if "position" not in facts:
        job.position = db.session.scalar(select(next_position(Job.__table__, ticket.id))) or 1
    db.session.add(job)
    db.session.flush()
    for n, line in enumerate(lines):
        make_line(actor, ticket, job, f"/lines/{n}", **line)
    return job


def must_be_in_catalogue(lines: Iterable[Mapping[str, Any]]) -> None:
    """Raise PartRetired if one of these new lines, as loaded by LineCreate, is for a retired part."""
    ids = {line["part_id"] for line in lines if "part_id" in line}
    retired = select(Part).where(Part.id.in_(ids), Part.retired_at.is_not(None))
    for part in db.session.scalars(retired.order_by(Part.id).limit(1)):
        raise PartRetired(
            f"{part.part_number} is no longer in the catalogue.",
            part_id=part.id,
            part_number=part.part_number,
        )


def forget_revivals(job_ids: Any) -> None:
    """Clear `revived_from_id` in all jobs that refer to jobs which are about to be deleted.

    `job_ids` is a SELECT of the ids of the latter. The database would clear the references itself, but
    without a new version of the tickets with the referring jobs.
    """
    for job in db.session.scalars(select(Job).where(Job.revived_from_id.in_(job_ids))):
        job.revived_from_id = None


def make_line(
    actor: Actor, ticket: ServiceTicket, job: Job | None, pointer: str = "", **facts: Any
) -> TicketLine:
    """Add a line to a job, or a discount to the whole ticket if `job` is None; return the new line.

    The keyword arguments are the loaded members of LineCreate or DiscountCreate. Unless they say
    otherwise, a labor line gets the shop's present labor rate, and a line for a part from stock gets the
    part's present cost and price. `pointer` is the JSON pointer to the line in the request body.

    Raise TicketFull at 200 lines, and NotFound for an unknown part or mechanic. Raise Invalid if the
    price or the quantity is wrong, or the number of cores (old parts that the customer hands in).
    """
    if _count(ticket) >= MOST_LINES:
        raise TicketFull()
    _find_mechanic(actor, facts)
    kind, part = facts["kind"], None
    line = TicketLine(ticket_id=ticket.id, job_id=job.id if job else None)
    prices = {name: facts.pop(name) for name in PRICES & facts.keys()}
    if kind is LineKind.LABOR:
        facts = {"name": job.name if job else None, "rate_cents": _shop().labor_rate_cents} | facts
    elif kind is LineKind.DISCOUNT:
        facts = {"applies_to": "all"} | facts
    else:
        part = _part(actor, facts, pointer)
        facts = {"quantity": 1} | _of_part(kind, part) | facts
        facts |= _price(facts, prices, pointer)
    _set(line, facts, pointer)
    if part is not None and line.cores_returned:
        part.must_come_in(line.cores_returned, f"{pointer}/cores_returned")
    if "position" not in facts:
        after = select(next_position(TicketLine.__table__, ticket.id))
        line.position = db.session.scalar(after) or 1
    db.session.add(line)
    db.session.flush()
    return line


def change_line(actor: Actor, line: TicketLine, **facts: Any) -> None:
    """Set the members of a line that are given as keyword arguments: the loaded members of LineUpdate.

    A new markup, or the shop's markup matrix, is applied to the line's own cost, not to the part's
    present cost.
    """
    _find_mechanic(actor, facts)
    if line.part_id is not None:
        part = db.session.get_one(Part, line.part_id)
        for name in ("quantity", "cores_returned"):
            part.must_come_in(facts.get(name, 0), f"/{name}")
    prices = {name: facts.pop(name) for name in PRICES & facts.keys()}
    cost = facts.get("unit_cost_cents", line.unit_cost_cents)
    if "unit_cost_cents" in facts and not prices:
        prices = _same_price(line)
    if prices:
        facts |= _price({"kind": line.kind, "unit_cost_cents": cost}, prices, "")
    for one, other in (("discount_bps", "discount_cents"), ("discount_cents", "discount_bps")):
        if facts.get(one) is not None:
            facts.setdefault(other, None)
    _set(line, facts)
    if line.kind is LineKind.DISCOUNT and line.discount_bps is None and line.discount_cents is None:
        raise Invalid.at(
            "/discount_percentage", "A discount takes something off: send one of both."
        )
    if line.kind is LineKind.PART and line.part_number is None:
        raise Invalid.at("/part_number", "This part line needs it.")


def _same_price(line):
    """Return the member that has set the price of a line, such as `{markup_bps: 4000}`.

    It is used to compute the price again from a new cost.
    """
    if line.price_source is PriceSource.MARKUP:
        return {"markup_bps": line.markup_bps}
    if line.price_source is PriceSource.MATRIX:
        return {"price_source": line.price_source}
    return {"unit_price_cents": line.unit_price_cents}


def _set(line, facts, pointer=""):
    for name, value in facts.items():
        setattr(line, name, value)
    returned, quantity = line.cores_returned or 0, line.quantity or 0
    if returned > quantity:
        raise Invalid.at(f"{pointer}/cores_returned", f"No more than the quantity, {quantity}.")


def _count(ticket):
    lines = select(func.count()).where(TicketLine.ticket_id == ticket.id)
    return db.session.scalar(lines) or 0


def _find_mechanic(actor, facts):
    if facts.get("mechanic_id") is not None:
        find(mechanics_visible_to, actor, facts["mechanic_id"])


def _part(actor, facts: Mapping[str, Any], pointer: str) -> Part | None:
    """Return the part from stock that a new line names, if it names one."""
    if facts.get("part_id") is None:
        return None
    part = find(parts_in_catalogue, actor, facts["part_id"])
    part.must_come_in(facts.get("quantity", 1), f"{pointer}/quantity")
    return part


def _of_part(kind: LineKind, part: Part | None) -> dict[str, Any]:
    """Return the default members of a part line: with `part`, also those copied from the part.

    `catalog_cents` is the part's own price. A line of another kind has no such defaults: return `{}`.
    """
    if kind is not LineKind.PART:
        return {}
    usual = {"condition": Condition.NEW, "core_charge_cents": 0, "cores_returned": 0}
    if part is None:
        return usual
    return usual | {
        "name": part.name,
        "part_number": part.part_number,
        "unit_cost_cents": part.current_cost_cents,
        "catalog_cents": part.price_cents,
    }


def _price(facts: dict[str, Any], prices: Mapping[str, Any], pointer: str) -> dict[str, Any]:
    """Return the columns of a line with the price of one unit: `{column: value}`.

    `facts` are the members of the line; `catalog_cents`, the part's own price, is removed from them.
    `prices` has the sent members that set a price (those in PRICES). `pointer` is the JSON pointer to
    the line in the request body. Raise Invalid if there is no price, or if it can't be
    computed.
    """
    catalog_cents = facts.pop("catalog_cents", None)
    if facts["kind"] is LineKind.FEE:
        return {"unit_price_cents": prices["unit_price_cents"]}
    matrix = _matrix() if prices.get("price_source") is PriceSource.MATRIX else None
    if not prices and catalog_cents is None:
        raise Invalid.at(f"{pointer}/unit_price_cents", "Say a price, a markup or the matrix.")
    if prices.get("unit_price_cents", 0) < 0:
        raise Invalid.at(f"{pointer}/unit_price_cents", "Only a fee may be negative.")
    cost_cents = facts.get("unit_cost_cents")
    if cost_cents is None and prices.keys() - {"unit_price_cents"}:
        raise Invalid.at(
            f"{pointer}/unit_cost_cents", "Say what it cost, to which that is applied."
        )
    if matrix == []:
        raise Invalid.at(f"{pointer}/price_source", "The shop has no markup matrix.")
    return unit_price(
        cost_cents or 0,
        unit_price_cents=prices.get("unit_price_cents"),
        markup_bps=prices.get("markup_bps"),
        matrix=matrix,
        catalog_cents=catalog_cents,
    )


def _matrix():
    return [(band["up_to_cents"], band["markup_bps"]) for band in _shop().markup_matrix]


def _shop() -> Shop:
    return db.session.get_one(Shop, SHOP)
