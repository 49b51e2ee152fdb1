"""The queries of the server on bare WSGI, on one connection for each thread."""

import contextlib
import threading
from collections import defaultdict

import psycopg2

WORKABLE = ("open", "in_progress", "on_hold")
TICKET = """
    SELECT t.id, t.status, t.hold_reason, t.priority, t.problem_description, t.odometer_in,
        t.service_date, t.promised_at, t.opened_at, t.closed_at, t.updated_at, t.version,
        t.customer_id, t.vehicle_id, c.name AS customer_name, coalesce(t.kept_vin, v.vin) AS vin,
        v.license_plate, v.make, v.model, v.year,
        CASE WHEN t.kept_vin IS NULL THEN v.vin_verified END AS vin_verified
    FROM service_tickets t JOIN customers c ON c.id = t.customer_id
        LEFT JOIN vehicles v ON v.id = t.vehicle_id
"""
VEHICLE = ("vin", "license_plate", "make", "model", "year", "vin_verified")
MECHANICS = """
    SELECT a.ticket_id, m.id, m.name, a.role, a.minutes_worked
    FROM assignments a JOIN mechanics m ON m.id = a.mechanic_id
    WHERE a.ticket_id = ANY(%s) ORDER BY a.id
"""
LINES = """
    SELECT l.id, l.ticket_id, l.part_id, p.part_number, p.name, l.quantity AS quantity_used, p.unit,
        l.unit_price_cents, l.warranty_months, l.installed_by_mechanic_id, m.name AS installed_by,
        l.used_at, l.unit_cost_cents, l.markup_bps
    FROM ticket_lines l JOIN parts p ON p.id = l.part_id
        LEFT JOIN mechanics m ON m.id = l.installed_by_mechanic_id
"""
LINES_OF_TICKETS = f"{LINES} WHERE l.ticket_id = ANY(%s) AND l.used_at IS NOT NULL ORDER BY l.id"
PARTS = """
    SELECT id, part_number, name, description, category, manufacturer, price_cents, unit,
        quantity_in_stock > 0 AS in_stock, supplier, current_cost_cents, quantity_in_stock,
        reorder_level, quantity_in_stock <= reorder_level AS low_stock, created_at, updated_at, version
    FROM parts WHERE retired_at IS NULL ORDER BY id LIMIT %s OFFSET %s
"""
COUNT_PARTS = "SELECT count(*) AS total FROM parts WHERE retired_at IS NULL"
TAKE_PART = """
    UPDATE parts
    SET quantity_in_stock = quantity_in_stock - %(quantity)s, version = version + 1, updated_at = now()
    WHERE id = %(part_id)s AND retired_at IS NULL AND quantity_in_stock >= %(quantity)s
    RETURNING id
"""
ADD_LINE = """
    INSERT INTO ticket_lines (ticket_id, job_id, kind, position, name, taxable, part_id, part_number,
        condition, quantity, unit_cost_cents, markup_bps, unit_price_cents, price_source,
        core_charge_cents, cores_returned, used_at)
    SELECT j.ticket_id, j.id, 'part',
        (SELECT coalesce(max(position), 0) + 1 FROM ticket_lines WHERE ticket_id = %(ticket_id)s),
        p.name, true, p.id, p.part_number, 'new', %(quantity)s, p.current_cost_cents,
        round((p.price_cents - p.current_cost_cents) * 10000.0 / nullif(p.current_cost_cents, 0)),
        p.price_cents, 'catalog', 0, 0, now()
    FROM jobs j JOIN parts p ON p.id = %(part_id)s
    WHERE j.ticket_id = %(ticket_id)s ORDER BY j.position, j.id LIMIT 1
    RETURNING id
"""
ADD_MOVEMENT = """
    INSERT INTO stock_movements (part_id, quantity, reason, ticket_id, line_id, account_id, at)
    VALUES (%(part_id)s, -%(quantity)s, 'used', %(ticket_id)s, %(line_id)s, %(account_id)s, now())
"""
NEXT_VERSION = "UPDATE service_tickets SET version = version + 1, updated_at = now() WHERE id = %s"
_local = threading.local()


class Refused(Exception):
    """Raised with the status and the message of an answer that refuses a request."""


