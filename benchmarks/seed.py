"""Data for a shop of any size, made inside PostgreSQL; a million tickets take about two minutes."""

from collections.abc import Iterator
from itertools import islice
from types import SimpleNamespace

import psycopg2

from app.models import Customer, Invoice, Kind, Mechanic, Part, Vehicle
from app.models.search import terms
from app.words import words

MECHANICS, PARTS, LINES = 200, 2_000, 3
PROBLEMS = [
    f"{noise} {where} when {doing}"
    for noise in (
        "Grinding",
        "Squealing",
        "Knocking",
        "Vibration",
        "Rattle",
        "Clunk",
        "Hum",
        "Leak",
    )
    for where in ("at the front", "at the rear", "under the hood", "on the left", "on the right")
    for doing in ("braking", "turning", "cold", "idling")
]
MAKES = "ARRAY['Honda', 'Toyota', 'Ford', 'Volkswagen', 'Citroën']"
MODELS = "ARRAY['Accord', 'Camry', 'F-150', 'Golf', 'C4 Picasso']"
PROMISE = "timestamptz '2026-01-01' - n % 999 * interval '1 hour'"
SAY = "(ARRAY['open', 'in_progress', 'on_hold', 'ready'] || array_fill('closed'::text, ARRAY[96]))"
STEPS = {
    "mechanics": """
        INSERT INTO mechanics (id, name, name_sort, email, role, is_active, created_at, updated_at, version)
        SELECT n, 'Mechanic ' || n, 'mechanic ' || {ten}, 'mechanic' || n || '@example.com',
            'mechanic', true, now(), now(), 1
        FROM generate_series(1001, 1000 + {mechanics}) n
    """,
    "parts": """
        INSERT INTO parts (part_number, part_number_key, part_number_sort, name, name_sort, category,
            category_key, unit, current_cost_cents, price_cents, quantity_in_stock, reorder_level, created_at,
            updated_at, version)
        SELECT 'P-' || n, 'p-' || n, 'p-' || {ten}, 'Part ' || n, 'part ' || {ten}, 'Category ' || n % 20,
            'category ' || n % 20, 'each', 1000 + n, 1500 + n, 100 * (1000000 + n % 7),
            CASE WHEN n % 50 = 0 THEN 200000000 ELSE 500 END, now(), now(), 1
        FROM generate_series(1, {parts}) n
    """,
    "customers": """
        INSERT INTO customers (name, name_sort, email, phone, created_at, updated_at, version)
        SELECT 'Customer ' || n, 'customer ' || {ten}, 'c' || n || '@example.com',
            '555-' || lpad(n::text, 7, '0'),
            now() - n * interval '1 minute', now(), 1
        FROM generate_series(1, {tickets} / 5) n
    """,
    "vehicles": """
        INSERT INTO vehicles (customer_id, vin, vin_key, license_plate, license_plate_sort, make, model,
            year, created_at, updated_at, version)
        SELECT 1 + n % ({tickets} / 5), lpad(n::text, 17, '0'), lpad(n::text, 17, '0'), 'K ' || n,
            'k ' || {ten}, ({makes})[1 + n % 5], ({models})[1 + n / 5 % 5], 2000 + n % 25,
            now() - n * interval '1 minute', now(), 1
        FROM generate_series(1, {tickets} / 4) n
    """,
    "service_tickets": """
        INSERT INTO service_tickets (customer_id, vehicle_id, status, priority, problem_description,
            service_date, promised_at, promised_at_sort, opened_at, paid_cents, updated_at, version)
        SELECT customer_id, v.id, {status}[1 + n % 100], 1 + n % 5, ({problems})[1 + n % {kinds}],
            date '2026-01-01' - n % 1000, CASE WHEN n % 2 = 0 THEN {promise} END,
            CASE WHEN n % 2 = 0 THEN {promise} ELSE '9999-12-31 00:00:00+00' END,
            timestamptz '2026-01-01' - ({tickets} - n) * interval '37 seconds',
            CASE WHEN {status}[1 + n % 100] = 'closed' AND n % 4 = 1 THEN 5000 ELSE 0 END, now(), 1
        FROM generate_series(1, {tickets}) n JOIN vehicles v ON v.id = 1 + n % ({tickets} / 4)
        ORDER BY n
    """,
    "status_changes": """
        INSERT INTO status_changes (ticket_id, to_status, at)
        SELECT id, status, opened_at FROM service_tickets
    """,
    "assignments": """
        INSERT INTO assignments (ticket_id, mechanic_id, role, minutes_worked, assigned_at)
        SELECT id, 1001 + (id + k * 7) % {mechanics}, 'lead', 90, opened_at
        FROM service_tickets CROSS JOIN generate_series(0, 1) k
    """,
    "jobs": """
        INSERT INTO jobs (ticket_id, position, name, created_at, decided_at_sort)
        SELECT id, 1, problem_description, opened_at, '9999-12-31T00:00:00Z'
        FROM service_tickets ORDER BY id
    """,
    "ticket_lines": """
        INSERT INTO ticket_lines (ticket_id, job_id, kind, position, name, taxable, part_id, part_number,
            condition, quantity, unit_cost_cents, markup_bps, unit_price_cents, price_source,
            core_charge_cents, cores_returned, used_at)
        SELECT t.id, j.id, 'part', k, p.name, true, p.id, p.part_number, 'new', 100 * (1 + k), 1000, 5000,
            1500, 'markup', 0, 0, opened_at
        FROM service_tickets t JOIN jobs j ON j.ticket_id = t.id CROSS JOIN generate_series(1, {lines}) k
            JOIN parts p ON p.id = 1 + (t.id * 13 + k) % {parts}
    """,
    "stock_movements": """
        INSERT INTO stock_movements (part_id, quantity, reason, ticket_id, line_id, at)
        SELECT part_id, -quantity, 'used', ticket_id, id, used_at FROM ticket_lines
        UNION ALL
        SELECT parts.id, quantity_in_stock + coalesce(sum(quantity), 0), 'received', NULL, NULL, now()
        FROM parts LEFT JOIN ticket_lines ON part_id = parts.id GROUP BY parts.id, quantity_in_stock
    """,
    "audit_entries": """
        INSERT INTO audit_entries (at, request_id, operation, account_id, action, entity, entity_id)
        SELECT opened_at, md5(id::text), 'service_tickets.create', id % 50, 'created', 'service_ticket', id
        FROM service_tickets
    """,
    "invoices": """
        INSERT INTO invoices (sequence, number, ticket_id, customer_id, vehicle_id, issued_at, issued_on,
            due_on, subtotal_cents, tax_cents, total_cents, document, document_sha256)
        SELECT n, 'INV-' || lpad(n::text, 6, '0'), id, customer_id, vehicle_id, opened_at,
            opened_at::date, opened_at::date + 14, 13500, 0, 13500, '{{}}', repeat('0', 64)
        FROM (SELECT *, row_number() OVER (ORDER BY id) AS n FROM service_tickets
            WHERE status = 'closed' AND id % 4 = 1) AS closed
    """,
    "counters": "UPDATE counters SET value = (SELECT count(*) FROM invoices) WHERE name = 'invoice'",
    "invoice_lines": """
        INSERT INTO invoice_lines (invoice_id, position, kind, job_id, line_id, part_id, job_name, name,
            quantity_hundredths, amount_cents, discount_cents, net_cents, tax_cents, cost_cents)
        SELECT i.id, l.position, 'part', job_id, l.id, part_id, j.name, l.name, quantity, quantity * 15, 0,
            quantity * 15, 0, quantity * 10
        FROM invoices i JOIN ticket_lines l ON l.ticket_id = i.ticket_id JOIN jobs j ON j.id = job_id
        ORDER BY i.id, l.position
    """,
    "payments": """
        INSERT INTO payments (ticket_id, customer_id, amount_cents, method, received_at, created_at)
        SELECT ticket_id, customer_id, 5000, CASE WHEN id % 400 = 0 THEN 'other' ELSE 'card' END,
            issued_at, issued_at
        FROM invoices ORDER BY id
    """,
    "workloads": """
        INSERT INTO workloads (mechanic_id, ticket_count, completed_count)
        SELECT mechanic_id, count(*), count(*) FILTER (WHERE status IN ('ready', 'closed'))
        FROM assignments JOIN service_tickets t ON t.id = ticket_id GROUP BY mechanic_id
    """,
}
NEW_TERMS = """
    INSERT INTO search_terms (kind, word, row_id)
    SELECT * FROM unnest(%s::smallint[], %s::text[], %s::int[])
"""
SO_MANY = 100_000  # rows in one INSERT


