"""The queries of the server on Litestar; asyncpg prepares each statement once for each connection."""

from datetime import datetime

from asyncpg import Connection, Record
from litestar.exceptions import HTTPException, NotFoundException

from benchmarks.peers.litestar_answers import (
    Customer,
    Line,
    Mechanic,
    Number,
    Part,
    Ticket,
    Vehicle,
)

WORKABLE = ("open", "in_progress", "on_hold")
# The first fourteen columns are those of a Ticket.
TICKET = """
    SELECT t.id, t.status, t.hold_reason, t.priority, t.problem_description, t.odometer_in,
        t.service_date, t.promised_at, t.opened_at, t.closed_at, t.updated_at, t.version,
        t.customer_id, t.vehicle_id, c.name, coalesce(t.kept_vin, v.vin), v.license_plate, v.make,
        v.model, v.year, CASE WHEN t.kept_vin IS NULL THEN v.vin_verified END
    FROM service_tickets t JOIN customers c ON c.id = t.customer_id
        LEFT JOIN vehicles v ON v.id = t.vehicle_id
"""
OF_TICKET = 14
PAGE = f"{TICKET} WHERE t.id > $1 ORDER BY t.id LIMIT $2"
PAGE_FROM = f"{TICKET} WHERE t.id > $1 AND t.opened_at >= $3 ORDER BY t.id LIMIT $2"
MECHANICS = """
    SELECT a.ticket_id, m.id, m.name, a.role, a.minutes_worked
    FROM assignments a JOIN mechanics m ON m.id = a.mechanic_id
    WHERE a.ticket_id = ANY($1::int[]) ORDER BY a.id
"""
LINES = """
    SELECT l.id, l.ticket_id, l.part_id, p.part_number, p.name, l.quantity, p.unit, l.unit_price_cents,
        l.warranty_months, l.installed_by_mechanic_id, m.name, l.used_at, l.unit_cost_cents, l.markup_bps
    FROM ticket_lines l JOIN parts p ON p.id = l.part_id
        LEFT JOIN mechanics m ON m.id = l.installed_by_mechanic_id
    WHERE l.ticket_id = ANY($1::int[]) AND l.used_at IS NOT NULL ORDER BY l.id
"""
# The columns are those of a Part.
PARTS = """
    SELECT id, part_number, name, description, category, manufacturer, price_cents, unit,
        quantity_in_stock > 0, supplier, current_cost_cents, quantity_in_stock, reorder_level,
        quantity_in_stock <= reorder_level, created_at, updated_at, version
    FROM parts WHERE retired_at IS NULL ORDER BY id LIMIT $1 OFFSET $2
"""
COUNT_PARTS = "SELECT count(*) FROM parts WHERE retired_at IS NULL"
TAKE_PART = """
    UPDATE parts SET quantity_in_stock = quantity_in_stock - $2, version = version + 1, updated_at = now()
    WHERE id = $1 AND retired_at IS NULL AND quantity_in_stock >= $2
    RETURNING part_number, name, unit, current_cost_cents, price_cents
"""
ADD_LINE = """
    INSERT INTO ticket_lines (ticket_id, job_id, kind, position, name, taxable, part_id, part_number,
        condition, quantity, unit_cost_cents, markup_bps, unit_price_cents, price_source,
        core_charge_cents, cores_returned, used_at)
    SELECT $1, id, 'part', (SELECT coalesce(max(position), 0) + 1 FROM ticket_lines WHERE ticket_id = $1),
        $2, true, $3, $4, 'new', $5, $6, $7, $8, 'catalog', 0, 0, now()
    FROM jobs WHERE ticket_id = $1 ORDER BY jobs.position, id LIMIT 1
    RETURNING id, used_at
"""
ADD_MOVEMENT = """
    INSERT INTO stock_movements (part_id, quantity, reason, ticket_id, line_id, account_id, at)
    VALUES ($1, $2, 'used', $3, $4, $5, now())
"""
NEXT_VERSION = "UPDATE service_tickets SET version = version + 1, updated_at = now() WHERE id = $1"


