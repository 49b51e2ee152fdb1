"""Random steps of a day: jobs, their lines, and planned parts."""

from itertools import islice

from tests.system.whole_shop.book import WITH_LINES, WORKABLE
from tests.system.whole_shop.chance import Chance, named
from tests.system.whole_shop.order import plain
from tests.system.whole_shop.rows import Ticket
from tests.system.whole_shop.step import Name, Step

CONDITIONS = ("new", "new", "used", "rebuilt", "oem_crash")
KINDS = ("labor", "labor", "part", "part", "part", "bought", "sublet", "fee", "discount")


def an_order(c: Chance, likely=lambda ticket: True, statuses=WITH_LINES) -> Ticket | None:
    """Return mostly one of the latest likely tickets, so that a few of them get long orders."""
    if c.once_in(12):
        return c.any_ticket()
    latest = reversed(c.book.tickets.values())
    good = list(islice((each for each in latest if each.status in statuses and likely(each)), 4))
    return c.of(*good) if good else c.ticket(*statuses)


def a_job_of(c: Chance, ticket: Ticket | None, likely=lambda job: True) -> Name:
    """Return the name of one of a ticket's jobs, mostly of a likely one."""
    jobs = list(ticket.jobs.values()) if ticket else []
    good = [job for job in jobs if likely(job)] or jobs
    return c.of(*good).name if good and not c.once_in(25) else Name("job 0")


def a_line(c: Chance, likely, statuses=WITH_LINES) -> tuple[Ticket | None, Name]:
    """Return a ticket, and the name of one of its lines, mostly of a likely one."""
    ticket = an_order(c, lambda each: any(map(likely, each.lines)), statuses)
    lines = ticket.lines if ticket else []
    good = [line for line in lines if likely(line)]
    among = lines if not good or c.once_in(6) else good
    return ticket, c.of(*among).name if among and not c.once_in(25) else Name("line 0")


def is_limited(job) -> bool:
    """Return whether a job is authorized up to an amount."""
    return bool(job.decided and job.decided.up_to_cents)


def a_job_is_added(c: Chance) -> Step:
    ticket = an_order(c)
    said = {"name": c.word()} | c.facts(note=c.word, cause=c.word, position=lambda: c.whole(0, 4))
    if c.once_in(2):
        said["lines"] = [line_in(c) for _ in range(c.whole(1, 3))]
    at = {"ticket": named(ticket, "ticket")}
    return c.finished(Step("add_job", c.staff(), at, said), ticket)


def a_job_changes(c: Chance) -> Step:
    ticket = an_order(c)
    said = {"correction": c.word()} | c.facts(
        name=c.word, note=c.word, position=lambda: c.whole(0, 4)
    )
    return c.finished(Step("change_job", c.staff(), {"job": a_job_of(c, ticket)}, said), ticket)


def a_job_is_deleted(c: Chance) -> Step:
    ticket = an_order(c, lambda each: len(each.jobs) > 1)
    job = a_job_of(c, ticket, lambda each: not each.decided or c.once_in(4))
    return c.finished(Step("delete_job", c.staff(), {"job": job}), ticket)


def a_line_is_added(c: Chance) -> Step:
    ticket = an_order(c)
    return c.finished(Step("add_line", c.staff(), {"job": a_job_of(c, ticket)}, line_in(c)), ticket)


def a_discount_is_given(c: Chance) -> Step:
    """Return a discount on a whole ticket."""
    ticket = an_order(c)
    said = {"name": c.word()} | off(c) | c.facts(applies_to=lambda: c.of("all", "labor", "part"))
    at = {"ticket": named(ticket, "ticket")}
    return c.finished(Step("add_discount", c.staff(), at, said), ticket)


def a_line_changes(c: Chance) -> Step:
    of_ticket = c.once_in(4)  # a discount of the whole ticket
    ticket, name = a_line(c, lambda line: (line.job_id is None) == of_ticket)
    line = next((each for each in ticket.lines if each.name == name), None) if ticket else None
    kind = line.kind if line and not c.once_in(8) else c.of("labor", "part", "fee", "discount")
    said = c.of(*ways_to_change(c, kind, line)) | c.facts(position=lambda: c.whole(0, 4))
    return c.finished(Step("change_line", c.staff(), {"line": name}, said), ticket)


