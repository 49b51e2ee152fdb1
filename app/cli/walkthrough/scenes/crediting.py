"""Example API calls about credit notes: a part of a line is taken back, and then all of an invoice."""

from app.cli.walkthrough.call import Call, Scene

CREDITING = Scene(
    "Credit notes",
    "What was invoiced wrong is taken back by a credit note, and only so.",
    (
        Call(
            "Which lines it has",
            "GET /invoices/{{invoice_id}}/lines",
            as_="manager",
            saves={"invoice_line_id": "items.0.id"},
        ),
        Call(
            "A part of a line is taken back",
            "POST /invoices/{{invoice_id}}/credit-notes",
            201,
            as_="manager",
            headers={"Idempotency-Key": "credit-1-{{run}}"},
            body={
                "reason": "Took less time",
                "lines": [{"invoice_line_id": "{{invoice_line_id}}", "net_cents": 100}],
            },
            expects={"voids": False, "subtotal_cents": 100},
            saves={"credit_note_id": "id"},
        ),
        Call(
            "More than the line has",
            "POST /invoices/{{invoice_id}}/credit-notes",
            409,
            as_="manager",
            headers={"Idempotency-Key": "credit-2-{{run}}"},
            body={
                "reason": "All of it",
                "lines": [{"invoice_line_id": "{{invoice_line_id}}", "net_cents": 9999999}],
            },
            expects={"code": "above_invoice", "invoice_line_id": "{{invoice_line_id}}"},
        ),
        Call(
            "The rest is taken back, too",
            "POST /invoices/{{invoice_id}}/credit-notes",
            201,
            as_="manager",
            headers={"Idempotency-Key": "credit-3-{{run}}"},
            body={"reason": "Wrong customer", "all": True},
            expects={"voids": True},
        ),
        Call(
            "Nothing is left of it",
            "POST /invoices/{{invoice_id}}/credit-notes",
            409,
            as_="manager",
            headers={"Idempotency-Key": "credit-4-{{run}}"},
            body={"reason": "Once more", "all": True},
            expects={"code": "nothing_to_credit"},
        ),
        Call(
            "What was taken back of the invoice",
            "GET /invoices/{{invoice_id}}/credit-notes",
            as_="alice",
            among={"id": "{{credit_note_id}}"},
        ),
        Call(
            "All credit notes",
            "GET /credit-notes?sort=-issued_on",
            as_="bob",
            among={"id": "{{credit_note_id}}"},
        ),
        Call(
            "One of them",
            "GET /credit-notes/{{credit_note_id}}",
            as_="alice",
            expects={"reason": "Took less time"},
        ),
        Call(
            "What is printed on it",
            "GET /credit-notes/{{credit_note_id}}/document",
            as_="alice",
            expects={"invoice_number": "{{invoice_number}}"},
        ),
        Call("The paper", "GET /credit-notes/{{credit_note_id}}/pdf", as_="bob"),
    ),
)
