"""A client of a real shop: it sends steps over HTTP, and knows the id of each name."""

import json

from sqlalchemy import null, select

from app.database.session import db
from app.models import CreditNote, Invoice, InvoiceLine, Job, Payment, TicketLine
from app.models.shop import SHOP
from tests import factories
from tests.system.whole_shop import (  # noqa: F401  they register their rules
    accounts,
    credits,
    invoices,
    looks,
    order_looks,
    payments,
    people,
    planned,
    report,
    settings,
    visits,
)
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
    "job": "/jobs",
    "line": "/lines",
    "canned_job": "/canned-jobs",
    "authorization": "/authorizations",
    "link": "/approval-links",
    "invoice": "/invoices",
    "payment": "/payments",
    "credit_note": "/credit-notes",
}
NOWHERE = 2_000_000_000
# What stands for a name that no row has, where it is not an id.
NOTHING = {"estimate": "0" * 64, "token": "nobodys-token"}
# The kinds of rows of which a step may make several.
SEVERAL = {
    "job": Job,
    "line": TicketLine,
    "invoice": Invoice,
    "charge": InvoiceLine,
    "payment": Payment,
    "credit_note": CreditNote,
}
FOUNDER, THE_SHOP = Name("mechanic 1"), Name("shop 1")


class Counter:
    """A client of a shop that is empty except for its first manager."""

    def __init__(self, app):
        self.app, self.client = app, app.test_client()
        founder = factories.a_manager(PASSWORDS[0], name="Marge", email="marge@example.com")
        self.ids: dict[str, int | str] = {FOUNDER: founder.id, THE_SHOP: SHOP}
        self.names: dict[tuple[str, int], Name] = {("mechanic", founder.id): FOUNDER}
        self.names["shop", SHOP] = THE_SHOP
        self.newest = dict.fromkeys(SEVERAL, (0, 0))  # number of names, and the highest id
        self.homes: dict[str, Name] = {}  # the tickets of jobs, payments and other rows of tickets
        self.tokens: dict[str, str] = {}
        self.first_tags: dict[str, str] = {}

    def take(self, step: Step, made: Name | None):
        """Send a step and return its answer; `made` is the name of the row that it may create."""
        rule = RULES[step.act]
        response = self.ask(step.who, rule.method, self.path(step), step, self._headers(step))
        if step.act == "sign_in" and response.status_code == 200:
            self.tokens[step.who or ""] = response.json["access_token"]
        if response.status_code < 300:
            self._know(step, made, response)
        return response

    def _know(self, step, made, response):
        """Give names to what a step has made: to its rows, and to hashes and tokens in its answer."""
        body, number = response.get_json(silent=True), made and made.split()[-1]
        if made and kind_of(made) == "estimate":
            self.ids[made] = body["estimate_sha256"]
        elif made and response.status_code == 201:
            self.ids[made] = body["id"]
            self.names[kind_of(made), body["id"]] = made
            self.first_tags[made] = response.headers["ETag"]
        if step.act == "add_part" and made:
            self.ids[f"number {number}"] = body["part_number"]
        elif step.act == "make_link":
            self.ids[f"token {number}"] = body["path"].rpartition("/")[-1]
            self.homes[made] = step.at["ticket"]
        elif step.act in ("open_ticket", "change_ticket"):
            self._know_vehicle(body["vehicle_id"])
        if response.request.method != "GET":
            with self.app.app_context():
                for kind, model in SEVERAL.items():
                    self._know_new(kind, model)

    def _know_new(self, kind, model):
        """Give the next names to the new rows of a kind, in the order of their ids."""
        known, last = self.newest[kind]
        of = getattr(model, "ticket_id", null())
        rows = select(model.id, of).where(model.id > last).order_by(model.id)
        for n, (row_id, ticket_id) in enumerate(db.session.execute(rows).all(), known + 1):
            name = Name(f"{kind} {n}")
            assert self.ids.setdefault(name, row_id) == row_id
            self.names[kind, row_id], self.newest[kind] = name, (n, row_id)
            self.homes[name] = self.names.get(("ticket", ticket_id), Name("ticket 0"))

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
        said = {} if step is None or step.said is None else {"json": self.with_ids(step.said)}
        query = {} if step is None else {"query_string": self.with_ids(step.query)}
        return self.client.open(path, method=method, headers=headers, **said, **query)

    def path(self, step: Step) -> str:
        ids = {kind: self.id_of(name) for kind, name in step.at.items()}
        return RULES[step.act].path.format(**ids)

    def id_of(self, name: str) -> int | str:
        return self.ids.get(name) or NOTHING.get(kind_of(name), NOWHERE)

    def name_of(self, kind: str, row_id: int | None) -> Name | None:
        return None if row_id is None else self.names[kind, row_id]

    def _headers(self, step):
        headers = {"Idempotency-Key": step.key} if step.key else {}
        if "token" in step.at:
            headers["Accept"] = "application/json"
        if step.if_match:
            headers["If-Match"] = self._tag(step)
        return headers

    def _tag(self, step):
        subject = _subject(step)
        subject = self.homes.get(subject, subject)
        if step.if_match == "now":
            where = WHERE.get(kind_of(subject))
            path = f"{where}/{self.id_of(subject)}" if where else "/shop"
            seen = self.ask(step.who, "GET", path)
            return seen.headers.get("ETag", '"not seen"')
        return {"first": self.first_tags.get(subject), "garbage": '"garbage"'}.get(
            step.if_match, "*"
        )

    def with_ids(self, said):
        """Return a value with ids for the names in it."""
        if isinstance(said, Name):
            return self.id_of(said)
        if isinstance(said, dict):
            return {key: self.with_ids(value) for key, value in said.items()}
        if isinstance(said, list | tuple):
            return type(said)(self.with_ids(each) for each in said)
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
    """Return the name of the row that has the tag: the named ticket, the row in the path, or the shop."""
    named = [step.at.get("ticket"), (step.said or {}).get("ticket_id"), step.query.get("ticket_id")]
    return next(filter(None, [*named, *step.at.values()]), THE_SHOP)


def said(step: Step, answer) -> str:
    """Return a step and its answer as text for whoever searches for the fault."""
    return f"{step}\n  -> {answer.status_code} {json.dumps(answer.get_json(silent=True))}"
