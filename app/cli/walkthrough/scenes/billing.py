"""Example API calls about invoices: a ticket that is ready is invoiced, and the invoice is read."""

from app.cli.walkthrough.call import Call, Scene

BILLING = Scene(
    "Invoices",
    "The work is done and invoiced: a number without gaps, and a document that never changes.",
    (
        Call(
            "Not while work goes on",
            "POST /service-tickets/{{repair_id}}/invoice",
            409,
            as_="bob",
            expects={"code": "illegal_transition"},
        ),
        Call(
            "The repair is done",
            "POST /service-tickets/{{repair_id}}/transitions",
            201,
            as_="bob",
            body={"to": "completed"},
            expects={"status": "ready"},
        ),
        Call(
            "A planned part was never used",
            "POST /service-tickets/{{repair_id}}/transitions",
            409,
            as_="bob",
            body={"to": "invoiced"},
            expects={"code": "unused_parts"},
            saves={"unused_line": "line_ids.0"},
        ),
        Call("That part was not needed", "DELETE /lines/{{unused_line}}", 204, as_="bob"),
        Call(
            "How the shop writes invoices",
            "PATCH /shop",
            as_="manager",
            body={
                "invoice_terms": "Warranty 12 months or 12,000 mi.",
                "payment_terms_days": 14,
                "invoice_prefix": "INV-",
            },
            expects={"payment_terms_days": 14},
        ),
        Call(
            "Invoice it",
            "POST /service-tickets/{{repair_id}}/invoice",
            201,
            as_="bob",
            body={"odometer_out": 145020},
            expects={"is_void": False},
            saves={"invoice_id": "id", "invoice_number": "number"},
        ),
        Call(
            "A ticket has one invoice",
            "POST /service-tickets/{{repair_id}}/invoice",
            409,
            as_="bob",
            expects={"code": "illegal_transition", "legal": ["closed"]},
        ),
        Call(
            "Numbers go on from here",
            "PATCH /shop",
            409,
            as_="manager",
            body={"first_invoice_number": 1_000_000_000},
            expects={"code": "numbering_begun"},
        ),
        Call(
            "The invoices of this month",
            "GET /invoices?issued_from=2020-01-01&sort=-number",
            as_="bob",
            among={"id": "{{invoice_id}}"},
        ),
        Call(
            "Alice reads hers",
            "GET /invoices/{{invoice_id}}",
            as_="alice",
            expects={"number": "{{invoice_number}}"},
        ),
        Call(
            "And all that is printed on it",
            "GET /invoices/{{invoice_id}}/document",
            as_="alice",
            expects={"number": "{{invoice_number}}", "jobs.0.name": "Front brakes"},
        ),
        Call("To hand over", "GET /invoices/{{invoice_id}}/pdf", as_="bob"),
    ),
)