def ways_to_change(c: Chance, kind: str, line) -> list[dict]:
    """Return bodies that change a line of this kind, up and down; some change other work into it."""
    ways = [{"name": c.word()}, {"taxable": c.of(True, False)}, off(c)]
    if kind == "labor":
        minutes = (line and line.billed_minutes) or 60
        ways += [{"billed_minutes": max(0, minutes + c.of(-30, -1, 0, 1, 20))}] * 2
        ways += [{"rate_cents": c.of(9_999, 12_000)}, {"flat_price_cents": c.of(None, 0, 9_900)}]
        ways += [{"mechanic_id": named(c.mechanic(), "mechanic")}]
    elif kind == "discount":
        ways = [off(c), off(c), off(c), {"applies_to": c.of("all", "labor", "part")}]
    else:
        price = (line and line.unit_price_cents) or 1_000
        ways += [{"unit_price_cents": max(0, price + c.of(-100, -1, 0, 1, 500))}] * 2
        ways += [{"quantity": quantity(c)}]
    if kind in ("part", "sublet"):
        ways += [{"markup_percentage": c.of(0, 25, 33.33)}, {"unit_cost_cents": c.whole(0, 5_000)}]
    if kind == "part":
        ways += [{"condition": c.of(*CONDITIONS)}, {"part_number": f"B {c.whole(1, 9)}"}] * 2
        ways += [{"price_source": "matrix"}, {"core_charge_cents": c.of(0, 1_500)}]
        ways += [{"cores_returned": c.of(0, 1, 0.5)}, {"warranty_months": c.whole(0, 36)}]
    return ways


def a_line_is_deleted(c: Chance) -> Step:
    of_ticket, is_used = c.once_in(4), c.once_in(5)
    ticket, name = a_line(
        c, lambda line: line.job_id is None if of_ticket else is_used or not line.used_at
    )
    return c.finished(Step("delete_line", c.staff(), {"line": name}), ticket)


def a_planned_part_is_used(c: Chance) -> Step:
    asks = c.book.shop.settings.authorization_policy == "strict" and not c.once_in(4)

    def is_likely(line):
        job = line.job_id and jobs[line.job_id]
        is_planned = line.part_id and (not line.used_at or c.once_in(6))
        return is_planned and (job.decision == "authorized" or not asks)

    jobs = {name: job for ticket in c.book.tickets.values() for name, job in ticket.jobs.items()}
    ticket, name = a_line(c, is_likely, WORKABLE)
    said = c.facts(installed_by_mechanic_id=lambda: named(c.mechanic(), "mechanic"))
    return c.finished(Step("use_line", c.staff(), {"line": name}, said), ticket)


def a_line_comes_back(c: Chance) -> Step:
    statuses = c.of(WORKABLE, (*WORKABLE, "cancelled"))
    ticket, name = a_line(c, lambda line: line.used_at, statuses)
    line = next((each for each in ticket.lines if each.name == name), None) if ticket else None
    said = {}
    if line and line.quantity and c.once_in(2):
        some = max(1, c.whole(1, int(line.quantity) + 1)) + c.of(0, 0, 0, 0.5)
        said = {"quantity": c.of(some, plain(line.quantity))}
    return c.finished(Step("return_line", c.staff(), {"line": name}, said), ticket)


def line_in(c: Chance) -> dict:
    """Return the body of a new line."""
    kind = c.of(*KINDS)
    said = off(c) if kind == "discount" or c.once_in(5) else {}
    said |= c.facts(taxable=lambda: c.of(True, False))
    if kind == "labor":
        return said | {"kind": "labor", "billed_minutes": c.of(0, 20, 45, 60, 61)} | c.facts(
            name=c.word,
            rate_cents=lambda: c.of(9_999, 12_010),
            flat_price_cents=lambda: c.of(0, 8_990),
            mechanic_id=lambda: named(c.mechanic(), "mechanic"),
        )  # fmt: skip
    if kind == "discount":
        said |= {"kind": kind, "name": c.word()}
        return said | c.facts(applies_to=lambda: c.of("all", "labor", "part"))
    said |= c.facts(quantity=lambda: quantity(c))
    if kind == "fee":
        return said | {"kind": kind, "name": c.word(), "unit_price_cents": c.of(-250, 0, 333, 999)}
    price = {"unit_price_cents": c.of(0, 1, 1_333, 20_000)}
    if kind == "sublet":
        by_cost = {"unit_cost_cents": c.whole(0, 9_999), "markup_percentage": c.of(10, 33.33)}
        return said | {"kind": kind, "name": c.word()} | c.of(price, by_cost)
    said |= {"kind": "part"} | c.facts(
        condition=lambda: c.of(*CONDITIONS),
        warranty_months=lambda: c.whole(0, 36),
    )
    if c.once_in(5):
        said |= {"core_charge_cents": c.of(1_500, 2_501)} | c.facts(cores_returned=lambda: 1)
    markup, matrix = {"markup_percentage": c.of(0, 40, 12.5)}, {"price_source": "matrix"}
    if kind == "part":
        part = named(c.part(), "part")
        return said | {"part_id": part} | c.of({}, {}, {}, price, markup, matrix)
    bought = {"name": c.word(), "part_number": f"B {c.whole(1, 9)}"}
    cost = {"unit_cost_cents": c.whole(0, 9_999)}
    return said | bought | c.of(price, price | cost, markup | cost, matrix | cost, markup, {})


def quantity(c: Chance):
    return c.of(1, 1, 2, 3, 3, 0.5 if c.once_in(4) else 4)


def off(c: Chance) -> dict:
    """Return the member of a discount that says how much it takes off."""
    return c.of(
        {"discount_percentage": c.of(0, 5, 10, 33.33, 100)},
        {"discount_cents": c.of(0, 1, 500, 999, 5_000)},
    )
