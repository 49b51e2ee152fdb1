"""Any day in the shop: whatever is done, by whomever, ends as a plain book says it must."""

from collections import Counter as Tally

from hypothesis import HealthCheck, Phase, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from tests.books import surprises
from tests.conftest import empty
from tests.system.whole_shop import books
from tests.system.whole_shop.chance import Chance
from tests.system.whole_shop.counter import Counter, a_new_book, said
from tests.system.whole_shop.looks import listed
from tests.system.whole_shop.script import DECK, opening

CARDS = st.sampled_from([card for card, how_many in DECK.items() for _ in range(how_many)])
SEEDS = st.integers(0, 2**32)


class AnyDay(RuleBasedStateMachine):
    """A shop that opens empty, and a book that says what it must be like."""

    def __init__(self, app, tally):
        super().__init__()
        empty()
        self.counter, self.book, self.tally = Counter(app), a_new_book(), tally
        self.taken = 0

    @initialize()
    def opens(self):
        self.before = books.versions(self.counter)
        for step in opening():
            self.take(step)

    @rule(card=CARDS, seed=SEEDS)
    def happens(self, card, seed):
        if step := card(Chance(self.book, seed)):
            self.take(step)

    def take(self, step):
        note(str(step))
        status, code = self.book.answer(step)
        answer = self.counter.take(step, self.book.made)
        told = answer.get_json(silent=True) or {}
        assert (answer.status_code, told.get("code")) == (status, code), said(step, answer)
        self.tally[status] += 1
        self.taken += 1
        self.the_database_agrees()
        self.versions_have_moved_where_something_changed(step)
        if self.book.shown is not None:
            names = [self.counter.name_of(listed(step), item["id"]) for item in told["items"]]
            assert names == self.book.shown, said(step, answer)
        for name in self.book.perhaps & self.book.tickets.keys():
            self.every_endpoint_says_the_same_of(self.book.tickets[name])
        self.a_customer_sees_what_is_its_own()

    def the_database_agrees(self):
        found, expected = books.found(self.counter), books.expected(self.book)
        for kind, rows in expected.items():
            assert found[kind] == rows
        assert self.book.managers

    def teardown(self):
        assert not books.astray()
        assert surprises() == {}

    def versions_have_moved_where_something_changed(self, step):
        now = books.versions(self.counter)
        moved = {name for name in now.keys() & self.before.keys() if now[name] != self.before[name]}
        there = now.keys() & self.before.keys()
        assert self.book.surely & there <= moved <= self.book.perhaps, step
        assert all(now[name] > self.before[name] for name in moved)
        self.before = now

    def every_endpoint_says_the_same_of(self, ticket):
        """The item, the list, the lines, the vehicle's history and its owner's page, to the cent."""
        row_id, car = self.counter.id_of(ticket.name), self.book.vehicles.get(ticket.vehicle)
        for person in self.looking(ticket.owner):
            item = self.seen(person, f"/service-tickets/{row_id}")
            lines = self.seen(person, f"/service-tickets/{row_id}/parts?per_page=100")["items"]
            pages = ["/service-tickets"]
            if person.role == "customer":
                pages.append("/customers/my-tickets")
            if car and (person.role != "customer" or car.owner == ticket.owner):
                pages.append(f"/vehicles/{self.counter.id_of(car.name)}/history")
            assert item["parts"] == lines
            assert item["total_cents"] == sum(line["line_total_cents"] for line in lines)
            assert item["total_cents"] == ticket.total
            for page in pages:
                listed = self.seen(person, f"{page}?per_page=100&sort=-id")["items"]
                assert [each for each in listed if each["id"] == row_id] == [item], page

    def looking(self, owner):
        """One of the staff and, if it can be, the owner."""
        here = [each for each in self.book.people.values() if each.signed_in]
        staff = [each for each in here if each.role != "customer"][:1]
        return staff + [each for each in here if each.name == owner]

    def a_customer_sees_what_is_its_own(self):
        """Each time another customer, and in turn: its vehicles, its tickets, and one of anybody's."""
        here = [each for each in self.book.customers.values() if each.signed_in]
        if not here:
            return
        me, turn = here[self.taken % len(here)], self.taken // len(here)
        kind, path, rows = (
            ("vehicle", "/vehicles", self.book.vehicles),
            ("ticket", "/service-tickets", self.book.tickets),
        )[turn % 2]
        if turn % 4 < 2:
            listed = self.seen(me, f"{path}?per_page=100&sort=id")["items"]
            names = [self.counter.name_of(kind, item["id"]) for item in listed]
            assert names == [each.name for each in rows.values() if each.owner == me.name]
        elif rows:
            row = list(rows.values())[turn % len(rows)]
            answer = self.counter.ask(me.name, "GET", f"{path}/{self.counter.id_of(row.name)}")
            assert answer.status_code == (200 if row.owner == me.name else 404)

    def seen(self, person, path):
        answer = self.counter.ask(person.name, "GET", path)
        assert answer.status_code == 200, f"{path}: {answer.get_data(as_text=True)}"
        return answer.json


def test_any_day_ends_as_the_book_says(app, at_length, figures):
    examples, steps = at_length(3, slow=35), at_length(100, slow=120)
    tally = Tally()

    run_state_machine_as_test(
        lambda: AnyDay(app, tally),
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            derandomize=True,
            deadline=None,
            print_blob=True,
            database=None,
            # To shrink a failure takes minutes of real requests: the long form has them.
            phases=at_length([Phase.generate], slow=[Phase.generate, Phase.shrink]),
            # A day of real requests takes seconds, and is meant to.
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )

    figures(f"any day: {examples} days, {sum(tally.values())} steps, {dict(sorted(tally.items()))}")
