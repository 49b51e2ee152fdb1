"""The fast path past SQLAlchemy's unit of work is closed: who uses it is named here, and nobody else may."""

import ast

import pytest

from tests.house.test_architecture import FILES, name_of

BLUEPRINTS = "app.blueprints"
TICKETS = f"{BLUEPRINTS}.service_tickets"
CALLERS = {
    # In the session's transaction, past its unit of work.
    "execute": {
        *("app.access.actors", "app.lookup", "app.models.raw", f"{BLUEPRINTS}.inventory.stock"),
    },
    "insert_rows": {"app.models.audit", "app.models.raw"},
    "insert_now": {f"{BLUEPRINTS}.inventory.stock"},
    "insert_line": {f"{TICKETS}.services.lines"},
}
DETACHED = {
    f"{BLUEPRINTS}.inventory.stock",
    *(f"{TICKETS}.services.{each}" for each in ("locked", "used_parts", "visitors", "work")),
}


def names_imported(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module in (
            "app.database.statements",
            "app.models.raw",
        ):
            yield from (alias.name for alias in node.names)


@pytest.mark.parametrize("verb", CALLERS)
def test_only_these_use_it(verb):
    assert {name_of(path) for path in FILES if verb in names_imported(path)} == CALLERS[verb]


def test_only_these_look_at_rows_that_the_session_does_not_know():
    assert {name_of(path) for path in FILES if "detached=True" in path.read_text()} == DETACHED


def test_the_module_itself_is_nobody_s_to_import():
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and node.module in ("app.database", "app.models"):
                assert not {alias.name for alias in node.names} & {"statements", "raw"}, path
