"""One believable value for each name on the wire, so that every example in the document agrees."""

from marshmallow import Schema, fields

WHEN = "2026-03-02T08:30:00Z"
EXAMPLES = {
    "access_token": "eyJhbGciOiJIUzI1NiIsInR5cCI6ImF0K2p3dCJ9.e30.c2lnbmF0dXJl",
    "add_ids": [1, 2],
    "address": "123 Main St",
    "adjustment": 10,
    "at": WHEN,
    "assigned_at": WHEN,
    "category": "Brakes",
    "changed_by": "Marge Rivers",
    "city": "Denver",
    "code": "not_found",
    "color": "Silver",
    "created_at": WHEN,
    "current_cost_cents": 4500,
    "current_password": "a long enough password",
    "cursor": None,
    "customer_id": 1,
    "description": "Ceramic, front axle",
    "detail": "There is no service ticket 42.",
    "email": "alice@example.com",
    "expires_in": 3600,
    "from_status": "open",
    "hold_reason": None,
    "id": 1,
    "installed_by": "Bob Wrench",
    "installed_by_mechanic_id": 1,
    "license_plate": "ABC-1234",
    "line_id": 1,
    "line_total_cents": 11700,
    "make": "Honda",
    "manufacturer": "AutoParts Inc",
    "markup_percentage": 30.0,
    "mechanic_id": 1,
    "mechanic_name": "Bob Wrench",
    "minutes_worked": 45,
    "model": "Accord",
    "moved_by": "Marge Rivers",
    "name": "Alice Driver",
    "new_password": "an even longer password",
    "new_quantity": 35,
    "next_cursor": None,
    "note": None,
    "odometer": 45000,
    "odometer_in": 45000,
    "opened_at": WHEN,
    "part_id": 1,
    "part_number": "BRK-001",
    "password": "a long enough password",
    "phone": "555-1234",
    "postal_code": "80201",
    "previous_quantity": 25,
    "price_cents": 5850,
    "priority": 3,
    "problem_description": "Grinding noise when braking",
    "promised_at": "2026-03-03T16:00:00Z",
    "quantity": 25,
    "quantity_in_stock": 25,
    "quantity_used": 2,
    "reading": 45000,
    "reason": "received",
    "refresh_token": "0f8b5c1e.qHc8nq3v0",
    "remove_ids": [],
    "reorder_level": 5,
    "ro_number": "RO-000001",
    "role": "Lead Technician",
    "salary": 65000.0,
    "service_date": "2026-03-02",
    "specialty": "Brakes",
    "state": "CO",
    "status": "open",
    "supplier": "Parts Warehouse",
    "ticket_count": 3,
    "ticket_id": 1,
    "to": "in_progress",
    "to_status": "in_progress",
    "token": "eyJhbGciOiJIUzI1NiIsInR5cCI6ImF0K2p3dCJ9.e30.c2lnbmF0dXJl",
    "token_type": "Bearer",
    "total_cents": 11700,
    "unit_cost_cents": 4500,
    "unit_price_cents": 5850,
    "updated_at": WHEN,
    "used_at": WHEN,
    "vehicle_id": 1,
    "version": 1,
    "vin": "1HGCM82633A004352",
    "warranty_months": 12,
    "year": 2003,
}


def example_of(schema: Schema, *, sent: bool = False):
    """An example of this shape, as it is sent by a client or as it is answered."""
    shown = schema.load_fields if sent else schema.dump_fields
    return {name: _value(name, field, sent) for name, field in shown.items()}


def _value(name, field, sent):
    if isinstance(field, fields.List):
        inner = field.inner
        if isinstance(inner, fields.Nested):
            return [_value(name, inner, sent)]
        return EXAMPLES.get(name, [])
    if isinstance(field, fields.Nested):
        return example_of(field.schema, sent=sent)
    if "example" in field.metadata:
        return field.metadata["example"]
    if isinstance(field, fields.Boolean):
        return True
    return EXAMPLES.get(name, 1 if isinstance(field, fields.Integer) else None)
