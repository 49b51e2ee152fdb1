// The JSON schemas of the answers, with which Fastify serializes them.

const integer = { type: "integer" };
const string = { type: "string" };
const boolean = { type: "boolean" };
const orNull = (type) => ({ ...type, nullable: true });
const object = (properties, more = {}) => ({ type: "object", properties, ...more });
const listOf = (items) => ({ type: "array", items });

export const line = object({
  id: integer,
  ticket_id: integer,
  part_id: integer,
  part_number: string,
  name: string,
  quantity_used: { type: "number" },
  unit: string,
  unit_price_cents: integer,
  warranty_months: orNull(integer),
  installed_by_mechanic_id: orNull(integer),
  installed_by: orNull(string),
  used_at: string,
  line_total_cents: integer,
  unit_cost_cents: orNull(integer),
  markup_percentage: orNull({ type: "number" }),
});

const mechanic = object({
  id: integer,
  name: string,
  role: orNull(string),
  minutes_worked: integer,
});

const vehicle = object(
  {
    id: integer,
    vin: orNull(string),
    license_plate: orNull(string),
    make: orNull(string),
    model: orNull(string),
    year: orNull(integer),
    vin_verified: orNull(boolean),
  },
  { nullable: true },
);

export const ticket = object({
  id: integer,
  status: string,
  hold_reason: orNull(string),
  priority: integer,
  problem_description: string,
  odometer_in: orNull(integer),
  service_date: orNull(string),
  promised_at: orNull(string),
  opened_at: string,
  closed_at: orNull(string),
  updated_at: string,
  version: integer,
  customer_id: integer,
  vehicle_id: orNull(integer),
  ro_number: string,
  customer: object({ id: integer, name: string }),
  vehicle,
  mechanics: listOf(mechanic),
  parts: listOf(line),
  total_cents: integer,
});

const part = object({
  id: integer,
  part_number: string,
  name: string,
  description: orNull(string),
  category: orNull(string),
  manufacturer: orNull(string),
  price_cents: integer,
  unit: string,
  in_stock: boolean,
  supplier: orNull(string),
  current_cost_cents: integer,
  quantity_in_stock: { type: "number" },
  reorder_level: { type: "number" },
  low_stock: boolean,
  created_at: string,
  updated_at: string,
  version: integer,
});

const pagination = object({
  page: orNull(integer),
  total: orNull(integer),
  total_pages: orNull(integer),
  total_is_exact: orNull(boolean),
  per_page: integer,
  has_next: boolean,
  has_prev: boolean,
  next_cursor: orNull(string),
});

const pageOf = (item) => object({ items: listOf(item), pagination });

export const ticketPage = pageOf(ticket);
export const partPage = pageOf(part);
