// The queries: three statements for a page of tickets, one transaction for a used part.

import pg from "pg";

const { INT8, DATE, TIMESTAMPTZ } = pg.types.builtins;
pg.types.setTypeParser(INT8, Number);
pg.types.setTypeParser(DATE, (text) => text);
// A Date of JavaScript has no microseconds: "2026-01-01 08:00:00.123456+00" stays a text.
pg.types.setTypeParser(TIMESTAMPTZ, (text) => `${text.slice(0, 10)}T${text.slice(11, -3)}Z`);

// Where the database is, the variables PGHOST, PGPORT, PGUSER and PGDATABASE say.
export const pool = new pg.Pool({ max: 10, options: "-c timezone=UTC" });

const TICKET = `
  SELECT t.id, t.status, t.hold_reason, t.priority, t.problem_description, t.odometer_in,
    t.service_date, t.promised_at, t.opened_at, t.closed_at, t.updated_at, t.version,
    t.customer_id, t.vehicle_id, c.name AS customer_name, coalesce(t.kept_vin, v.vin) AS vin,
    v.license_plate, v.make, v.model, v.year,
    CASE WHEN t.kept_vin IS NULL THEN v.vin_verified END AS vin_verified
  FROM service_tickets t JOIN customers c ON c.id = t.customer_id
    LEFT JOIN vehicles v ON v.id = t.vehicle_id`;
const PAGE = `${TICKET} WHERE t.id > $1 ORDER BY t.id LIMIT $2`;
const PAGE_FROM = `${TICKET} WHERE t.id > $1 AND t.opened_at >= $3 ORDER BY t.id LIMIT $2`;
const MECHANICS = `
  SELECT a.ticket_id, m.id, m.name, a.role, a.minutes_worked
  FROM assignments a JOIN mechanics m ON m.id = a.mechanic_id
  WHERE a.ticket_id = ANY($1::int[]) ORDER BY a.id`;
const LINES = `
  SELECT l.id, l.ticket_id, l.part_id, p.part_number, p.name, l.quantity, p.unit,
    l.unit_price_cents, l.warranty_months, l.installed_by_mechanic_id, m.name AS installed_by,
    l.used_at, l.unit_cost_cents, l.markup_bps
  FROM ticket_lines l JOIN parts p ON p.id = l.part_id
    LEFT JOIN mechanics m ON m.id = l.installed_by_mechanic_id
  WHERE l.ticket_id = ANY($1::int[]) AND l.used_at IS NOT NULL ORDER BY l.id`;
const PARTS = `
  SELECT id, part_number, name, description, category, manufacturer, price_cents, unit,
    quantity_in_stock > 0 AS in_stock, supplier, current_cost_cents, quantity_in_stock,
    reorder_level, quantity_in_stock <= reorder_level AS low_stock, created_at, updated_at, version
  FROM parts WHERE retired_at IS NULL ORDER BY id LIMIT $1 OFFSET $2`;
const COUNT_PARTS = "SELECT count(*) AS total FROM parts WHERE retired_at IS NULL";
const LOCK_TICKET = "SELECT status FROM service_tickets WHERE id = $1 FOR UPDATE";
const TAKE_PART = `
  UPDATE parts SET quantity_in_stock = quantity_in_stock - $2, version = version + 1, updated_at = now()
  WHERE id = $1 AND retired_at IS NULL AND quantity_in_stock >= $2
  RETURNING part_number, name, unit, current_cost_cents, price_cents`;
const ADD_LINE = `
  INSERT INTO ticket_lines (ticket_id, job_id, kind, position, name, taxable, part_id, part_number,
    condition, quantity, unit_cost_cents, markup_bps, unit_price_cents, price_source,
    core_charge_cents, cores_returned, used_at)
  SELECT $1, id, 'part', (SELECT coalesce(max(position), 0) + 1 FROM ticket_lines WHERE ticket_id = $1),
    $2, true, $3, $4, 'new', $5, $6, $7, $8, 'catalog', 0, 0, now()
  FROM jobs WHERE ticket_id = $1 ORDER BY position, id LIMIT 1
  RETURNING id, used_at`;
const ADD_MOVEMENT = `
  INSERT INTO stock_movements (part_id, quantity, reason, ticket_id, line_id, account_id, at)
  VALUES ($1, $2, 'used', $3, $4, $5, now())`;
const MOVE_VERSION =
  "UPDATE service_tickets SET version = version + 1, updated_at = now() WHERE id = $1";
const WORKABLE = new Set(["open", "in_progress", "on_hold"]);

export class Refused extends Error {
  constructor(statusCode, message) {
    super(message);
    this.statusCode = statusCode;
  }
}

async function rows(on, name, text, ...values) {
  return (await on.query({ name, text, values })).rows;
}

export async function tickets({ after, perPage, openedFrom }) {
  const found = openedFrom
    ? await rows(pool, "page_from", PAGE_FROM, after, perPage + 1, openedFrom)
    : await rows(pool, "page", PAGE, after, perPage + 1);
  const hasNext = found.length > perPage;
  return { items: await whole(found.slice(0, perPage)), hasNext };
}

