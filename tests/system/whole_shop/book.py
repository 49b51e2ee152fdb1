"""The model of the shop: its expected rows, and what all acts have in common.

The modules beside this one have the rules of each act.
"""

from decimal import Decimal

from tests.system.whole_shop.money_rows import CreditNote, Invoice, Payment
from tests.system.whole_shop.order_rows import Job, Line, Link
from tests.system.whole_shop.rows import (
    CannedJob,
    Part,
    Person,
    Row,
    Shop,
    Ticket,
    Vehicle,
)
from tests.system.whole_shop.step import (
    FORBIDDEN,
    INVALID,
    MISSING,
    NO_KEY,
    RULES,
    STAFF,
    Name,
    Refused,
    Step,
)

OVER = ("closed", "cancelled")
WORKABLE = ("open", "in_progress", "on_hold")
WITH_LINES = (*WORKABLE, "ready")
CLOSED = Refused(409, "ticket_closed")


class Book:
    """The expected shop. `answer(step)` does a step and returns the answer that the shop must give."""

    def __init__(self):
        self.people: dict[str, Person] = {}
        self.vehicles: dict[str, Vehicle] = {}
        self.tickets: dict[str, Ticket] = {}
        self.parts: dict[str, Part] = {}
        self.shop = Shop(name=Name("shop 1"))
        self.canned_jobs: dict[str, CannedJob] = {}
        self.links: dict[str, Link] = {}
        self.invoices: dict[str, Invoice] = {}
        self.payments: dict[str, Payment] = {}
        self.credit_notes: dict[str, CreditNote] = {}
        # The estimates that somebody has read, each with the name of its ticket.
        self.estimates: dict[str, tuple[Name, dict]] = {}
        # The names of the tickets of jobs, lines, authorizations and links.
        self.homes: dict[str, Name] = {}
        self.numbers: dict[str, int] = {}
        self.kept: dict[tuple[str | None, str], tuple[Step, int]] = {}
        self.failed_sign_ins: dict[str, int] = {}
        self.signed_in_once: list[str] = []
        self.clock = 0

    def tick(self) -> int:
        self.clock += 1
        return self.clock

    def answer(self, step: Step) -> tuple[int, str | None]:
        self.who = step.who
        self.made: Name | None = None
        self.shown: list[Name] | None = None
        self.members: dict = {}
        self.repeats = False  # an answer that was given before
        self.surely, self.perhaps = set(), set()
        rule, numbers = RULES[step.act], dict(self.numbers)
        try:
            self._admit(step, rule)
            if not step.fits:
                raise INVALID
            if rule.needs_key and not step.key:
                raise NO_KEY
            if step.key and (kept := self.kept.get((step.who, step.key))):
                if kept[0] != step:
                    raise Refused(422, "idempotency_key_reused")
                self.repeats = True
                return kept[1], None
            rule.does(self, step)
        except Refused as no:
            self.numbers, self.members = numbers, no.members
            return no.said
        if part := self.parts.get(self.made or step.at.get("part", "")):
            self.members["low_stock"] = part.stock <= part.reorder_level
        if step.key and rule.status == 201:
            self.kept[step.who, step.key] = step, rule.status
        return rule.status, None

    def _admit(self, step, rule):
        if step.who is None:
            if rule.roles:
                raise Refused(401, "unauthenticated")
            return
        person = self.people.get(step.who)
        if step.act != "sign_in" and not (person and person.signed_in):
            raise Refused(401, "invalid_token")
        if rule.roles and person.role not in rule.roles:
            raise FORBIDDEN

    def actor(self, step) -> Person | None:
        return self.people.get(step.who) if step.who else None

    def is_staff(self, step) -> bool:
        actor = self.actor(step)
        return actor is not None and actor.role in STAFF

    def new(self, kind: str) -> Name:
        """Return the name of the new row that the answer shows."""
        self.made = self.next(kind)
        return self.made

    def next(self, kind: str) -> Name:
        """Return the name of a new row; rows of a kind are numbered in the order of their creation."""
        self.numbers[kind] = self.numbers.get(kind, 0) + 1
        return Name(f"{kind} {self.numbers[kind]}")

    def touch(self, row: Row, *, surely: bool = True) -> None:
        """Note that a row has, or (if not `surely`) may have, a new version.

        It surely has one if a visible value changed, perhaps if a value was only written.
        """
        if surely:
            row.changes += row.name not in self.surely
            self.surely.add(row.name)
        self.perhaps.add(row.name)

    @property
    def customers(self) -> dict[str, Person]:
        return {name: each for name, each in self.people.items() if each.role == "customer"}

    @property
    def mechanics(self) -> dict[str, Person]:
        return {name: each for name, each in self.people.items() if each.role != "customer"}

    @property
    def managers(self) -> list[Person]:
        return [
            each
            for each in self.people.values()
            if each.role == "manager" and each.active and each.password
        ]

    def customer(self, step, name) -> Person:
        """Return a customer who is not erased; staff see all of them, a customer only itself."""
        found = self.customers.get(name)
        seen = found and found.active and (self.is_staff(step) or step.who == name)
        return must_be(found if seen else None)

    def mechanic(self, name, *, active=False) -> Person:
        found = self.mechanics.get(name)
        return must_be(found if found and (found.active or not active) else None)

    def vehicle(self, step, name) -> Vehicle:
        return must_be(self._own(step, self.vehicles.get(name)))

    def ticket(self, step, name) -> Ticket:
        """Return a ticket that the actor may see, after the check of `If-Match`."""
        found = must_be(self._own(step, self.tickets.get(name)))
        heed(step)
        return found

    def workable(self, step, name) -> Ticket:
        found = self.ticket(step, name)
        must_be_workable(found)
        return found

    def with_lines(self, step, name) -> Ticket:
        """Return a ticket whose jobs and lines may change."""
        found = self.ticket(step, name)
        must_take_lines(found)
        return found

    def job(self, step, name) -> tuple[Ticket, Job]:
        """Return a job, and its ticket, which the actor may see."""
        ticket = self._home(step, name)
        return ticket, ticket.jobs[name]

    def line(self, step, name) -> tuple[Ticket, Line]:
        ticket = self._home(step, name)
        return ticket, next(line for line in ticket.lines if line.name == name)

    def _home(self, step, name):
        return self.ticket(step, must_be(self.homes.get(name)))

    def part(self, name) -> Part:
        found = self.parts.get(name)
        return must_be(None if found is None or found.retired else found)

    def part_on_file(self, name) -> Part:
        """Return a part, retired or not."""
        return must_be(self.parts.get(name))

    def _own(self, step, row):
        return row if row and (self.is_staff(step) or row.owner == step.who) else None


def must_be_workable(ticket: Ticket) -> None:
    if ticket.status not in WORKABLE:
        raise CLOSED


def must_take_lines(ticket: Ticket) -> None:
    if ticket.status not in WITH_LINES:
        raise CLOSED


def must_be(found):
    if not found:
        raise MISSING
    return found


def heed(step: Step) -> None:
    """Refuse with 412 if the step's `If-Match` is an earlier tag or no tag at all."""
    if step.if_match in ("first", "garbage"):
        raise Refused(412, "precondition_failed")


def exact(quantity) -> Decimal:
    """Return a number of JSON as an exact decimal."""
    return Decimal(str(quantity))


def must_come_in(part: Part, *quantities: Decimal) -> None:
    """Refuse a fraction of a part that is counted in pieces."""
    if part.unit == "each" and any(quantity % 1 for quantity in quantities):
        raise INVALID


def tidy(said: dict, *names: str) -> dict:
    """Return these members as the shop stores them: trimmed, and None for an empty text."""
    return {
        name: (said[name].strip() or None) if isinstance(said[name], str) else said[name]
        for name in names
        if name in said
    }
