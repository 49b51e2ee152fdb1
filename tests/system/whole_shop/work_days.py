"""Random steps of a day: work on tickets, and parts."""

from dataclasses import replace

from tests.system.whole_shop.book import WORKABLE
from tests.system.whole_shop.chance import Chance, named
from tests.system.whole_shop.order_days import a_job_of, an_order, is_limited
from tests.system.whole_shop.step import Step

# Acts that are repeated under the same key with another name, or with another note.
NAMED = ("take_in", "hire", "add_part", "add_discount", "add_canned_job")
NOTED = ("pay", "refund", "pay_for_customer")


def a_mechanic_is_put_on(c: Chance) -> Step:
    ticket, mechanic = c.workable(), named(c.mechanic(), "mechanic")
    if c.once_in(4):
        ticket = an_order(c, lambda each: each.crew, WORKABLE)
    if ticket and ticket.crew and c.once_in(4):
        mechanic = c.of(*ticket.crew)
    at = {"ticket": named(ticket, "ticket"), "mechanic": mechanic}
    if c.once_in(3):
        said = {"ticket_id": at["ticket"], "mechanic_id": at["mechanic"]} | _terms(c)
        return c.finished(Step("add_assignment", c.staff(), said=said), ticket)
    return c.finished(Step("assign", c.staff(), at, c.of(None, _terms(c))), ticket)


def a_mechanic_is_taken_off(c: Chance) -> Step:
    ticket = c.workable()
    crew = list(ticket.crew) if ticket else []
    mechanic = c.of(*crew) if crew and not c.once_in(6) else named(c.mechanic(), "mechanic")
    ids = {"ticket": named(ticket, "ticket"), "mechanic": mechanic}
    if c.once_in(3):
        query = {"ticket_id": ids["ticket"], "mechanic_id": mechanic}
        return c.finished(Step("drop_assignment", c.staff(), query=query), ticket)
    return c.finished(Step("remove_mechanic", c.staff(), ids), ticket)


def a_crew_changes(c: Chance) -> Step:
    ticket = c.workable()
    come = list({named(c.mechanic(), "mechanic"): 0 for _ in range(c.whole(0, 2))})
    go = list({named(c.mechanic(), "mechanic"): 0 for _ in range(c.whole(0, 2))})
    said = {"add_ids": come, "remove_ids": go} | _terms(c)
    return c.finished(
        Step("edit_crew", c.staff(), {"ticket": named(ticket, "ticket")}, said), ticket
    )


def a_part_is_used(c: Chance) -> Step:
    """Return the use of a part; sometimes in a job that is authorized up to an amount."""
    ticket, part = c.workable(), c.part()
    if c.once_in(2):
        ticket = an_order(c, lambda each: any(map(is_limited, each.jobs.values())), WORKABLE)
    at = {"ticket": named(ticket, "ticket"), "part": named(part, "part")}
    return c.finished(Step("use_part", c.staff(), at, _use(c, part, ticket)), ticket)


def parts_are_used(c: Chance) -> Step:
    ticket, parts = c.workable(), [c.part() for _ in range(c.whole(1, 4))]
    names = [named(part, "part") for part in parts]
    each = [_use(c, part, ticket) | {"part_id": named(part, "part")} for part in parts]
    said = c.of({"part_ids": names}, {"parts": each}, each[0])
    at = {"ticket": named(ticket, "ticket")}
    return c.finished(Step("use_parts", c.staff(), at, said), ticket)


def a_part_comes_back(c: Chance) -> Step:
    used = [each for each in c.book.tickets.values() if each.used][-12:]
    ticket = c.of(*used) if used and not c.once_in(8) else c.any_ticket()
    lines = ticket.used if ticket else []
    part = c.of(*lines).part_id if lines and not c.once_in(8) else named(c.part(), "part")
    at = {"ticket": named(ticket, "ticket"), "part": part}
    on_it = sum(line.quantity for line in lines if line.part_id == part)
    query = {"quantity": str(_some(c, c.book.parts.get(part), on_it))} if c.once_in(2) else {}
    return c.finished(Step("return_part", c.staff(), at, query=query), ticket)