def fill(dsn: str, tickets: int) -> Iterator[str]:
    """Fill an empty, migrated database; yield the name of each step before it begins.

    It needs an app context, because the search terms of phone numbers depend on the app's country.
    """
    problems = "ARRAY[" + ", ".join(f"'{each}'" for each in PROBLEMS) + "]"
    names = {"tickets": tickets, "mechanics": MECHANICS, "parts": PARTS, "lines": LINES}
    names |= {"status": SAY, "problems": problems, "kinds": len(PROBLEMS)}
    names |= {"ten": "lpad(n::text, 10, '0')", "promise": PROMISE}
    names |= {"makes": MAKES, "models": MODELS}
    connection = psycopg2.connect(dsn)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica; SET maintenance_work_mem = '1GB'")
        indexes = _without_indexes(cursor)
        for table, statement in STEPS.items():
            yield table
            cursor.execute(statement.format(**names))
        yield "search_terms"
        _search_terms(cursor)
        for name, statement in indexes.items():
            yield name
            cursor.execute(statement)
        yield "vacuum"
        cursor.execute("VACUUM ANALYZE")
    connection.close()


def _without_indexes(cursor):
    cursor.execute(
        "SELECT indexname, indexdef FROM pg_indexes JOIN pg_class ON relname = indexname"
        " JOIN pg_index ON indexrelid = pg_class.oid WHERE schemaname = 'public' AND NOT indisunique"
    )
    found = dict(cursor.fetchall())
    for name in found:
        cursor.execute(f'DROP INDEX "{name}"')
    return found


