"""The rules of the house: which module may import which, what may commit, and how large a file may be."""

import ast
import re
from graphlib import TopologicalSorter
from pathlib import Path

APP = Path(__file__).parents[2] / "app"
# Each imports only from itself and from floors above it in this list: what is lowest comes first.
FLOORS = (
    {
        *("errors", "actors", "money", "clock", "passwords", "folding"),
        *("addresses", "names", "pdf", "quantities", "words"),
    },
    {"database", "extensions"},
    {"models", "web"},
    {"permissions", "lookup"},
    {"lists", "access"},
    {"blueprints"},
    {"cli", "collectors", ""},
)
APART = {"models", "web", "lists", "access"}  # from the others on their floor
# What acts of several domains are made of: they commit nothing.
STEPS = {
    "customers.services.verification",
    "inventory.stock",
    "service_tickets.services.invoicing",
    "service_tickets.services.making",
    "service_tickets.services.moving",
    "vehicles.services.odometer",
}
SPEAK_HTTP = ("routes", "schemas")
MAY_COMMIT = ("app.web.transactions", "app.database", "app.cli.demo", "app.access")
FILES = sorted(APP.rglob("*.py"))


def name_of(path):
    return ".".join(path.relative_to(APP.parent).with_suffix("").parts).removesuffix(".__init__")


MODULES = {name_of(path): path for path in FILES}
OF_DOMAINS = {name: MODULES[name] for name in MODULES if name.startswith("app.blueprints.")}


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


def domain_of(module):
    return domain_and_role(module)[0]


def domain_and_role(module):
    """`("customers", "services")` of `app.blueprints.customers.services.merging`."""
    parts = module.split(".")
    return parts[2], ([*parts, ""])[3]


def test_imports_point_down():
    for mine, path in MODULES.items():
        for imported in own_imports_of(path):
            said = f"{mine} imports {imported}"
            assert floor_of(imported) <= floor_of(mine), said
            if floor_of(imported) == floor_of(mine) and room_of(mine) in APART:
                assert room_of(imported) == room_of(mine), said


def test_imports_make_no_circle():
    graph = {name: own_imports_of(path) for name, path in MODULES.items()}
    assert list(TopologicalSorter(graph).static_order())


def test_inside_a_domain_only_routes_and_schemas_know_http():
    for module, path in OF_DOMAINS.items():
        _, role = domain_and_role(module)
        http = [name for name in imports_of(path) if name.startswith(("flask", "app.web"))]
        assert role in ("", *SPEAK_HTTP) or http == [], module


def test_below_the_domains_only_web_and_the_extensions_know_flask():
    for module, path in MODULES.items():
        below = floor_of(module) < floor_of("app.blueprints")
        if below and room_of(module) not in ("web", "extensions"):
            flask = [name for name in imports_of(path) if name.split(".")[0] == "flask"]
            assert flask == [], module


def test_domains_import_each_other_in_no_circle():
    graph = {}
    for module, path in OF_DOMAINS.items():
        graph.setdefault(domain_of(module), set()).update(
            domain_of(imported) for imported in own_imports_of(path) if imported in OF_DOMAINS
        )
    for domain, imported in graph.items():
        graph[domain] = imported - {domain}
    assert list(TopologicalSorter(graph).static_order())


def test_a_domain_takes_only_queries_schemas_and_steps_of_another():
    for module, path in OF_DOMAINS.items():
        mine, my_role = domain_and_role(module)
        for imported in own_imports_of(path):
            if imported not in OF_DOMAINS:
                continue
            said = f"{module} imports {imported}"
            domain, role = domain_and_role(imported)
            if domain == mine:
                assert role != "routes" or my_role == "routes", said
            else:
                step = imported.removeprefix("app.blueprints.") in STEPS
                a_path = role == "" and my_role == "routes"
                assert role in ("queries", "schemas") or step or a_path, said


def test_only_acts_and_the_transaction_of_a_request_commit():
    for module, path in MODULES.items():
        domain = module.startswith("app.blueprints.") and domain_and_role(module)
        act = domain and domain[1] == "services"
        step = module.removeprefix("app.blueprints.") in STEPS
        if step or not (act or module.startswith(MAY_COMMIT)):
            assert ".commit()" not in path.read_text(), module


def test_nobody_is_sure_of_a_row_that_another_may_delete():
    for module, path in MODULES.items():
        assert not re.search(r"\.(scalar_)?one\(\)", path.read_text()), module


def test_files_stay_small():
    for module, path in MODULES.items():
        assert len(path.read_text().splitlines()) <= 250, module
