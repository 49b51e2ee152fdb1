"""The first example API calls of the day: the server's health, its documentation, and the sign-in."""

from app.cli.walkthrough.call import Call, Scene

DOOR = Scene(
    "Opening the shop",
    "The shop is up, its documentation is there, and the manager signs in.",
    (
        Call("The shop answers", "GET /healthz", expects={"status": "ok"}),
        Call("Its database is ready", "GET /readyz", expects={"status": "ready"}),
        Call("Its home is its documentation", "GET /", 302),
        Call("The document", "GET /openapi.yaml"),
        Call("Every way it says no", "GET /problems"),
        Call("What Prometheus reads", "GET /metrics"),
        Call("What search engines are asked", "GET /robots.txt"),
        Call("Which keys verify a token", "GET /.well-known/jwks.json", expects={"keys": []}),
        Call(
            "The manager signs in",
            "POST /mechanics/login",
            body={"email": "{{manager_email}}", "password": "{{manager_password}}"},
            expects={"token_type": "Bearer", "account.role": "manager"},
            saves={"manager_token": "access_token", "manager_id": "account.mechanic_id"},
        ),
        Call(
            "The manager sees who is signed in",
            "GET /auth/me",
            as_="manager",
            expects={"role": "manager", "profile.id": "{{manager_id}}"},
        ),
        Call("Without a token", "GET /auth/me", 401, expects={"code": "unauthenticated"}),
        Call(
            "With a token that is none",
            "GET /auth/me",
            401,
            headers={"Authorization": "Bearer nonsense"},
            expects={"code": "invalid_token"},
        ),
    ),
)
