"""The answers and rows of two shops, made comparable: names for ids, and no times or secrets."""

import re
from datetime import datetime
from itertools import groupby

from sqlalchemy import select

from app.database.session import db
from app.models import SearchTerm
from app.web.namespace import ShopId
from tests.system.whole_shop.counter import NOWHERE, WHERE, Counter
from tests.system.whole_shop.listed import listed
from tests.system.whole_shop.step import Step

HEADERS = ("Content-Type", "Cache-Control", "WWW-Authenticate", "Allow", "Retry-After")
TIME = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z")
MADE_UP = re.compile(r"\bP-\d{6}(-\d)?\b", re.IGNORECASE)
LISTED = re.compile(r"\[\d+(, \d+)*\]")
KINDS = {path.removeprefix("/"): kind for kind, path in WHERE.items()}
NOUNS = {kind.replace("_", " "): kind for kind in sorted(WHERE, key=len, reverse=True)}
IN_TEXT = re.compile(rf"/({'|'.join(KINDS)})/(\d+)|\b({'|'.join(NOUNS)}) (\d+)", re.IGNORECASE)
TOKEN = re.compile(r"(/approvals/)[\w-]+")
OF_QUERY = {"customer_id": "customer", "ticket_id": "ticket", "key": "mechanic"}
IN_QUERY = re.compile(rf"\b({'|'.join(OF_QUERY)})=(\d+)")
CHARGE = re.compile(r"(?<=left of )line \d+|line \d+(?= on this invoice)")
SECRETS = {"access_token", "token", "refresh_token", "request_id", "next_cursor"}
SECRETS |= {"estimate_sha256", "document_sha256"}  # hashes of ids, too
HIDDEN = {
    *("password_hash", "family_fingerprint", "refresh_fingerprint", "previous_fingerprint"),
    *("key_fingerprint", "request_fingerprint", "body", "etag", "location"),
    *("request_id", "entity_id", "account_id", "token_sha256", "estimate_sha256"),
    *("document", "document_sha256", "batch_id", "job_id", "line_id"),
}
# The kind of row that an `id` belongs to, by the member around it.
INSIDE = {"customer": "customer", "vehicle": "vehicle", "mechanics": "mechanic", "parts": "line"}
INSIDE |= {"account": "account", "lines": "line", "discounts": "line", "taken_by": "mechanic"}
INSIDE |= {"jobs": "job", "declined_jobs": "job", "authorizations": "authorization"}
INSIDE |= {"recorded_by": "mechanic"}
# The kind of row that a member ending in `_id` names, if it is not that word.
MEANS = {"installed_by_mechanic": "mechanic", "revived_from": "job", "approval_link": "link"}
MEANS |= {"refunds_payment": "payment", "batch": "payment", "invoice_line": "charge"}
MEANS |= {"refund": "payment", "repair_order": "ticket"}


class Alike:
    """The answers of one shop, with names for its ids, as another shop's answers have them."""

    def __init__(self, counter: Counter):
        self.counter = counter
        self.others: dict[str, dict[int, str]] = {}

    def told(self, step: Step, answer) -> tuple:
        headers = {name: answer.headers.get(name) for name in HEADERS}
        headers |= {name: self._text(answer.headers.get(name, "")) for name in ("Location", "Link")}
        version, dot, _ = answer.headers.get("ETag", "").strip('"').partition(".")
        body = self._plain(answer.get_json(silent=True), listed(step), "")
        return answer.status_code, headers, (version if dot else bool(version)), body

    def _plain(self, value, kind, member):
        if isinstance(value, dict):
            if "debit_cents" in value:  # an item of a statement
                kind = value["kind"]
            if value.get("name") == "by_mechanic":  # a figure whose groups are mechanics
                kind = "mechanic"
            whose = "mechanic" if value.get("customer_id") is None else "customer"
            inside = INSIDE | {"profile": whose}
            return {
                name: self._plain(each, inside.get(name, kind), name)
                for name, each in value.items()
            }
        if isinstance(value, list):
            return [self._plain(each, kind, member) for each in value]
        if member in SECRETS:
            return value is not None
        if (kind, member) == ("mechanic", "key") and value != "nobody":
            return self._name(kind, int(value))
        if isinstance(value, str):
            return self._text(value)
        if type(value) is int and (member == "id" or member.endswith(("_id", "_ids"))):
            named = member.removesuffix("s").removesuffix("_id")
            return self._name(kind if member == "id" else named, value)
        return value

    def _name(self, kind, row_id):
        """Return the script's name of a row, or else a name by the order of first appearance."""
        kind = MEANS.get(kind, kind)
        if (kind, row_id) in self.counter.names:
            return str(self.counter.names[kind, row_id])
        if kind in WHERE and row_id == NOWHERE:
            return row_id
        seen = self.others.setdefault(kind, {})
        return seen.setdefault(row_id, f"{kind} #{len(seen) + 1}")

    def _text(self, text):
        text = CHARGE.sub("a charge", text)
        text = TOKEN.sub(r"\1{token}", text)
        text = LISTED.sub("[ids]", MADE_UP.sub("P-MADE-UP", TIME.sub("a time", text)))
        text = IN_TEXT.sub(
            lambda at: str(
                self._name(KINDS.get(at[1] or "") or NOUNS[at[3].lower()], int(at[2] or at[4]))
            ),
            text,
        )
        text = IN_QUERY.sub(lambda at: f"{at[1]}={self._name(OF_QUERY[at[1]], int(at[2]))}", text)
        return re.sub(r"RO-(\d+)", lambda at: f"RO of {self._name('ticket', int(at[1]))}", text)


def kept() -> dict[str, list[dict]]:
    """Return all rows by table, with each id replaced by the row's place in its table.

    Search terms and sort keys are left out: they differ if a part number is made up at random.
    """
    places: dict[str, dict] = {}
    left_out = (SearchTerm.__table__, ShopId.__table__)
    tables = [table for table in db.metadata.sorted_tables if table not in left_out]
    found = {table.name: _rows(table, places) for table in tables}
    found["audit_entries"] = _in_order(found["audit_entries"])
    return found


def _in_order(entries):
    """Return audit entries with deletions in a row sorted: those of one act come in any order."""
    groups = groupby(entries, lambda entry: entry["action"] == "deleted")
    return [
        entry
        for are_deletions, group in groups
        for entry in (sorted(group, key=repr) if are_deletions else group)
    ]


def _rows(table, places):
    (key,) = table.primary_key
    order = (
        key if key.type.python_type is int or "created_at" not in table.c else table.c.created_at
    )
    columns = [each for each in table.columns if not each.info.get("sort_key")]
    rows = [dict(row) for row in db.session.execute(select(*columns).order_by(order)).mappings()]
    places[table.name] = {row[key.name]: n for n, row in enumerate(rows)}
    for row in rows:
        for column in columns:
            row[column.name] = _value(column, row[column.name], places, column is key)
    return rows


def _value(column, value, places, is_key):
    for key in column.foreign_keys:
        return None if value is None else places[key.column.table.name][value]
    if is_key or column.name in HIDDEN or isinstance(value, datetime):
        return value is not None
    return _told(value)


def _told(value):
    """Return a value of the audit trail without ids, times and random numbers."""
    if isinstance(value, dict):
        return {
            name: each is not None if f"_{name}".endswith(("_id", "_sha256")) else _told(each)
            for name, each in value.items()
        }
    if isinstance(value, list):
        return [_told(each) for each in value]
    if isinstance(value, str):
        return TIME.sub("a time", MADE_UP.sub("P-MADE-UP", value))
    return value
