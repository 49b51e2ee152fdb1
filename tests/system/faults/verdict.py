"""A comparison of the clients' journals with the database: no write is lost or done twice."""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from tests.system.faults.crowd import FIRST_DUE

ROWS = {
    "use": "SELECT id, markup_bps FROM ticket_lines WHERE part_id = :part",
    "open": "SELECT id, problem_description FROM service_tickets"
    " WHERE vehicle_id = :vehicle AND problem_description LIKE 'act %'",
    "adjust": "SELECT id, note FROM stock_movements WHERE part_id = :part AND reason = 'adjusted'",
    "move": "SELECT ticket_id, reason FROM status_changes"
    " WHERE ticket_id IN (SELECT id FROM service_tickets WHERE vehicle_id = :vehicle)"
    " AND from_status IS NOT NULL AND reason IS NOT NULL",
    "add_job": "SELECT id, note FROM jobs WHERE note LIKE 'act %'"
    " AND ticket_id IN (SELECT id FROM service_tickets WHERE vehicle_id = :vehicle)",
    "decide": "SELECT id, note FROM authorizations"
    " WHERE ticket_id IN (SELECT id FROM service_tickets WHERE vehicle_id = :vehicle)",
    "invoice": "SELECT id, due_on FROM invoices WHERE vehicle_id = :vehicle",
    "pay": "SELECT id, note FROM payments"
    " WHERE ticket_id IN (SELECT id FROM service_tickets WHERE vehicle_id = :vehicle)",
}
# Rows that were made without the rows that belong to them.
HALF = {
    "jobs without their line": "SELECT id FROM jobs WHERE note LIKE 'act %'"
    " AND NOT EXISTS (SELECT 1 FROM ticket_lines WHERE job_id = jobs.id)",
    "authorizations without their decision": "SELECT id FROM authorizations"
    " WHERE NOT EXISTS (SELECT 1 FROM decisions WHERE authorization_id = authorizations.id)",
    "numbers of invoices with a gap": "SELECT value FROM counters WHERE name = 'invoice'"
    " AND value <> (SELECT count(*) FROM invoices)",
    "tickets whose ledger is another": "SELECT id FROM service_tickets WHERE paid_cents <>"
    " coalesce((SELECT sum(amount_cents) FROM payments WHERE ticket_id = service_tickets.id), 0)",
    "jobs without the decision on them": "SELECT jobs.id FROM jobs JOIN decisions ON job_id = jobs.id"
    " WHERE jobs.decision IS NULL",
}
SHELF = "SELECT quantity_in_stock FROM parts WHERE id = :part"
LEDGER = "SELECT sum(quantity) FROM stock_movements WHERE part_id = :part"
BILLED = "SELECT sum(quantity) FROM ticket_lines WHERE part_id = :part"
TAKEN = "SELECT -sum(quantity) FROM stock_movements WHERE part_id = :part AND reason = 'used'"


@dataclass
class Verdict:
    acknowledged: int
    unanswered: int
    unavailable: int
    lost: list
    doubled: list
    unasked: list
    untrue: list

    def __str__(self):
        return (
            f"{self.acknowledged:,} acts acknowledged, {len(self.lost)} lost,"
            f" {len(self.doubled)} doubled, {self.unanswered} unanswered, {self.unavailable} 503s"
        )


def verdict(crowd, settings):
    """Stop the clients, compare their journals with the database, and fail if something is wrong."""
    crowd.stop()
    journal = [act for person in crowd.people for act in person.journal]
    found = Verdict(
        acknowledged=sum(act.acknowledged for act in journal),
        unanswered=sum(not act.acknowledged for act in journal),
        unavailable=len(crowd.said("unavailable")),
        lost=[],
        doubled=[],
        unasked=[],
        untrue=crowd.wrong(),
    )
    engine = sa.create_engine(settings["DATABASE_URL"], poolclass=sa.NullPool)
    with engine.connect() as connection:
        for person in crowd.people:
            _look_up(connection, person, found)
        for what, query in HALF.items():
            if rows := connection.execute(sa.text(query)).all():
                found.untrue.append(f"{what}: {rows}")
    wrong = found.lost + found.doubled + found.unasked + found.untrue
    assert wrong == [], f"{found}: {wrong[:3]}"
    return found


def number(mark):
    """Return the number of an act, which is in a text or in the day when an invoice is due."""
    if kept := re.fullmatch(r"(?:act )?(\d+)", str(mark)):
        return int(kept[1])
    return (date.fromisoformat(str(mark)[:10]) - FIRST_DUE).days


def _look_up(connection, person, found):
    ids = {"vehicle": person.vehicle, "part": person.part}

    def rows(query):
        names = sa.text(query)
        return connection.execute(names, {name: ids[name] for name in names._bindparams}).all()

    for kind, query in ROWS.items():
        acts = {act.mark: act for act in person.journal if act.kind == kind}
        made = [(row_id, number(mark)) for row_id, mark in rows(query)]
        times = Counter(mark for _, mark in made)
        for mark, act in acts.items():
            answered_for = act.row_id is None or (act.row_id, mark) in made
            if act.acknowledged and not (times[mark] and answered_for):
                found.lost.append((person.name, act))
            if times[mark] > 1:
                found.doubled.append((person.name, act))
        found.unasked += [(person.name, kind, mark) for mark in times.keys() - acts.keys()]
    shelf, ledger = rows(SHELF), rows(LEDGER)
    if shelf != ledger:
        found.untrue.append(f"{person.name}: {shelf} on the shelf, {ledger} in the ledger")
    billed, taken = rows(BILLED), rows(TAKEN)
    if billed != taken:
        found.untrue.append(f"{person.name}: {billed} on the bill, {taken} off the shelf")
