"""Example API calls that assign mechanics to a ticket and remove them."""

from app.cli.walkthrough.call import Call, Scene

CREW = Scene(
    "The crew",
    "Mechanics come to a ticket and go.",
    (
        Call(
            "Bob leads",
            "PUT /service-tickets/{{ticket_id}}/assign-mechanic/{{bob_id}}",
            as_="bob",
            body={"role": "Lead Technician", "minutes_worked": 45},
            expects={"mechanics.0.id": "{{bob_id}}", "mechanics.0.minutes_worked": 45},
        ),
        Call(
            "Pat helps instead",
            "PUT /service-tickets/{{ticket_id}}/edit",
            as_="bob",
            body={"add_ids": ["{{pat_id}}"], "remove_ids": ["{{bob_id}}"], "role": "Helper"},
            expects={"mechanics.0.id": "{{pat_id}}", "mechanics.0.role": "Helper"},
        ),
        Call(
            "Nobody comes and goes at once",
            "PUT /service-tickets/{{ticket_id}}/edit",
            422,
            as_="bob",
            body={"add_ids": ["{{pat_id}}"], "remove_ids": ["{{pat_id}}"]},
            expects={"code": "invalid", "errors.0.pointer": "/remove_ids"},
        ),
        Call(
            "Pat goes home",
            "PUT /service-tickets/{{ticket_id}}/remove-mechanic/{{pat_id}}",
            as_="bob",
            expects={"mechanics": []},
        ),
        Call(
            "Bob is back",
            "POST /assignments",
            201,
            as_="manager",
            body={"ticket_id": "{{ticket_id}}", "mechanic_id": "{{bob_id}}"}
            | {"role": "Lead Technician", "minutes_worked": 60},
            expects={"mechanic_name": "Bob Wrench", "minutes_worked": 60},
        ),
        Call(
            "He is on it already",
            "POST /assignments",
            409,
            as_="manager",
            body={"ticket_id": "{{ticket_id}}", "mechanic_id": "{{bob_id}}"},
            expects={"code": "already_assigned"},
        ),
        Call(
            "Pat looks over his shoulder",
            "POST /assignments",
            201,
            as_="manager",
            body={"ticket_id": "{{ticket_id}}", "mechanic_id": "{{pat_id}}"},
            expects={"mechanic_name": "Pat Novak", "role": None},
        ),
        Call(
            "And leaves",
            "DELETE /assignments",
            204,
            as_="manager",
            body={"ticket_id": "{{ticket_id}}", "mechanic_id": "{{pat_id}}"},
        ),
        Call(
            "Who is on the ticket",
            "GET /assignments?ticket_id={{ticket_id}}",
            as_="bob",
            expects={"items.0.mechanic_id": "{{bob_id}}", "pagination.total": 1},
        ),
        Call(
            "Not for customers", "GET /assignments", 403, as_="alice", expects={"code": "forbidden"}
        ),
        Call(
            "Who has done most",
            "GET /mechanics/top?by=assigned&order=desc&limit=10",
            as_="alice",
        ),
    ),
)
