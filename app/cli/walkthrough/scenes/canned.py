"""Example API calls about canned jobs: the jobs that the shop does every day."""

from app.cli.walkthrough.call import Call, Scene

CANNED = Scene(
    "Canned jobs",
    "What the shop does every day is written once; on a ticket it gets the prices of that day.",
    (
        Call(
            "A job that the shop does every day",
            "POST /canned-jobs",
            201,
            as_="manager",
            body={
                "name": "Oil change{{run}}",
                "note": "Synthetic oil and a new filter.",
                "category": "Maintenance",
                "lines": [
                    {"kind": "labor", "billed_minutes": 30, "rate_cents": 12000},
                    {
                        "kind": "part",
                        "name": "Oil filter",
                        "part_number": "OF-7",
                        "unit_cost_cents": 700,
                        "markup_percentage": 60,
                    },
                    {"kind": "fee", "name": "Oil disposal", "unit_price_cents": 350},
                ],
            },
            expects={"name": "Oil change{{run}}", "lines.1.markup_percentage": 60},
            saves={"oil_change_id": "id"},
        ),
        Call(
            "Every name once",
            "POST /canned-jobs",
            409,
            as_="manager",
            body={
                "name": "oil  change{{run}}",
                "lines": [{"kind": "labor", "billed_minutes": 20}],
            },
            expects={"code": "name_taken"},
        ),
        Call(
            "What maintenance the shop offers",
            "GET /canned-jobs?category=maintenance&q=oil",
            as_="bob",
            among={"id": "{{oil_change_id}}", "category": "Maintenance"},
        ),
        Call(
            "Look at the canned job",
            "GET /canned-jobs/{{oil_change_id}}",
            as_="bob",
            expects={"lines.2.name": "Oil disposal"},
        ),
        Call(
            "It has another note",
            "PATCH /canned-jobs/{{oil_change_id}}",
            as_="manager",
            body={"note": "5 quarts of synthetic oil, and a new filter."},
            expects={"category": "Maintenance"},
        ),
        Call(
            "It takes less time",
            "PUT /canned-jobs/{{oil_change_id}}",
            as_="manager",
            body={"lines": [{"kind": "labor", "billed_minutes": 20, "rate_cents": 12000}]},
            expects={"lines.0.billed_minutes": 20},
        ),
        Call(
            "Alice wants an oil change, too",
            "POST /service-tickets/{{repair_id}}/canned-jobs",
            201,
            as_="bob",
            body={"canned_job_id": "{{oil_change_id}}"},
            expects={"name": "Oil change{{run}}", "price_cents": 4000},
            saves={"oil_job_id": "id"},
        ),
        Call(
            "The shop no longer offers it",
            "DELETE /canned-jobs/{{oil_change_id}}",
            204,
            as_="manager",
        ),
    ),
)
