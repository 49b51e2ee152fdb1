"""Deprecated paths of earlier systems, served by the same view functions as the current paths.

`OLDER` maps each to its current path; also, /service_tickets stands for /service-tickets. The bodies of
the answers are identical. The headers say since when the path is deprecated (RFC 9745), until when it
answers at least (RFC 8594), and which path to call instead.
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
OF_BEFORE = re.compile(f"{TODAY}(?!/<int:ticket_id>/(jobs|lines|totals|pricing))")
SENT = {"GET", "POST", "PUT", "PATCH", "DELETE"}
DEPRECATED = datetime(2026, 11, 21, tzinfo=UTC)
SUNSET = datetime(2028, 12, 31, 23, 59, 59, tzinfo=UTC)
HEADERS = {"Deprecation": f"@{DEPRECATED.timestamp():.0f}", "Sunset": http_date(SUNSET)}


def init_app(app: Flask) -> None:
    """Register the deprecated paths and their headers; call this after registering all blueprints."""
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
    """Return the current rule for a deprecated one, or the rule itself if it is current."""
    spelled = TODAY + rule.removeprefix(BEFORE) if rule.startswith(BEFORE) else rule
    return OLDER.get(spelled, spelled)


def _also_at(app, path, rule, among):
    if methods := rule.methods & among:
        app.add_url_rule(path, rule.endpoint, methods=methods)


def _successor(app, rule) -> str | None:
    """Return the rule to call instead of this one, or None if this one is current."""
    todays = declared(app.view_functions[rule.endpoint]).deprecated_for or _todays(rule.rule)
    return None if todays == rule.rule else todays


def _ids():
    """Return `{parameter: id}` of the path; add a signed-in customer's own id if the path has none."""
    ids = request.view_args or {}
    actor = g.get("actor")
    return {"customer_id": actor.customer_id} | ids if actor and actor.customer_id else ids


def _filled_in(rule, ids):
    """Return a path made from a rule and ids, or None if an id is missing: the caller is no customer."""
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
