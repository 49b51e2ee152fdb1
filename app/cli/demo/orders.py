"""The planned repair orders of the demo's visits: their jobs, and what customers decide on them."""

from random import Random

from app.cli.demo import charges
from app.cli.demo.answers import Answers
from app.cli.demo.history import CANCELLED, IN_PROGRESS, ON_HOLD, TO_THE_DEALER, TURNED_DOWN
from app.cli.demo.jobs import FINDINGS, Job
from app.cli.demo.shelf import Item, Move
from app.cli.demo.visit import Round, Task, Visit
from app.cli.demo.year import DAY, END, HOUR
from app.models import MovementReason

TENTH_OF_AN_HOUR = 6
RUSTY = {"brakes", "chassis", "drivetrain", "engine"}  # trades
BY_THE_DEALER = "Done by the dealer under warranty"
DISMISSALS = ("Done at home by the owner", "Vehicle is to be sold")


class Orders:
    """A planner of repair orders for the demo's visits. It chooses parts among `items`."""

    def __init__(self, rng: Random, items: list[Item]):
        self.rng, self.items, self.answers = rng, items, Answers(rng)

    def plan(self, visit: Visit, past: list[Visit]) -> None:
        """Plan the jobs, lines and customer's answers of a visit, and store them in `visit.rounds`.

        `past` are the vehicle's earlier visits, whose waiting work may be taken up. Some visits that end
        before the work begins get no rounds.
        """
        last = visit.steps[-1]
        is_begun = any(step.status is IN_PROGRESS for step in visit.steps)
        if not is_begun and last.reason != TURNED_DOWN and self.rng.random() < 0.35:
            return
        visit.rounds = [self._first(visit, past)]
        if visit.at_work != (0, 0) or last.status is ON_HOLD:
            visit.rounds += self._second(visit, past)
        for each in visit.rounds:
            for task in each.answer.turned_down if each.answer else ():
                task.waits = True
        if last.status is CANCELLED:
            self._keep(visit, visit.rounds[0].tasks[0])

    def dismiss(self, visits: list[Visit]) -> None:
        """Dismiss some of the work, such as declined jobs, that waits after all visits of a vehicle."""
        for visit in visits:
            for task in _waiting([visit]):
                at = visit.steps[-1].at + self.rng.randint(1, 20) * DAY
                if at < END and self.rng.random() < 0.12:
                    task.dismissed, task.waits = (at, self.rng.choice(DISMISSALS)), False

    def _keep(self, visit, task):
        """Let the work of a cancelled visit wait, unless the dealer does it."""
        last = visit.steps[-1]
        task.waits = last.reason != TO_THE_DEALER
        if not task.waits:
            task.dismissed = (last.at + HOUR, BY_THE_DEALER)

    def _first(self, visit, past):
        """Return the round of what the vehicle came for, sometimes with work that waits."""
        if visit.is_finished:
            minutes = round(visit.crew[0].minutes * self.rng.uniform(0.9, 1.15))
        else:
            minutes = self.rng.randint(*visit.job.minutes)
        task = self._task(visit.job, minutes)
        lines = charges.of_task(self.rng, self.items, visit, task)
        self._use(visit, lines)
        tasks, again = [task], self._taken_up(visit, past)
        if again:
            tasks.append(again[0].task)
            lines += again
            self._use(visit, again, is_late=True)
        lines += charges.discount(self.rng, visit, is_first=not past)
        return Round(visit.opened, tasks, lines, self.answers.first(visit, tasks))

    def _taken_up(self, visit, past):
        """Return the lines of work that waits and is now taken up, in a new task; [] for none."""
        for old in _waiting(past) if visit.is_finished and self.rng.random() < 0.7 else ():
            if old.minutes <= _spare(visit) and not old.job.roles & visit.job.roles:
                task = Task(old.job, old.minutes, revived=old)
                old.waits = False
                visit.crew[0].minutes += task.minutes
                lines = (line for each in past for line in each.charges)
                return [charges.copy(line, task) for line in lines if line.task is old]
        return []

    def _second(self, visit, past) -> list[Round]:
        """Return what is found during the work, if anything: other work, or more of the same work."""
        is_agreed, chance = visit.rounds[0].answer is not None, self.rng.random()
        if chance < 0.4 and (is_agreed or not visit.is_finished):
            return self._findings(visit, past)
        if 0.4 < chance < (0.5 if visit.is_finished else 0.9) and is_agreed:
            return self._more(visit) if visit.job.trade in RUSTY else []
        return []

    def _findings(self, visit, past) -> list[Round]:
        known = [task.job for each in (*past, visit) for task in each.tasks]
        roles = {role for job in known for role in job.roles}
        new = [each for each in FINDINGS if each not in known and not each.roles & roles]
        if visit.is_finished:
            new = [each for each in new if each.minutes[1] <= _spare(visit)]
        if not new:
            return []
        [job] = self.rng.choices(new, [each.often for each in new])
        task = self._task(job, self.rng.randint(*job.minutes))
        lines = charges.of_task(self.rng, self.items, visit, task)
        answer = self.answers.later(visit, [task])
        if answer and not answer.turned_down:
            visit.crew[0].minutes += task.minutes
            self._use(visit, lines, is_late=True)
        return [Round(self._noticed(visit), [task], lines, answer)]

    def _more(self, visit) -> list[Round]:
        """Return more work in the first job, so that its price rises above what was agreed."""
        first = visit.rounds[0]
        first.answer.has_limit, task = False, first.tasks[0]
        lines = [charges.more_labor(task)]
        answer = self.answers.later(visit, [task], is_needed=True)
        if answer:
            visit.crew[0].minutes += lines[0].facts["billed_minutes"]
        return [Round(self._noticed(visit), [], lines, answer)]

    def _noticed(self, visit):
        """Return the minute at which something is found: at work, or just before the ticket is held."""
        begin, end = visit.at_work
        return begin + 5 if end else visit.steps[-1].at - 1

    def _task(self, job: Job, minutes: int) -> Task:
        """Return a task for which `minutes`, in whole tenths of an hour, or the usual time are billed."""
        if job.flat_price_cents is not None:
            return Task(job, job.minutes[0])
        return Task(job, -(-minutes // TENTH_OF_AN_HOUR) * TENTH_OF_AN_HOUR)

    def _use(self, visit, lines, *, is_late=False):
        """Plan the use of the parts of `lines`, in the first half of the work or in the second.

        On a vehicle that is being worked on, some parts are still to be used.
        """
        begin, end = visit.at_work
        middle = (begin + end) // 2
        span = (middle + 1, end - 1) if is_late else (begin + 5, middle)
        for line in lines if end else ():
            if line.item and (visit.is_finished or self.rng.random() < 0.7):
                at, quantity = self.rng.randint(*span), -line.facts["quantity"]
                line.move = Move(line.item, at, quantity, MovementReason.USED, visit)


def _waiting(visits):
    return [task for visit in visits for task in visit.tasks if task.waits]


def _spare(visit):
    """Return the minutes for which the lead mechanic has nothing to do during the work."""
    begin, end = visit.at_work
    return end - begin - visit.crew[0].minutes
