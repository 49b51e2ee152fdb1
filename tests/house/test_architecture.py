"""Each floor of the house may use only the floors below it."""

import ast
import re
from pathlib import Path

import pytest

APP = Path(__file__).parents[2] / "app"
FLOORS = [
    {
        *("app.errors", "app.actors", "app.money", "app.moments", "app.passwords", "app.folding"),
        *("app.addresses", "app.names", "app.quantities", "app.words"),
    },
    {
        "app.extensions",
        "app.postgres",
        "app.prepared",
        "app.account_lock",
        "app.sqlite",
        "app.sqlstates",
        "app.statements",
    },
    {"app.web"},
    {"app.models"},
    {"app.permissions"},
    {"app.services", "app.queries"},
    {"app.blueprints", "app.backups", "app.demo", "app.day"},
    {"app.cli", "app"},
]
KNOW_NOTHING_OF_HTTP = {"models", "permissions", "services", "queries"} | {
    *("money", "errors", "actors", "passwords", "folding", "names", "quantities", "words"),
    "addresses",
}
# What acts are made of: they commit nothing.
STEPS = tuple(
    f"app.services.{each}"
    for each in ("actors", "attempts", "steps", "lines", "odometer", "verification", "visitors")
)
FILES = sorted(APP.rglob("*.py"))


def name_of(path):
    return ".".join(path.relative_to(APP.parent).with_suffix("").parts).removesuffix(".__init__")


def floor_of(module):
    found = [
        (len(name), n)
        for n, names in enumerate(FLOORS)
        for name in names
        if module == name or module.startswith(f"{name}.")
    ]
    return max(found)[1]


def imports_of(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def own(modules):
    return [module for module in modules if module.split(".")[0] == "app"]


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_imports_point_down(path):
    for imported in own(imports_of(path)):
        assert floor_of(imported) <= floor_of(name_of(path)), f"{name_of(path)} takes {imported}"


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_the_shop_has_never_heard_of_http(path):
    if name_of(path).split(".")[1:2] and name_of(path).split(".")[1] in KNOW_NOTHING_OF_HTTP:
        heard = [name for name in imports_of(path) if name.startswith(("flask.", "app.web"))]
        assert heard == []


@pytest.mark.parametrize("path", sorted(APP.glob("blueprints/*/*.py")), ids=name_of)
def test_blueprints_do_not_import_each_other(path):
    mine = f"app.blueprints.{path.parent.name}"
    shared = ("app.blueprints.shapes", mine)
    others = [name for name in own(imports_of(path)) if name.startswith("app.blueprints")]
    assert [name for name in others if not name.startswith(shared)] == []


@pytest.mark.parametrize("path", sorted(APP.glob("services/*.py")), ids=name_of)
def test_an_act_does_not_call_another_act(path):
    others = [name for name in own(imports_of(path)) if name.startswith("app.services")]
    assert [name for name in others if not name.startswith(STEPS)] == []


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_only_acts_and_the_stored_answer_commit(path):
    commits = ".commit()" in path.read_text()
    may = name_of(path).startswith(
        ("app.services.", "app.web.transactions", "app.extensions", "app.demo")
    )
    assert may or not commits
    assert name_of(path) not in STEPS or not commits


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_nobody_is_sure_of_a_row_that_another_may_delete(path):
    assert not re.search(r"\.(scalar_)?one\(\)", path.read_text())


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_files_stay_small(path):
    assert len(path.read_text().splitlines()) <= 250
