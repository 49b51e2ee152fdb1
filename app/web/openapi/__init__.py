"""The OpenAPI document, made from the routes and from recorded calls; `flask openapi` writes it."""

import re
import sys
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any

import orjson
import yaml
from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from flask import Flask
from marshmallow import Schema

from app.web.declared import declared
from app.web.deprecated_paths import is_deprecated
from app.web.openapi.answers import HEADERS
from app.web.openapi.examples import Examples
from app.web.openapi.links import link
from app.web.openapi.operations import OLDER, described, operation_id

ROOT = Path(__file__).parents[3]
SWAGGER = ROOT / "static" / "swagger.yaml"
PROMISES = ROOT / "docs" / "api.md"
ABOUT = """\
The backend of a mechanic shop: customers and their vehicles, service tickets with mechanics and
parts, and the stock those parts come from. Sign in with `POST /auth/login`, and give its
`access_token` to **Authorize**.

<details><summary>What clients may rely on: money, pages, retries, limits, errors</summary>

"""
WHERE_FROM = """\
The `access_token` that `POST /auth/login` answers. The people of the examples are made up: a demo shop
is signed in to with an e-mail address and password that `python3 dev.py` printed, any other shop with
those of its manager (`flask create-manager`), or with an account opened by `POST /customers`.
"""
OLDER_PATHS = (
    "Paths of earlier systems. They answer like today's, and `Link` names the one to call."
)
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def written(app: Flask, day: Iterable) -> str:
    """Return the OpenAPI document of the API as YAML, with examples from recorded API calls.

    `day` has these calls: the Played objects of a working day in a shop, from app/cli/walkthrough.
    """
    return yaml.safe_dump(document(app, day), sort_keys=False, allow_unicode=True, width=100)


def document(app: Flask, day: Iterable) -> dict:
    """Return the OpenAPI 3.1 document of all declared routes as a dict.

    `day` has the recorded calls, which become its examples: Played objects, from app/cli/walkthrough.
    """
    tags = _tags(app)
    spec = APISpec(
        "Mechanic Shop API",
        "1.0.0",
        "3.1.0",
        plugins=[MarshmallowPlugin(schema_name_resolver=_named)],
        info={"description": _about(), "license": {"name": "MIT", "identifier": "MIT"}},
        servers=[{"url": "/"}, {"url": "/api", "description": "The same, under a prefix"}],
        tags=[{"name": name, "description": text} for name, text in tags.items()],
    )
    spec.components.security_scheme(
        "bearer",
        {"type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": WHERE_FROM},
    )
    for name, header in HEADERS.items():
        spec.components.header(name, header)
    locations: dict[str, str] = {}
    examples = Examples((operation_id(each.rule, each.call.method), each) for each in day)
    for rule in sorted(app.url_map.iter_rules(), key=partial(_place, list(tags))):
        view: Any = app.view_functions[rule.endpoint]
        marks = declared(view)
        if marks.returns[1]:
            if marks.location and marks.returns[1] == 201:
                locations[rule.endpoint] = marks.location
            operations = {
                method.lower(): described(spec, rule, method, view, examples)
                for method in METHODS
                if method in (rule.methods or ())
            }
            spec.path(path=re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), operations=operations)
    document = orjson.loads(
        orjson.dumps(spec.to_dict(), option=orjson.OPT_PASSTHROUGH_SUBCLASS, default=str)
    )
    link(document, locations)
    return document


def _about():
    """Return the API's description: ABOUT, and the text of docs/api.md on what clients may rely on."""
    _title, _, promises = PROMISES.read_text(encoding="utf-8").partition("\n")
    promises = promises.replace("\n## ", "\n### ").strip()
    return f"{ABOUT}{promises}\n\n</details>\n"


def _named(schema) -> str:
    """Return the name of a schema in the document, which is the name of its class.

    A partial `PartCreate`, in which all members are optional, is called `PartUpdate`.
    """
    kind = schema if isinstance(schema, type) else type(schema)
    partial = isinstance(schema, Schema) and schema.partial is True
    return kind.__name__.replace("Create", "Update") if partial else kind.__name__


def _tags(app):
    """Return `{blueprint's name: description}` in order of registration, from the packages' docstrings.

    The last tag is for the deprecated paths.
    """
    tags = {name: sys.modules[bp.import_name].__doc__ for name, bp in app.blueprints.items()}
    return {name: text for name, text in tags.items() if text} | {OLDER: OLDER_PATHS}


def _place(tags, rule):
    """Return the sort key of a route: in the order of `tags`, a list of names; deprecated paths last.

    `rule` is the route's werkzeug Rule.
    """
    tag = rule.endpoint.partition(".")[0]
    return is_deprecated(rule.rule), tags.index(tag) if tag in tags else len(tags)
