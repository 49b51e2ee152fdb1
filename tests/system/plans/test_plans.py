"""In a shop with many tickets, no list reads a big table from end to end, however it is asked for."""

import pytest
import sqlalchemy as sa

from app.database.session import db
from app.extensions import cache
from app.models import Customer
from app.web.declared import declared
from benchmarks import seed
from tests import factories
from tests.conftest import figures_of, on_postgres, opened
from tests.web.overheard import overheard

STOPS_AT = 10_000  # rows
VALUES = {
    "q": [
        *("c77@example.com", "customer 77", "77 customer", "0000000000000007", "grinding at"),
        *("part 7", "k 77", "k-77", "5550000077", "0077", "RO-000077", "77"),
        *("honda", "honda accord", "2003 accord", "honda grinding", "honda 77", "nobody", "h a"),
    ],
    "status": ["open", "closed"],
    "customer_id": ["77"],
    "vehicle_id": ["77"],
    "vin": ["00000000000000077"],
    "mechanic_id": ["1007"],
    "ticket_id": ["77"],
    "priority": ["1"],
    "opened_from": ["2025-12-31T00:00:00Z"],
    "opened_to": ["2025-12-01T00:00:00Z"],
    "promised_from": ["2025-12-31T00:00:00Z"],
    "promised_to": ["2025-12-01T00:00:00Z"],
    "service_date_from": ["2025-12-31"],
    "service_date_to": ["2025-12-01"],
    "invoice_id": ["7"],
    "issued_from": ["2025-12-31"],
    "issued_to": ["2025-12-01"],
    "due_before": ["2025-12-01"],
    "method": ["card", "other"],  # nearly all payments, and a few
    "open": ["true", "false"],
    "from": ["2026-02-01&to=2026-02-28"],
    "to": ["2026-02-28"],
    "of": ["balance"],
    "key": ["current"],
    "received_from": ["2025-12-31T00:00:00Z"],
    "received_to": ["2025-12-01T00:00:00Z"],
    "category": ["Category 7"],
    "low_stock": ["true", "false"],
    "quantity_below": ["5"],
    "is_active": ["true"],
    "entity": ["service_ticket"],
    "entity_id": ["77"],
    "account_id": ["7"],
    "request_id": ["28dd2c7955ce926456240b2ff0100bde"],
    "at_from": ["2025-12-31T00:00:00Z"],
    "at_to": ["2025-12-01T00:00:00Z"],
    "include": ["jobs,totals,terms"],
    "page": ["3"],
    "per_page": ["50"],
    "limit": ["5"],
    "order": ["asc"],
    "by": ["completed"],
    "active_only": ["true"],
}
TOGETHER = {"entity_id": "entity=service_ticket"}
WITHOUT_PARAMETERS = ["/customers/77/duplicates", "/invoices/77/lines"]
# More credit notes than a shop writes, so that a list that reads all of them is noticed.
CREDIT_NOTES = """
    INSERT INTO credit_notes (sequence, number, invoice_id, ticket_id, customer_id, reason, issued_at,
        issued_on, subtotal_cents, tax_cents, total_cents, voids, document, document_sha256)
    SELECT sequence, replace(number, 'INV', 'CN'), id, ticket_id, customer_id, 'Core brought back',
        issued_at, issued_on, 1500, 0, 1500, false, '{}', repeat('0', 64)
    FROM invoices ORDER BY id
"""
CREDIT_LINES = """
    INSERT INTO credit_lines (credit_note_id, invoice_line_id, net_cents, tax_cents)
    SELECT n.id, l.id, 1500, 0 FROM credit_notes n
        JOIN invoice_lines l ON l.invoice_id = n.invoice_id AND position = 1
"""


