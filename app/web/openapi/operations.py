"""The OpenAPI operation of one route and method: its purpose, permissions, parameters and body."""

import re
from typing import Any

from app.database.prepared import MAX_ID
from app.extensions import SAFE_METHODS
from app.web.declared import declared
from app.web.deprecated_paths import is_deprecated
from app.web.openapi.answers import answers, shape_of
from app.web.paths import SessionId

OLDER = "older"  # the tag of deprecated operations
PLURALS = {"customer": "customers", "mechanic": "mechanics", "manager": "managers"}
# RFC 9110: `*`, or entity tags with commas between them.
TAG = '(W/)?"[!#-~]*"'
TAGS = {"type": "string", "pattern": rf"^(\*|{TAG}([ \t]*,[ \t]*{TAG})*)$"}
KEY = {"type": "string", "pattern": "^[!-~]([ -~]*[!-~])?$", "maxLength": 255}
IDS: dict[str, dict] = {
    "int": {"type": "integer", "minimum": 1, "maximum": MAX_ID},
    "string": {"type": "string"},
    "session": {"type": "string", "pattern": f"^{SessionId.regex}$"},
}
WANTED_HEADERS: dict[str, dict] = {
    "If-Match": {
        "description": "The ETag you decided on; 412 if it has been overtaken.",
        "schema": TAGS,
    },
    "If-None-Match": {
        "description": "The ETag you hold; 304 if nothing has changed.",
        "schema": {"type": "string"},  # any text: an unknown tag simply never matches
    },
    "Idempotency-Key": {
        "description": "A new random word for each act; a retry replays its answer for 24 hours.",
        "schema": KEY,
    },
}


def operation_id(rule, method: str) -> str:
    """Return the operation's id: the endpoint's name; for a deprecated path, a name made from the path.

    If PUT and PATCH share an endpoint, the id of PUT ends with `.put`.
    """
    if not is_deprecated(rule.rule):
        twice = method == "PUT" and "PATCH" in rule.methods
        return f"{rule.endpoint}.put" if twice else rule.endpoint
    path = re.sub(r"[^\w-]+", ".", re.sub(r"<\w+:(\w+)>", r"\1", rule.rule)).strip(".")
    return f"older.{method.lower()}.{path}"


def described(spec, rule, method, view, examples) -> dict:
    """Return the OpenAPI 3.1 operation object of one method of a route.

    `spec` is the APISpec, `rule` is the route's werkzeug Rule, and `examples` has the recorded calls.
    """
    name = operation_id(rule, method)
    summary, more = explained(view)
    older = is_deprecated(rule.rule) or bool(declared(view).deprecated_for)
    schema: Any
    schema, location = declared(view).accepts
    operation: dict = {
        "operationId": name,
        "tags": [OLDER if older else rule.endpoint.partition(".")[0]],
        "summary": summary,
        "description": more,
        "parameters": [
            *_path_parameters(rule, examples.of_path(name)),
            *_header_parameters(spec, view, method),
        ],
    }
    if older:
        operation["deprecated"] = True
    if location == "query":
        operation["parameters"].append({"in": "query", "schema": schema})
    elif location == "either":
        optional = type(schema)(partial=True)
        operation["parameters"].append({"in": "query", "schema": optional})
        operation["requestBody"] = _body(schema, examples.sent(name)) | {"required": False}
    elif location == "json":
        operation["requestBody"] = _body(schema, examples.sent(name))
    operation["responses"] = answers(spec, view, method, name, examples, older=older)
    if declared(view).identifies:
        operation["security"] = [{"bearer": []}] if declared(view).roles else [{}, {"bearer": []}]
    return operation


def explained(view: Any) -> tuple[str, str]:
    """Return `(summary, details)` of a view, from its docstring; at the end is who may call it."""
    summary, _, more = (view.__doc__ or "").partition("\n\n")
    return summary.strip(), "\n\n".join(filter(None, [" ".join(more.split()), _who(view)]))


def _who(view):
    if not declared(view).roles:
        return "Anyone may."
    if declared(view).is_for_all_roles:
        return "For everyone who is signed in."
    return f"For {' and '.join(PLURALS[role] for role in declared(view).roles or ())}."


def _path_parameters(rule, example):
    return [
        {"in": "path", "name": name, "required": True, "schema": IDS[kind]}
        | ({"example": example[name]} if name in example else {})
        for kind, name in re.findall(r"<(\w+):(\w+)>", rule.rule)
    ]


def _header_parameters(spec, view, method):
    """Return the names of the shared parameters for headers; add them to `spec` if they are missing."""
    wanted = []
    if declared(view).checks_if_match:
        wanted.append("If-Match")
    if method == "GET" and declared(view).has_etag:
        wanted.append("If-None-Match")
    if method not in SAFE_METHODS and declared(view).is_replayed:
        wanted.append("Idempotency-Key")
    names = []
    for header in wanted:
        required = header == "Idempotency-Key" and declared(view).needs_key
        name = f"{header}.required" if required else header
        if name not in spec.components.parameters:
            shared = {"name": header, "required": required} | WANTED_HEADERS[header]
            spec.components.parameter(name, "header", shared)
        names.append(name)
    return names


def _body(schema, examples):
    demanded = any(field.required for field in schema.load_fields.values()) and not schema.partial
    required = demanded or hasattr(schema, "one_of")
    content = {"schema": shape_of(schema)} | ({"examples": examples} if examples else {})
    return {"required": required, "content": {"application/json": content}}
