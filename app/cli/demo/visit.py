"""The planned visits of the demo's year, with their repair orders, before any row is written."""

from dataclasses import dataclass, field
from typing import Any

from app.cli.demo.history import IN_PROGRESS, INVOICED, ON_HOLD, READY, Step
from app.cli.demo.jobs import Job
from app.cli.demo.people import Hand
from app.cli.demo.shelf import Item, Move
from app.cli.demo.vehicles import Car
from app.cli.demo.year import END
from app.models import AuthorizationMethod, HoldReason, JobDecision


@dataclass
class Shift:
    """The work of one member of the staff on a visit: the role and the minutes."""

    hand: Hand
    role: str
    minutes: int


@dataclass(eq=False)
class Task:
    """A planned job of a ticket: its kind of work, and the minutes that are billed.

    Work that `waits` was not done, because it was turned down, for example. A later visit can take it
    up: the new task has the earlier one as `revived`. `dismissed` is `(minute, reason)` of waiting work
    that is given up.
    """

    job: Job
    minutes: int
    revived: "Task | None" = None
    waits: bool = False
    dismissed: tuple[int, str] | None = None
    row: Any = None  # of models.Job, once it is made


@dataclass
class Charge:
    """A planned line of a ticket, in a task or, if it is a discount on the whole ticket, in none.

    `facts` are columns of the line. A part from stock has its `item` and, if it is used, its `move`. Its
    old part, for which a deposit was charged, is usually returned before the invoice, else it `is_late`.
    """

    task: Task | None
    facts: dict[str, Any]
    item: Item | None = None
    move: Move | None = None
    is_late: bool = False
    row: Any = None  # of models.TicketLine, once it is made


@dataclass
class Answer:
    """What a customer decides on some tasks at a minute of the year, and how the shop is told.

    With `has_limit`, the customer names a price up to which the work is authorized.
    """

    at: int
    method: AuthorizationMethod
    decision: JobDecision
    tasks: list[Task]
    note: str | None = None
    has_limit: bool = False

    @property
    def turned_down(self) -> list[Task]:
        return [] if self.decision is JobDecision.AUTHORIZED else self.tasks


@dataclass
class Round:
    """The jobs and lines added to a ticket at one minute, and the customer's answer to them, if any."""

    at: int
    tasks: list[Task]
    charges: list[Charge]
    answer: Answer | None = None


@dataclass
class Visit:
    """A planned visit of a vehicle: the complaint, the status changes, the mechanics and the work.

    `mistakes` are the movements of a part that was taken from the stock by mistake and returned. A visit
    `on_account` is closed before it is paid.
    """

    car: Car
    job: Job
    complaint: str
    hold: HoldReason | None
    steps: list[Step]
    crew: list[Shift]
    odometer: int | None
    rounds: list[Round] = field(default_factory=list)
    mistakes: list[Move] = field(default_factory=list)
    on_account: bool = False
    # The rows, once they are made; the invoice is the one that is not void, and the payment is the last.
    ticket: Any = None
    invoice: Any = None
    payment: Any = None

    @property
    def opened(self) -> int:
        return self.steps[0].at

    @property
    def changed(self) -> int:
        """Return the minute of the last change of the ticket, its lines and its authorizations."""
        answers = [each.answer.at for each in self.rounds if each.answer]
        added = [each.at for each in self.rounds]
        return max([self.steps[-1].at, *added, *answers, *(move.at for move in self.moves)])

    @property
    def invoiced(self) -> int | None:
        """Return the minute of the last invoice, or None."""
        issued = [step.at for step in self.steps if step.status is INVOICED]
        return issued[-1] if issued else None

    @property
    def is_finished(self) -> bool:
        return any(step.status is READY for step in self.steps)

    @property
    def tasks(self) -> list[Task]:
        return [task for each in self.rounds for task in each.tasks]

    @property
    def charges(self) -> list[Charge]:
        return [charge for each in self.rounds for charge in each.charges]

    @property
    def moves(self) -> list[Move]:
        return [charge.move for charge in self.charges if charge.move] + self.mistakes

    @property
    def at_work(self) -> tuple[int, int]:
        """Return the minutes `(begin, end)` between which parts are used; (0, 0) for none."""
        statuses = [step.status for step in self.steps]
        if self.is_finished:
            ready = statuses.index(READY)
            return self.steps[ready - 1].at, self.steps[ready].at
        return (self.steps[-1].at, END) if statuses[-1] is IN_PROGRESS else (0, 0)

    @property
    def resumed(self) -> int | None:
        """Return the minute at which work goes on after the ticket was on hold, or None."""
        for before, step in zip(self.steps, self.steps[1:], strict=False):
            if before.status is ON_HOLD and step.status is IN_PROGRESS:
                return step.at
        return None
