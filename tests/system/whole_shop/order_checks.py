"""The expected members of repair orders in answers: of jobs, lines, totals, estimates, and what waits."""

import hashlib
import json

from tests.system.whole_shop.balances import money
from tests.system.whole_shop.book import Book
from tests.system.whole_shop.counter import Counter
from tests.system.whole_shop.order import Order, percentage, plain
from tests.system.whole_shop.order_looks import recommended
from tests.system.whole_shop.order_rows import OF_LINE, Job, Line
from tests.system.whole_shop.rows import Ticket, Vehicle

OF_STAFF = ("unit_cost_cents", "markup_percentage", "price_source", "supplier")
OF_JOB = (
    *("position", "note", "cause", "correction", "canned_job_id", "revived_from_id"),
    "dismissed_reason",
)
OF_GIVEN = ("method", "authorized_by_name", "contact", "note", "authorized_total_cents")


class OrderShown:
    """How the API must show the repair order of a ticket; names in it are replaced by ids."""

    def __init__(self, book: Book, counter: Counter, ticket: Ticket):
        self.book, self.counter, self.ticket = book, counter, ticket
        self.order = Order(book, ticket)

    def jobs(self, *, for_staff: bool) -> list[dict]:
        return self._ids([self._job(job, for_staff) for job in self.order.jobs])

    def totals(self) -> dict:
        order = self.order
        return self._ids(
            order.totals()
            | money(self.book, self.ticket, order)
            | {
                "ticket_id": self.ticket.name,
                "authorized_total_cents": order.authorized_total(),
                "authorization_status": order.authorization_status(),
            }
        )

    def included(self, *, for_staff: bool) -> dict:
        """Return the members of a ticket that are in it on request, and its total."""
        terms = {"shop_supplies_waived": self.ticket.shop_supplies_waived}
        terms["tax_exempt"] = self.book.people[self.ticket.owner].is_exempt
        totals = self.totals()
        return {
            "jobs": self.jobs(for_staff=for_staff),
            "totals": totals,
            "terms": terms,
            "total_cents": totals["total_cents"],
        }

    def sha256(self) -> str:
        asked = self._ids(self.order.asked())
        text = json.dumps(asked, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def estimate(self) -> dict:
        """Return the expected members of the estimate."""
        shown = [(job, self._job(job, False)) for job in self.order.with_lines]
        return self._ids(
            {
                "jobs": [each for job, each in shown if not job.is_turned_down],
                "declined_jobs": [each for job, each in shown if job.is_turned_down],
                "discounts": [self._line(line, False) for line in self.order.lines_of(None)],
                "totals": self.totals(),
                "authorizations": self.authorizations(),
                "estimate_sha256": self.sha256(),
            }
        )

    def authorizations(self) -> list[dict]:
        return self._ids([self._given(each) for each in self.ticket.authorizations])

    def _ids(self, value):
        return self.counter.with_ids(value)

    def _job(self, job: Job, for_staff) -> dict:
        status, because = self.order.consent(job)
        return {
            **{name: getattr(job, name) for name in OF_JOB},
            "id": job.name,
            "ticket_id": self.ticket.name,
            "name": job.called,
            "price_cents": self.order.prices[job.name],
            "authorization": status,
            "because": because,
            "authorized_cents": job.decided and job.decided.authorized_cents,
            "lines": [self._line(line, for_staff) for line in self.order.lines_of(job)],
        }

    def _line(self, line: Line, for_staff) -> dict:
        row = self.order.price.rows.get(line.name, {})
        shown = {name: getattr(line, name) for name in OF_LINE} | {
            "id": line.name,
            "ticket_id": self.ticket.name,
            "name": line.called,
            "quantity": plain(line.quantity),
            "cores_returned": plain(line.cores_returned),
            "discount_percentage": percentage(line.discount_bps),
            "markup_percentage": percentage(line.markup_bps),
            "amount_cents": self.order.amount(line),
            "net_cents": row.get("left"),
            "tax_cents": row.get("tax"),
        }
        left_out = {"discount_bps", "markup_bps", *(() if for_staff else OF_STAFF)}
        return {name: value for name, value in shown.items() if name not in left_out}

    def _given(self, each) -> dict:
        staff = self.book.people.get(each.taken_by)
        return {name: getattr(each, name) for name in OF_GIVEN} | {
            "id": each.name,
            "ticket_id": self.ticket.name,
            "taken_by": staff and {"id": staff.name, "name": staff.called},
            "decisions": [
                {
                    "job_id": job,
                    "name": called,
                    "decision": word,
                    "price_cents": price,
                    "up_to_cents": limit,
                }
                for job, called, word, price, limit in each.decisions
            ],
        }


def what_waits(book: Book, counter: Counter, vehicle: Vehicle) -> list[dict]:
    """Return the expected recommendations of a vehicle."""
    return counter.with_ids(
        [
            {
                "job_id": job.name,
                "ticket_id": ticket.name,
                "name": job.called,
                "note": job.note,
                "decision": job.decision if job.is_turned_down else "deferred",
                "price_cents": Order(book, ticket).prices[job.name],
                "odometer_in": ticket.odometer_in,
            }
            for ticket, job in recommended(book, vehicle)
        ]
    )


def missing(shown, expected, path="") -> list[str]:
    """Return where an answer differs from the expected members; it may have others, too.

    Of an expected flag, the answer has the time or null. Members that an answer of this kind does not
    have are skipped.
    """
    if isinstance(expected, dict):
        if not isinstance(shown, dict):
            return [f"{path}: {shown} is not {expected}"]
        both = expected.keys() & shown.keys()
        return [
            each
            for name in sorted(both)
            for each in missing(shown[name], expected[name], f"{path}/{name}")
        ]
    if isinstance(expected, list):
        if len(shown) != len(expected):
            return [f"{path}: {len(shown)} items, not {len(expected)}: {shown}, not {expected}"]
        return [
            each
            for n, (this, that) in enumerate(zip(shown, expected, strict=True))
            for each in missing(this, that, f"{path}/{n}")
        ]
    if path.endswith("_at"):
        shown = shown is not None
    return [] if shown == expected else [f"{path}: {shown}, not {expected}"]
