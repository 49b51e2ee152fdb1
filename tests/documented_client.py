"""A test client that fails the test if an answer is not what static/swagger.yaml promises."""

import re
from contextvars import Context
from functools import cache

import yaml
from flask import has_app_context
from flask.testing import FlaskClient
from jsonschema_rs import Draft202012Validator

from app.database.session import db
from app.errors import every_refusal
from app.web.openapi import SWAGGER
from app.web.responses import PROBLEM

CODES = {refusal.code for refusal in every_refusal()}
# These headers are part of the contract: none may be sent without being documented.
PROMISED = {
    *("ETag", "Link", "Location", "Retry-After", "RateLimit", "RateLimit-Policy"),
    *("WWW-Authenticate", "X-Request-ID", "Deprecation", "Sunset", "Ignored-Members"),
}
# Swagger UI and its files. Any other path without an operation must be refused.
PAGES = ("/docs", "/static/")


def read_yaml(text):
    """Return the contents of a YAML text; libyaml reads it, if there, because the document is long."""
    return yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))


@cache
def swagger():
    """Return the document in a strict form: unlike clients, tests allow no unknown members."""
    document = read_yaml(SWAGGER.read_text(encoding="utf-8"))
    for shape in document["components"]["schemas"].values():
        shape.setdefault("additionalProperties", False)
    return document


def check(method, path, response, document=None):
    """Assert that the document promises this answer: its status, headers, type and shape."""
    document = document or swagger()
    said = f"{method} {path} -> {response.status_code}"
    operation = _operation(document, method, path)
    if response.mimetype == PROBLEM and method != "HEAD":
        code = response.json["code"]
        assert code in CODES, f"{said}: {code} is no code of the shop's"
        assert response.json["type"] == f"/problems#{code}"
    if operation is None:
        known = response.status_code >= 400 or path.removeprefix("/api").startswith(PAGES)
        assert known, f"{said} is of no documented operation"
        return
    promised = resolved(document, operation["responses"].get(str(response.status_code)))
    assert promised, f"{said} is not documented: {response.get_data(as_text=True)}"
    _check_headers(document, promised.get("headers", {}), response.headers, said)
    if method != "HEAD":
        _check_body(document, promised.get("content"), response, said)


@cache
def _pattern(template):
    ids = template.replace("{session_id}", "[0-9a-f]{32}")
    ids = ids.replace("{token}", "[^/]+").replace("{figure}", "[a-z_]+")
    return re.compile(re.sub(r"{[a-z]\w+}", "[0-9]+", ids))


def _operation(document, method, path):
    path = path.removeprefix("/api").rstrip("/") or "/"
    method = "get" if method == "HEAD" else method.lower()
    exact = document["paths"].get(path)
    for template, operations in document["paths"].items():
        if exact or _pattern(template).fullmatch(path):
            return (exact or operations).get(method)
    return None


def resolved(document, described):
    """Return what a `$ref` refers to, or else the object itself."""
    if described and "$ref" in described:
        for step in described["$ref"].removeprefix("#/").split("/"):
            document = document[step]
        return document
    return described


def validator(schema, document=None):
    """Return the validator of a schema in this document, by default the shop's own; compiled once.

    The dialect of OpenAPI 3.1 is JSON Schema 2020-12. The library is written in Rust: one in Python
    needs more time for a list of 100 rows than the request.
    """
    document = document or swagger()
    return _compiled(_ByIdentity(schema), _ByIdentity(document["components"]))


class _ByIdentity:
    """A key for a cache of schemas: a dictionary has no hash, and comparing two would be slow."""

    def __init__(self, schema):
        self.schema = schema

    def __hash__(self):
        return id(self.schema)

    def __eq__(self, other):
        return self.schema is other.schema


@cache
def _compiled(schema: _ByIdentity, components: _ByIdentity):
    return Draft202012Validator(schema.schema | {"components": components.schema})


def _check_headers(document, promised, headers, said):
    for name, reference in promised.items():
        header = resolved(document, reference)
        value = headers.get(name)
        assert value is not None or not header.get("required"), f"{said} has no {name}"
        if value is not None:
            given = int(value) if header["schema"]["type"] == "integer" else value
            problems = [
                each.message for each in validator(header["schema"], document).iter_errors(given)
            ]
            assert not problems, f"{said}: {name}: {problems}"
    more = {name for name in PROMISED if name in headers} - promised.keys()
    assert not more, f"{said} has headers that are not documented: {more}"


def _check_body(document, content, response, said):
    if not content:
        assert response.get_data() == b"", f"{said} has a body that is not documented"
        return
    assert response.mimetype in content, f"{said} is {response.mimetype}"
    if not response.is_json:
        return
    promised = content[response.mimetype]
    problems = [
        f"{'.'.join(map(str, problem.instance_path))}: {problem.message}"
        for problem in validator(promised["schema"], document).iter_errors(response.json)
    ]
    assert not problems, f"{said}: {problems}"
    if response.status_code >= 400:
        code = response.json["code"]
        assert code in promised["examples"], f"{said}: {code} is not documented"


class DocumentedClient(FlaskClient):
    def open(self, *args, **kwargs):
        # In a context and a session of its own, as on a server, with no transaction of the test open.
        if has_app_context():
            db.session.rollback()
        response = Context().run(super().open, *args, **kwargs)
        request = response.request
        if request.method != "OPTIONS":
            check(request.method, request.path, response)
        return response
