"""Mechanics come to a ticket and go."""

from app.cli.walkthrough.call import Call, Scene

CREW = Scene(
    "The crew",
    "Mechanics come to a ticket and go.",
    (
        Call(
            "Bob leads",
            "PUT /service-tickets/{{ticket_id}}/assign-mechanic/{{bob_id}}",
            by="bob",
            sends={"role": "Lead Technician", "minutes_worked": 45},
            tells={"mechanics.0.id": "{{bob_id}}", "mechanics.0.minutes_worked": 45},
        ),
        Call(
            "Pat helps instead",
            "PUT /service-tickets/{{ticket_id}}/edit",
            by="bob",
            sends={"add_ids": ["{{pat_id}}"], "remove_ids": ["{{bob_id}}"], "role": "Helper"},
            tells={"mechanics.0.id": "{{pat_id}}", "mechanics.0.role": "Helper"},
        ),
        Call(
            "Nobody comes and goes at once",
            "PUT /service-tickets/{{ticket_id}}/edit",
            422,
            by="bob",
            sends={"add_ids": ["{{pat_id}}"], "remove_ids": ["{{pat_id}}"]},
            tells={"code": "invalid", "errors.0.pointer": "/remove_ids"},
        ),
        Call(
            "Pat goes home",
            "PUT /service-tickets/{{ticket_id}}/remove-mechanic/{{pat_id}}",
            by="bob",
            tells={"mechanics": []},
        ),
        Call(
            "Bob is back",
            "POST /assignments",
            201,
            by="manager",
            sends={"ticket_id": "{{ticket_id}}", "mechanic_id": "{{bob_id}}"}
            | {"role": "Lead Technician", "minutes_worked": 60},
            tells={"mechanic_name": "Bob Wrench", "minutes_worked": 60},
        ),
        Call(
            "He is on it already",
            "POST /assignments",
            409,
            by="manager",
            sends={"ticket_id": "{{ticket_id}}", "mechanic_id": "{{bob_id}}"},
            tells={"code": "already_assigned"},
        ),
        Call(
            "Pat looks over his shoulder",
            "POST /assignments",
            201,
            by="manager",
            sends={"ticket_id": "{{ticket_id}}", "mechanic_id": "{{pat_id}}"},
            tells={"mechanic_name": "Pat Novak", "role": None},
        ),
        Call(
            "And leaves",
            "DELETE /assignments",
            204,
            by="manager",
            sends={"ticket_id": "{{ticket_id}}", "mechanic_id": "{{pat_id}}"},
        ),
        Call(
            "Who is on the ticket",
            "GET /assignments?ticket_id={{ticket_id}}",
            by="bob",
            tells={"items.0.mechanic_id": "{{bob_id}}", "pagination.total": 1},
        ),
        Call("Not for customers", "GET /assignments", 403, by="alice", tells={"code": "forbidden"}),
        Call(
            "Who has done most",
            "GET /mechanics/top?by=assigned&order=desc&limit=10",
            by="alice",
        ),
    ),
)