def a_quantity_is_set(c: Chance) -> Step:
    """Return a step that sets the quantity of a part, mostly of one that is on the ticket."""
    ticket = c.workable()
    lines = ticket.used if ticket else []
    part = c.book.parts[c.of(*lines).part_id] if lines and not c.once_in(4) else c.part()
    there = sum(line.quantity for line in lines if part and line.part_id == part.name)
    most = float(there + (part.stock if part else 0))
    said = {"quantity_used": _some(c, part, most) if c.once_in(2) else int(there)}
    said |= _terms_of_use(c) if c.once_in(3) else {}
    at = {"ticket": named(ticket, "ticket"), "part": named(part, "part")}
    return c.finished(Step("set_quantity", c.staff(), at, said), ticket)


def a_part_is_listed(c: Chance) -> Step:
    unit = c.of("each", "each", "quart", "foot")
    opening = c.whole(0, 12) + (c.of(0, 0.5, 0.25) if unit != "each" or c.once_in(9) else 0)
    said = {"name": c.word(), "unit": unit, "quantity_in_stock": opening} | c.facts(
        part_number=lambda: _number(c),
        current_cost_cents=lambda: c.whole(0, 9_999),
        price_cents=lambda: c.whole(0, 19_999),
        reorder_level=lambda: c.of(c.whole(0, 6), opening),
    )
    return c.finished(Step("add_part", c.staff(), said=said))


def a_part_changes(c: Chance) -> Step:
    part = c.part()
    said = c.of(
        {"price_cents": c.whole(0, 19_999)},
        {"current_cost_cents": c.whole(0, 9_999)},
        {"reorder_level": _number_of(part.stock) if part else c.whole(0, 6)},
        {"unit": c.of("each", "each", "quart", "liter")},
        {"name": part.called if part and c.once_in(2) else c.word()},
        {"part_number": _number(c)},
    )
    at = {"part": named(part, "part")}
    return c.finished(Step("change_part", c.staff(), at, said), part)


def the_shelf_is_adjusted(c: Chance) -> Step:
    part = c.part()
    said = {"adjustment": c.of(c.whole(1, 9), c.whole(1, 9), c.whole(-9, 0), c.of(1.25, -0.5))}
    if c.once_in(3):
        said = {"counted": c.of(_number_of(part.stock) if part else 0, c.whole(0, 9), 4.75)}
    said |= c.facts(reason=lambda: c.of("received", "counted", "adjusted", c.word()))
    at = {"part": named(part, "part")}
    return c.finished(Step("adjust", c.staff(), at, said), part)


def a_part_is_retired(c: Chance) -> Step:
    """Return the retirement of a part, mostly of one that a canned job has."""
    lines = [line for canned in c.book.canned_jobs.values() for line in canned.lines]
    canned = {line["part_id"] for line in lines if "part_id" in line}
    part = c.part() if c.once_in(3) else c.row(c.book.parts, lambda each: each.name in canned)
    return c.finished(Step("retire", c.staff(), {"part": named(part, "part")}), part)


def a_part_comes_back_to_the_catalogue(c: Chance) -> Step:
    part = c.row(c.book.parts, lambda each: each.retired)
    return c.finished(Step("restore", c.staff(), {"part": named(part, "part")}), part)


def a_client_asks_again(c: Chance) -> Step | None:
    """Return an earlier step with a key, or another request with the same key."""
    if not c.book.kept:
        return None
    step, _ = c.of(*list(c.book.kept.values())[-9:])
    if c.once_in(4) and step.act in NAMED:
        return replace(step, said=step.said | {"name": "Somebody else"})
    if c.once_in(4) and step.act in NOTED:
        return replace(step, said=step.said | {"note": "Something else"})
    return step


