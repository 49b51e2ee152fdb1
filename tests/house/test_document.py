"""static/swagger.yaml is what the routes say, and it is valid OpenAPI 3.1."""

import re

import yaml
from openapi_spec_validator import validate

from app.web import openapi
from tests.documented_client import SWAGGER, swagger

WITHOUT_SHAPE = {"/", "/metrics", "/openapi.yaml", "/problems"}


def test_the_document_is_fresh(app):
    assert SWAGGER.read_text(encoding="utf-8") == openapi.written(app), "run `flask openapi`"


def test_the_document_is_valid():
    validate(yaml.safe_load(SWAGGER.read_text(encoding="utf-8")))


def test_every_route_is_in_the_document_and_nothing_else_is(app):
    ours = {
        re.sub(r"<\w+:(\w+)>", r"{\1}", rule.rule)
        for rule in app.url_map.iter_rules()
        if app.view_functions[rule.endpoint].__module__.startswith("app.blueprints")
    }
    assert ours - WITHOUT_SHAPE == set(swagger()["paths"])


def test_every_operation_has_a_summary_an_answer_and_its_refusals():
    for path, operations in swagger()["paths"].items():
        for method, operation in operations.items():
            said = f"{method} {path}"
            assert operation["summary"], said
            assert any(status.startswith("2") for status in operation["responses"]), said
            if path not in ("/healthz",):
                assert any(status >= "400" for status in operation["responses"]), said


def test_older_paths_are_marked_deprecated():
    for path, operations in swagger()["paths"].items():
        older = path.startswith("/service_tickets") or path in ("/login", "/auth/register")
        assert (
            all(operation.get("deprecated", False) for operation in operations.values())
            or not older
        )
