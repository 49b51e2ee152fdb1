"""Scripts: the first steps of a shop, and then many random ones, given by a seed."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import NamedTuple

from tests.system.whole_shop import (
    account_days,
    agreed_days,
    consent_days,
    credit_days,
    days,
    money_days,
    order_days,
    shop_days,
    work_days,
)
from tests.system.whole_shop.book import Book
from tests.system.whole_shop.chance import PASSWORDS, Chance, longest, too_long
from tests.system.whole_shop.counter import a_new_book
from tests.system.whole_shop.money_rows import today
from tests.system.whole_shop.order import Order
from tests.system.whole_shop.step import Name, Step

# The kinds of random steps, each with its weight.
DECK: dict[Callable[[Chance], Step | None], int] = {
    days.someone_signs_in: 5,
    days.someone_signs_out: 1,
    days.someone_registers: 2,
    days.a_walk_in: 3,
    days.a_customer_changes: 4,
    days.a_customer_is_erased: 2,
    days.two_customers_are_one: 3,
    days.someone_is_hired: 2,
    days.one_of_the_staff_changes: 4,
    days.someone_is_let_go: 1,
    days.a_vehicle_comes: 6,
    days.a_vehicle_changes: 6,
    days.a_vehicle_goes: 2,
    days.a_ticket_is_opened: 8,
    days.a_ticket_changes: 6,
    days.a_ticket_moves: 14,
    days.a_ticket_is_deleted: 1,
    work_days.a_mechanic_is_put_on: 6,
    work_days.a_mechanic_is_taken_off: 3,
    work_days.a_crew_changes: 3,
    work_days.a_part_is_used: 10,
    work_days.parts_are_used: 6,
    work_days.a_part_comes_back: 5,
    work_days.a_part_is_listed: 4,
    work_days.a_part_changes: 4,
    work_days.the_shelf_is_adjusted: 8,
    work_days.a_part_is_retired: 1,
    work_days.a_part_comes_back_to_the_catalogue: 1,
    work_days.a_quantity_is_set: 5,
    work_days.a_client_asks_again: 4,
    work_days.somebody_looks: 14,
    work_days.somebody_asks_what_is_low: 3,
    order_days.a_job_is_added: 8,
    order_days.a_job_changes: 3,
    order_days.a_job_is_deleted: 3,
    order_days.a_line_is_added: 14,
    order_days.a_discount_is_given: 6,
    order_days.a_line_changes: 12,
    order_days.a_line_is_deleted: 4,
    order_days.a_planned_part_is_used: 10,
    order_days.a_line_comes_back: 4,
    consent_days.staff_record_decisions: 12,
    consent_days.the_owner_decides: 12,
    consent_days.an_order_goes_on: 7,
    consent_days.a_ticket_is_invoiced: 6,
    consent_days.somebody_reads_an_estimate: 3,
    consent_days.a_link_is_made: 6,
    consent_days.a_link_is_read: 3,
    consent_days.a_link_is_decided_on: 9,
    consent_days.a_link_is_revoked: 1,
    agreed_days.agreed_work_changes: 22,
    agreed_days.a_visit_is_called_off: 4,
    money_days.a_bill_is_made: 7,
    money_days.a_ticket_is_paid: 10,
    money_days.a_payment_is_paid_back: 5,
    money_days.a_customer_pays: 5,
    money_days.somebody_looks_at_money: 8,
    credit_days.an_invoice_is_credited: 8,
    credit_days.somebody_looks_at_a_credit_note: 6,
    credit_days.a_ticket_is_closed: 6,
    account_days.somebody_looks_at_an_account: 6,
    account_days.a_manager_looks_at_the_report: 5,
    shop_days.the_shop_is_set: 7,
    shop_days.a_customer_is_exempt: 2,
    shop_days.supplies_are_waived: 2,
    shop_days.a_canned_job_is_written: 3,
    shop_days.a_canned_job_changes: 2,
    shop_days.a_canned_job_is_used: 5,
    shop_days.work_is_taken_up_again: 8,
    shop_days.work_is_dismissed: 3,
    shop_days.somebody_looks_at_an_order: 12,
}


def opening() -> Iterator[Step]:
    """Yield the first steps: customers and staff who can sign in, vehicles, tickets, and parts.

    The stock of one part is exactly at its reorder level, so it is low. One ticket has a job that its
    customer has authorized, in a shop with a labor rate and a tax, which closes no unpaid ticket. Two
    others of one customer are invoiced, and a deposit was paid for the one that is due later.
    """
    marge = Name("mechanic 1")
    yield _signs_in(marge, "marge@example.com")
    for n, name in enumerate(("Ada", "Bob"), start=1):
        email = f"{name.lower()}@example.com"
        said = {"name": name, "email": email, "password": PASSWORDS[0]}
        yield Step("take_in", said=said)
        yield _signs_in(Name(f"customer {n}"), email)
        vehicle = {"make": "Honda", "odometer": 1000 * n}
        yield Step("add_vehicle", marge, {"customer": Name(f"customer {n}")}, vehicle)
    for n, role in enumerate(("mechanic", "manager"), start=2):
        email = f"{role}@example.com"
        said = {"name": role, "email": email, "password": PASSWORDS[0], "role": role}
        yield Step("hire", marge, said=said)
        yield _signs_in(Name(f"mechanic {n}"), email)
    for n in (3, 8, 20):
        said = {"name": f"Filter {n}", "quantity_in_stock": n, "reorder_level": 3}
        yield Step("add_part", marge, said=said | {"current_cost_cents": 999, "price_cents": 1499})
    for n, status in ((1, "open"), (2, "open"), (2, "completed"), (2, "completed")):
        said = {"vehicle_id": Name(f"vehicle {n}"), "problem_description": "It squeaks"}
        yield Step("open_ticket", marge, said=said | {"status": status})
    tax = {f"{kind}_percentage": 8.875 for kind in ("labor", "part", "sublet", "fee")}
    said = {"labor_rate_cents": 12_000, "taxes": [{"name": "Sales tax"} | tax]}
    yield Step("change_shop", marge, said=said | {"closing_policy": "strict"})
    bought = {"name": "Hose", "part_number": "B 7", "unit_price_cents": 1_333, "quantity": 2}
    lines = [
        {"kind": "labor", "billed_minutes": 45},
        {"kind": "part", "part_id": Name("part 3"), "quantity": 2},
        {"kind": "part"} | bought,
    ]
    at = {"ticket": Name("ticket 1")}
    yield Step("add_job", marge, at, {"name": "Brakes", "lines": lines})
    said = {"method": "phone", "authorized_by_name": "Ada", "contact": "555-0123"}
    said["decisions"] = [{"job_id": Name("job 5"), "decision": "authorized"}]
    yield Step("authorize", marge, at, said)
    later = today() + timedelta(days=30)
    yield from _bill(marge, Name("ticket 3"), {"due_on": later.isoformat()}, deposit=2_000)
    yield from _bill(marge, Name("ticket 4"), {})


def _bill(who, ticket, invoice, deposit=0):
    """Yield the steps of a ticket that is ready to its invoice, with a deposit before it."""
    at = {"ticket": ticket}
    bought = {"kind": "part", "name": "Pads", "part_number": "B 8", "unit_price_cents": 4_445}
    lines = [{"kind": "labor", "billed_minutes": 50}, bought | {"core_charge_cents": 500}]
    yield Step("add_job", who, at, {"name": "Pads", "lines": lines})
    if deposit:
        said = {"amount_cents": deposit, "method": "cash"}
        yield Step("pay", who, at, said, key="deposit")
    yield Step("issue", who, at, invoice)


class Written(NamedTuple):
    """A step, the name of what it may make, and the answer, list and members that must be returned."""

    step: Step
    made: Name | None
    answer: tuple[int, str | None]
    shown: list[Name] | None
    members: dict


def script(length: int, seed: int, *, priced: bool = False) -> tuple[list[Written], Book]:
    """Return a script of at least `length` steps, and the book after it.

    When a step with a text first succeeds, the same step with the text too long follows it. `priced`: the
    members have prices, too, whose calculation takes most of the time.
    """
    book, chance = a_new_book(), Chance(Book(), seed)
    steps = [_written(book, step, priced) for step in opening()]
    tried: set[tuple[str, str]] = set()
    while len(steps) < length:
        (card,) = chance.random.choices(list(DECK), list(DECK.values()))
        if step := card(Chance(book, chance.whole(0, 2**32))):
            steps.append(_written(book, step, priced))
            for name in longest(step) if steps[-1].answer[0] < 300 else ():
                if (step.act, name) not in tried:
                    tried.add((step.act, name))
                    steps.append(_written(book, too_long(step, name), priced))
    return steps, book


def _written(book, step, priced):
    answer = book.answer(step)
    members = book.members
    if priced and answer[0] < 300 and not book.repeats:
        members = members | _prices(book, book.made or "", *step.at.values())
    return Written(step, book.made, answer, book.shown, members)


def _prices(book, *names):
    """Return the members that follow from prices, in the answer about the first of these rows."""
    for name in names:
        if ticket := book.tickets.get(name):
            return {"total_cents": Order(book, ticket).price.total}
        ticket = book.tickets.get(book.homes.get(name, ""))
        if ticket and name in ticket.jobs:
            order, job = Order(book, ticket), ticket.jobs[name]
            status, because = order.consent(job)
            state = {"authorization": status, "because": because}
            return state | {"price_cents": order.prices[name]}
    return {}


def _signs_in(who, email):
    return Step("sign_in", who, said={"email": email, "password": PASSWORDS[0]})
