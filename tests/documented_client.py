"""A test client that fails the test where an answer is not what static/swagger.yaml promises."""

import re
from contextvars import Context
from functools import cache
from pathlib import Path

import yaml
from flask import has_app_context
from flask.testing import FlaskClient
from openapi_schema_validator import OAS31Validator

from app.extensions import db

SWAGGER = Path(__file__).parents[1] / "static" / "swagger.yaml"


@cache
def swagger():
    return yaml.safe_load(SWAGGER.read_text(encoding="utf-8"))


@cache
def patterns():
    """Paths as patterns, those without parameters first."""
    return [
        (re.compile(re.sub(r"{\w+}", "[0-9]+", template)), operations)
        for template, operations in sorted(swagger()["paths"].items(), key=lambda p: "{" in p[0])
    ]


def operation(method, path):
    path = path.removeprefix("/api").rstrip("/") or "/"
    for pattern, operations in patterns():
        if pattern.fullmatch(path):
            return operations.get(method.lower())
    return None


def response_of(described, status):
    response = described["responses"].get(str(status))
    if response and "$ref" in response:
        response = swagger()["components"]["responses"][response["$ref"].rpartition("/")[2]]
    return response


def check(method, path, response):
    described = operation(method, path)
    if described is None:
        return
    promised = response_of(described, response.status_code)
    said = f"{method} {path} -> {response.status_code}"
    assert promised is not None, f"{said} is not documented: {response.get_data(as_text=True)}"
    content = promised.get("content")
    if not content:
        assert response.get_data() == b"", f"{said} has a body that is not documented"
        return
    assert response.mimetype in content, f"{said} is {response.mimetype}"
    schema = content[response.mimetype]["schema"] | {"components": swagger()["components"]}
    problems = [
        f"{problem.json_path}: {problem.message}"
        for problem in OAS31Validator(schema).iter_errors(response.json)
    ]
    assert not problems, f"{said}: {problems}"


class DocumentedClient(FlaskClient):
    def open(self, *args, **kwargs):
        # In a context and a session of its own, as on a server, with no transaction of the test open.
        if has_app_context():
            db.session.rollback()
        response = Context().run(super().open, *args, **kwargs)
        request = response.request
        if request.method not in ("HEAD", "OPTIONS"):
            check(request.method, request.path, response)
        return response
