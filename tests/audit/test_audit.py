"""The audit trail: what a request writes is on record, and nothing that is nobody's to know."""

import datetime
import json
from enum import StrEnum

import pytest
import sqlalchemy as sa

from app.cli.walkthrough import play
from app.database.nouns import noun_of
from app.database.session import db
from app.models import AuditEntry
from app.models.audit import BOOKKEEPING, UNAUDITED, WITHHELD
from tests.factories import PASSWORD, a_manager, a_mechanic, a_part, a_vin

ON_RECORD = [table for table in db.metadata.sorted_tables if table.name not in UNAUDITED]


def entries(**about):
    db.session.rollback()
    query = db.select(AuditEntry).filter_by(**about).order_by(AuditEntry.id)
    return db.session.scalars(query.execution_options(populate_existing=True)).all()


@pytest.mark.one_database
def test_every_row_that_a_day_writes_is_told_by_its_entries(app, figures):
    """Whoever has the rows before and the entries knows the rows after: none is missing, none is wrong."""
    marge = a_manager(password=PASSWORD)
    who = {"manager_email": marge.email, "manager_password": PASSWORD}
    of_this_run = {"run": "", "car_vin": a_vin(), "older_vin": a_vin()}
    before, last = the_rows(), entries()[-1].id
    writes = told = 0
    for played in play.play(app, who | of_this_run):
        if played.call.method == "GET":
            continue
        new = [entry for entry in entries() if entry.id > last]
        last = max([last, *(entry.id for entry in new)])
        after = the_rows()
        erased = played.rule.endpoint in ("customers.erase", "customers.erase_oneself")
        if not erased:
            assert retold(before, new) == after, played.call.name
        assert {entry.operation for entry in new} <= {played.rule.endpoint}
        assert len({entry.request_id for entry in new}) <= 1
        before, writes, told = after, writes + bool(new), told + len(new)
    assert writes > 60
    figures(f"{writes} writes of a day retold row by row from {told} entries of the audit trail")


def the_rows():
    """{(entity, id): {member: value}} of everything that is on record."""
    db.session.rollback()
    found = {}
    for table in ON_RECORD:
        for row in db.session.execute(sa.select(table)).mappings():
            row = {
                column.name: as_told(column, row[column.name])
                for column in table.columns
                if column.name not in BOOKKEEPING and not column.info.get("sort_key")
            }
            found[noun_of(table.name), row["id"]] = row
    return found


def as_told(column, value):
    info = column.info
    if value is not None and (info.get("secret") or info.get("withheld_from_audit")):
        return WITHHELD
    if isinstance(value, datetime.datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, datetime.date):
        return value.isoformat()
    return str(value) if isinstance(value, StrEnum) else value


def retold(rows, new):
    """The rows as they must be after these entries."""
    rows = {key: dict(row) for key, row in rows.items()}
    for entry in new:
        if entry.action == "created":
            rows[entry.entity, entry.after["id"]] = dict(entry.after)
        elif entry.action == "deleted":
            del rows[entry.entity, entry.before["id"]]
            take_along(rows, entry.entity, entry.before["id"])
        else:
            for row in the_row_of(rows, entry):
                assert entry.before.items() <= row.items()
                row.update(entry.after)
    return rows


def the_row_of(rows, entry):
    """The row with this id; of the sessions of an account the one that is as it was."""
    if entry.entity != "session":
        return [rows[entry.entity, entry.entity_id]]
    sessions = [row for (entity, _), row in rows.items() if entity == "session"]
    mine = [row for row in sessions if row["account_id"] == entry.entity_id]
    return [row for row in mine if entry.before.items() <= row.items()][:1]


def take_along(rows, entity, row_id):
    """A deleted row takes others with it, or its mark off them: that follows from the schema."""
    for table in ON_RECORD:
        for key in table.foreign_keys:
            if noun_of(key.column.table.name) != entity or not key.ondelete:
                continue
            for where, row in list(rows.items()):
                if where[0] == noun_of(table.name) and row[key.parent.name] == row_id:
                    if key.ondelete == "CASCADE":
                        del rows[where]
                        take_along(rows, *where)
                    else:
                        row[key.parent.name] = None


def test_an_entry_says_who_what_and_when_of_which_request(app, as_):
    bob, part = a_mechanic(name="Bob"), a_part(price_cents=1500)
    answer = as_(bob).put(
        f"/inventory/{part.id}", json={"price_cents": 1600}, headers={"X-Request-ID": "price-1"}
    )

    name = answer.headers["X-Request-ID"]
    said = as_(a_manager()).get(f"/audit?request_id={name}").json["items"]

    assert name.startswith("price-1.")
    assert len(said) == 1
    assert said[0] | {"id": 0, "at": ""} == {
        "id": 0,
        "at": "",
        "request_id": name,
        "operation": "inventory.change",
        "account_id": bob.account_id,
        "role": "mechanic",
        "name": "Bob",
        "action": "changed",
        "entity": "part",
        "entity_id": part.id,
        "before": {"price_cents": 1500},
        "after": {"price_cents": 1600},
    }
    assert said[0]["at"][:16] == answer.json["updated_at"][:16]


def test_no_secret_is_in_it(app, client, as_):
    client.post("/customers", json={"name": "Al", "email": "al@example.com", "password": PASSWORD})
    said = {"email": "al@example.com", "password": PASSWORD}
    tokens = client.post("/auth/login", json=said).json
    client.post("/auth/refresh", json={"refresh_token": tokens["refresh_token"]})
    secrets = {PASSWORD, tokens["refresh_token"].partition(".")[2], tokens["access_token"]}
    for table in ON_RECORD:
        for column in table.columns:
            if column.info.get("secret"):
                secrets |= set(db.session.scalars(sa.select(column).where(column.is_not(None))))

    told = json.dumps(as_(a_manager()).get("/audit?per_page=100").json)

    assert len(secrets) >= 6
    assert [secret for secret in secrets if secret in told] == []
    assert WITHHELD in told


def test_whatever_looks_like_a_secret_is_marked_as_one():
    for table in ON_RECORD:
        for column in table.columns:
            if any(word in column.name for word in ("hash", "fingerprint", "secret", "token")):
                assert column.info.get("secret"), f"{table.name}.{column.name}"
