"""A backup of an open shop, with writers in it: one moment of it, and nothing acknowledged is missing."""

import itertools
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from app.database.session import db
from app.models import ServiceTicket, StockMovement, TicketLine
from tests.system.backups import books
from tests.system.backups.conftest import inside
from tests.system.races.fresh import a_part, a_ticket

pytestmark = pytest.mark.one_database("sqlite")

WRITERS = 4


def test_a_backup_under_load_is_one_moment_with_all_that_was_acknowledged(
    live, flask, elsewhere, tmp_path, figures, at_length
):
    part = a_part(live, 100_000)
    acknowledged, over = [], threading.Event()

    def work(_writer):
        while not over.is_set():
            ticket = a_ticket(live)
            path = f"/service-tickets/{ticket['id']}"
            line = live.made(f"{path}/parts/{part['id']}", {"quantity_used": 1})
            status, _, _ = live.ask("POST", f"{path}/transitions", {"to": "in_progress"})
            assert status == 201
            acknowledged.append((ticket["id"], line["id"]))

    taken = []
    with ThreadPoolExecutor(WRITERS) as crowd:
        writers = [crowd.submit(work, n) for n in range(WRITERS)]
        try:
            for n in itertools.count(1):
                many = len(acknowledged) + 10
                while len(acknowledged) < many and not any(each.done() for each in writers):
                    over.wait(0.01)
                before = list(acknowledged)
                file = tmp_path / f"{n}.backup"
                done = flask("backup", file)
                assert done.exit_code == 0, done.stderr
                taken.append((file, before, len(acknowledged) - len(before)))
                # SQLite may be done before anybody has acted: then once more.
                if n >= at_length(2, slow=20) and any(meanwhile for *_, meanwhile in taken):
                    break
                assert n < 100, "nobody wrote meanwhile"
        finally:
            over.set()
        for each in writers:
            each.result()

    for file, before, _meanwhile in taken:
        done = flask("restore", "--replace", file, at=elsewhere)
        assert done.exit_code == 0, done.stderr
        with inside(elsewhere):
            books.assert_in_order()
            tickets = set(db.session.scalars(sa.select(ServiceTicket.id)))
            lines = set(db.session.scalars(sa.select(TicketLine.id)))
            moved = set(db.session.scalars(sa.select(StockMovement.line_id)))
            assert {ticket for ticket, _ in before} <= tickets
            assert {line for _, line in before} <= lines
            assert lines <= moved
    told = ", ".join(f"{len(before)}+{meanwhile}" for _, before, meanwhile in taken)
    figures(f"{len(taken)} backups under {WRITERS} writers, acts before and meanwhile: {told}")
