"""The members of an answer that only some readers get: a row for each shape that has such members.

Any other shape shows all its members to everyone who may read it.
"""

LINE = (
    "id ticket_id job_id position kind name taxable discount_percentage discount_cents applies_to"
    " billed_minutes rate_cents flat_price_cents mechanic_id quantity unit_price_cents part_id part_number"
    " condition core_charge_cents cores_returned used_at installed_by_mechanic_id warranty_months"
    " warranty_distance amount_cents net_cents tax_cents"
)
LINE_OF_STAFF = "unit_cost_cents markup_percentage price_source supplier"
SEEN = {
    "PartOut": {
        "anybody": "id part_number name description category manufacturer price_cents unit"
        " in_stock",
        "staff": "supplier current_cost_cents quantity_in_stock reorder_level low_stock"
        " created_at updated_at version",
    },
    "PartLineOut": {
        "anybody": "id ticket_id part_id part_number name quantity_used unit"
        " unit_price_cents"
        " warranty_months installed_by_mechanic_id installed_by used_at line_total_cents",
        "staff": "unit_cost_cents markup_percentage",
    },
    "ShopOut": {
        "anybody": "name address_lines phone email website registration_number tax_number currency"
        " distance_unit time_zone",
        "staff": "labor_rate_cents taxes shop_supplies paper authorization_policy approval_hours"
        " closing_policy estimate_terms invoice_terms payment_terms_days invoice_prefix first_invoice_number"
        " updated_at version",
        "managers": "markup_matrix labor_cost_rate_cents",
    },
    "JobOut": {
        "anybody": "id ticket_id position name note cause correction canned_job_id revived_from_id"
        " dismissed_at created_at version price_cents lines authorization because authorized_cents"
        " decided_at",
        "staff": "dismissed_reason",
    },
    "TotalsOut": {
        "anybody": "ticket_id labor_cents parts_cents sublet_cents fees_cents discount_cents"
        " shop_supplies_cents shop_supplies_tax_cents core_charges_cents core_returns_cents"
        " subtotal_cents taxes tax_cents total_cents authorized_total_cents authorization_status currency"
        " paid_cents balance_cents payment_status",
        "managers": "gross_profit_cents",
    },
    "LineOfJobOut": {"anybody": LINE, "staff": LINE_OF_STAFF},
    "LineOut": {"anybody": f"{LINE} version", "staff": LINE_OF_STAFF},
    "CustomerOut": {
        "anybody": "id name email phone address city state postal_code has_account created_at"
        " updated_at version",
        "staff": "email_verified",
    },
    "DuplicateOut": {
        "staff": "id name email phone address city state postal_code has_account created_at"
        " updated_at version agrees_in email_verified",
    },
    "VehicleOut": {
        "anybody": "id customer_id vin vin_check license_plate make model year color odometer"
        " created_at updated_at version",
        "staff": "vin_verified",
    },
    "TicketVehicleOut": {
        "anybody": "id vin license_plate make model year",
        "staff": "vin_verified",
    },
    "MechanicOut": {
        "anybody": "id name specialty is_active ticket_count",
        "staff": "email phone address role created_at updated_at version",
        "managers": "salary has_account",
    },
}
LEVELS = {
    "anybody": ("anybody",),
    "staff": ("anybody", "staff"),
    "managers": (*SEEN["MechanicOut"],),
}
READERS = {
    **dict.fromkeys(("anyone", "owner", "stranger"), "anybody"),
    **dict.fromkeys(("assigned", "unassigned", "demoted"), "staff"),
    "manager": "managers",
}

# Values that only some actors may read anywhere: the text in JSON, and these actors.
STAFF = {"assigned", "unassigned", "demoted", "manager"}
SECRETS = {
    "cost": ("31337007", STAFF),
    "stock": ("404040", STAFF),
    "reorder level": ("20202029", STAFF),
    "supplier": ("Quiet Supplies", STAFF),
    "a mechanic's e-mail": ("bob@example.org", STAFF),
    "a mechanic's phone": ("555-0142", STAFF),
    "salary": ("7654321.0", {"manager"}),
    "a customer's e-mail": ("alice@example.org", {"owner"} | STAFF),
    "a customer's phone": ("555-0111", {"owner"} | STAFF),
    "a customer's address": ("12 Quiet Lane", {"owner"} | STAFF),
    "a plate": ("QUIET 1", {"owner"} | STAFF),
}
