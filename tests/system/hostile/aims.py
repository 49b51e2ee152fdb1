"""The places for hostile values, read from the document: every operation, member and parameter."""

import re
from dataclasses import dataclass, field
from functools import cache

from app.web.declared import declared
from tests import documented_client
from tests.documented_client import swagger, validator

WRITES = ("post", "put", "patch", "delete")


@dataclass(frozen=True)
class Operation:
    """One operation of the document."""

    method: str
    path: str
    said: dict = field(hash=False, compare=False)

    def __str__(self):
        return f"{self.method.upper()} {self.path}"

    def endpoint(self, app) -> str:
        """Return the endpoint of its view; older paths, and PUT beside PATCH, share one."""
        return _endpoints(app)[self.method.upper(), self.path]

    @property
    def writes(self) -> bool:
        return self.method in WRITES

    def parameters(self, where: str) -> dict[str, dict]:
        return {
            each["name"]: each["schema"]
            for one in self.said.get("parameters", [])
            if (each := documented_client.resolved(swagger(), one))["in"] == where
        }

    def shapes(self) -> list[str]:
        """Return the names of the schemas that its body may have."""
        body = self.said.get("requestBody")
        if body is None:
            return []
        schema = body["content"]["application/json"]["schema"]
        return [each["$ref"].rpartition("/")[2] for each in schema.get("oneOf", [schema])]


@cache
def _endpoints(app):
    return {
        (method, re.sub(r"<(?:[^:>]*:)?(\w+)>", r"{\1}", rule.rule)): rule.endpoint
        for rule in app.url_map.iter_rules()
        for method in rule.methods
    }


@cache
def operations() -> list[Operation]:
    return [
        Operation(method, path, said)
        for path, methods in swagger()["paths"].items()
        for method, said in methods.items()
    ]


def parameters(where):
    return [(each, name) for each in operations() for name in each.parameters(where)]


def shapes():
    return [(each, shape) for each in operations() for shape in each.shapes()]


def members():
    """Return `(operation, shape, way)` for each member of each body, also of the objects within.

    A way is a tuple of names and list indexes that lead to the member.
    """
    return [(*each, way) for each in shapes() for way in ways(shape_of(each[1]))]


def older_names(app, location):
    """Yield `(operation, older names, today's name)`, read from the views: the document has none."""
    for operation in operations():
        schema, its = declared(app.view_functions[operation.endpoint(app)]).accepts
        if (location == "query") == (its == "query"):
            for older, todays in getattr(schema, "also_known_as", {}).items():
                yield operation, (older,) if isinstance(older, str) else older, todays


def shape_of(name):
    return swagger()["components"]["schemas"][name]


def resolved(schema):
    return shape_of(schema["$ref"].rpartition("/")[2]) if "$ref" in schema else schema


def ways(schema, above=()):
    """Yield the way to each member that can be written; read-only ones have tests of their own."""
    for name, member in schema.get("properties", {}).items():
        if member.get("readOnly"):
            continue
        yield (*above, name)
        if "items" in member:
            yield (*above, name, 0)
            yield from ways(resolved(member["items"]), (*above, name, 0))


def at(shape, way):
    """Return the schema at the end of this way."""
    schema = shape_of(shape)
    for step in way:
        schema = schema["properties"][step] if isinstance(step, str) else schema["items"]
        schema = resolved(schema)
    return schema


def fits(schema, value) -> bool:
    """Return whether the document allows this value."""
    return validator(schema).is_valid(value)
