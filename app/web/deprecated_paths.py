"""Deprecated paths of earlier systems, served by the same view functions as the current paths.

`OLDER` maps each deprecated path to its current path. In addition, most paths that begin with
/service-tickets are also served under /service_tickets. The answers have the same bodies. Their headers
say since when the path is deprecated (RFC 9745), until when it will be served at least (RFC 8594), and
which path to call instead.
"""

import re
from datetime import UTC, datetime

from flask import Flask, g, request
from werkzeug.http import http_date

from app.web.declared import declared

OLDER = {
    "/login": "/customers/login",
    "/my-tickets": "/customers/my-tickets",
    "/service-tickets/my-tickets": "/customers/my-tickets",
    "/mechanics/leaderboard": "/mechanics/top",
    "/mechanics/usage": "/mechanics/top",
    "/mechanics/most-active": "/mechanics/top",
    "/mechanics/by-activity": "/mechanics/top",
    "/mechanics/search": "/mechanics",
    "/service-tickets/<int:ticket_id>/add-parts": "/service-tickets/<int:ticket_id>/parts",
    "/service-tickets/<int:ticket_id>/inventory": "/service-tickets/<int:ticket_id>/parts",
    "/service-tickets/<int:ticket_id>/add-part/<int:part_id>": (
        "/service-tickets/<int:ticket_id>/parts/<int:part_id>"
    ),
    "/service-tickets/<int:ticket_id>/remove-part/<int:part_id>": (
        "/service-tickets/<int:ticket_id>/parts/<int:part_id>"
    ),
}
METHODS = {
    "/mechanics/search": {"GET"},
    "/service-tickets/<int:ticket_id>/add-parts": {"POST"},
    "/service-tickets/<int:ticket_id>/inventory": {"POST"},
    "/service-tickets/<int:ticket_id>/add-part/<int:part_id>": {"POST"},
    "/service-tickets/<int:ticket_id>/remove-part/<int:part_id>": {"DELETE"},
}
TODAY, BEFORE = "/service-tickets", "/service_tickets"
# The paths of tickets that are also served under BEFORE. Newer operations have only their current path.
OF_TICKET = "transitions|history|assign-mechanic|remove-mechanic|edit|parts|add-parts?|inventory|remove-part"
OF_BEFORE = re.compile(rf"{TODAY}(/my-tickets|/<int:ticket_id>(/({OF_TICKET})\b.*)?)?$")
SENT = {"GET", "POST", "PUT", "PATCH", "DELETE"}
DEPRECATED = datetime(2026, 11, 21, tzinfo=UTC)
SUNSET = datetime(2028, 12, 31, 23, 59, 59, tzinfo=UTC)
HEADERS = {"Deprecation": f"@{DEPRECATED.timestamp():.0f}", "Sunset": http_date(SUNSET)}


def init_app(app: Flask) -> None:
    """Register the deprecated paths and a hook that sets their headers.

    Call this after all blueprints have been registered.
    """
    for older, todays in OLDER.items():
        for rule in [rule for rule in app.url_map.iter_rules() if rule.rule == todays]:
            _also_at(app, older, rule, METHODS.get(older, SENT))
    for rule in [rule for rule in app.url_map.iter_rules() if OF_BEFORE.match(rule.rule)]:
        _also_at(app, BEFORE + rule.rule.removeprefix(TODAY), rule, SENT)
    successors = {
        (rule.rule, rule.endpoint): _successor(app, rule) for rule in app.url_map.iter_rules()
    }

    @app.after_request
    def tell_what_follows(response):
        rule = request.url_rule
        if rule is not None and (successor := successors.get((rule.rule, rule.endpoint))):
            _tell(response.headers, _filled_in(successor, _ids()))
        return response


def is_deprecated(rule: str) -> bool:
    return _todays(rule) != rule


def _todays(rule: str) -> str:
    """Return the current path for a deprecated one; return any other path unchanged.

    `rule` is a path in Flask's syntax, such as `/mechanics/<int:mechanic_id>`.
    """
    spelled = TODAY + rule.removeprefix(BEFORE) if rule.startswith(BEFORE) else rule
    return OLDER.get(spelled, spelled)


def _also_at(app, path, rule, among):
    if methods := rule.methods & among:
        app.add_url_rule(path, rule.endpoint, methods=methods)


def _successor(app, rule) -> str | None:
    """Return the path to call instead of the path of `rule`, or None if that path is not deprecated.

    `rule` is a werkzeug Rule.
    """
    todays = declared(app.view_functions[rule.endpoint]).deprecated_for or _todays(rule.rule)
    return None if todays == rule.rule else todays


def _ids():
    """Return `{parameter: id}` for the ids in this request's path.

    If the caller is a customer and the path has no `customer_id`, the customer's own id is added,
    because the path to call instead may need it.
    """
    ids = request.view_args or {}
    actor = g.get("actor")
    return {"customer_id": actor.customer_id} | ids if actor and actor.customer_id else ids


def _filled_in(rule, ids):
    """Return the path `rule` with its parameters filled in from `ids`; None if an id is missing.

    `rule` is a path in Flask's syntax. `customer_id` is missing if the caller is not a customer and the
    deprecated path does not have it.
    """
    if {*re.findall(r"<int:(\w+)>", rule)} - ids.keys():
        return None
    return re.sub(r"<int:(\w+)>", lambda name: str(ids[name[1]]), rule)


def _tell(headers, successor):
    instead = f'<{request.script_root}{successor}>; rel="successor-version"'
    links = [
        *headers.getlist("Link"),
        *([instead] if successor else []),
        f'<{request.script_root}/docs>; rel="deprecation"; type="text/html"',
    ]
    headers["Link"] = ", ".join(links)
    headers.update(HEADERS)
