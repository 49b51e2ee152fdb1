"""Parts are used and the ticket goes from open to closed."""

from app.day.call import Call, Chapter

WORK = Chapter(
    "The work",
    "Parts leave the shelf with a line on the bill, and the ticket goes its way to closed.",
    (
        Call(
            "Bob begins",
            "POST /service-tickets/{{ticket_id}}/transitions",
            201,
            by="bob",
            sends={"to": "in_progress", "reason": "Bay 2 is free"},
            tells={"status": "in_progress"},
        ),
        Call(
            "It can't be closed yet",
            "POST /service-tickets/{{ticket_id}}/transitions",
            409,
            by="bob",
            sends={"to": "closed"},
            tells={
                "code": "illegal_transition",
                "legal": ["on_hold", "ready", "cancelled", "open"],
            },
        ),
        Call(
            "Two sets of pads",
            "POST /service-tickets/{{ticket_id}}/parts/{{pads_id}}",
            201,
            by="bob",
            sends={
                "quantity_used": 2,
                "markup_percentage": 30.0,
                "warranty_months": 12,
                "installed_by_mechanic_id": "{{bob_id}}",
            },
            tells={"unit_price_cents": 5850, "line_total_cents": 11700, "markup_percentage": 30},
        ),
        Call(
            "More than there are",
            "POST /service-tickets/{{ticket_id}}/parts/{{pads_id}}",
            409,
            by="bob",
            sends={"quantity_used": 1000},
            tells={"code": "out_of_stock", "quantity_in_stock": 33},
        ),
        Call(
            "Another set and a filter at once",
            "POST /service-tickets/{{ticket_id}}/parts",
            201,
            by="bob",
            sends={
                "parts": [
                    {"part_id": "{{pads_id}}", "quantity_used": 1, "warranty_months": 12},
                    {"part_id": "{{filter_id}}", "quantity_used": 1},
                ]
            },
            tells={"ticket_id": "{{ticket_id}}", "items.1.part_id": "{{filter_id}}"},
        ),
        Call(
            "One filter more",
            "POST /service-tickets/{{ticket_id}}/parts",
            201,
            by="bob",
            sends={"part_id": "{{filter_id}}", "quantity_used": 2},
            tells={"part_id": "{{filter_id}}", "line_total_cents": 2200},
        ),
        Call(
            "All of it or nothing",
            "POST /service-tickets/{{ticket_id}}/parts",
            409,
            by="bob",
            sends={
                "parts": [
                    {"part_id": "{{pads_id}}"},
                    {"part_id": "{{filter_id}}", "quantity_used": 99},
                ]
            },
            tells={"code": "out_of_stock"},
        ),
        Call(
            "The filters were the wrong ones",
            "DELETE /service-tickets/{{ticket_id}}/parts/{{filter_id}}",
            204,
            by="bob",
        ),
        Call(
            "They are gone from it already",
            "DELETE /service-tickets/{{ticket_id}}/parts/{{filter_id}}",
            404,
            by="bob",
            tells={"code": "not_found"},
        ),
        Call(
            "Alice sees what it costs, not what it cost the shop",
            "GET /service-tickets/{{ticket_id}}/parts",
            by="alice",
            tells={"pagination.total": 2, "items.0.line_total_cents": 11700},
            hides=("items.0.unit_cost_cents", "items.0.markup_percentage"),
        ),
        Call(
            "Where the pads went",
            "GET /inventory/{{pads_id}}/usage",
            by="bob",
            tells={"items.0.ticket_id": "{{ticket_id}}", "pagination.total": 2},
        ),
        Call(
            "Ready",
            "POST /service-tickets/{{ticket_id}}/transitions",
            201,
            by="bob",
            sends={"to": "ready", "reason": "Test drive done"},
            tells={"status": "ready", "total_cents": 17550},
        ),
        Call(
            "Paid and closed",
            "POST /service-tickets/{{ticket_id}}/transitions",
            201,
            by="manager",
            sends={"to": "closed"},
            tells={"status": "closed"},
        ),
        Call(
            "Work on it is over",
            "POST /service-tickets/{{ticket_id}}/parts/{{pads_id}}",
            409,
            by="bob",
            sends={"quantity_used": 1},
            tells={"code": "ticket_closed"},
        ),
        Call(
            "It stays for the books",
            "DELETE /service-tickets/{{ticket_id}}",
            409,
            by="manager",
            tells={"code": "ticket_in_use"},
        ),
        Call(
            "Its way",
            "GET /service-tickets/{{ticket_id}}/history",
            by="alice",
            tells={"items.0.to_status": "closed", "items.1.reason": "Test drive done"},
        ),
        Call(
            "The history of the car",
            "GET /vehicles/{{car_id}}/history",
            by="alice",
            tells={"items.0.id": "{{ticket_id}}", "odometer.0.reading": 145000},
        ),
        Call(
            "A ticket by mistake",
            "POST /service-tickets",
            201,
            by="bob",
            sends={"vehicle_id": "{{van_id}}", "problem_description": "The wrong van"},
            tells={"status": "open", "odometer_in": None},
            keeps={"mistake_id": "id"},
        ),
        Call(
            "Is deleted",
            "DELETE /service-tickets/{{mistake_id}}",
            204,
            by="manager",
        ),
    ),
)
