"""A client of a real shop: it sends steps over HTTP, and knows the id of each name."""

import json

from tests import factories
from tests.system.whole_shop import looks, people, shelf, visits, work  # noqa: F401  they register their rules
from tests.system.whole_shop.book import Book
from tests.system.whole_shop.chance import PASSWORDS
from tests.system.whole_shop.rows import Person
from tests.system.whole_shop.step import RULES, Name, Step

WHERE = {
    "ticket": "/service-tickets",
    "vehicle": "/vehicles",
    "customer": "/customers",
    "mechanic": "/mechanics",
    "part": "/inventory",
}
NOWHERE = 2_000_000_000
FOUNDER = Name("mechanic 1")


class Counter:
    """A client of a shop that is empty except for its first manager."""

    def __init__(self, app):
        self.client = app.test_client()
        founder = factories.a_manager(PASSWORDS[0], name="Marge", email="marge@example.com")
        self.ids: dict[str, int] = {FOUNDER: founder.id}
        self.names: dict[tuple[str, int], Name] = {("mechanic", founder.id): FOUNDER}
        self.tokens: dict[str, str] = {}
        self.first_tags: dict[str, str] = {}

    def take(self, step: Step, made: Name | None):
        """Send a step and return its answer; `made` is the name of the row that it may create."""
        rule = RULES[step.act]
        response = self.ask(step.who, rule.method, self.path(step), step, self._headers(step))
        if step.act == "sign_in" and response.status_code == 200:
            self.tokens[step.who or ""] = response.json["access_token"]
        if made and response.status_code == 201:
            self.ids[made] = response.json["id"]
            self.names[kind_of(made), response.json["id"]] = made
            self.first_tags[made] = response.headers["ETag"]
        if response.status_code < 300 and step.act in ("open_ticket", "change_ticket"):
            self._know_vehicle(response.json["vehicle_id"])
        return response

    def _know_vehicle(self, row_id):
        """Give the next name to a vehicle that was created with a ticket."""
        if row_id is None or ("vehicle", row_id) in self.names:
            return
        name = Name(f"vehicle {1 + sum(kind == 'vehicle' for kind, _ in self.names)}")
        self.ids[name], self.names["vehicle", row_id] = row_id, name
        self.first_tags[name] = '"0.before"'

    def ask(self, who, method, path, step=None, headers=()):
        """Send one request with the token of this person's last sign-in."""
        headers = dict(headers)
        if who is not None and (step is None or step.act != "sign_in"):
            headers["Authorization"] = f"Bearer {self.tokens[who]}"
        said = {} if step is None or step.said is None else {"json": self._with_ids(step.said)}
        query = {} if step is None else {"query_string": self._with_ids(step.query)}
        return self.client.open(path, method=method, headers=headers, **said, **query)

    def path(self, step: Step) -> str:
        ids = {kind: self.id_of(name) for kind, name in step.at.items()}
        return RULES[step.act].path.format(**ids)

    def id_of(self, name: str) -> int:
        return self.ids.get(name, NOWHERE)

    def name_of(self, kind: str, row_id: int | None) -> Name | None:
        return None if row_id is None else self.names[kind, row_id]

    def _headers(self, step):
        headers = {"Idempotency-Key": step.key} if step.key else {}
        if step.if_match:
            headers["If-Match"] = self._tag(step)
        return headers

    def _tag(self, step):
        subject = _subject(step)
        if step.if_match == "now":
            seen = self.ask(step.who, "GET", f"{WHERE[kind_of(subject)]}/{self.id_of(subject)}")
            return seen.headers.get("ETag", '"not seen"')
        return {"first": self.first_tags.get(subject), "garbage": '"garbage"'}.get(
            step.if_match, "*"
        )

    def _with_ids(self, said):
        if isinstance(said, Name):
            return self.id_of(said)
        if isinstance(said, dict):
            return {key: self._with_ids(value) for key, value in said.items()}
        if isinstance(said, list):
            return [self._with_ids(each) for each in said]
        return said


def a_new_book() -> Book:
    """Return a book with only the first manager in it, as the command line makes one."""
    book = Book()
    book.new("mechanic")
    book.people[FOUNDER] = Person(
        name=FOUNDER,
        role="manager",
        called="Marge",
        email="marge@example.com",
        password=PASSWORDS[0],
    )
    return book


def kind_of(name: str) -> str:
    return name.split()[0]


def _subject(step):
    """Return the name of the row that has the tag: the named ticket, or else the row in the path."""
    named = [step.at.get("ticket"), (step.said or {}).get("ticket_id"), step.query.get("ticket_id")]
    return next(filter(None, [*named, *step.at.values()]))


def said(step: Step, answer) -> str:
    """Return a step and its answer as text for whoever searches for the fault."""
    return f"{step}\n  -> {answer.status_code} {json.dumps(answer.get_json(silent=True))}"