def tickets(after, limit, opened_from):
    where, values = "t.id > %s", [after]
    if opened_from:
        where, values = f"{where} AND t.opened_at >= %s", [after, opened_from]
    return _whole(_rows(f"{TICKET} WHERE {where} ORDER BY t.id LIMIT %s", [*values, limit]))


def ticket(ticket_id):
    found = _whole(_rows(f"{TICKET} WHERE t.id = %s", [ticket_id]))
    if not found:
        raise Refused(404, f"There is no ticket {ticket_id}.")
    return found[0]


def version(ticket_id):
    found = _rows("SELECT version FROM service_tickets WHERE id = %s", [ticket_id])
    return found[0]["version"] if found else None


def parts(page, per_page):
    """Return a page of parts, and the number of all parts."""
    [counted] = _rows(COUNT_PARTS)
    found = _rows(PARTS, [per_page, (page - 1) * per_page])
    for part in found:
        part["quantity_in_stock"] = _quantity(part["quantity_in_stock"])
        part["reorder_level"] = _quantity(part["reorder_level"])
    return found, counted["total"]


def use_part(**use):
    """Take a part out of stock for a ticket, in one transaction; return the line.

    `use` has `account_id`, `ticket_id`, `part_id` and `quantity`, in hundredths.
    """
    with _transaction():
        locked = _rows(
            "SELECT status FROM service_tickets WHERE id = %(ticket_id)s FOR UPDATE", use
        )
        if not locked:
            raise Refused(404, f"There is no ticket {use['ticket_id']}.")
        if locked[0]["status"] not in WORKABLE:
            raise Refused(409, f"Ticket {use['ticket_id']} is {locked[0]['status']}.")
        if not _rows(TAKE_PART, use):
            raise Refused(409, f"Not enough of part {use['part_id']} is in stock.")
        [line] = _rows(ADD_LINE, use)
        _run(ADD_MOVEMENT, use | {"line_id": line["id"]})
        _run(NEXT_VERSION, [use["ticket_id"]])
        [made] = _rows(f"{LINES} WHERE l.id = %s", [line["id"]])
    return _line(made)


def _whole(found):
    if not found:
        return []
    ids = [row["id"] for row in found]
    mechanics, lines = defaultdict(list), defaultdict(list)
    for row in _rows(MECHANICS, [ids]):
        mechanics[row.pop("ticket_id")].append(row)
    for row in _rows(LINES_OF_TICKETS, [ids]):
        lines[row["ticket_id"]].append(_line(row))
    for row in found:
        ticket_id, vehicle_id = row["id"], row["vehicle_id"]
        vehicle = {name: row.pop(name) for name in VEHICLE}
        row["ro_number"] = f"RO-{ticket_id:06}"
        row["customer"] = {"id": row["customer_id"], "name": row.pop("customer_name")}
        row["vehicle"] = None if vehicle_id is None else {"id": vehicle_id} | vehicle
        row["mechanics"], row["parts"] = mechanics[ticket_id], lines[ticket_id]
        row["total_cents"] = sum(line["line_total_cents"] for line in row["parts"])
    return found


def _line(row):
    hundredths, markup = row["quantity_used"], row.pop("markup_bps")
    row["quantity_used"] = _quantity(hundredths)
    row["line_total_cents"] = (hundredths * row["unit_price_cents"] + 50) // 100
    row["markup_percentage"] = None if markup is None else markup / 100
    return row


def _quantity(hundredths):
    whole, rest = divmod(hundredths, 100)
    return hundredths / 100 if rest else whole


def _rows(statement, values=None):
    with _connection().cursor() as cursor:
        cursor.execute(statement, values)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor]


def _run(statement, values):
    with _connection().cursor() as cursor:
        cursor.execute(statement, values)


@contextlib.contextmanager
def _transaction():
    connection = _connection()
    connection.autocommit = False
    try:
        with connection:
            yield
    finally:
        connection.autocommit = True


def _connection():
    """Return the connection of this thread; PGHOST, PGPORT, PGUSER and PGDATABASE say where it goes."""
    if not hasattr(_local, "connection"):
        _local.connection = psycopg2.connect("", options="-c timezone=UTC")
        _local.connection.autocommit = True
    return _local.connection