async def tickets(
    connection: Connection, after: int, limit: int, opened_from: datetime | None
) -> list[Ticket]:
    if opened_from is None:
        found = await connection.fetch(PAGE, after, limit)
    else:
        found = await connection.fetch(PAGE_FROM, after, limit, opened_from)
    return await _whole(connection, found)


async def ticket(connection: Connection, ticket_id: int) -> Ticket:
    found = await connection.fetch(f"{TICKET} WHERE t.id = $1", ticket_id)
    if not found:
        raise NotFoundException(f"There is no ticket {ticket_id}.")
    return (await _whole(connection, found))[0]


async def version(connection: Connection, ticket_id: int) -> int | None:
    return await connection.fetchval("SELECT version FROM service_tickets WHERE id = $1", ticket_id)


async def parts(connection: Connection, page: int, per_page: int) -> tuple[list[Part], int]:
    """Return a page of parts, and the number of all parts."""
    items = [Part(*row) for row in await connection.fetch(PARTS, per_page, (page - 1) * per_page)]
    for part in items:
        part.quantity_in_stock = _quantity(part.quantity_in_stock)
        part.reorder_level = _quantity(part.reorder_level)
    return items, await connection.fetchval(COUNT_PARTS)


async def use_part(
    connection: Connection, account_id: int, ticket_id: int, part_id: int, quantity: int
) -> Line:
    """Take a part out of stock for a ticket, in the caller's transaction; return the line.

    `quantity` is in hundredths.
    """
    lock = "SELECT status FROM service_tickets WHERE id = $1 FOR UPDATE"
    status = await connection.fetchval(lock, ticket_id)
    if status is None:
        raise NotFoundException(f"There is no ticket {ticket_id}.")
    if status not in WORKABLE:
        raise HTTPException(f"Ticket {ticket_id} is {status}.", status_code=409)
    part = await connection.fetchrow(TAKE_PART, part_id, quantity)
    if part is None:
        raise HTTPException(f"Not enough of part {part_id} is in stock.", status_code=409)
    number, name, unit, cost, price = part
    markup = round((price - cost) * 10_000 / cost) if cost else None
    line_id, used_at = await connection.fetchrow(
        ADD_LINE, ticket_id, name, part_id, number, quantity, cost, markup, price
    )
    await connection.execute(ADD_MOVEMENT, part_id, -quantity, ticket_id, line_id, account_id)
    await connection.execute(NEXT_VERSION, ticket_id)
    about = (line_id, ticket_id, part_id, number, name, quantity, unit, price, None, None, None)
    return _line((*about, used_at, cost, markup))


async def _whole(connection: Connection, found: list[Record]) -> list[Ticket]:
    by_id = {row[0]: _ticket(row) for row in found}
    for ticket_id, *mechanic in await connection.fetch(MECHANICS, list(by_id)):
        by_id[ticket_id].mechanics.append(Mechanic(*mechanic))
    for row in await connection.fetch(LINES, list(by_id)):
        line = _line(row)
        by_id[line.ticket_id].parts.append(line)
        by_id[line.ticket_id].total_cents += line.line_total_cents
    return list(by_id.values())


def _ticket(row: Record) -> Ticket:
    own, (customer, *of_vehicle) = row[:OF_TICKET], row[OF_TICKET:]
    ticket_id, customer_id, vehicle_id = row[0], row[12], row[13]
    vehicle = None if vehicle_id is None else Vehicle(vehicle_id, *of_vehicle)
    return Ticket(*own, f"RO-{ticket_id:06}", Customer(customer_id, customer), vehicle, [], [])


def _line(row: Record | tuple) -> Line:
    *own, markup = row
    line = Line(*own, None if markup is None else markup / 100, (row[5] * row[7] + 50) // 100)
    line.quantity_used = _quantity(row[5])
    return line


def _quantity(hundredths: Number) -> Number:
    whole, rest = divmod(hundredths, 100)
    return hundredths / 100 if rest else whole
