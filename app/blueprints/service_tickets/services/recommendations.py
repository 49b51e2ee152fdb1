"""Adding recommended jobs of earlier visits to a ticket, and dismissing recommended jobs."""

from typing import Any

from sqlalchemy import select

from app.actors import Actor
from app.blueprints.service_tickets.queries.recommendations import WAITS
from app.blueprints.service_tickets.services.making import make_job, must_be_in_catalogue
from app.clock import utc_now
from app.database.session import db
from app.errors import AlreadyRevived, NotRecommended
from app.lookup import Versions, find
from app.models import Job, LineKind, PriceSource, ServiceTicket, Shop, TicketLine
from app.models.shop import SHOP
from app.models.ticket_lines import COMMON, MEMBERS, OF_BOUGHT_PARTS
from app.permissions import jobs_visible_to, tickets_visible_to

# What a new line of today gets again, or what belongs to the earlier visit alone.
NOT_COPIED = {
    *("position", "mechanic_id", "cores_returned"),
    *("unit_price_cents", "markup_bps", "price_source"),
}


def revive_job(
    actor: Actor, ticket_id: int, *, revive_job_id: int, if_match: Versions = None
) -> int:
    """Add a recommended job of an earlier visit to a ticket as a new job; return the new job's id.

    `revive_job_id` is the job of the earlier visit. Its lines are copied with today's labor rate, costs
    and prices, but a price that was entered by hand stays the same. `if_match` has the accepted versions
    of the ticket, or is None if any will do.

    Raise TicketClosed if the ticket's status allows no new lines, TicketFull if it would have too many
    jobs or lines, NotRecommended if the earlier job is not recommended (see WAITS) or is of another
    vehicle, AlreadyRevived if it was revived before, and PartRetired if one of its parts was retired.
    """
    ticket = find(tickets_visible_to, actor, ticket_id, lock=True, if_match=if_match)
    ticket.must_take_lines()
    waiting = find(jobs_visible_to, actor, revive_job_id)
    _must_wait(waiting, ticket)
    lines = select(TicketLine).where(TicketLine.job_id == waiting.id)
    in_order = lines.order_by(TicketLine.position, TicketLine.id)
    copies = [_copied(line) for line in db.session.scalars(in_order)]
    must_be_in_catalogue(copies)
    about = {"name": waiting.name, "note": waiting.note, "cause": waiting.cause}
    job = make_job(actor, ticket, copies, revived_from_id=waiting.id, **about)
    db.session.commit()
    return job.id


def dismiss_job(actor: Actor, job_id: int, *, reason: str, if_match: Versions = None) -> int:
    """Dismiss a recommended job, so that it is no longer recommended, and return its id.

    `reason` is stored with the job. `if_match` has the accepted versions of its ticket, or is None if
    any will do. Raise NotRecommended if the job is not recommended (see WAITS).
    """
    ticket_id = find(jobs_visible_to, actor, job_id).ticket_id
    find(tickets_visible_to, actor, ticket_id, lock=True, if_match=if_match)
    job = find(jobs_visible_to, actor, job_id, lock=True)
    if not _waits(job):
        raise NotRecommended()
    job.dismissed_at, job.dismissed_reason = utc_now(), reason
    db.session.commit()
    return job.id


def _must_wait(job: Job, ticket: ServiceTicket) -> None:
    if db.session.scalar(select(Job.id).where(Job.revived_from_id == job.id)) is not None:
        raise AlreadyRevived()
    of_job = select(ServiceTicket.vehicle_id).where(ServiceTicket.id == job.ticket_id)
    same_vehicle = ticket.vehicle_id and db.session.scalar(of_job) == ticket.vehicle_id
    if job.ticket_id == ticket.id or not same_vehicle or not _waits(job):
        raise NotRecommended()


def _waits(job: Job) -> bool:
    waiting = select(Job.id).join(ServiceTicket, ServiceTicket.id == Job.ticket_id)
    return db.session.scalar(waiting.where(Job.id == job.id, WAITS)) is not None


def _copied(line: TicketLine) -> dict[str, Any]:
    """Return the members, as loaded by LineCreate, of a new line that copies `line` at today's prices.

    Members that the new line gets from the shop or the part, such as a rate or a cost, are left out.
    """
    names = (COMMON | MEMBERS[line.kind]) - NOT_COPIED
    if line.part_id is not None:
        names -= OF_BOUGHT_PARTS
    facts = {name: value for name in names if (value := getattr(line, name)) is not None}
    if line.kind is LineKind.LABOR and db.session.get_one(Shop, SHOP).labor_rate_cents:
        del facts["rate_cents"]  # the rate of today, if the shop has one
    if line.kind in (LineKind.LABOR, LineKind.DISCOUNT):
        return facts
    if line.price_source is PriceSource.MARKUP:
        return facts | {"markup_bps": line.markup_bps}
    if line.price_source is PriceSource.MATRIX:
        return facts | {"price_source": PriceSource.MATRIX}
    if line.price_source is PriceSource.CATALOG and line.part_id is not None:
        return facts
    return facts | {"unit_price_cents": line.unit_price_cents}
