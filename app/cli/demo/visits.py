"""The invented visits of vehicles in the demo's year, planned before any row is written."""

from collections import Counter
from collections.abc import Iterator
from random import Random

from app.cli.demo.history import (
    CANCELLED,
    CLOSED,
    IN_PROGRESS,
    INVOICED,
    ON_HOLD,
    OPEN,
    READY,
    WAYS,
    Step,
    Way,
    moments,
    reason,
)
from app.cli.demo.jobs import JOBS
from app.cli.demo.orders import Orders
from app.cli.demo.people import Hand
from app.cli.demo.shelf import Item, Move
from app.cli.demo.vehicles import Car
from app.cli.demo.visit import Shift, Visit
from app.cli.demo.year import DAY, END, HOUR
from app.models import HoldReason, MovementReason, TicketStatus

PAST = Counter({CLOSED: 184, CANCELLED: 14})
PRESENT = Counter({OPEN: 7, IN_PROGRESS: 7, ON_HOLD: 6, READY: 5, INVOICED: 4})
LONGEST = 7 * DAY
PRESENT_BEGINS = END - LONGEST
# By status of an unfinished ticket, the minutes since its last step, from and to.
SINCE = {
    OPEN: (10, 3 * DAY),
    IN_PROGRESS: (HOUR, 4 * HOUR),
    ON_HOLD: (HOUR, 3 * DAY),
    READY: (10, DAY),
    INVOICED: (10, DAY),
}
REQUESTS = (
    "Please call before doing more than an estimate.",
    "Has a ride home.",
    "Call the number at work.",
    "Key is in the drop box.",
    "Wants the old parts back.",
    "Picks it up on the way home from work.",
    "Has to pass inspection this month.",
)
UNUSED = "Taken by mistake"
HOLD_REASONS = (
    *[HoldReason.PARTS] * 4,
    *[HoldReason.CUSTOMER] * 2,
    HoldReason.SUBLET,
    HoldReason.BAY,
)


