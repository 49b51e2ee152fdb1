"""The document, read off the routes: `flask openapi` writes it to static/swagger.yaml."""

import re
from pathlib import Path
from typing import Any

import orjson
import yaml
from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from flask import Flask
from marshmallow import INCLUDE, Schema, fields
from werkzeug.http import HTTP_STATUS_CODES

from app.errors import (
    Forbidden,
    IdempotencyKeyReused,
    Invalid,
    InvalidToken,
    NotJson,
    NotJsonType,
    Overtaken,
    ShopError,
    TooLarge,
    TooManyRequests,
    Unauthenticated,
    Unavailable,
)
from app.web.examples import example_of
from app.web.older_paths import is_older
from app.web.responses import PROBLEM

SWAGGER = Path("static/swagger.yaml")
TAGS = {
    "auth": "Signing in and out. An access token stands on a session; sign-out ends it at once.",
    "customers": "People and firms who bring vehicles in.",
    "vehicles": "Vehicles, their odometer and their history.",
    "mechanics": "The staff: mechanics and managers.",
    "service_tickets": "One visit of one vehicle, from open to closed.",
    "assignments": "Which mechanic is on which ticket, in which role.",
    "inventory": "The catalogue of parts and its stock.",
    "health": "Whether the shop is up.",
}
ABOUT = """\
The backend of a mechanic shop: customers and their vehicles, service tickets with mechanics and
parts, and the stock those parts come from.

* Sign in with `POST /auth/login` and send `Authorization: Bearer <access_token>`.
* Money is whole cents of the shop's one currency (`*_cents`); times are UTC (RFC 3339).
* Lists come in pages (`page`, `per_page`) or, at constant cost, by `cursor`.
* Every refusal is `application/problem+json` (RFC 9457) with a stable `code`.
* `ETag` and `If-None-Match` save bodies; `If-Match` on a change is refused with 412 when overtaken.
* `Idempotency-Key` on a POST makes a retry safe for 24 hours.
* Unknown members and parameters are refused, never dropped.
"""


class Problem(Schema):
    """RFC 9457; a refusal may say more, such as the legal moves."""

    class Meta:
        unknown = INCLUDE

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    code = fields.String(required=True)
    request_id = fields.String(required=True)
    errors = fields.List(fields.Dict(keys=fields.String(), values=fields.String()))


def _named(schema) -> str:
    """A change is a shape of its own: all of it may be left out."""
    kind = schema if isinstance(schema, type) else type(schema)
    partial = not isinstance(schema, type) and schema.partial is True
    return f"{kind.__name__}Change" if partial else kind.__name__


def document(app: Flask) -> dict:
    """The OpenAPI 3.1 document of every route that says what it returns."""
    spec = APISpec(
        "Mechanic Shop API",
        "1.0.0",
        "3.1.0",
        plugins=[MarshmallowPlugin(schema_name_resolver=_named)],
        info={"description": ABOUT, "license": {"name": "MIT", "identifier": "MIT"}},
        servers=[{"url": "/"}, {"url": "/api", "description": "The same, under a prefix"}],
        tags=[{"name": name, "description": text} for name, text in TAGS.items()],
    )
    spec.components.security_scheme(
        "bearer", {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
    )
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: (is_older(rule.rule), rule.rule)):
        view = app.view_functions[rule.endpoint]
        if hasattr(view, "returns"):
            methods = sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
            operations = {
                method.lower(): _operation(spec, rule, method, view) for method in methods
            }
            spec.path(path=re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), operations=operations)
    return orjson.loads(
        orjson.dumps(spec.to_dict(), option=orjson.OPT_PASSTHROUGH_SUBCLASS, default=str)
    )


def written(app: Flask) -> str:
    return yaml.safe_dump(document(app), sort_keys=False, allow_unicode=True, width=100)


def _operation(spec, rule, method, view):
    summary, _, description = (view.__doc__ or "").partition("\n\n")
    schema, status = view.returns
    accepted: Any
    accepted, location = getattr(view, "accepts", (None, None))
    older = is_older(rule.rule) or getattr(view, "deprecated", False)
    operation = {
        "operationId": _operation_id(rule, method, older),
        "tags": [rule.endpoint.partition(".")[0]],
        "summary": summary.strip(),
        "description": " ".join([_who(view), *description.split()]),
        "parameters": [*_path_parameters(rule), *_header_parameters(view, method)],
        "responses": {str(status): _answer(view, method, schema, status)},
    }
    if older:
        operation["deprecated"] = True
    if location == "query":
        operation["parameters"].append({"in": "query", "schema": accepted})
    elif location == "either":
        optional = type(accepted)(partial=True)
        operation["parameters"].append({"in": "query", "schema": optional})
        operation["requestBody"] = _body(accepted) | {"required": False}
    elif location == "json":
        operation["requestBody"] = _body(accepted)
    if view.roles is not None:
        operation["security"] = [{"bearer": []}] if view.roles else [{}, {"bearer": []}]
    if method == "GET" and status == 200:
        operation["responses"]["304"] = {"description": "Not changed since the ETag you hold."}
    for code, refusals in sorted(_refusals(view, rule, method).items()):
        operation["responses"][str(code)] = _refusal(spec, code, refusals)
    return operation


