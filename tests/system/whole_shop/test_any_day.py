"""Any day in the shop: whatever is done, by whomever, ends as a plain book says it must."""

from collections import Counter as Tally

from hypothesis import HealthCheck, Phase, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from tests.books import surprises
from tests.conftest import empty
from tests.system.whole_shop import books, trails
from tests.system.whole_shop.chance import Chance
from tests.system.whole_shop.counter import Counter, a_new_book, said
from tests.system.whole_shop.listed import id_in, listed
from tests.system.whole_shop.order_checks import OrderShown, missing, what_waits
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

    @rule(card=CARDS, seed=SEEDS)
    def happens(self, card, seed):
        if not self.taken:  # not before: a day may have no steps
            self.opens()
        if step := card(Chance(self.book, seed)):
            self.take(step)

    def opens(self):
        self.before = trails.versions(self.counter)
        for step in opening():
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
            names = [self.counter.name_of(listed(step), id_in(item)) for item in told["items"]]
            assert names == self.book.shown, said(step, answer)
        members = self.counter.with_ids(self.book.members)
        assert not missing(told, members), said(step, answer)
        for name in self.book.perhaps & self.book.tickets.keys():
            self.every_endpoint_says_the_same_of(self.book.tickets[name])
        self.another_order_is_as_it_was()
        self.a_customer_sees_what_is_its_own()

    def the_database_agrees(self):
        found, expected = books.found(self.counter), books.expected(self.book, self.counter)
        for kind, rows in expected.items():
            assert found[kind] == rows
        assert self.book.managers

    def teardown(self):
        assert not trails.astray()
        assert surprises() == {}

    def versions_have_moved_where_something_changed(self, step):
        now = trails.versions(self.counter)
        moved = {name for name in now.keys() & self.before.keys() if now[name] != self.before[name]}
        there = now.keys() & self.before.keys()
        assert self.book.surely & there <= moved <= self.book.perhaps, step
        assert all(now[name] > self.before[name] for name in moved)
        self.before = now

    def every_endpoint_says_the_same_of(self, ticket):
        """The item, the list, the lines, the vehicle's history and its owner's page, to the cent."""
        row_id, car = self.counter.id_of(ticket.name), self.book.vehicles.get(ticket.vehicle)
        shown = OrderShown(self.book, self.counter, ticket)
        include = "include=jobs,totals,terms" if self.taken % 2 else ""
        for person in self.looking(ticket.owner):
            item = self.seen(person, f"/service-tickets/{row_id}?{include}")
            lines = self.seen(person, f"/service-tickets/{row_id}/parts?per_page=100")["items"]
            pages = [f"/service-tickets?{include}"]
            if person.role == "customer":
                pages.append(f"/customers/my-tickets?{include}")
            if car and (person.role != "customer" or car.owner == ticket.owner):
                pages.append(f"/vehicles/{self.counter.id_of(car.name)}/history?")
            assert item["parts"] == lines
            assert item["total_cents"] == shown.order.price.total
            for page in pages:
                listed = self.seen(person, f"{page}&per_page=100&sort=-id")["items"]
                [here] = [each for each in listed if each["id"] == row_id]
                left_out = item.keys() - here.keys() if page.endswith("history?") else ()
                assert here == {name: item[name] for name in item if name not in left_out}, page
            if include:
                assert not missing(item, shown.included(for_staff=person.role != "customer"))
        self.the_order_is_as_the_book_says(ticket, shown)

    def the_order_is_as_the_book_says(self, ticket, shown):
        """Its jobs and totals, what the customer is asked, and the work that waits on the vehicle."""
        readers = self.looking(ticket.owner)
        if not readers:
            return
        reader, path = readers[self.taken // 2 % len(readers)], self.path_of(ticket)
        if self.taken % 2 == 0:
            jobs = self.seen(reader, f"{path}/jobs?per_page=100")["items"]
            assert not missing(jobs, shown.jobs(for_staff=reader.role != "customer"))
            assert not missing(self.seen(reader, f"{path}/totals"), shown.totals())
        assert not missing(self.seen(reader, f"{path}/estimate"), shown.estimate())
        car = self.book.vehicles.get(ticket.vehicle)
        if car and reader.name in (car.owner, *self.book.mechanics):
            path = f"/vehicles/{self.counter.id_of(car.name)}/recommendations?per_page=100"
            waiting = self.seen(reader, path)["items"]
            assert not missing(waiting, what_waits(self.book, self.counter, car))

    def another_order_is_as_it_was(self):
        """Each time another ticket, which the step may have changed by the settings of the shop alone."""
        readers = self.looking(None)
        if self.book.tickets and readers:
            ticket = list(self.book.tickets.values())[self.taken % len(self.book.tickets)]
            path = "/service-tickets?per_page=100&sort=-id&include=jobs,totals,terms"
            listed, row_id = self.seen(readers[0], path)["items"], self.counter.id_of(ticket.name)
            [item] = [each for each in listed if each["id"] == row_id]
            shown = OrderShown(self.book, self.counter, ticket)
            assert not missing(item, shown.included(for_staff=True))

    def path_of(self, ticket):
        return f"/service-tickets/{self.counter.id_of(ticket.name)}"

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
    examples, steps = at_length(3, slow=35), at_length(100, slow=150)
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
