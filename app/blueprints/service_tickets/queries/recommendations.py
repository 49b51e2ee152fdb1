"""Queries for the recommendations of a vehicle: jobs of its tickets that were not done.

A job is recommended if it was declined, deferred, or not begun on a cancelled ticket.
"""

from sqlalchemy import Select, and_, exists, or_, select
from sqlalchemy.orm import aliased

from app.actors import Actor
from app.blueprints.service_tickets.queries.priced_tickets import BY_ID, priced
from app.blueprints.vehicles.queries import vehicle
from app.database.statements import Row, fetch
from app.errors import NotFound
from app.lists.pages import paginated
from app.models import Job, JobDecision, ServiceTicket, TicketLine, TicketStatus
from app.models.jobs import TURNED_DOWN, name_of_first_job
from app.words import ro_number

TABLES = ("jobs", "ticket_lines", "service_tickets", "vehicles", "customers", "shop")
Revival = aliased(Job)
OF_JOB = (TicketLine.job_id == Job.id,)
# What was not done on a cancelled ticket waits as if it was deferred.
WAITS = and_(
    or_(
        Job.decision == JobDecision.DECLINED,
        Job.decision == JobDecision.DEFERRED,
        and_(
            ServiceTicket.status == TicketStatus.CANCELLED,
            exists().where(*OF_JOB),
            ~exists().where(*OF_JOB, TicketLine.used_at.is_not(None)),
        ),
    ),
    Job.dismissed_at.is_(None),
    ~exists().where(Revival.revived_from_id == Job.id),
)
HIDDEN = ("customer_id", "problem_description")


def _finish(found: list[Row], actor: Actor | None) -> list[Row]:
    """Return the JSON form of jobs that wait, each with the price at which it was offered.

    `found` are the rows of `_waiting`, which are changed in place. If `actor` is a customer, but not the
    one of the job's ticket, a note is removed, and a job name that was made from the problem description
    is replaced: both may be a former owner's words.
    """
    ids = {row["ticket_id"] for row in found}
    tickets = priced(fetch(BY_ID, ids=sorted(ids)), None) if ids else {}
    return [_shown(row, actor, tickets[row["ticket_id"]].prices) for row in found]


def _shown(row: Row, actor: Actor | None, prices: dict[int, int]) -> Row:
    job_id, customer_id, problem = row.pop("id"), *(row.pop(name) for name in HIDDEN)
    if actor and not actor.is_staff and customer_id != actor.customer_id:
        row["note"] = None
        if row["name"] == name_of_first_job(problem):
            row["name"] = "Work of an earlier visit"
    if row["decision"] not in TURNED_DOWN:
        row |= {"decision": JobDecision.DEFERRED, "decided_at": None}
    return {"job_id": job_id, **row} | {
        "ro_number": ro_number(row["ticket_id"]),
        "price_cents": prices.get(job_id, 0),
    }


@paginated({"id": Job.id, "decided_at": Job.decided_at_sort}, finish=_finish)
def _waiting(_actor: Actor, *, vehicle_id: int) -> Select:
    of_job = (Job.id, Job.ticket_id, Job.name, Job.note, Job.decision, Job.decided_at)
    return (
        select(
            *of_job,
            *(ServiceTicket.odometer_in, ServiceTicket.customer_id),
            ServiceTicket.problem_description,
        )
        .join(ServiceTicket, ServiceTicket.id == Job.ticket_id)
        .where(ServiceTicket.vehicle_id == vehicle_id, WAITS)
    )


def recommendations(actor: Actor, vehicle_id: int, **page) -> dict:
    """Return a page of the jobs recommended for a vehicle, `{items, pagination}`.

    They were declined, deferred, or not begun on a cancelled ticket. Jobs of former owners are included,
    without the owners' names. `page` has the arguments of a page, such as `sort` and `per_page` (see
    PaginatedQuery). Raise NotFound if the actor may not see the vehicle.
    """
    vehicle(actor, vehicle_id)
    return _waiting(actor, vehicle_id=vehicle_id, **page)


def of_vehicle(actor: Actor, vehicle_id: int | None) -> list[Row]:
    """Return up to 100 jobs recommended for a vehicle, those with the latest decisions first.

    They were declined, deferred, or not begun on a cancelled ticket. The list is empty if `vehicle_id`
    is None, or if the actor may not see the vehicle.
    """
    try:
        page: list[Row] = recommendations(actor, vehicle_id or 0, sort="-decided_at", per_page=100)[
            "items"
        ]
    except NotFound:
        return []
    return page