def _operation_id(rule, method, older):
    if not older:
        twice = method == "PUT" and "PATCH" in rule.methods
        return f"{rule.endpoint}.put" if twice else rule.endpoint
    path = re.sub(r"[^\w-]+", ".", re.sub(r"<\w+:(\w+)>", r"\1", rule.rule)).strip(".")
    return f"older.{method.lower()}.{path}"


def _who(view):
    if not view.roles:
        return "Anyone may ask." if view.roles is None or view.roles == () else ""
    return f"For: {', '.join(view.roles)}."


def _path_parameters(rule):
    number = {"type": "integer", "minimum": 1, "maximum": 2**31 - 1, "example": 1}
    return [
        {"in": "path", "name": name, "required": True, "schema": number}
        for name in re.findall(r"<int:(\w+)>", rule.rule)
    ]


def _header_parameters(view, method):
    wanted = []
    if getattr(view, "may_be_overtaken", False):
        wanted.append(("If-Match", "The ETag you decided on; 412 if it has been overtaken."))
    if method == "GET":
        wanted.append(("If-None-Match", "The ETag you hold; 304 if nothing has changed."))
    if method == "POST" and view.replays:
        wanted.append(("Idempotency-Key", "A new random word for each act; a retry replays it."))
    return [
        {"in": "header", "name": name, "description": text, "schema": {"type": "string"}}
        for name, text in wanted
    ]


def _body(schema):
    content = {"schema": schema, "example": example_of(schema, sent=True)}
    required = any(field.required for field in schema.load_fields.values()) and not schema.partial
    return {"required": required, "content": {"application/json": content}}


def _answer(view, method, schema, status):
    answer: dict = {"description": HTTP_STATUS_CODES[status]}
    if schema is not None:
        example = example_of(schema)
        answer["content"] = {"application/json": {"schema": schema, "example": example}}
        answer["headers"] = {"ETag": _header("The version of this answer.")}
        if "pagination" in schema.fields:
            answer["headers"]["Link"] = _header("The pages beside this one (RFC 8288).")
    if view.locates:
        answer["headers"]["Location"] = _header("Where the new thing is.")
    return answer


def _header(text):
    return {"description": text, "schema": {"type": "string"}}


def _refusals(view, rule, method) -> dict[int, list[type[ShopError]]]:
    """Those the route names, and those that its layers imply."""
    implied: list[type[ShopError]] = [Invalid, TooManyRequests, Unavailable]
    _, location = getattr(view, "accepts", (None, None))
    if view.roles:
        implied += [Unauthenticated, InvalidToken]
    elif view.roles == ():
        implied.append(InvalidToken)
    if getattr(view, "refuses_role", False):
        implied.append(Forbidden)
    if location in ("json", "either"):
        implied += [NotJson, NotJsonType, TooLarge]
    if getattr(view, "may_be_overtaken", False):
        implied.append(Overtaken)
    if method == "POST" and view.replays:
        implied.append(IdempotencyKeyReused)
    by_status: dict[int, list[type[ShopError]]] = {}
    for refusal in dict.fromkeys([*getattr(view, "refuses", ()), *implied]):
        by_status.setdefault(refusal.status, []).append(refusal)
    return by_status


def _refusal(spec, status, refusals) -> str:
    """The name of the response that says so, written once for all routes that refuse alike."""
    name = "-".join(sorted({each.code for each in refusals}))
    if name in spec.components.responses:
        return name
    first = refusals[0]
    example = {
        "type": f"/problems#{first.code}",
        "title": HTTP_STATUS_CODES[status],
        "status": status,
        "detail": first.__doc__,
        "code": first.code,
        "request_id": "5f2b6c1d9e0a4f7b8c3d2e1f0a9b8c7d",
    }
    headers = {name: _header(name) for refusal in refusals for name in refusal.headers}
    if status in (429, 503):
        headers["Retry-After"] = _header("Seconds to wait.")
    answer = {
        "description": "\n".join(f"* `{each.code}`: {each.__doc__}" for each in refusals),
        "content": {PROBLEM: {"schema": Problem, "example": example}},
    }
    spec.components.response(name, answer | ({"headers": headers} if headers else {}))
    return name
