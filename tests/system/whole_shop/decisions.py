"""The expected effects of decisions on jobs, by staff, by the owner, and by approval links."""

from tests.system.whole_shop.book import WITH_LINES, Book, must_be, tidy
from tests.system.whole_shop.order import PENDING, Order
from tests.system.whole_shop.order_rows import Authorization, Decided, Link
from tests.system.whole_shop.revivals import revival_of
from tests.system.whole_shop.rows import Ticket
from tests.system.whole_shop.step import (
    ANYONE,
    INVALID,
    SIGNED_IN,
    STAFF,
    Refused,
    act,
    conflict,
)

MOST = 100  # authorizations of a ticket
OF_STAFF = {"method", "authorized_by_name", "contact", "note"}


@act("POST", "/service-tickets/{ticket}/authorizations", SIGNED_IN, 201)
def authorize(book: Book, step):
    ticket = book.with_lines(step, step.at["ticket"])
    said, actor = step.said, book.actor(step)
    if book.is_staff(step):
        needed = {"method", "authorized_by_name"}
        needed |= set() if said.get("method") == "in_person" else {"contact"}
        if needed - said.keys():
            raise INVALID
        told = {"contact": None, "note": None} | tidy(said, *OF_STAFF) | {"taken_by": actor.name}
    else:
        limited = any("up_to_cents" in each for each in said["decisions"])
        if limited or OF_STAFF & said.keys() or "estimate_sha256" not in said:
            raise INVALID
        told = {"method": "account", "authorized_by_name": actor.called, "contact": actor.email}
        told |= {"note": None, "taken_by": None}
        on_it = {job.name for job in Order(book, ticket).with_lines}
        must_be(all(each["job_id"] in on_it for each in said["decisions"]))
    decide(book, ticket, said["decisions"], said.get("estimate_sha256"), told)


def decide(book: Book, ticket: Ticket, decisions, read, told, link=None) -> None:
    """Record decisions on jobs.

    `read` is the name of the estimate that they are about, or None, and `told` says who told whom.
    """
    order = Order(book, ticket)
    asked = order.asked()
    if read is not None and book.estimates.get(read, (None, None))[1] != asked:
        raise conflict("estimate_changed")
    if len(ticket.authorizations) == MOST:
        raise conflict("ticket_full")
    now, made = book.tick(), {}
    for each in decisions:
        job, limit = must_be(ticket.jobs.get(each["job_id"])), each.get("up_to_cents")
        is_used = any(line.job_id == job.name for line in ticket.used)
        if is_used and each["decision"] != "authorized":
            raise conflict("job_has_used_parts")
        if each["decision"] == "authorized" and revival_of(book, job):
            raise conflict("already_revived")
        price = order.prices[job.name]
        if limit is not None and limit < price:
            raise INVALID
        made[job.name] = Decided(each["decision"], price, limit, asked, now)
    total = authorized_total(book, ticket, made)
    for name, decided in made.items():
        ticket.jobs[name].decided = decided
    record = Authorization(
        name=book.new("authorization"),
        **told,
        approval_link_id=link and link.name,
        authorized_total_cents=total,
        estimate=asked,
        decisions=[
            (name, ticket.jobs[name].called, each.word, each.price_cents, each.up_to_cents)
            for name, each in made.items()
        ],
    )
    ticket.authorizations.append(record)
    book.homes[record.name] = ticket.name
    book.touch(ticket)


def authorized_total(book: Book, ticket: Ticket, made: dict) -> int:
    """Return the total of the jobs that are authorized once these decisions are made."""
    before = {name: job.decided for name, job in ticket.jobs.items()}
    try:
        for name, decided in made.items():
            ticket.jobs[name].decided = decided
        return Order(book, ticket).authorized_total()
    finally:
        for name, decided in before.items():
            ticket.jobs[name].decided = decided


@act("POST", "/service-tickets/{ticket}/approval-links", STAFF, 201)
def make_link(book: Book, step):
    ticket = book.with_lines(step, step.at["ticket"])
    order = Order(book, ticket)
    if not pending(order):
        raise conflict("nothing_to_approve")
    revoke_link_of(book, ticket)
    link = Link(name=book.new("link"), ticket=ticket.name, asked=order.asked())
    book.links[link.name] = link
    book.homes[link.name] = ticket.name


@act("DELETE", "/approval-links/{link}", STAFF, 204)
def revoke_link(book: Book, step):
    link = must_be(book.links.get(step.at["link"]))
    book.ticket(step, link.ticket)
    link.end_reason = link.end_reason or "revoked"


@act("GET", "/approvals/{token}", ANYONE)
def read_by_link(book: Book, step):
    link = link_of(book, step)
    state = state_of(book, link)
    if state not in ("open", "decided"):
        raise Refused(410, "approval_link_over", {"state": state})
    book.members = {"state": state}
    read(book, book.tickets[link.ticket])


@act("POST", "/approvals/{token}", ANYONE, 201)
def decide_by_link(book: Book, step):
    link, said = link_of(book, step), step.said
    state, ticket = state_of(book, link), book.tickets[link.ticket]
    if state == "decided":
        raise conflict("already_decided")
    if state != "open":
        raise Refused(410, "approval_link_over", {"state": state})
    jobs = {each["job_id"] for each in said["decisions"]}
    if jobs != {job.name for job in pending(Order(book, ticket))}:
        raise INVALID
    told = tidy(said, "authorized_by_name")
    told |= {"method": "link", "contact": None, "note": None, "taken_by": None}
    decide(book, ticket, said["decisions"], said["estimate_sha256"], told, link)
    link.end_reason = "decided"


@act("GET", "/service-tickets/{ticket}/estimate", SIGNED_IN)
def see_estimate(book: Book, step):
    read(book, book.ticket(step, step.at["ticket"]))


def read(book: Book, ticket: Ticket) -> None:
    """Name the estimate that somebody reads, so that a later decision can be on it."""
    book.estimates[book.new("estimate")] = ticket.name, Order(book, ticket).asked()


def link_of(book: Book, step) -> Link:
    return must_be(book.links.get(step.at["token"].replace("token", "link")))


def state_of(book: Book, link: Link) -> str:
    ticket = book.tickets[link.ticket]
    if link.end_reason:
        return link.end_reason
    if ticket.status not in WITH_LINES:
        return "revoked"
    order = Order(book, ticket)
    return "open" if order.asked() == link.asked and pending(order) else "changed"


def pending(order: Order) -> list:
    """Return the jobs in an estimate that wait for a decision."""
    return [job for job in order.with_lines if order.consent(job)[0] == PENDING]


def revoke_link_of(book: Book, ticket: Ticket) -> None:
    for link in book.links.values():
        if link.ticket == ticket.name and link.end_reason is None:
            link.end_reason = "revoked"
