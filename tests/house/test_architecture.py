"""The rules of the house: which module may import which, what may commit, and how large a file may be."""

import ast
import re
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

APP = Path(__file__).parents[2] / "app"
# Each imports only from itself and from floors above it in this list: what is lowest comes first.
FLOORS = (
    {
        *("errors", "actors", "money", "clock", "passwords", "folding"),
        *("addresses", "names", "quantities", "words"),
    },
    {"database", "extensions"},
    {"models", "web"},
    {"permissions", "lookup"},
    {"lists", "access"},
    {"blueprints"},
    {"cli", "collectors", ""},
)
APART = {"models", "web", "lists", "access"}  # from the others on their floor
# Each domain imports only from those before it.
DOMAINS = (
    *("customers", "mechanics", "inventory", "vehicles", "service_tickets"),
    *("auth", "audit", "health"),
)
# What acts of several domains are made of: they commit nothing.
STEPS = {
    "customers.services.verification",
    "inventory.stock",
    "vehicles.services.odometer",
}
SPEAK_HTTP = ("routes", "schemas")
MAY_COMMIT = ("app.web.transactions", "app.database", "app.cli.demo", "app.access")
FILES = sorted(APP.rglob("*.py"))
OF_DOMAINS = [
    path for path in FILES if len(path.relative_to(APP).parts) > 2 and "blueprints" in path.parts
]


def name_of(path):
    return ".".join(path.relative_to(APP.parent).with_suffix("").parts).removesuffix(".__init__")


MODULES = {name_of(path): path for path in FILES}


def imports_of(path):
    """Yield the modules that a file imports; of the shop's own exactly which."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                yield full if full in MODULES else node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def own_imports_of(path):
    return sorted(
        {name for name in imports_of(path) if name.split(".")[0] == "app"} - {name_of(path)}
    )


def room_of(module):
    return ([*module.split("."), ""])[1]


def floor_of(module):
    [floor] = [n for n, rooms in enumerate(FLOORS) if room_of(module) in rooms]
    return floor


def domain_and_role(module):
    """`("customers", "services")` of `app.blueprints.customers.services.merging`."""
    parts = module.split(".")
    return parts[2], ([*parts, ""])[3]


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_imports_point_down(path):
    mine = name_of(path)
    for imported in own_imports_of(path):
        assert floor_of(imported) <= floor_of(mine), imported
        if floor_of(imported) == floor_of(mine) and room_of(mine) in APART:
            assert room_of(imported) == room_of(mine), imported


def test_imports_make_no_circle():
    graph = {name: own_imports_of(path) for name, path in MODULES.items()}
    assert list(TopologicalSorter(graph).static_order())


@pytest.mark.parametrize("path", OF_DOMAINS, ids=name_of)
def test_inside_a_domain_only_routes_and_schemas_know_http(path):
    _, role = domain_and_role(name_of(path))
    http = [name for name in imports_of(path) if name.startswith(("flask", "app.web"))]
    assert role in ("", *SPEAK_HTTP) or http == []


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_below_the_domains_only_web_knows_flask(path):
    """Beside the extensions of Flask, which are bound to it."""
    if floor_of(name_of(path)) < floor_of("app.blueprints") and room_of(name_of(path)) not in (
        "web",
        "extensions",
    ):
        assert [name for name in imports_of(path) if name.split(".")[0] == "flask"] == []


@pytest.mark.parametrize("path", OF_DOMAINS, ids=name_of)
def test_a_domain_takes_only_queries_schemas_and_steps_of_those_before_it(path):
    mine, my_role = domain_and_role(name_of(path))
    for imported in own_imports_of(path):
        if not imported.startswith("app.blueprints."):
            continue
        domain, role = domain_and_role(imported)
        if domain == mine:
            assert role != "routes" or my_role == "routes", imported
        else:
            assert DOMAINS.index(domain) < DOMAINS.index(mine), imported
            step = imported.removeprefix("app.blueprints.")
            assert (
                role in ("queries", "schemas")
                or step in STEPS
                or (role == "" and my_role == "routes")
            ), imported


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_only_acts_and_the_transaction_of_a_request_commit(path):
    module = name_of(path)
    of_act = module.startswith("app.blueprints.") and domain_and_role(module)[1] == "services"
    if module.removeprefix("app.blueprints.") in STEPS or not (
        of_act or module.startswith(MAY_COMMIT)
    ):
        assert ".commit()" not in path.read_text()


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_nobody_is_sure_of_a_row_that_another_may_delete(path):
    assert not re.search(r"\.(scalar_)?one\(\)", path.read_text())


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_files_stay_small(path):
    assert len(path.read_text().splitlines()) <= 250
