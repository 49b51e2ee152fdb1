"""The planned answers of the demo's customers to estimates: what they decide, when and how."""

from random import Random

from app.cli.demo.history import CANCELLED, OPEN, TURNED_DOWN
from app.cli.demo.visit import Answer, Task, Visit
from app.cli.demo.year import END
from app.models import AuthorizationMethod, HoldReason, JobDecision

AUTHORIZED, DECLINED, DEFERRED = JobDecision
IN_PERSON, PHONE, EMAIL, SMS, ACCOUNT, _LINK = AuthorizationMethod
TO_FINDINGS = (*[AUTHORIZED] * 5, *[DECLINED] * 2, *[DEFERRED] * 3)
NOTES = {
    AUTHORIZED: (None, None, None, "Asks to be called when it is done."),
    DECLINED: (None, "Will do it at home.", "Too much this month."),
    DEFERRED: (None, "At the next visit.", "After payday."),
}
LIMIT = "Call again if it gets dearer."


class Answers:
    """A planner of the demo customers' answers to estimates; the random generator `rng` chooses them."""

    def __init__(self, rng: Random):
        self.rng = rng

    def first(self, visit: Visit, tasks: list[Task]) -> Answer | None:
        """Return the customer's answer to the first estimate of a visit; None if there is none (yet).

        `tasks` are the planned jobs of this estimate.
        """
        last = visit.steps[-1]
        if last.status is CANCELLED:
            if last.reason != TURNED_DOWN:
                return None
            return self._answer(last.at - 1, PHONE, tasks, DECLINED)
        if visit.hold is HoldReason.CUSTOMER and visit.resumed:
            return self._answer(visit.resumed - 1, PHONE, tasks, AUTHORIZED)
        is_thinking = visit.hold is HoldReason.CUSTOMER or last.status is OPEN
        if self.rng.random() < (0.6 if is_thinking else 0.1):
            return None
        method, soon = self._method(visit, is_there=True), visit.opened + 4
        until = visit.steps[1].at if len(visit.steps) > 1 else END
        at = soon if method is IN_PERSON else self.rng.randint(soon, until - 1)
        return self._answer(at, method, tasks, AUTHORIZED)

    def later(self, visit: Visit, tasks: list[Task], *, is_needed: bool = False) -> Answer | None:
        """Return the customer's answer to work found during a visit; None if there is none yet.

        `tasks` are the planned jobs of this work. With `is_needed`, the customer agrees, because the
        visit's work cannot be finished without it.
        """
        if not visit.is_finished:
            return None
        begin, end = visit.at_work
        at = self.rng.randint(begin + 6, (begin + end) // 2)
        decision = AUTHORIZED if is_needed else self.rng.choice(TO_FINDINGS)
        return self._answer(at, self._method(visit), tasks, decision)

    def _answer(self, at, method, tasks, decision) -> Answer:
        answer = Answer(at, method, decision, tasks)
        if method is not ACCOUNT:
            answer.note = self.rng.choice(NOTES[decision])
        if method is PHONE and decision is AUTHORIZED and self.rng.random() < 0.15:
            answer.note, answer.has_limit = LIMIT, True
        return answer

    def _method(self, visit, *, is_there=False) -> AuthorizationMethod:
        """Return how the customer tells the shop; `is_there` says that it may be at the desk."""
        patron = visit.car.row.customer
        if is_there and visit.steps[0].by is patron:
            return ACCOUNT
        ways = [*[PHONE] * 5, SMS, *[IN_PERSON] * (6 if is_there else 0)]
        if patron.email:
            ways.append(EMAIL)
        if patron.account:
            ways.append(ACCOUNT)
        return self.rng.choice(ways)
