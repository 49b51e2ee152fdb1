"""Example API calls about work that a customer defers, and that is offered again at the next visit."""

from app.cli.walkthrough.call import Call, Scene

WAITING = Scene(
    "Work that waits",
    "What a customer declines or defers stays with the vehicle, until it is done or dismissed.",
    (
        Call(
            "The wipers can wait",
            "POST /service-tickets/{{repair_id}}/jobs",
            201,
            as_="bob",
            body={
                "name": "New wiper blades",
                "lines": [{"kind": "labor", "billed_minutes": 10, "rate_cents": 12000}],
            },
            saves={"wipers_id": "id"},
        ),
        Call(
            "Not today, says Alice",
            "POST /service-tickets/{{repair_id}}/authorizations",
            201,
            as_="bob",
            body={
                "method": "in_person",
                "authorized_by_name": "Alice",
                "decisions": [{"job_id": "{{wipers_id}}", "decision": "deferred"}],
            },
            expects={"decisions.0.decision": "deferred"},
        ),
        Call(
            "What waits on her car",
            "GET /vehicles/{{car_id}}/recommendations",
            as_="alice",
            among={"job_id": "{{wipers_id}}", "decision": "deferred"},
        ),
        Call(
            "The next visit",
            "POST /service-tickets",
            201,
            as_="bob",
            body={"vehicle_id": "{{car_id}}", "problem_description": "Wipers"},
            saves={"next_visit_id": "id"},
        ),
        Call(
            "Now the wipers",
            "POST /service-tickets/{{next_visit_id}}/jobs",
            201,
            as_="bob",
            body={"revive_job_id": "{{wipers_id}}"},
            expects={"name": "New wiper blades", "revived_from_id": "{{wipers_id}}"},
            saves={"new_wipers_id": "id"},
        ),
        Call(
            "Only once",
            "POST /service-tickets/{{next_visit_id}}/jobs",
            409,
            as_="bob",
            body={"revive_job_id": "{{wipers_id}}"},
            expects={"code": "already_revived"},
        ),
        Call(
            "Nobody waits for the battery",
            "POST /jobs/{{battery_id}}/dismiss",
            409,
            as_="bob",
            body={"reason": "Done elsewhere"},
            expects={"code": "not_recommended"},
        ),
        Call(
            "The next visit is off, and the wipers wait again",
            "POST /service-tickets/{{next_visit_id}}/transitions",
            201,
            as_="bob",
            body={"to": "cancelled"},
        ),
        Call(
            "She has bought the blades herself",
            "POST /jobs/{{new_wipers_id}}/dismiss",
            201,
            as_="bob",
            body={"reason": "Alice has changed them herself."},
            expects={"dismissed_reason": "Alice has changed them herself."},
        ),
    ),
)
