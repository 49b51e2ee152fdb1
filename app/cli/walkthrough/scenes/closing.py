"""Example API calls at closing time: deletions, the audit trail, sessions and a new password."""

from app.cli.walkthrough.call import PASSWORD, Call, Scene

CLOSING = Scene(
    "Closing time",
    "What has a history stays, the rest may go; sessions end at once.",
    (
        Call(
            "Alice's car has a history",
            "DELETE /vehicles/{{car_id}}",
            409,
            as_="alice",
            expects={"code": "vehicle_in_use"},
        ),
        Call("Charlie's van has none", "DELETE /vehicles/{{van_id}}", 204, as_="bob"),
        Call(
            "It is gone", "GET /vehicles/{{van_id}}", 404, as_="bob", expects={"code": "not_found"}
        ),
        Call("Charlie is forgotten", "DELETE /customers/{{charlie_id}}", 204, as_="manager"),
        Call(
            "Filters are not sold any more",
            "DELETE /inventory/{{filter_id}}",
            204,
            as_="bob",
        ),
        Call(
            "They are gone from the catalogue",
            "DELETE /inventory/{{filter_id}}",
            404,
            as_="bob",
            expects={"code": "not_found"},
        ),
        Call(
            "Who took pads off the shelf, and who put them back?",
            "GET /audit?entity=part&entity_id={{pads_id}}&per_page=3",
            as_="manager",
            expects={
                "items.0.entity": "part",
                "items.0.action": "changed",
                "items.0.name": "Bob Wrench",
            },
        ),
        Call(
            "That is for managers",
            "GET /audit",
            403,
            as_="bob",
            expects={"code": "forbidden"},
        ),
        Call("Bob lets nobody go", "DELETE /mechanics/{{pat_id}}", 403, as_="bob"),
        Call("Pat leaves the shop", "DELETE /mechanics/{{pat_id}}", 204, as_="manager"),
        Call(
            "Alice signs in on her phone, too",
            "POST /auth/login",
            headers={"User-Agent": "Alice's phone"},
            body={"email": "{{alice_email}}", "password": PASSWORD},
            expects={"account.customer_id": "{{alice_id}}"},
            saves={"phone_token": "access_token"},
        ),
        Call(
            "Where she is signed in",
            "GET /auth/sessions",
            as_="alice",
            expects={
                "pagination.total": 2,
                "items.0.user_agent": "Alice's phone",
                "items.0.is_current": False,
                "items.1.is_current": True,
            },
            saves={"phone_session": "items.0.id"},
        ),
        Call("The phone is lost", "DELETE /auth/sessions/{{phone_session}}", 204, as_="alice"),
        Call(
            "It is signed out",
            "GET /auth/me",
            401,
            as_="phone",
            expects={"code": "invalid_token"},
        ),
        Call("It stays so", "DELETE /auth/sessions/{{phone_session}}", 404, as_="alice"),
        Call(
            "The next pair of tokens",
            "POST /auth/refresh",
            body={"refresh_token": "{{alice_refresh_token}}"},
            expects={"account.customer_id": "{{alice_id}}"},
            saves={"alice_token": "access_token"},
        ),
        Call(
            "Not her password",
            "PUT /auth/password",
            403,
            as_="alice",
            body={"current_password": "not my password", "new_password": PASSWORD},
            expects={"code": "wrong_password"},
        ),
        Call(
            "A new password",
            "PUT /auth/password",
            204,
            as_="alice",
            body={"current_password": PASSWORD, "new_password": "an even longer password"},
        ),
        Call("Alice signs out everywhere", "POST /auth/logout-all", 204, as_="alice"),
        Call(
            "Her token is worth nothing now",
            "GET /auth/me",
            401,
            as_="alice",
            expects={"code": "invalid_token"},
        ),
        Call("Bob signs out", "POST /auth/logout", 204, as_="bob"),
        Call("The manager signs out everywhere", "DELETE /auth/sessions", 204, as_="manager"),
    ),
)
