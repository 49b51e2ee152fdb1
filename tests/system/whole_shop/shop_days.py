"""Random steps of a day: settings of the shop, canned jobs, work that waits, and looks at orders."""

from tests.system.whole_shop.book import WITH_LINES
from tests.system.whole_shop.chance import Chance, named
from tests.system.whole_shop.order_days import an_order, line_in
from tests.system.whole_shop.revivals import waits
from tests.system.whole_shop.step import Name, Step

RATES = (0, 5, 8.25, 8.875, 9.975)
MATRIX = [
    {"up_to_cents": 500, "markup_percentage": 100},
    {"up_to_cents": 2_000, "markup_percentage": 62.5},
    {"up_to_cents": None, "markup_percentage": 33.33},
]


def the_shop_is_set(c: Chance) -> Step:
    """Return new settings of the shop, every other time one of its policies."""
    said = c.of(
        {"labor_rate_cents": c.of(0, 9_000, 12_345)},
        {"taxes": [a_tax(c, name) for name in ("GST", "QST")[: c.whole(0, 2)]]},
        {"shop_supplies": c.of(None, supplies(c), supplies(c))},
        {"markup_matrix": c.of([], MATRIX, MATRIX)},
    )
    if c.once_in(2):
        said = {"authorization_policy": c.of("off", "strict", "strict")}
    elif c.once_in(3):
        said = {"closing_policy": c.of("off", "strict", "strict")}
    who = c.staff() if c.once_in(8) else c.signed_in("manager")
    return c.finished(Step("change_shop", who, said=said), c.book.shop)


def a_tax(c: Chance, name: str) -> dict:
    kinds = ("labor", "part", "sublet", "fee")
    return {"name": name} | {f"{kind}_percentage": c.of(*RATES) for kind in kinds}


def supplies(c: Chance) -> dict:
    return {
        "name": "Shop supplies",
        "percentage": c.of(3.33, 5, 10),
        "of": c.of("labor", "part", "labor_and_part"),
        "cap_cents": c.of(None, 0, 700, 3_500),
        "taxable": c.of(True, False),
        "statement": None,
    }


def a_customer_is_exempt(c: Chance) -> Step:
    customer = c.customer()
    said = c.of(
        {"tax_exempt": True, "tax_exempt_number": c.word()},
        {"tax_exempt": True},
        {"tax_exempt": False},
        {"tax_exempt": False},
        {"tax_exempt_number": None},
    )
    at = {"customer": named(customer, "customer")}
    return c.finished(Step("change_billing_terms", c.staff(), at, said), customer)


def supplies_are_waived(c: Chance) -> Step:
    ticket = an_order(c)
    at = {"ticket": named(ticket, "ticket")}
    said = {"shop_supplies_waived": c.of(True, False)}
    return c.finished(Step("change_ticket", c.staff(), at, said), ticket)


def a_canned_job_is_written(c: Chance) -> Step:
    said = {"name": c.word(), "lines": [line_in(c) for _ in range(c.whole(1, 3))]}
    said |= c.facts(note=c.word, category=c.word)
    taken = [each.called for each in c.book.canned_jobs.values() if not each.retired]
    if taken and c.once_in(5):
        said["name"] = c.of(*taken).replace(" ", "  ")
    return c.finished(Step("add_canned_job", c.signed_in("manager"), said=said))


def a_canned_job_changes(c: Chance) -> Step:
    canned = c.row(c.book.canned_jobs, lambda each: not each.retired)
    at = {"canned_job": named(canned, "canned_job")}
    if c.once_in(4):
        return c.finished(Step("retire_canned_job", c.signed_in("manager"), at), canned)
    said = c.of({"name": c.word()}, {"lines": [line_in(c)]}, {"note": c.word()})
    return c.finished(Step("change_canned_job", c.signed_in("manager"), at, said), canned)


