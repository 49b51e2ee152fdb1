"""Scripts: the first steps of a shop, and then many random ones, given by a seed."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from tests.system.whole_shop import days, work_days
from tests.system.whole_shop.book import Book
from tests.system.whole_shop.chance import LONGEST, PASSWORDS, Chance, too_long
from tests.system.whole_shop.counter import a_new_book
from tests.system.whole_shop.step import Name, Step

# The kinds of random steps, each with its weight.
DECK: dict[Callable[[Chance], Step | None], int] = {
    days.someone_signs_in: 5,
    days.someone_signs_out: 1,
    days.someone_registers: 2,
    days.a_walk_in: 3,
    days.a_customer_changes: 4,
    days.a_customer_is_erased: 1,
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
}


def opening() -> Iterator[Step]:
    """Yield the first steps: customers and staff who can sign in, vehicles, tickets, and parts.

    The stock of one part is exactly at its reorder level, so it is low.
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
    for n in (1, 2):
        said = {"vehicle_id": Name(f"vehicle {n}"), "problem_description": "It squeaks"}
        yield Step("open_ticket", marge, said=said)


class Written(NamedTuple):
    """A step, the name of what it may make, and the answer, list and members that must be returned."""

    step: Step
    made: Name | None
    answer: tuple[int, str | None]
    shown: list[Name] | None
    members: dict


def script(length: int, seed: int) -> tuple[list[Written], Book]:
    """Return a script of at least `length` steps, and the book after it.

    When a step with a text first succeeds, the same step with the text too long follows it.
    """
    book, chance = a_new_book(), Chance(Book(), seed)
    steps = [_written(book, step) for step in opening()]
    tried: set[tuple[str, str]] = set()
    while len(steps) < length:
        (card,) = chance.random.choices(list(DECK), list(DECK.values()))
        if step := card(Chance(book, chance.whole(0, 2**32))):
            steps.append(_written(book, step))
            texts = [name for name in LONGEST if name in (step.said or ())]
            for name in texts if steps[-1].answer[0] < 300 else ():
                if (step.act, name) not in tried:
                    tried.add((step.act, name))
                    steps.append(_written(book, too_long(step, name)))
    return steps, book


def _written(book, step):
    answer = book.answer(step)
    return Written(step, book.made, answer, book.shown, book.members)


def _signs_in(who, email):
    return Step("sign_in", who, said={"email": email, "password": PASSWORDS[0]})
