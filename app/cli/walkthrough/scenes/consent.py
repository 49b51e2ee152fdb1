"""Calls about consent: the estimate, what the customer decides, and work that waits for a decision."""

from app.cli.walkthrough.call import Call, Scene

CONSENT = Scene(
    "Estimate and consent",
    "The customer reads the estimate and decides on each job. More work than that asks for a new decision.",
    (
        Call(
            "The estimate for Alice",
            "GET /service-tickets/{{repair_id}}/estimate",
            as_="bob",
            expects={"jobs.0.name": "Front brakes", "jobs.0.authorization": "pending"},
            saves={"first_estimate": "estimate_sha256"},
        ),
        Call(
            "She decides by phone",
            "POST /service-tickets/{{repair_id}}/authorizations",
            201,
            as_="bob",
            body={
                "method": "phone",
                "authorized_by_name": "Alice",
                "contact": "555-0100",
                "decisions": [
                    {"job_id": "{{brakes_id}}", "decision": "authorized"},
                    {"job_id": "{{oil_job_id}}", "decision": "deferred"},
                ],
            },
            expects={"decisions.1.decision": "deferred", "method": "phone"},
            saves={"authorization_id": "id"},
        ),
        Call(
            "A decision on an estimate of before",
            "POST /service-tickets/{{repair_id}}/authorizations",
            409,
            as_="alice",
            body={
                "estimate_sha256": "{{first_estimate}}",
                "decisions": [{"job_id": "{{oil_job_id}}", "decision": "authorized"}],
            },
            expects={"code": "estimate_changed"},
        ),
        Call(
            "Alice reads the estimate of now",
            "GET /service-tickets/{{repair_id}}/estimate",
            as_="alice",
            expects={
                "jobs.0.authorization": "authorized",
                "declined_jobs.0.authorization": "deferred",
            },
            saves={"estimate_of_now": "estimate_sha256"},
        ),
        Call(
            "The oil change after all",
            "POST /service-tickets/{{repair_id}}/authorizations",
            201,
            as_="alice",
            body={
                "estimate_sha256": "{{estimate_of_now}}",
                "decisions": [{"job_id": "{{oil_job_id}}", "decision": "authorized"}],
            },
            expects={"method": "account", "taken_by": None},
        ),
        Call(
            "Who said what and when",
            "GET /service-tickets/{{repair_id}}/authorizations",
            as_="bob",
            among={"id": "{{authorization_id}}", "method": "phone"},
        ),
        Call(
            "With the estimate that she saw",
            "GET /authorizations/{{authorization_id}}",
            as_="bob",
            expects={"estimate.jobs.0.name": "Front brakes"},
        ),
        Call(
            "A job with a decision stays",
            "DELETE /jobs/{{oil_job_id}}",
            409,
            as_="bob",
            expects={"code": "job_in_use"},
        ),
        Call(
            "Nothing is done without consent here",
            "PATCH /shop",
            as_="manager",
            body={"authorization_policy": "strict"},
            expects={"authorization_policy": "strict"},
        ),
        Call(
            "A part that Alice was not asked about",
            "POST /service-tickets/{{repair_id}}/parts/{{pads_id}}",
            409,
            as_="bob",
            body={"job_id": "{{oil_job_id}}"},
            expects={"code": "not_authorized", "jobs.0.because": "price_raised"},
        ),
        Call(
            "The shop only looks at it again",
            "PATCH /shop",
            as_="manager",
            body={"authorization_policy": "off"},
            expects={"authorization_policy": "off"},
        ),
    ),
)
