"""The status changes of demo tickets: their order, their waiting times, and the reasons given."""

from dataclasses import dataclass
from itertools import pairwise
from random import Random

from app.cli.demo.jobs import Job
from app.cli.demo.year import DAY, HOUR
from app.models import Customer, HoldReason, Mechanic, TicketStatus

OPEN, IN_PROGRESS, ON_HOLD, READY, INVOICED, CLOSED, CANCELLED = TicketStatus
Way = tuple[TicketStatus, ...]

BEGUN = (OPEN, IN_PROGRESS)
RESUMED = (*BEGUN, ON_HOLD, IN_PROGRESS)
REDONE = (*BEGUN, READY, IN_PROGRESS)
PAID = (READY, INVOICED, CLOSED)

# By last status, the possible orders of statuses. A likely order is listed several times.
WAYS: dict[TicketStatus, tuple[Way, ...]] = {
    OPEN: ((OPEN,),),
    IN_PROGRESS: (BEGUN, BEGUN, RESUMED),
    ON_HOLD: ((*BEGUN, ON_HOLD),),
    READY: ((*BEGUN, READY), (*RESUMED, READY)),
    INVOICED: ((*BEGUN, READY, INVOICED), (*RESUMED, READY, INVOICED)),
    CLOSED: (*[(*BEGUN, *PAID)] * 7, *[(*RESUMED, *PAID)] * 2, (*REDONE, *PAID)),
    CANCELLED: (*[(OPEN, CANCELLED)] * 2, (*BEGUN, CANCELLED), (*BEGUN, ON_HOLD, CANCELLED)),
}
# Minutes until a ticket gets this status, from and to. The job's own time is added for READY.
LATENCY = {
    IN_PROGRESS: (10, 7 * HOUR),
    ON_HOLD: (30, 2 * HOUR),
    READY: (20, 90),
    INVOICED: (15, 2 * HOUR),
    CLOSED: (20, DAY),
    CANCELLED: (HOUR, DAY),
}
TURNED_DOWN = "Customer declined the repair"
TO_THE_DEALER = "Covered by the maker's warranty, goes to the dealer"
HELD_FOR = (4 * HOUR, 3 * DAY)
REASONS: dict[TicketStatus, tuple[str | None, ...]] = {
    OPEN: (None,),
    IN_PROGRESS: (None, "Bay 1 is free", "Bay 2 is free", "Bay 4 is free"),
    READY: (None, "Road test done", "Quality check passed"),
    INVOICED: (None, "Customer told by phone", "Left a message"),
    CLOSED: ("Paid, keys handed over", "Paid by card", "Paid and picked up", None),
    CANCELLED: (TURNED_DOWN, "Customer called it off", TO_THE_DEALER),
}
FAILED_CHECK = ("Road test failed: not right yet", "Quality check: a cover was loose")
HOLDS = {
    HoldReason.PARTS: ("Parts ordered, not here yet", "Parts arrived"),
    HoldReason.CUSTOMER: ("Customer thinks about the estimate", "Customer agreed by phone"),
    HoldReason.SUBLET: ("Out at a specialist", "Back from the specialist"),
    HoldReason.BAY: ("Needs the long lift", "Long lift is free"),
}


@dataclass(frozen=True)
class Step:
    """One status change of a demo ticket: at which minute, to which status, why and by whom."""

    at: int
    status: TicketStatus
    reason: str | None
    by: Mechanic | Customer


def moments(rng: Random, way: Way, job: Job) -> list[int]:
    """Return random times of a ticket's statuses: for each, the minutes since the ticket was opened.

    `way` has the statuses that the ticket goes through, in order; the first is at minute 0. `job` is the
    kind of work, which decides how long it takes, and `rng` is a random generator.
    """
    at = 0
    moments = [at]
    for before, status in pairwise(way):
        at += _latency(rng, before, status, job)
        moments.append(at)
    return moments


def reason(rng: Random, way: Way, n: int, hold: HoldReason | None) -> str | None:
    """Return the reason that is noted for status `n` of `way`, or None.

    `way` has the statuses in order. `hold` is the reason why the ticket was on hold, or None. `rng` is a
    random generator, which chooses a text.
    """
    before, status = way[n - 1] if n else None, way[n]
    if hold and status is ON_HOLD:
        return HOLDS[hold][0]
    if hold and before is ON_HOLD and status is IN_PROGRESS:
        return HOLDS[hold][1]
    if before is READY and status is IN_PROGRESS:
        return rng.choice(FAILED_CHECK)
    return rng.choice(REASONS[status])


def _latency(rng, before, status, job):
    if before is ON_HOLD:
        return rng.randint(*HELD_FOR)
    if before is READY and status is IN_PROGRESS:
        return rng.randint(15, HOUR)
    wait = rng.randint(*LATENCY[status])
    return wait + job.minutes[1] if status is READY else wait