class Planner:
    """A planner that invents the visits of the demo's year, for given vehicles, staff and parts."""

    def __init__(self, rng: Random, cars: list[Car], hands: list[Hand], items: list[Item]):
        self.rng, self.cars, self.hands = rng, cars, hands
        self.orders = Orders(rng, items)

    def year(self) -> list[Visit]:
        """Invent all visits of the demo's year; return them in the order in which they begin."""
        return sorted(
            (visit for car, ends in self._turns() for visit in self._visits_of(car, ends)),
            key=lambda visit: visit.opened,
        )

    def _turns(self) -> Iterator[tuple[Car, list[TicketStatus]]]:
        """Yield each vehicle with a list of statuses: the final status of each of its visits.

        At least one visit is over (a status in PAST), and at most one is not (a status in PRESENT).
        """
        cars = range(len(self.cars))
        known_for = [END - car.since for car in self.cars]
        past = self._shuffled(PAST)
        again = Counter(self.rng.choices(cars, known_for, k=len(past) - len(cars)))
        present = dict(zip(self.rng.sample(cars, PRESENT.total()), PRESENT.elements(), strict=True))
        for n, car in enumerate(self.cars):
            ends = [past.pop() for _ in range(1 + again[n])]
            yield car, ends + ([present[n]] if n in present else [])

    def _shuffled(self, counted):
        elements = list(counted.elements())
        self.rng.shuffle(elements)
        return elements

    def _visits_of(self, car, ends) -> list[Visit]:
        """Return the visits of the vehicle `car`, which do not overlap.

        `ends` has the final status of each visit.
        """
        visits: list[Visit] = []
        jobs = self.rng.sample(JOBS, len(ends), counts=[job.often for job in JOBS])
        apart = (PRESENT_BEGINS - car.since) // sum(end in PAST for end in ends)
        for n, (job, end) in enumerate(zip(jobs, ends, strict=True)):
            way = self.rng.choice(WAYS[end])
            after = moments(self.rng, way, job)
            if end in PRESENT:
                opened = END - after[-1] - self.rng.randint(*SINCE[end])
            else:
                opened = car.since + n * apart + self.rng.randint(5, apart - LONGEST if n else 30)
            visit = self._visit(car, job, way, [opened + each for each in after], is_first=n == 0)
            self.orders.plan(visit, visits)
            visit.mistakes = list(self._mistakes(visit))
            visits.append(visit)
        self.orders.dismiss(visits)
        return visits

    def _visit(self, car, job, way, at, *, is_first) -> Visit:
        crew = self._crew(job, way, at)
        hold = self.rng.choice(HOLD_REASONS) if ON_HOLD in way else None
        if hold is HoldReason.PARTS and not job.needs:
            hold = HoldReason.CUSTOMER
        return Visit(
            car=car,
            job=job,
            complaint=self._complaint(job),
            hold=hold,
            steps=self._steps(car, way, at, crew, hold),
            crew=crew,
            odometer=car.odometer(at[0]) if is_first or self.rng.random() < 0.95 else None,
        )

    def _complaint(self, job):
        complaint = self.rng.choice(job.complaints)
        if self.rng.random() < 0.5:
            complaint += f" {self.rng.choice(REQUESTS)}"
        return complaint

    def _crew(self, job, way, at) -> list[Shift]:
        """Return who works on a visit: a lead who knows the trade, and sometimes helpers.

        All are employed during the whole visit. `way` has the visit's statuses, and `at` the minutes at
        which they are reached. If no work is done on a visit, often nobody is assigned.
        """
        if IN_PROGRESS not in way and (CANCELLED in way or self.rng.random() < 0.5):
            return []
        there = [hand for hand in self.hands if hand.since <= at[0] and at[-1] < hand.until]
        lead = self.rng.choice([hand for hand in there if job.trade in hand.trades])
        minutes = self._minutes(job, way)
        crew = [Shift(lead, "Lead technician", minutes)]
        if minutes > HOUR and self.rng.random() < 0.4:
            helper = self.rng.choice([hand for hand in there if hand.trades and hand is not lead])
            crew.append(Shift(helper, "Assistant", minutes // self.rng.randint(2, 4)))
        if READY in way and self.rng.random() < 0.2:
            crew.append(Shift(self.hands[1], "Quality check", self.rng.randint(10, 20)))
        return crew

    def _minutes(self, job, way):
        if READY in way:
            return self.rng.randint(*job.minutes)
        return self.rng.randint(10, 30) if IN_PROGRESS in way else 0

    def _steps(self, car, way: Way, at, crew, hold) -> list[Step]:
        """Return the status changes of a visit: at which minute, why, and by whom.

        `way` has the statuses, `at` the minutes, and `hold` is the reason for being on hold, or None.
        The desk or a customer with an account opens the ticket. The lead of `crew` works on it. The desk
        does the rest.
        """
        desk, patron = self.hands[0].row, car.row.customer
        lead = crew[0].hand.row if crew else desk
        opener = patron if patron.account and self.rng.random() < 0.3 else desk
        by = {OPEN: opener, IN_PROGRESS: lead, ON_HOLD: lead, READY: lead}
        return [
            Step(minute, status, reason(self.rng, way, n, hold), by.get(status, desk))
            for n, (status, minute) in enumerate(zip(way, at, strict=True))
        ]

    def _mistakes(self, visit) -> Iterator[Move]:
        """Yield, for a few visits, the movements of a part that is taken by mistake and returned."""
        if visit.moves and self.rng.random() < 0.04:
            item, at = visit.moves[0].item, visit.at_work[0] + 5
            yield Move(item, at, -1, MovementReason.USED, visit, note=UNUSED)
            yield Move(item, at + 10, 1, MovementReason.RETURNED, visit, note=UNUSED)
