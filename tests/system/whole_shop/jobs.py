"""The expected effects on jobs: they are added, from canned jobs and earlier visits too, and deleted."""

from tests.system.whole_shop.book import Book, must_be, must_take_lines, tidy
from tests.system.whole_shop.lines import (
    a_line,
    loaded,
    must_say_enough,
    next_position,
    put_into,
    take_off,
)
from tests.system.whole_shop.order_rows import Job
from tests.system.whole_shop.revivals import revival_of, waits
from tests.system.whole_shop.rows import Ticket
from tests.system.whole_shop.step import STAFF, act, conflict

TEXTS = ("note", "cause", "correction")
# What new work of today does not take from the line of an earlier visit.
OF_TODAY = {
    *("name", "job_id", "position", "mechanic_id", "cores_returned", "used_at"),
    *("installed_by_mechanic_id", "unit_price_cents", "markup_bps", "price_source"),
}
OF_THE_PART = {"unit_cost_cents", "part_number"}


@act("POST", "/service-tickets/{ticket}/jobs", STAFF, 201)
def add_job(book: Book, step):
    must_say_enough(step.said.get("lines", ()))
    ticket = book.with_lines(step, step.at["ticket"])
    if "revive_job_id" in step.said:
        return revive(book, step, ticket)
    said = tidy(step.said, "name", *TEXTS)
    facts = {name: said[name] for name in TEXTS if name in said}
    if "position" in step.said:
        facts["position"] = step.said["position"]
    lines = [loaded(line) for line in step.said.get("lines", ())]
    book.made = new_job(book, ticket, said["name"], lines, **facts).name
    book.touch(ticket)


@act("PATCH", "/jobs/{job}", STAFF)
def change_job(book: Book, step):
    ticket, job = book.job(step, step.at["job"])
    must_take_lines(ticket)
    before = dict(vars(job))
    for name, value in tidy(step.said, "name", *TEXTS, "position").items():
        setattr(job, "called" if name == "name" else name, value)
    book.touch(ticket, surely=before != vars(job))


@act("DELETE", "/jobs/{job}", STAFF, 204)
def delete_job(book: Book, step):
    ticket, job = book.job(step, step.at["job"])
    must_take_lines(ticket)
    lines = [line for line in ticket.lines if line.job_id == job.name]
    if job.decided or any(line.used_at for line in lines) or len(ticket.jobs) == 1:
        raise conflict("job_in_use")
    take_off(book, ticket, lines)
    del ticket.jobs[job.name]
    forget_jobs(book, [job])


@act("POST", "/jobs/{job}/dismiss", STAFF, 201)
def dismiss_job(book: Book, step):
    ticket, job = book.job(step, step.at["job"])
    if not waits(book, ticket, job):
        raise conflict("not_recommended")
    job.dismissed_reason = step.said["reason"].strip()
    book.touch(ticket)


@act("POST", "/service-tickets/{ticket}/canned-jobs", STAFF, 201)
def use_canned_job(book: Book, step):
    ticket = book.with_lines(step, step.at["ticket"])
    canned = must_be(book.canned_jobs.get(step.said["canned_job_id"]))
    must_be(not canned.retired)
    lines = [loaded(line) for line in canned.lines]
    must_be_in_catalogue(book, lines)
    about = {"note": canned.note, "canned_job_id": canned.name}
    book.made = new_job(book, ticket, canned.called, lines, **about).name
    book.touch(ticket)


def revive(book: Book, step, ticket: Ticket) -> None:
    """Take up work of an earlier visit of the vehicle, at today's prices."""
    earlier = must_be(book.tickets.get(book.homes.get(step.said["revive_job_id"], "")))
    job = earlier.jobs[step.said["revive_job_id"]]
    if revival_of(book, job):
        raise conflict("already_revived")
    of_it = ticket.vehicle and earlier.vehicle == ticket.vehicle and earlier is not ticket
    if not (of_it and waits(book, earlier, job)):
        raise conflict("not_recommended")
    lines = [line for line in earlier.lines if line.job_id == job.name]
    in_order = sorted(lines, key=lambda line: (line.position, int(line.name.split()[-1])))
    copies = [copied(book, line) for line in in_order]
    must_be_in_catalogue(book, copies)
    about = {"note": job.note, "cause": job.cause, "revived_from_id": job.name}
    book.made = new_job(book, ticket, job.called, copies, **about).name
    book.touch(ticket)


def new_job(book: Book, ticket: Ticket, called: str, lines: list[dict], **facts) -> Job:
    """Add a job with its lines to a ticket; the lines are as from `loaded`."""
    facts.setdefault("position", next_position(ticket.jobs.values()))
    job = Job(name=None, called=called, **facts)
    made = []
    for line in lines:
        made.append(a_line(book, ticket, job, line, made))
    job.name = book.next("job")
    ticket.jobs[job.name], book.homes[job.name] = job, ticket.name
    put_into(book, ticket, job, made)
    return job


def first_job(book: Book, ticket: Ticket) -> Job:
    """Add a job that is named after the problem, as a new ticket has it."""
    called = " ".join(ticket.problem.split())[:120].strip()
    return new_job(book, ticket, called, [])


def forget_jobs(book: Book, jobs) -> None:
    """Forget deleted jobs; a job that took one of them up again stays, and stands for itself."""
    for job in jobs:
        if revival := revival_of(book, job):
            revival.revived_from_id = None
            book.touch(book.tickets[book.homes[revival.name]])
        del book.homes[job.name]


def copied(book: Book, line) -> dict:
    """Return the members of an earlier line for a new one of today."""
    left_out = OF_TODAY | (OF_THE_PART if line.part_id else set())
    facts = {
        name: value
        for name, value in vars(line).items()
        if name not in left_out and value is not None
    }
    if book.shop.settings.labor_rate_cents:
        facts.pop("rate_cents", None)
    if line.kind in ("labor", "discount"):
        return facts
    if line.price_source == "markup":
        return facts | {"markup_bps": line.markup_bps}
    if line.price_source == "matrix":
        return facts | {"price_source": "matrix"}
    if line.price_source == "catalog" and line.part_id:
        return facts
    return facts | {"unit_price_cents": line.unit_price_cents}


def must_be_in_catalogue(book: Book, lines: list[dict]) -> None:
    parts = [book.parts[line["part_id"]] for line in lines if line.get("part_id")]
    if any(part.retired for part in parts):
        raise conflict("part_retired")
