"""Every route says how often, who, from memory or not, what in, what out, and in that order."""

import itertools

import pytest

from app import create_app
from app.web.declared import LAYERS, NOTHING, declared

# They must answer however often they are asked.
WITHOUT_LIMIT = (
    {f"health.{name}" for name in ("healthz", "readyz", "metrics")}
    | {f"health.{name}" for name in ("openapi", "problems", "home", "robots")}
    | {"auth.keys"}
)
# It tells which session asks, and anybody's sign-in would make all of it anew.
NOT_KEPT = {
    *("auth.sessions", "approvals.show"),
    *("service_tickets.approval_links", "service_tickets.estimate_pdf"),
    *("invoices.document", "invoices.pdf", "credit_notes.document", "credit_notes.pdf"),
}
APP = create_app({"FLASK_ENV": "testing"})
VIEWS = {
    name: view
    for name, view in APP.view_functions.items()
    if view.__module__.startswith("app.blueprints")
}


def layers(view):
    """Return what the decorators of a view declare, outermost first: each adds one mark to those within."""
    marks = []
    while view:
        marks.append(declared(view))
        view = getattr(view, "__wrapped__", None)
    marks.append(NOTHING)
    found = []
    for outer, inner in itertools.pairwise(marks):
        found += [each for each in LAYERS if getattr(outer, each) != getattr(inner, each)]
    return found


@pytest.mark.parametrize("name", VIEWS)
def test_every_route_says_its_limit_its_roles_and_its_shapes(name):
    said = set(layers(VIEWS[name]))
    assert "roles" in said, f"{name} does not say who may ask: @requires, @public or @anonymous"
    assert "rate_limit" in said or name in WITHOUT_LIMIT, f"{name} does not say how often"
    assert "returns" in said, f"{name} does not say what it returns"


@pytest.mark.parametrize("name", VIEWS)
def test_the_layers_stand_in_the_only_safe_order(name):
    found = layers(VIEWS[name])
    assert found == sorted(found, key=LAYERS.index)


@pytest.mark.parametrize("name", VIEWS)
def test_a_route_says_for_people_what_it_is_for(name):
    assert VIEWS[name].__doc__


def routes(method):
    rules = [rule for rule in APP.url_map.iter_rules() if rule.endpoint in VIEWS]
    return {rule.endpoint for rule in rules if method in rule.methods}


@pytest.mark.parametrize("name", sorted(routes("GET") - WITHOUT_LIMIT - NOT_KEPT))
def test_every_read_is_kept_in_memory(name):
    assert declared(VIEWS[name]).reads_tables


@pytest.mark.parametrize(
    "name", sorted(routes("POST") | routes("PUT") | routes("PATCH") | routes("DELETE"))
)
def test_no_write_is_kept_in_memory(name):
    assert not declared(VIEWS[name]).reads_tables


@pytest.mark.parametrize("name", sorted(routes("PUT") | routes("PATCH") | routes("DELETE")))
def test_no_change_ignores_an_if_match(name):
    assert declared(VIEWS[name]).checks_if_match


def test_a_route_that_says_nothing_is_found_out():
    def silent():
        """Nothing declared."""

    assert layers(silent) == []