@pytest.fixture(scope="module", params=["postgres"])
def big(request, tmp_path_factory, at_length):
    """The app, its tickets, clients of a manager and of a customer, and how many rows each table has.

    PostgreSQL alone: SQLite doesn't tell its plans so, and reads the same indexes.
    """
    tickets = at_length(20_000, slow=100_000)
    with (
        on_postgres(request.config, tmp_path_factory, "plans") as settings,
        opened(settings) as app,
        app.app_context(),
    ):
        for _ in seed.fill(settings["DATABASE_URL"].replace("+psycopg2", ""), tickets):
            pass
        for statement in (CREDIT_NOTES, CREDIT_LINES, "ANALYZE"):
            db.session.execute(sa.text(statement))
        owner = db.session.get_one(Customer, 77)
        owner.account_id = factories.an_account(owner.email).id
        db.session.commit()
        clients = [factories.signed_in(app, each) for each in (factories.a_manager(), owner)]
        counted = {
            table.name: db.session.scalar(sa.select(sa.func.count()).select_from(table))
            for table in db.metadata.sorted_tables
        }
        db.session.rollback()
        yield app, tickets, clients, counted, figures_of(request.config, settings)


def lists(app, searches):
    """Every list, and every way to ask for it: `/customers?sort=-name`."""
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        schema, location = declared(view).accepts
        is_list = location == "query" and not rule.rule.endswith("/pdf")
        if "GET" in rule.methods and is_list and not declared(view).deprecated_for:
            path = rule.rule
            for argument in rule.arguments:
                path = path.replace(f"<int:{argument}>", "77")
            path = path.replace("<string:figure>", "receivables")
            yield path
            for name, field in schema.fields.items():
                for value in searches if name == "q" else values(field.data_key or name, field):
                    yield f"{path}?{field.data_key or name}={value}" + (
                        f"&{TOGETHER[name]}" if name in TOGETHER else ""
                    )


def values(name, field):
    if name == "sort":
        return [each for one in field.validators for each in one.choices]
    if name == "cursor":
        return []
    assert name in VALUES, f"say here which {name} to ask for"
    return VALUES[name]


def scans(plan, big_tables, enough):
    """Yield the big tables that a plan reads from end to end.

    A total stops at 10,000 rows, soon where that many, or enough for a small shop, pass the filter.
    """
    for inner in plan.get("Plans", []):
        if plan["Node Type"] != "Limit" or inner["Plan Rows"] < enough:
            yield from scans(inner, big_tables, enough)
    if plan["Node Type"].endswith("Seq Scan") and plan["Relation Name"] in big_tables:
        yield plan["Relation Name"]


def read_from_end_to_end(client, path, big_tables, enough, planned):
    """Yield what this list and its next page read so; statements in `planned` have been looked at."""
    cache.clear()
    with overheard(with_parameters=True) as said:
        answer = client.get(path)
    if answer.status_code in (403, 404):  # not for customers, or of somebody else
        return
    assert answer.status_code == 200, (path, answer.json)
    with db.engine.connect() as connection:
        for statement, parameters in said:
            if (statement, str(parameters)) in planned:
                continue
            planned.add((statement, str(parameters)))
            told = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", parameters)
            [[[plan]]] = told.all()
            for table in scans(plan["Plan"], big_tables, enough):
                yield f"{path} reads all of {table}: {statement}"
    cursor = answer.json.get("pagination", {}).get("next_cursor")
    if cursor and "cursor=" not in path and "page=3" not in path:
        beside = "&" if "?" in path else "?"
        yield from read_from_end_to_end(
            client, f"{path}{beside}cursor={cursor}", big_tables, enough, planned
        )


def test_no_list_reads_a_big_table_from_end_to_end(big, at_length):
    app, tickets, clients, counted, figures = big
    big_tables = {name for name, rows in counted.items() if rows >= tickets / 5}
    enough = min(STOPS_AT, tickets / 10)
    searches = at_length(VALUES["q"][::3], slow=VALUES["q"])
    paths, planned = [*lists(app, searches), *WITHOUT_PARAMETERS], set()

    found = [
        each
        for path in paths
        for client in clients
        for each in read_from_end_to_end(client, path, big_tables, enough, planned)
    ]

    figures(
        f"{len(paths)} ways to ask for a list of {tickets:,} tickets, {len(planned):,} plans,"
        f" {len(found)} full scans"
    )
    assert {"service_tickets", "customers", "vehicles", "search_terms"} <= big_tables
    assert {"invoices", "invoice_lines", "payments", "credit_notes", "credit_lines"} <= big_tables
    assert found == []
