"""The expected repair order of a ticket: its price, what the customer is asked, and what is authorized.

Prices come from the oracle of the pricing. What a decision covers is decided here.
"""

from functools import cached_property
from types import SimpleNamespace

from tests.service_tickets.oracle import Priced, worked_out
from tests.system.whole_shop.book import Book
from tests.system.whole_shop.order_rows import Job, Line
from tests.system.whole_shop.rows import Ticket
from tests.system.whole_shop.step import Refused
from tests.system.whole_shop.terms import KINDS, charge, terms_of

SUMS = {
    "labor": "labor_cents",
    "part": "parts_cents",
    "sublet": "sublet_cents",
    "fee": "fees_cents",
}
# Of a line, what makes it other work than the customer saw.
SAME = ("name", "part_number", "condition")
ASKED = (
    *("kind", "part_number", "condition", "billed_minutes"),
    *("warranty_months", "warranty_distance"),
)
PENDING, AUTHORIZED = "pending", "authorized"


class Order:
    """The repair order of a ticket as it is now; make a new one after each change."""

    def __init__(self, book: Book, ticket: Ticket):
        self.ticket = ticket
        self.terms = terms_of(book, ticket)

    @property
    def jobs(self) -> list[Job]:
        """Return the jobs in order."""
        return sorted(self.ticket.jobs.values(), key=lambda job: (job.position, number(job)))

    def lines_of(self, job: Job | None) -> list[Line]:
        """Return the lines of a job in order, or the discounts of the whole ticket for None."""
        of_it = [line for line in self.ticket.lines if line.job_id == (job and job.name)]
        return sorted(of_it, key=lambda line: (line.position, number(line)))

    @property
    def with_lines(self) -> list[Job]:
        return [job for job in self.jobs if self.lines_of(job)]

    @cached_property
    def price(self) -> Priced:
        return self._priced(
            [(job, job.decision if job.is_turned_down else PENDING) for job in self.with_lines]
        )

    def _priced(self, jobs):
        """Return the price of these jobs: pairs of a job and the word for its authorization."""
        as_priced = [
            SimpleNamespace(lines=[*map(charge, self.lines_of(job))], authorization=word)
            for job, word in jobs
        ]
        return worked_out(as_priced, [*map(charge, self.lines_of(None))], self.terms)

    @cached_property
    def prices(self) -> dict:
        """Return the prices of all jobs by their names."""
        found = dict.fromkeys(self.ticket.jobs, 0)
        return found | dict(
            zip([job.name for job in self.with_lines], self.price.prices, strict=True)
        )

    def amount(self, line: Line) -> int:
        """Return the amount of a line before discounts, or what a discount takes off, negative."""
        if line.kind == "discount":
            return -self.price.taken[line.name]
        return self.price.rows[line.name]["amount"]

    def consent(self, job: Job) -> tuple[str, str | None]:
        """Return the state of a job, and why it is pending again, or None."""
        decided = job.decided
        if decided is None or decided.word != AUTHORIZED:
            return (decided.word if decided else PENDING), None
        because = self._not_covered(job, decided)
        return (AUTHORIZED if because is None else PENDING), because

    def _not_covered(self, job, decided):
        if self.prices[job.name] > decided.authorized_cents:
            return "price_raised"
        if decided.up_to_cents is not None:
            return None
        seen = decided.seen
        shown = {
            line["id"]: [line[member] for member in SAME]
            for each in (*seen["jobs"], *seen["declined_jobs"])
            for line in each["lines"]
            if each["id"] == job.name
        }
        for line in self.lines_of(job):
            now = [line.called, line.part_number, line.condition]
            if line.kind != "discount" and shown.get(line.name) != now:
                return "work_changed"
        present = {line.name: line for line in self.lines_of(None)}
        if all(stands(each, present.get(each["id"])) for each in seen["discounts"]):
            return None
        return "discount_lowered"

    def authorized_total(self) -> int:
        authorized = [job for job in self.with_lines if self.consent(job)[0] == AUTHORIZED]
        return self._priced([(job, AUTHORIZED) for job in authorized]).total

    def asked(self) -> dict:
        """Return what the customer is asked, in the form that is hashed, with names for ids."""
        shown = [
            (job.is_turned_down, named(job, "note", price_cents=self.prices[job.name]) | {
                "lines": [
                    named(line, *ASKED)
                    | {"quantity": plain(line.quantity), "amount_cents": self.amount(line)}
                    for line in self.lines_of(job)
                ]
            })
            for job in self.with_lines
        ]  # fmt: skip
        totals = self.totals()
        return {
            "jobs": [job for is_turned_down, job in shown if not is_turned_down],
            "declined_jobs": [job for is_turned_down, job in shown if is_turned_down],
            "discounts": [
                named(line, "discount_cents", "applies_to")
                | {"discount_percentage": percentage(line.discount_bps)}
                for line in self.lines_of(None)
            ],
            **{name: totals[name] for name in ("subtotal_cents", "taxes", "total_cents")},
        }

    def totals(self) -> dict:
        """Return the totals of the ticket but what is authorized."""
        price, rows = self.price, self.price.counting
        return {
            **{
                SUMS[kind]: sum(row["amount"] for row in rows if row["kind"] == kind)
                for kind in KINDS
            },
            "discount_cents": sum(row["amount"] - row["left"] for row in rows),
            "shop_supplies_cents": price.supplies,
            "shop_supplies_tax_cents": price.supplies_tax,
            "core_charges_cents": sum(row["core"] + row["core_return"] for row in rows),
            "core_returns_cents": sum(row["core_return"] for row in rows),
            "subtotal_cents": price.subtotal,
            "taxes": [
                {
                    "name": name,
                    "percentage": plain(rate / 10_000),
                    "taxable_cents": base,
                    "tax_cents": tax,
                }
                for name, rate, base, tax in price.taxes
            ],
            "tax_cents": sum(tax for *_, tax in price.taxes),
            "total_cents": price.total,
        }

    def authorization_status(self) -> str:
        counting = [job for job in self.with_lines if not job.is_turned_down]
        authorized = [self.consent(job)[0] == AUTHORIZED for job in counting]
        if authorized and all(authorized):
            return "full"
        return "partial" if any(authorized) else "none"

    def must_be_authorized(self, names=None) -> None:
        """Refuse unless these jobs (None: all that count and have lines) are authorized as they are."""
        missing = []
        for job in self.jobs:
            status, because = self.consent(job)
            counts = self.lines_of(job) and not job.is_turned_down
            if status != AUTHORIZED and (counts if names is None else job.name in names):
                missing.append(
                    {
                        "job_id": job.name,
                        "name": job.called,
                        "because": because or "undecided",
                        "price_cents": self.prices[job.name],
                        "authorized_cents": job.decided and job.decided.authorized_cents,
                    }
                )
        if missing:
            raise Refused(409, "not_authorized", {"jobs": missing})


def demand_consent(book: Book, ticket: Ticket, names=None) -> None:
    """Refuse work that the customer has not authorized, if the policy is strict.

    `names` are the jobs that must be authorized, as they would be after the act.
    """
    if book.shop.settings.authorization_policy == "strict":
        Order(book, ticket).must_be_authorized(names)


def stands(seen: dict, now: Line | None) -> bool:
    """Return whether a discount that was seen still takes off as much, from as many charges."""
    if now is None or now.applies_to not in (seen["applies_to"], "all"):
        return False
    before = seen["discount_percentage"], seen["discount_cents"]
    after = percentage(now.discount_bps), now.discount_cents
    return all(a is None or (b is not None and b >= a) for a, b in zip(before, after, strict=True))


def named(row, *members, **more) -> dict:
    found = {name: getattr(row, name) for name in members}
    return {"id": row.name, "name": row.called} | found | more


def number(row) -> int:
    return int(row.name.split()[-1])


def percentage(bps: int | None) -> float | None:
    return None if bps is None else plain(bps / 100)


def plain(number):
    """Return a number as the JSON that is hashed has it: without a fraction if it is whole."""
    if number is None:
        return None
    return float(number) if number % 1 else int(number)