export async function ticket(id) {
  const found = await rows(pool, "ticket", `${TICKET} WHERE t.id = $1`, id);
  if (!found.length) throw new Refused(404, `There is no ticket ${id}.`);
  return (await whole(found))[0];
}

export async function version(id) {
  const found = await rows(pool, "version", "SELECT version FROM service_tickets WHERE id = $1", id);
  return found[0]?.version;
}

export async function parts({ page, perPage }) {
  const [found, [{ total }]] = await Promise.all([
    rows(pool, "parts", PARTS, perPage, (page - 1) * perPage),
    rows(pool, "count_parts", COUNT_PARTS),
  ]);
  for (const part of found) {
    part.quantity_in_stock /= 100;
    part.reorder_level /= 100;
  }
  return { items: found, total };
}

export async function usePart(accountId, ticketId, partId, quantity) {
  const client = await pool.connect();
  try {
    await client.query("BEGIN");
    const line = await use(client, accountId, ticketId, partId, Math.round(quantity * 100));
    await client.query("COMMIT");
    return line;
  } catch (error) {
    await client.query("ROLLBACK");
    throw error;
  } finally {
    client.release();
  }
}

async function use(on, accountId, ticketId, partId, quantity) {
  const [locked] = await rows(on, "lock_ticket", LOCK_TICKET, ticketId);
  if (!locked) throw new Refused(404, `There is no ticket ${ticketId}.`);
  if (!WORKABLE.has(locked.status)) throw new Refused(409, `Ticket ${ticketId} is ${locked.status}.`);
  const [part] = await rows(on, "take_part", TAKE_PART, partId, quantity);
  if (!part) throw new Refused(409, `Not enough of part ${partId} is in stock.`);
  const { part_number, name, unit, current_cost_cents: cost, price_cents: price } = part;
  const markup = cost ? Math.round(((price - cost) * 10000) / cost) : null;
  const values = [ticketId, name, partId, part_number, quantity, cost, markup, price];
  const [line] = await rows(on, "add_line", ADD_LINE, ...values);
  await rows(on, "add_movement", ADD_MOVEMENT, partId, -quantity, ticketId, line.id, accountId);
  await rows(on, "move_version", MOVE_VERSION, ticketId);
  return shown({
    id: line.id,
    ticket_id: ticketId,
    part_id: partId,
    part_number,
    name,
    quantity,
    unit,
    unit_price_cents: price,
    warranty_months: null,
    installed_by_mechanic_id: null,
    installed_by: null,
    used_at: line.used_at,
    unit_cost_cents: cost,
    markup_bps: markup,
  });
}

async function whole(found) {
  const ids = found.map((row) => row.id);
  const [mechanics, lines] = await Promise.all([
    rows(pool, "mechanics", MECHANICS, ids),
    rows(pool, "lines", LINES, ids),
  ]);
  const byId = new Map(found.map((row) => [row.id, asTicket(row)]));
  for (const mechanic of mechanics) byId.get(mechanic.ticket_id).mechanics.push(mechanic);
  for (const row of lines) {
    const of = byId.get(row.ticket_id);
    const line = shown(row);
    of.parts.push(line);
    of.total_cents += line.line_total_cents;
  }
  return [...byId.values()];
}

function asTicket(row) {
  const { vehicle_id: id, vin, license_plate, make, model, year, vin_verified } = row;
  return {
    id: row.id,
    status: row.status,
    hold_reason: row.hold_reason,
    priority: row.priority,
    problem_description: row.problem_description,
    odometer_in: row.odometer_in,
    service_date: row.service_date,
    promised_at: row.promised_at,
    opened_at: row.opened_at,
    closed_at: row.closed_at,
    updated_at: row.updated_at,
    version: row.version,
    customer_id: row.customer_id,
    vehicle_id: id,
    ro_number: `RO-${String(row.id).padStart(6, "0")}`,
    customer: { id: row.customer_id, name: row.customer_name },
    vehicle: id === null ? null : { id, vin, license_plate, make, model, year, vin_verified },
    mechanics: [],
    parts: [],
    total_cents: 0,
  };
}

function shown(row) {
  return {
    id: row.id,
    ticket_id: row.ticket_id,
    part_id: row.part_id,
    part_number: row.part_number,
    name: row.name,
    quantity_used: row.quantity / 100,
    unit: row.unit,
    unit_price_cents: row.unit_price_cents,
    warranty_months: row.warranty_months,
    installed_by_mechanic_id: row.installed_by_mechanic_id,
    installed_by: row.installed_by,
    used_at: row.used_at,
    line_total_cents: Math.round((row.quantity * row.unit_price_cents) / 100),
    unit_cost_cents: row.unit_cost_cents,
    markup_percentage: row.markup_bps === null ? null : row.markup_bps / 100,
  };
}
