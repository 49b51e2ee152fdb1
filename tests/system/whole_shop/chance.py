"""Random choices from the book: mostly sensible ones, sometimes others."""

from dataclasses import replace
from random import Random

from app.models.vin import check_digit
from tests.system.whole_shop.book import OVER, WORKABLE, Book
from tests.system.whole_shop.step import RULES, STAFF, Name, Step

PASSWORDS = ("the first password", "another password")
# Names that databases may compare, sort or search in different ways.
WORDS = ("Ada", "ada", "Zoë", "zebra", "Ärger", "a_b", "50%", "Ωmega", "O'Neil", "Ω" * 15, "🚗 van")
LONGEST = {
    "name": 120,
    "phone": 40,
    "city": 80,
    "make": 60,
    "color": 40,
    "license_plate": 20,
    "problem_description": 2000,
    "role": 60,
    "specialty": 120,
    "part_number": 60,
    "reason": 200,
    "note": 1000,
    "cause": 1000,
    "correction": 1000,
    "category": 60,
    "supplier": 120,
    "authorized_by_name": 120,
    "contact": 254,
    "tax_exempt_number": 60,
    "override_reason": 200,
}
# Where a member of this name may be longer.
LONGEST_IN = {
    "add_line": {"name": 200},
    "change_line": {"name": 200},
    "add_discount": {"name": 200},
    "authorize": {"note": 500},
    "pay": {"note": 200, "reference": 80},
    "refund": {"note": 200, "reference": 80},
    "pay_for_customer": {"note": 200, "reference": 80},
}
ONCE_ONLY = ("make_link", "decide_by_link")  # their answers are not stored under a key
NUMBERS = (
    "quantity_used",
    "priority",
    "adjustment",
    "counted",
    "reorder_level",
    "odometer",
    "minutes_worked",
    "billed_minutes",
    "unit_price_cents",
)


class Chance:
    """Random choices; the same seed on the same book makes the same ones."""

    def __init__(self, book: Book, seed: int):
        self.book, self.random = book, Random(seed)

    def once_in(self, n: int) -> bool:
        return self.random.randrange(n) == 0

    def of(self, *several):
        return self.random.choice(several)

    def whole(self, least: int, most: int) -> int:
        return self.random.randint(least, most)

    def word(self) -> str:
        return f"{self.of(*WORDS)} {self.whole(1, 99)}"

    def signed_in(self, *roles: str) -> str | None:
        """Return someone signed in with one of these roles; sometimes anyone who ever was, or None."""
        if self.once_in(15):
            return self.of(None, *self.book.signed_in_once)
        here = [
            each.name
            for each in self.book.people.values()
            if each.signed_in and (each.role in roles or not roles)
        ]
        return self.of(*here) if here else None

    def staff(self) -> str | None:
        return self.signed_in(*STAFF)

    def owner_or_staff(self, owner: str | None) -> str | None:
        """Return the owner or a member of staff; sometimes another customer."""
        person = self.book.people.get(owner or "")
        if person and person.signed_in and self.once_in(2):
            return person.name
        return self.signed_in("customer") if self.once_in(12) else self.staff()

    def row(self, rows: dict, likely=lambda row: True, least_likely=8):
        """Return one of these rows, mostly a likely one; sometimes None: a row that doesn't exist."""
        good = [row for row in rows.values() if likely(row)]
        among = list(rows.values()) if self.once_in(least_likely) else good
        return self.of(*among) if among and not self.once_in(40) else None

    def customer(self):
        return self.row(self.book.customers, lambda each: each.active)

    def vehicle(self):
        return self.row(self.book.vehicles)

    def mechanic(self):
        return self.row(self.book.mechanics, lambda each: each.active)

    def part(self):
        return self.row(self.book.parts, lambda each: not each.retired)

    def ticket(self, *statuses: str):
        """Return mostly one of the latest tickets in these statuses, so that some reach the end."""
        live = [each for each in self.book.tickets.values() if each.status not in OVER][-12:]
        latest = {each.name: each for each in live if not statuses or each.status in statuses}
        return self.row(latest or self.book.tickets) if not self.once_in(8) else self.any_ticket()

    def workable(self):
        return self.ticket(*WORKABLE)

    def any_ticket(self):
        return self.row(self.book.tickets)

    def facts(self, **ways) -> dict:
        """Return some of these members; the function of a member is called only if it is chosen."""
        return {name: make() for name, make in ways.items() if self.once_in(3)}

    def email(self) -> str:
        """Return a new address, with or without capitals, or sometimes one that is taken."""
        taken = [each.email for each in self.book.people.values() if each.email]
        if taken and self.once_in(6):
            return self.of(*taken)
        return self.of("New{}@Example.com", "new{}@example.com").format(self.whole(1, 10**6))

    def vin(self) -> str:
        taken = [each.vin for each in self.book.vehicles.values() if each.vin]
        if taken and self.once_in(6):
            return self.of(*taken)
        blank = f"1HGCM826?3A{self.whole(0, 999_999):06d}"
        whole = blank.replace("?", check_digit(blank.replace("?", "0")))
        frame = f"JZA80-{self.whole(0, 99):07d}"
        odd = (whole.lower(), whole[:16], whole.replace("H", "O"), frame, frame.replace("-", " "))
        return self.of(whole, whole, whole, *odd)

    def finished(self, step: Step, subject=None) -> Step:
        """Return the step, sometimes with an `If-Match`, a key, or a member that does not fit."""
        rule = RULES[step.act]
        lengths = longest(step)
        stretched = [name for name in lengths if name != "role"]
        if stretched and self.once_in(20):
            name = self.of(*stretched)
            step = replace(step, said=step.said | {name: "ß" * lengths[name]})
        elif step.said is not None and self.once_in(20):
            step = replace(step, said=self._spoilt(step), fits=False)
        of_ticket = {"ticket", "job", "line", "payment"} & step.at.keys()
        guarded = rule.method != "GET" and (rule.method != "POST" or of_ticket)
        if subject is not None and guarded and self.once_in(4):
            old = ["first"] * 2 if subject.changes else []
            step = replace(step, if_match=self.of("now", "now", "now", "*", "garbage", *old))
        keeps = rule.method == "POST" and rule.status == 201 and step.act not in ONCE_ONLY
        if keeps and (not self.once_in(12) if rule.needs_key else self.once_in(4)):
            step = replace(step, key=f"key {self.whole(1, 10**9)}")
        return step

    def _spoilt(self, step):
        said = step.said
        lengths = longest(step)
        numbers = [name for name in NUMBERS if name in said]
        ways = [said | {"colour_of_the_sky": "blue"}]
        if lengths:
            name = self.of(*lengths)
            ways += [said | {name: "ß" * (lengths[name] + 1)}, said | {name: "nul \0"}]
        if numbers:
            ways += [said | {self.of(*numbers): self.of("1", 1.555, 2**31, -(2**63))}]
        return self.of(*ways)


def longest(step: Step) -> dict[str, int]:
    """Return how long each text in a step's body may be."""
    lengths = LONGEST | LONGEST_IN.get(step.act, {})
    return {name: length for name, length in lengths.items() if name in (step.said or ())}


def too_long(step: Step, name: str) -> Step:
    """Return the same step with this text one character longer than allowed."""
    said = step.said | {name: "ß" * (longest(step)[name] + 1)}
    return replace(step, said=said, fits=False, if_match=None, key=None)


def named(row, kind: str) -> Name:
    """Return the name of this row; for None, a name that no row has."""
    return row.name if row else Name(f"{kind} 0")
