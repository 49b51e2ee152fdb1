"""The reception: customers with and without an account."""

from app.day.call import PASSWORD, Call, Chapter

CUSTOMERS = Chapter(
    "Reception",
    "Alice opens an account, a walk-in has none, and each sees only what is theirs.",
    (
        Call(
            "Alice opens an account",
            "POST /customers",
            201,
            sends={
                "name": "Alice Driver",
                "email": "alice{{run}}@example.com",
                "password": PASSWORD,
                "phone": "555-1234",
                "address": "123 Main St",
                "city": "Denver",
                "state": "CO",
                "postal_code": "80201",
            },
            tells={"name": "Alice Driver", "has_account": True},
            keeps={"alice_id": "id", "alice_email": "email"},
        ),
        Call(
            "A wrong password",
            "POST /customers/login",
            401,
            sends={"email": "{{alice_email}}", "password": "not my password"},
            tells={"code": "wrong_credentials"},
        ),
        Call(
            "Alice signs in",
            "POST /customers/login",
            headers={"User-Agent": "Alice's laptop"},
            sends={"email": "{{alice_email}}", "password": PASSWORD},
            tells={"account.role": "customer", "account.customer_id": "{{alice_id}}"},
            keeps={"alice_token": "access_token", "alice_refresh_token": "refresh_token"},
        ),
        Call(
            "Charlie walks in and needs no account",
            "POST /customers",
            201,
            by="bob",
            sends={"name": "Charlie Walker", "phone": "555-0177"},
            tells={"has_account": False, "email": None},
            keeps={"charlie_id": "id"},
        ),
        Call(
            "An address has one account",
            "POST /customers",
            409,
            by="bob",
            sends={"name": "Alice Again", "email": "{{alice_email}}"},
            tells={"code": "email_taken"},
        ),
        Call(
            "Staff find Alice by her address",
            "GET /customers?q={{alice_email}}",
            by="bob",
            among={"id": "{{alice_id}}", "email": "{{alice_email}}"},
        ),
        Call("Customers don't list each other", "GET /customers", 403, by="alice"),
        Call(
            "Alice sees herself",
            "GET /customers/{{alice_id}}",
            by="alice",
            tells={"id": "{{alice_id}}", "city": "Denver"},
        ),
        Call(
            "And nobody else",
            "GET /customers/{{charlie_id}}",
            404,
            by="alice",
            tells={"code": "not_found"},
        ),
        Call(
            "Alice moves",
            "PATCH /customers/{{alice_id}}",
            by="alice",
            sends={"address": "9 Elm St"},
            tells={"address": "9 Elm St", "name": "Alice Driver"},
        ),
        Call(
            "Charlie's number was wrong",
            "PUT /customers/{{charlie_id}}",
            by="bob",
            sends={"phone": "555-0178"},
            tells={"phone": "555-0178", "name": "Charlie Walker"},
        ),
    ),
)
