"""Example API calls about statements and reports: what a customer owes, and how the month went."""

from app.cli.walkthrough.call import Call, Scene

REPORTING = Scene(
    "Statements and reports",
    "Each figure is the sum of rows, and each row leads to its document.",
    (
        Call(
            "What Alice owes, and since when",
            "GET /customers/{{alice_id}}/statement",
            as_="alice",
            expects={"customer.id": "{{alice_id}}"},
        ),
        Call(
            "How the month went",
            "GET /reports/shop",
            as_="manager",
            expects={"figures.0.name": "sales"},
        ),
        Call(
            "Not for everybody",
            "GET /reports/shop",
            403,
            as_="bob",
            expects={"code": "forbidden"},
        ),
        Call(
            "What was taken in cash",
            "GET /reports/shop/payments?of=taken&key=cash",
            as_="manager",
            expects={"unit": "cents"},
        ),
    ),
)
