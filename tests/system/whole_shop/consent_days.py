"""Random steps of a day: what customers decide, by themselves, by telling the staff, and by links."""

from tests.system.whole_shop.book import WITH_LINES
from tests.system.whole_shop.chance import Chance, named
from tests.system.whole_shop.decisions import pending, state_of
from tests.system.whole_shop.order import Order
from tests.system.whole_shop.order_days import an_order
from tests.system.whole_shop.rows import Ticket
from tests.system.whole_shop.step import Name, Step

WORDS = ("authorized", "authorized", "authorized", "declined", "deferred")


def staff_record_decisions(c: Chance) -> Step:
    ticket = an_order(c, lambda each: each.lines)
    said = {"method": c.of("phone", "in_person", "email", "sms"), "authorized_by_name": c.word()}
    said |= {"decisions": decisions(c, ticket, up_to=True)} | c.facts(note=c.word)
    if said["method"] != "in_person" or c.once_in(3):
        said["contact"] = c.word()
    if c.once_in(12):
        del said[c.of("method", "authorized_by_name")]
    if c.once_in(6):
        said["estimate_sha256"] = an_estimate(c, ticket)
    at = {"ticket": named(ticket, "ticket")}
    return c.finished(Step("authorize", c.staff(), at, said), ticket)


def the_owner_decides(c: Chance) -> Step:
    """Return the decisions of a ticket's owner, or first the reading of the estimate."""
    ticket = an_order(c, lambda each: each.lines and c.book.people[each.owner].signed_in)
    owner = c.book.people[ticket.owner] if ticket else None
    who = owner.name if owner and owner.signed_in and not c.once_in(12) else c.signed_in("customer")
    at, read = {"ticket": named(ticket, "ticket")}, an_estimate(c, ticket)
    if not is_present(c, ticket, read) and not c.once_in(4):
        return Step("see_estimate", who, at)
    said = {"estimate_sha256": read, "decisions": decisions(c, ticket)}
    if c.once_in(12):
        said |= c.of({"method": "phone"}, {"note": c.word()})
    if c.once_in(12):
        del said["estimate_sha256"]
    return c.finished(Step("authorize", who, at, said), ticket)


def somebody_reads_an_estimate(c: Chance) -> Step:
    ticket = an_order(c, lambda each: each.lines)
    who = c.owner_or_staff(ticket and ticket.owner)
    return Step("see_estimate", who, {"ticket": named(ticket, "ticket")})


def a_link_is_made(c: Chance) -> Step:
    is_decided = c.once_in(8)
    ticket = an_order(
        c, lambda each: each.lines and bool(pending(Order(c.book, each))) != is_decided
    )
    at = {"ticket": named(ticket, "ticket")}
    said = c.facts(expires_in_hours=lambda: c.whole(1, 720))
    return c.finished(Step("make_link", c.staff(), at, said), ticket)


def a_link_is_revoked(c: Chance) -> Step:
    at = {"link": a_link(c).replace("token", "link")}
    return c.finished(Step("revoke_link", c.staff(), {"link": Name(at["link"])}))


def a_link_is_read(c: Chance) -> Step:
    return Step("read_by_link", None, {"token": a_link(c)})


def a_link_is_decided_on(c: Chance) -> Step:
    """Return the decisions of a link's holder, or first the reading of the estimate."""
    token = a_link(c)
    link = c.book.links.get(token.replace("token", "link"))
    ticket = c.book.tickets[link.ticket] if link else None
    read = an_estimate(c, ticket)
    if not is_present(c, ticket, read) and not c.once_in(3):
        return Step("read_by_link", None, {"token": token})
    jobs = [job.name for job in pending(Order(c.book, ticket))] if ticket else []
    if not jobs or c.once_in(8):
        jobs = [*(ticket.jobs if ticket else ()), Name("job 0")][:2]
    said = {
        "estimate_sha256": read,
        "authorized_by_name": c.word(),
        "decisions": [{"job_id": job, "decision": c.of(*WORDS)} for job in jobs],
    }
    return c.finished(Step("decide_by_link", None, {"token": token}, said))


def an_order_goes_on(c: Chance) -> Step:
    """Return the move of a ticket with decisions towards its invoice."""
    ticket = an_order(c, lambda each: each.authorizations)
    onwards = {"open": "in_progress", "on_hold": "in_progress", "in_progress": "ready"}
    to = onwards.get(ticket.status, "invoiced") if ticket else "invoiced"
    at = {"ticket": named(ticket, "ticket")}
    return c.finished(Step("move", c.staff(), at, {"to": to}), ticket)


def a_ticket_is_invoiced(c: Chance) -> Step:
    """Return the invoice of a ticket, mostly of one that is ready and has no planned parts.

    Sometimes it is one with a price below zero.
    """
    is_odd = c.once_in(4)

    def is_likely(ticket):
        is_used = not any(line.part_id and not line.used_at for line in ticket.lines)
        return is_used and not (is_odd and Order(c.book, ticket).price.total >= 0)

    ticket = an_order(c, is_likely, ("ready",))
    vehicle = c.book.vehicles.get(ticket.vehicle or "") if ticket else None
    last = (vehicle.odometer if vehicle else None) or 0
    said = c.facts(odometer_out=lambda: max(0, last + c.of(-5, 0, 40)))
    if "odometer_out" in said:
        said |= c.facts(override_reason=c.word)
    at = {"ticket": named(ticket, "ticket")}
    return c.finished(Step("issue", c.staff(), at, said), ticket)


def decisions(c: Chance, ticket: Ticket | None, *, up_to: bool = False) -> list[dict]:
    """Return decisions on jobs of a ticket, mostly on those with lines; `up_to`: some with a limit."""
    order = Order(c.book, ticket) if ticket else None
    jobs = (order.with_lines if not c.once_in(10) else order.jobs) if order else []
    if not jobs or c.once_in(30):
        return [{"job_id": Name("job 0"), "decision": "authorized"}]
    made = []
    for job in c.random.sample(jobs, c.whole(1, min(3, len(jobs)))):
        decision = {"job_id": job.name, "decision": c.of(*WORDS)}
        if up_to and decision["decision"] == "authorized" and c.once_in(3):
            more = c.of(-1, 0, 0, 500, 20_000)
            decision["up_to_cents"] = max(0, order.prices[job.name] + more)
        made.append(decision)
    return made


def an_estimate(c: Chance, ticket: Ticket | None) -> Name:
    """Return the estimate that was read last of a ticket, sometimes an earlier one of any ticket."""
    every = c.book.estimates
    of_it = [name for name, (of, _) in every.items() if ticket and of == ticket.name]
    if every and (not of_it or c.once_in(10)):
        return c.of(*every)
    return of_it[-1] if of_it else Name("estimate 0")


def is_present(c: Chance, ticket: Ticket | None, read: Name) -> bool:
    """Return whether an estimate that was read is still that of the ticket."""
    if ticket is None or read not in c.book.estimates:
        return False
    return c.book.estimates[read][1] == Order(c.book, ticket).asked()


def a_link(c: Chance) -> Name:
    """Return the token of a link, mostly of one that is open, or was until a change."""
    links = list(c.book.links.values())[-6:]
    alive = [each for each in links if each.end_reason is None]
    live = [each for each in alive if c.book.tickets[each.ticket].status in WITH_LINES]
    still = [each for each in live if state_of(c.book, each) == "open"]
    among = c.of(still, still, live, links) or links
    token = c.of(*among).name.replace("link", "token") if among and not c.once_in(30) else None
    return Name(token or "token 0")