def somebody_looks(c: Chance) -> Step:
    """Return a step that reads a list or a row, by someone who may or may not read it."""
    ticket, vehicle, part = c.ticket(), c.vehicle(), c.part()
    query = {"per_page": 100, "sort": c.of("id", "-id")}
    by_name = {"per_page": 100, "sort": c.of("name", "-name")}
    searched = by_name | {"q": c.of("ada", "%", "_", "A_B", "o'n", "1hg", "new1", "zebra 1", "\\")}
    by_priority = {"per_page": 100, "sort": c.of("priority", "-priority", "-opened_at")}
    status = {"per_page": 100, "status": c.of("open", "in_progress", "on_hold", "ready", "closed")}
    at = {
        "ticket": named(ticket, "ticket"),
        "vehicle": named(vehicle, "vehicle"),
        "part": named(part, "part"),
        "customer": named(c.row(c.book.customers, lambda each: each.active, 2), "customer"),
        "mechanic": named(c.mechanic(), "mechanic"),
    }
    act, asked = c.of(
        ("see_customers", by_name),
        ("see_customers", searched),
        ("see_customer", {}),
        ("see_customer", {}),
        ("see_vehicles_of", query),
        ("see_vehicles", query),
        ("see_vehicle", {}),
        ("see_visits", query),
        ("see_tickets", by_priority),
        ("see_tickets", status),
        ("see_my_tickets", by_priority),
        ("see_ticket", {}),
        ("see_lines", query),
        ("see_moves", query),
        ("see_parts", by_name),
        ("see_part", {}),
        ("see_ledger", query),
        ("see_usage", query),
        ("see_staff", by_name),
        ("see_mechanic", {}),
        ("see_ranking", {"by": c.of("assigned", "completed")}),
        ("see_assignments", query),
        ("see_oneself", {}),
    )
    subject = c.of(ticket, vehicle)
    who = c.owner_or_staff(subject and subject.owner)
    if act == "see_my_tickets" and not c.once_in(5):
        who = c.signed_in("customer")
    return Step(act, who, at, query=asked)


def somebody_asks_what_is_low(c: Chance) -> Step:
    query = {"per_page": 100, "low_stock": c.of("true", "false")}
    return Step("see_parts", c.staff(), query=query)


def _terms(c):
    return c.facts(role=lambda: c.of("Lead", c.word()), minutes_worked=lambda: c.whole(0, 600))


def _use(c, part, ticket):
    """Return a quantity to use, mostly in stock, sometimes one more, and the terms of the use."""
    said = {}
    if c.once_in(2):
        said["job_id"] = a_job_of(c, ticket, is_limited)
    there = int(part.stock) if part else 1
    whole = max(1, there + 1 if c.once_in(8) else c.whole(1, max(1, there // 2)))
    return said | {"quantity_used": whole + _fraction(c, part)} | _terms_of_use(c)


def _terms_of_use(c):
    said = c.facts(
        markup_percentage=lambda: c.of(0, 25, 33.33, 12.5),
        warranty_months=lambda: c.whole(0, 36),
        installed_by_mechanic_id=lambda: named(c.mechanic(), "mechanic"),
    )
    by_hand = {"unit_price_cents": c.of(0, c.whole(0, 9_999))}
    return said if "markup_percentage" in said or not c.once_in(4) else said | by_hand


def _some(c, part, most):
    """Return a quantity, mostly at most `most`, sometimes one more."""
    whole = c.whole(1, max(1, int(most))) if not c.once_in(8) else int(most) + 1
    return whole + _fraction(c, part)


def _fraction(c, part):
    """Return a fraction to add for a part that is measured; for one that is counted, mostly 0."""
    measured = part is not None and part.unit != "each"
    return c.of(0, 0.5, 0.29) if measured or c.once_in(30) else 0


def _number_of(stock):
    return float(stock) if stock % 1 else int(stock)


def _number(c):
    """Return a new part number, or sometimes one that is taken, in another spelling."""
    taken = [each.number for each in c.book.parts.values() if each.number]
    if taken and c.once_in(6):
        number = c.of(*taken)
        return c.of(number, number.lower(), number.upper(), number.replace(" ", "  "))
    return f"N {c.whole(1, 10**6)}"
