"""The expected work that waits after a visit, and the jobs that take it up again."""

from tests.system.whole_shop.book import Book
from tests.system.whole_shop.order_rows import Job
from tests.system.whole_shop.rows import Ticket


def waits(book: Book, ticket: Ticket, job: Job) -> bool:
    """Return whether a job is work that waits: turned down, not dismissed, and not taken up again.

    Other work of a cancelled ticket counts as deferred if it was not begun.
    """
    lines = [line for line in ticket.lines if line.job_id == job.name]
    left = ticket.status == "cancelled" and lines and not any(line.used_at for line in lines)
    return bool(
        (job.is_turned_down or left) and job.dismissed_reason is None and not revival_of(book, job)
    )


def is_linked(book: Book, ticket: Ticket) -> bool:
    """Return whether a ticket has work of an earlier visit, or a later visit has work of it."""
    return any(job.revived_from_id or revival_of(book, job) for job in ticket.jobs.values())


def revival_of(book: Book, job: Job) -> Job | None:
    """Return the job that takes this one up again, if there is one."""
    jobs = (each for ticket in book.tickets.values() for each in ticket.jobs.values())
    return next((each for each in jobs if each.revived_from_id == job.name), None)
