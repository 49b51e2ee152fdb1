"""Closing time: who and what leaves, and everybody signs out."""

from app.day.call import PASSWORD, Call, Chapter

CLOSING = Chapter(
    "Closing time",
    "What has a history stays, the rest may go; sessions end at once.",
    (
        Call(
            "Alice's car has a history",
            "DELETE /vehicles/{{car_id}}",
            409,
            by="alice",
            tells={"code": "vehicle_in_use"},
        ),
        Call("Charlie's van has none", "DELETE /vehicles/{{van_id}}", 204, by="bob"),
        Call("It is gone", "GET /vehicles/{{van_id}}", 404, by="bob", tells={"code": "not_found"}),
        Call("Charlie is forgotten", "DELETE /customers/{{charlie_id}}", 204, by="manager"),
        Call(
            "Filters are not sold any more",
            "DELETE /inventory/{{filter_id}}",
            204,
            by="bob",
        ),
        Call(
            "They are gone from the catalogue",
            "DELETE /inventory/{{filter_id}}",
            404,
            by="bob",
            tells={"code": "not_found"},
        ),
        Call(
            "Who took pads off the shelf, and who put them back?",
            "GET /audit?entity=part&entity_id={{pads_id}}&per_page=3",
            by="manager",
            tells={
                "items.0.entity": "part",
                "items.0.action": "changed",
                "items.0.name": "Bob Wrench",
            },
        ),
        Call(
            "That is for managers",
            "GET /audit",
            403,
            by="bob",
            tells={"code": "forbidden"},
        ),
        Call("Bob lets nobody go", "DELETE /mechanics/{{pat_id}}", 403, by="bob"),
        Call("Pat leaves the shop", "DELETE /mechanics/{{pat_id}}", 204, by="manager"),
        Call(
            "The next pair of tokens",
            "POST /auth/refresh",
            sends={"refresh_token": "{{alice_refresh_token}}"},
            tells={"account.customer_id": "{{alice_id}}"},
            keeps={"alice_token": "access_token"},
        ),
        Call(
            "Not her password",
            "PUT /auth/password",
            403,
            by="alice",
            sends={"current_password": "not my password", "new_password": PASSWORD},
            tells={"code": "wrong_password"},
        ),
        Call(
            "A new password",
            "PUT /auth/password",
            204,
            by="alice",
            sends={"current_password": PASSWORD, "new_password": "an even longer password"},
        ),
        Call("Alice signs out everywhere", "POST /auth/logout-all", 204, by="alice"),
        Call(
            "Her token is worth nothing now",
            "GET /auth/me",
            401,
            by="alice",
            tells={"code": "invalid_token"},
        ),
        Call("Bob signs out", "POST /auth/logout", 204, by="bob"),
        Call("The manager signs out", "POST /auth/logout", 204, by="manager"),
    ),
)
