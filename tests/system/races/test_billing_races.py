"""Invoices and payments under a crowd: numbers without gaps, and nothing is paid or paid back twice."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import sqlalchemy as sa

from app.database.session import db
from tests.system.races.crowd import Request, told
from tests.system.races.fresh import serial, tickets

LABOR = {"kind": "labor", "billed_minutes": 60, "rate_cents": 10_000}
MANY = 50
# A trigger that makes the lines of every third invoice fail, after its number was taken.
FAIL = {
    "sqlite": """
        CREATE TRIGGER every_third BEFORE INSERT ON invoice_lines
        WHEN (SELECT ticket_id FROM invoices WHERE id = NEW.invoice_id) % 3 = 0
        BEGIN SELECT RAISE(ABORT, 'every third'); END
    """,
    "postgresql": """
        CREATE FUNCTION fails() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            IF mod((SELECT ticket_id FROM invoices WHERE id = NEW.invoice_id), 3) = 0 THEN
                RAISE EXCEPTION 'every third'; END IF; RETURN NEW; END $$;
        CREATE TRIGGER every_third BEFORE INSERT ON invoice_lines
        FOR EACH ROW EXECUTE FUNCTION fails()
    """,
}
MEND = {
    "sqlite": "DROP TRIGGER every_third",
    "postgresql": "DROP TRIGGER every_third ON invoice_lines; DROP FUNCTION fails()",
}


@contextmanager
def every_third_fails(shop):
    def run(statements):
        with shop.app_context(), db.engine.begin() as connection:
            connection.exec_driver_sql(statements[connection.dialect.name])

    run(FAIL)
    try:
        yield
    finally:
        run(MEND)


def ready(live, many=1):
    """Return tickets that are ready, of 100.00 each, all of one customer."""
    made = tickets(live, many)
    for ticket in made:
        path = f"/service-tickets/{ticket['id']}"
        live.made(f"{path}/jobs", {"name": "Brakes", "lines": [LABOR]})
        live.made(f"{path}/transitions", {"to": "completed"})
    return made


def paying(path, amount, key=None):
    body = {"amount_cents": amount, "method": "cash"}
    return Request("POST", path, body, {"Idempotency-Key": key or f"race {next(serial)}"})


def sequences(shop):
    with shop.app_context():
        return db.session.scalars(sa.text("SELECT sequence FROM invoices ORDER BY sequence")).all()


def test_numbers_have_no_gaps_though_every_third_invoice_fails(shop, live, crowd, rounds):
    for _ in rounds(1, slow=20):
        paths = [f"/service-tickets/{each['id']}" for each in ready(live, MANY)]
        with every_third_fails(shop), ThreadPoolExecutor(MANY) as threads:
            answers = threads.map(lambda path: live.send("POST", f"{path}/invoice", {}), paths)
            statuses = [answer.status_code for answer in answers]
        failed = [path for path, status in zip(paths, statuses, strict=True) if status != 201]
        assert len(failed) in (16, 17)
        again = crowd.sends(*[Request("POST", f"{path}/invoice", {}) for path in failed])
        assert told(again) == {201: len(failed)}
        numbers = sequences(shop)
        assert numbers == list(range(1, len(numbers) + 1))


def test_of_20_who_invoice_a_ticket_one_does(live, crowd, rounds):
    for _ in rounds(2):
        path = f"/service-tickets/{ready(live)[0]['id']}"
        act = Request("POST", f"{path}/invoice", {})
        move = Request("POST", f"{path}/transitions", {"to": "invoiced"})
        answers = crowd.sends(*[act, move] * 10)
        assert told(answers) == {201: 1, "illegal_transition": 19}


def test_an_invoice_is_of_before_or_after_a_change(live, crowd, rounds):
    for _ in rounds(2):
        path = f"/service-tickets/{ready(live)[0]['id']}"
        [_, job] = live.ask("GET", f"{path}/jobs")[2]["items"]
        line = Request("PATCH", f"/lines/{job['lines'][0]['id']}", {"billed_minutes": 90})
        answers = crowd.sends(line, Request("POST", f"{path}/invoice", {}), line)
        [invoice] = live.ask("GET", f"/invoices?ticket_id={path.split('/')[-1]}")[2]["items"]
        document = live.ask("GET", f"/invoices/{invoice['id']}/document")[2]
        minutes = document["jobs"][0]["lines"][0]["billed_minutes"]
        assert invoice["total_cents"] == document["totals"]["total_cents"] == minutes * 10_000 // 60
        changed = any(answer.status_code == 200 for answer in (answers[0], answers[2]))
        assert minutes == (90 if changed else 60)


def test_of_20_payments_of_all_one_counts(live, crowd, rounds):
    for _ in rounds(2):
        [ticket] = ready(live)
        path = f"/service-tickets/{ticket['id']}/payments"
        every = f"/customers/{ticket['customer']['id']}/payments"
        live.made(f"/service-tickets/{ticket['id']}/invoice", {})
        answers = crowd.sends(*[paying(each, 10_000) for each in (path, every) * 10])
        assert told(answers) == {201: 1, "above_balance": 19}


def test_of_20_refunds_of_all_one_counts_and_a_key_counts_once(live, crowd, rounds):
    for _ in rounds(2):
        [ticket] = ready(live)
        path, key = f"/service-tickets/{ticket['id']}/payments", f"race {next(serial)}"
        paid = crowd.sends(*[paying(path, 6_000, key)] * 20)
        assert told(paid) == {201: 20}
        [payment] = {answer.json["id"] for answer in paid}
        back = crowd.sends(*[paying(f"/payments/{payment}/refunds", 6_000) for _ in range(20)])
        assert told(back) == {201: 1, "above_payment": 19}
        shown = live.ask("GET", f"/service-tickets/{ticket['id']}/totals")[2]
        assert (shown["paid_cents"], shown["payment_status"]) == (0, "unpaid")


def test_an_invoice_is_taken_back_and_issued_anew_one_at_a_time(live, crowd, rounds):
    for _ in rounds(2):
        [ticket] = ready(live)
        path = f"/service-tickets/{ticket['id']}"
        invoice = live.made(f"{path}/invoice", {})
        credit, body = f"/invoices/{invoice['id']}/credit-notes", {"reason": "Wrong", "all": True}
        acts = [
            Request("POST", credit, body, {"Idempotency-Key": f"race {next(serial)}"}),
            Request("POST", f"{path}/invoice", {}),
        ]
        again = [
            act._replace(headers={"Idempotency-Key": f"race {next(serial)}"}) for act in acts * 10
        ]
        answers = told(crowd.sends(*again))
        assert answers.keys() <= {201, "nothing_to_credit", "illegal_transition"}
        assert answers["nothing_to_credit"] == 9
        listed = live.ask("GET", f"/invoices?ticket_id={ticket['id']}")[2]["items"]
        assert [each["is_void"] for each in listed].count(False) <= 1


def test_no_more_is_credited_than_a_line_has(live, crowd, rounds):
    for _ in rounds(2):
        [ticket] = ready(live)
        invoice = live.made(f"/service-tickets/{ticket['id']}/invoice", {})
        [line] = live.ask("GET", f"/invoices/{invoice['id']}/lines")[2]["items"]
        part = {"invoice_line_id": line["id"], "net_cents": 3_000}
        path, body = f"/invoices/{invoice['id']}/credit-notes", {"reason": "Less", "lines": [part]}
        keys = [{"Idempotency-Key": f"race {next(serial)}"} for _ in range(20)]
        answers = crowd.sends(*[Request("POST", path, body, key) for key in keys])
        assert told(answers) == {201: 3, "above_invoice": 17}
        assert live.ask("GET", f"/invoices/{invoice['id']}")[2]["credited_cents"] == 9_000
