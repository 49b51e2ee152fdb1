"""Older paths that clients of earlier systems call: the same view functions, marked deprecated.

One table; whatever is not in it is today's. The answers are the same to the byte.
"""

from flask import Flask

OLDER = {
    "/login": "/customers/login",
    "/my-tickets": "/customers/my-tickets",
    "/service-tickets/my-tickets": "/customers/my-tickets",
    "/mechanics/leaderboard": "/mechanics/top",
    "/mechanics/usage": "/mechanics/top",
    "/mechanics/by-activity": "/mechanics/top",
    "/mechanics/search": "/mechanics",
    "/service-tickets/<int:ticket_id>/add-parts": "/service-tickets/<int:ticket_id>/parts",
    "/service-tickets/<int:ticket_id>/inventory": "/service-tickets/<int:ticket_id>/parts",
    "/service-tickets/<int:ticket_id>/remove-part/<int:part_id>": (
        "/service-tickets/<int:ticket_id>/parts/<int:part_id>"
    ),
}
METHODS = {
    "/mechanics/search": {"GET"},
    "/service-tickets/<int:ticket_id>/add-parts": {"POST"},
    "/service-tickets/<int:ticket_id>/inventory": {"POST"},
    "/service-tickets/<int:ticket_id>/remove-part/<int:part_id>": {"DELETE"},
}
TODAY, BEFORE = "/service-tickets", "/service_tickets"
SENT = {"GET", "POST", "PUT", "PATCH", "DELETE"}


def init_app(app: Flask) -> None:
    """After every blueprint: let today's rules answer at their older paths too."""
    for older, todays in OLDER.items():
        for rule in [rule for rule in app.url_map.iter_rules() if rule.rule == todays]:
            _also_at(app, older, rule, METHODS.get(older, SENT))
    for rule in [rule for rule in app.url_map.iter_rules() if rule.rule.startswith(TODAY)]:
        _also_at(app, BEFORE + rule.rule.removeprefix(TODAY), rule, SENT)


def is_older(path: str) -> bool:
    return path in OLDER or path.startswith(BEFORE)


def _also_at(app, path, rule, among):
    if methods := rule.methods & among:
        app.add_url_rule(path, rule.endpoint, methods=methods)
