"""The marshmallow schemas of the server on Flask."""

from marshmallow import Schema, fields


class Time(fields.DateTime):
    """A field for a time in UTC, which ends in Z."""

    def _serialize(self, value, attr, obj, **kwargs):
        return value and value.isoformat().replace("+00:00", "Z")


class Hundredths(fields.Field):
    """A field for a number that is stored in hundredths."""

    def _serialize(self, value, attr, obj, **kwargs):
        return value if value is None else value / 100


class LineSchema(Schema):
    id = fields.Integer()
    ticket_id = fields.Integer()
    part_id = fields.Integer()
    part_number = fields.String(attribute="part.part_number")
    name = fields.String(attribute="part.name")
    quantity_used = Hundredths(attribute="quantity")
    unit = fields.String(attribute="part.unit")
    unit_price_cents = fields.Integer()
    warranty_months = fields.Integer()
    installed_by_mechanic_id = fields.Integer()
    installed_by = fields.Function(lambda line: line.installer and line.installer.name)
    used_at = Time()
    line_total_cents = fields.Integer()
    unit_cost_cents = fields.Integer()
    markup_percentage = Hundredths(attribute="markup_bps")


class MechanicSchema(Schema):
    id = fields.Integer(attribute="mechanic.id")
    name = fields.String(attribute="mechanic.name")
    role = fields.String()
    minutes_worked = fields.Integer()


class CustomerSchema(Schema):
    id = fields.Integer()
    name = fields.String()


class VehicleSchema(Schema):
    id = fields.Integer()
    vin = fields.String()
    license_plate = fields.String()
    make = fields.String()
    model = fields.String()
    year = fields.Integer()
    vin_verified = fields.Boolean()


class TicketSchema(Schema):
    id = fields.Integer()
    status = fields.String()
    hold_reason = fields.String()
    priority = fields.Integer()
    problem_description = fields.String()
    odometer_in = fields.Integer()
    service_date = fields.Date()
    promised_at = Time()
    opened_at = Time()
    closed_at = Time()
    updated_at = Time()
    version = fields.Integer()
    customer_id = fields.Integer()
    vehicle_id = fields.Integer()
    ro_number = fields.String()
    customer = fields.Nested(CustomerSchema)
    vehicle = fields.Method("of_vehicle")
    mechanics = fields.Nested(MechanicSchema, many=True, attribute="assignments")
    parts = fields.Nested(LineSchema, many=True, attribute="lines")
    total_cents = fields.Integer()

    def of_vehicle(self, ticket):
        """Return the vehicle; once the ticket is over, with the VIN of that time."""
        vehicle = ticket.vehicle and vehicle_schema.dump(ticket.vehicle)
        if vehicle and ticket.kept_vin:
            vehicle |= {"vin": ticket.kept_vin, "vin_verified": None}
        return vehicle


class PartSchema(Schema):
    id = fields.Integer()
    part_number = fields.String()
    name = fields.String()
    description = fields.String()
    category = fields.String()
    manufacturer = fields.String()
    price_cents = fields.Integer()
    unit = fields.String()
    in_stock = fields.Boolean()
    supplier = fields.String()
    current_cost_cents = fields.Integer()
    quantity_in_stock = Hundredths()
    reorder_level = Hundredths()
    low_stock = fields.Boolean()
    created_at = Time()
    updated_at = Time()
    version = fields.Integer()


vehicle_schema = VehicleSchema()
line_schema = LineSchema()
ticket_schema, tickets_schema = TicketSchema(), TicketSchema(many=True)
parts_schema = PartSchema(many=True)