def a_canned_job_is_used(c: Chance) -> Step:
    ticket = an_order(c)
    canned = c.row(c.book.canned_jobs, lambda each: not each.retired)
    said = {"canned_job_id": named(canned, "canned_job")}
    at = {"ticket": named(ticket, "ticket")}
    return c.finished(Step("use_canned_job", c.staff(), at, said), ticket)


def work_is_taken_up_again(c: Chance) -> Step:
    """Return the revival of work that waits on a later visit, or first that visit."""
    book, latest = c.book, list(c.book.tickets.values())[-40:]
    every = [(ticket, job) for ticket in latest for job in ticket.jobs.values()]
    good = [(ticket, job) for ticket, job in every if ticket.vehicle and waits(book, ticket, job)]
    taken = {job.revived_from_id for _, job in every} - {None}
    among = good[-4:] if good and not c.once_in(4) else every[-12:]
    if taken and c.once_in(6):
        among = [(ticket, job) for ticket, job in every if job.name in taken] or among
    if not among:
        return Step("see_tickets", c.staff())
    earlier, job = c.of(*among)
    later = [
        each
        for each in book.tickets.values()
        if each.vehicle == earlier.vehicle and each is not earlier and each.status in WITH_LINES
    ]
    if not later and earlier.vehicle and not c.once_in(6):
        said = {"vehicle_id": earlier.vehicle, "problem_description": c.word()}
        return Step("open_ticket", c.staff(), said=said)
    ticket = c.of(*later) if later and not c.once_in(10) else an_order(c)
    name = job.name if not c.once_in(20) else Name("job 0")
    at = {"ticket": named(ticket, "ticket")}
    return c.finished(Step("add_job", c.staff(), at, {"revive_job_id": name}), ticket)


def work_is_dismissed(c: Chance) -> Step:
    ticket = an_order(c, lambda each: any(job.is_turned_down for job in each.jobs.values()))
    jobs = list(ticket.jobs.values()) if ticket else []
    good = [job for job in jobs if waits(c.book, ticket, job)] or jobs
    at = {"job": c.of(*good).name if good else Name("job 0")}
    return c.finished(Step("dismiss_job", c.staff(), at, {"reason": c.word()}), ticket)


def somebody_looks_at_an_order(c: Chance) -> Step:
    """Return a step that reads a part of a repair order, by someone who may or may not read it."""
    ticket = an_order(c, lambda each: each.lines)
    jobs, lines = (list(ticket.jobs), ticket.lines) if ticket else ([], [])
    at = {
        "ticket": named(ticket, "ticket"),
        "vehicle": (ticket and ticket.vehicle) or named(c.vehicle(), "vehicle"),
        "job": c.of(*jobs, Name("job 0")),
        "line": c.of(*(line.name for line in lines), Name("line 0")),
        "authorization": c.of(
            *(each.name for each in (ticket.authorizations if ticket else ())),
            Name("authorization 0"),
        ),
        "canned_job": named(c.row(c.book.canned_jobs), "canned_job"),
        "invoice": c.of(*list(c.book.invoices)[-3:], Name("invoice 0")),
    }
    act, kinds, query = c.of(
        ("see_jobs", "ticket", {"per_page": 100}),
        ("see_job", "job", {}),
        ("see_lines_of_jobs", "ticket", {}),
        ("see_line", "line", {}),
        ("see_totals", "ticket", {}),
        ("see_pricing", "ticket", {}),
        ("see_authorizations", "ticket", {"per_page": 100}),
        ("see_authorization", "authorization", {}),
        ("see_links", "ticket", {}),
        ("see_recommendations", "vehicle", {"per_page": 100}),
        ("see_canned_jobs", "", {"per_page": 100}),
        ("see_canned_job", "canned_job", {}),
        ("see_shop", "", {}),
        ("see_invoices", "", {"per_page": 100}),
        ("see_invoice", "invoice", {}),
        ("see_document", "invoice", {}),
    )
    who = c.owner_or_staff(ticket and ticket.owner)
    return Step(act, who, {kinds: at[kinds]} if kinds else {}, query=query)
