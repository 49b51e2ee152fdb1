"""Queries for work that waits: jobs that customers have declined or deferred, by vehicle."""

from sqlalchemy import Select, and_, exists, or_, select
from sqlalchemy.orm import aliased

from app.actors import Actor
from app.blueprints.service_tickets.queries.priced_tickets import BY_ID, priced
from app.blueprints.vehicles.queries import vehicle
from app.database.statements import Row, fetch
from app.lists.pages import paginated
from app.models import Job, JobDecision, ServiceTicket, TicketLine, TicketStatus

TABLES = ("jobs", "ticket_lines", "service_tickets", "vehicles", "customers", "shop")
Revival = aliased(Job)
HAS_LINES = exists().where(TicketLine.job_id == Job.id)
# Undecided jobs of a cancelled ticket count as deferred.
WAITS = and_(
    or_(
        Job.decision == JobDecision.DECLINED,
        Job.decision == JobDecision.DEFERRED,
        and_(ServiceTicket.status == TicketStatus.CANCELLED, Job.decision.is_(None), HAS_LINES),
    ),
    Job.dismissed_at.is_(None),
    ~exists().where(Revival.revived_from_id == Job.id),
)


def _finish(found: list[Row], _actor: Actor | None) -> list[Row]:
    """Return jobs that wait in their JSON form, each with the price at which it was offered."""
    ids = {row["ticket_id"] for row in found}
    tickets = priced(fetch(BY_ID, ids=sorted(ids)), None) if ids else {}
    return [
        {
            "job_id": (job_id := row.pop("id")),
            **row,
            "ro_number": f"RO-{row['ticket_id']:06d}",
            "decision": row["decision"] or JobDecision.DEFERRED,
            "price_cents": tickets[row["ticket_id"]].prices.get(job_id, 0),
        }
        for row in found
    ]


@paginated({"id": Job.id, "decided_at": Job.decided_at_sort}, finish=_finish)
def _waiting(_actor: Actor, *, vehicle_id: int) -> Select:
    of_job = (Job.id, Job.ticket_id, Job.name, Job.note, Job.decision, Job.decided_at)
    return (
        select(*of_job, ServiceTicket.odometer_in)
        .join(ServiceTicket, ServiceTicket.id == Job.ticket_id)
        .where(ServiceTicket.vehicle_id == vehicle_id, WAITS)
    )


def recommendations(actor: Actor, vehicle_id: int, **page) -> dict:
    """Return a page of the work that waits on a vehicle, or raise NotFound.

    It includes the work that former owners have turned down, without their names.
    """
    vehicle(actor, vehicle_id)
    return _waiting(actor, vehicle_id=vehicle_id, **page)


def of_vehicle(actor: Actor, vehicle_id: int | None) -> list[Row]:
    """Return the newest 100 jobs that wait on the vehicle of a ticket that the actor may see."""
    if vehicle_id is None:
        return []
    page: list[Row] = _waiting(actor, vehicle_id=vehicle_id, sort="-decided_at", per_page=100)[
        "items"
    ]
    return page