def _search_terms(cursor):
    """Insert the search terms that app/models/search.py would make.

    There are few different problem descriptions, so each is split into words only once.
    """
    cursor.execute("ALTER TABLE search_terms DROP CONSTRAINT pk_search_terms")
    for model in (Customer, Vehicle, Mechanic, Part, Invoice):
        cursor.execute(f"SELECT * FROM {model.__tablename__}")
        names = [each.name for each in cursor.description]
        rows = (SimpleNamespace(**dict(zip(names, row, strict=True))) for row in cursor.fetchall())
        lines = (
            (int(kind), word, row.id)
            for row in rows
            for kind, found in terms(model, row).items()
            for word in found
        )
        while some := list(islice(lines, SO_MANY)):
            cursor.execute(NEW_TERMS, [list(each) for each in zip(*some, strict=True)])
    of_kind = [(n, word) for n, each in enumerate(PROBLEMS, 1) for word in words(each)]
    cursor.execute("CREATE TEMP TABLE kinds (kind int, word text)")
    cursor.executemany("INSERT INTO kinds VALUES (%s, %s)", of_kind)
    cursor.execute(
        f"INSERT INTO search_terms (kind, word, row_id) SELECT {Kind.TICKET:d}, word, t.id"
        " FROM service_tickets t JOIN kinds ON kind = 1 + t.id % (SELECT max(kind) FROM kinds)"
    )
    cursor.execute(
        "ALTER TABLE search_terms ADD CONSTRAINT pk_search_terms PRIMARY KEY (kind, word, row_id)"
    )
