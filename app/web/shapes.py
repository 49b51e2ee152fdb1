"""Decorators that parse what a view accepts, serialise what it returns, and declare what it refuses."""

import hashlib
import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Response, current_app, g, request
from marshmallow import Schema

from app.database.session import db
from app.errors import Invalid, ShopError
from app.extensions import SAFE_METHODS
from app.passwords import NewPassword
from app.web import strict_json
from app.web.auth import demand_the_same_actor
from app.web.declared import declare, declared
from app.web.fields import ResponseSchema
from app.web.names import ignored
from app.web.namespace import namespace
from app.web.pages import links
from app.web.sent_back import compared
from app.web.transactions import in_one_transaction


def accepts(
    schema: Any,
    location: str = "json",
    *,
    sent_back: tuple[type[ResponseSchema], Callable[..., dict]] | None = None,
):
    """Return a decorator that validates the body or query and passes its members to the view by name.

    `location` is `json`, `query` or, for DELETE, `either`, because some clients can't send a body with
    DELETE. With `sent_back`, clients may send the whole resource back, as GET answers it: a pair of its
    response schema and a function that returns the resource as it is now.
    """
    if sent_back is not None:
        schema.hold(sent_back[0])

    def decorate(view):
        @wraps(view)
        def parsed(*args, **kwargs):
            sent, problems = _sent(location)
            if sent_back is not None and sent.keys() & schema.held.keys():
                ids = [each for name, each in kwargs.items() if name != "if_match"]
                now = strict_json.parsed(current_app.json.encoded(sent_back[1](g.actor, *ids)))
                if "version" in sent and "if_match" in kwargs:
                    kwargs["if_match"] = _narrowed(kwargs["if_match"], now["version"])
                sent, differing = compared(sent, schema.held, now, schema.instead)
                problems |= differing
            loaded = schema.load(sent, beside=problems)
            for new_password in (each for each in loaded.values() if isinstance(each, NewPassword)):
                db.session.rollback()  # hold no connection while waiting to hash
                new_password.hash()
            response = view(*args, **kwargs, **loaded)
            if dropped := ignored(schema, sent):
                response.headers["Ignored-Members"] = ", ".join(dropped)
            return response

        return declare(parsed, accepts=(schema, location))

    return decorate


def _sent(location: str) -> tuple[dict, dict]:
    """Return the members of query and body, and the problems: unknown parameters and contradictions."""
    query = {} if location == "json" else _query()
    body = {} if location == "query" else strict_json.body()
    problems = {} if location != "json" else {key: ["Unknown parameter."] for key in request.args}
    for name in query.keys() & body.keys():
        if query[name] != str(body[name]):
            problems[name] = ["One thing in the query, another in the body."]
    return query | body, problems


def _narrowed(versions, version):
    """Return the `versions` of If-Match that equal `version`; without If-Match, only `version`."""
    return frozenset({version}) if versions is None else versions & {version}


def _no_query():
    """Raise Invalid for query parameters if the route accepts neither a query nor a body."""
    view = current_app.view_functions[request.endpoint or ""]
    if request.args and declared(view).accepts == (None, None):
        raise Invalid(errors=[_unknown(name) for name in request.args])


def _unknown(name):
    return {"pointer": f"/{name}", "detail": "Unknown parameter."}


def _query():
    for name, values in request.args.lists():
        if len(values) > 1:
            raise Invalid.at(f"/{name}", "Given more than once.")
    return request.args.to_dict()


def checks_if_match(view):
    """Pass a view the set of versions in If-Match as `if_match`; None for `*` or without the header."""

    @wraps(view)
    def guarded(*args, **kwargs):
        return view(*args, **kwargs, if_match=_versions())

    return declare(guarded, checks_if_match=True)


def _versions():
    """Return the versions in this shop's tags in If-Match; None if the header is missing or `*`."""
    tags = request.headers.get("If-Match")
    if tags is None or tags.strip() == "*":
        return None
    found = re.findall(r'(?<!W/)"(\d{1,9})\.(\w*)-[^"]*"', tags)
    return frozenset(int(version) for version, shop in found if shop == _shop_prefix())


def _shop_prefix():
    """Return the start of the shop's id, a part of ETags; after a restore, old tags match no more."""
    return (namespace() or "")[:4]


def returns(
    schema: Schema | None, status: int = 200, *, location: str | None = None, replayed: bool = True
):
    """Return a decorator that turns a view's result into a JSON answer with an ETag.

    `schema` serialises the result, except a dict, which is sent as it is; without a schema the answer is
    empty. `location` is the path template of a created resource, filled in from the answer. If a write
    is sent again with the same Idempotency-Key, it is not executed again: the first answer is sent.
    `replayed=False` switches this off, for answers with secrets and for attempts to prove a password,
    which are counted.
    """

    def decorate(view):
        shows = replayed and status == 201
        changes = schema is not None and status == 200

        @wraps(view)
        def answer(*args, **kwargs):
            _no_query()

            def made():
                if request.method not in SAFE_METHODS:
                    demand_the_same_actor()
                return _response(schema, status, location, view(*args, **kwargs))

            return in_one_transaction(
                made,
                shows=shows or (changes and request.method in ("PUT", "PATCH")),
                replayed=replayed and request.method not in SAFE_METHODS,
            )

        return declare(
            answer,
            returns=(schema, status),
            location=location,
            is_replayed=replayed,
            is_strict=True,
            has_etag=True,
        )

    return decorate


def serves(media_type: str, status: int = 200, *, location: str | None = None, conditional=False):
    """Declare that the view builds its own answer, not JSON; `conditional`: the answer has an ETag."""

    def decorate(view):
        marks = {"returns": (media_type, status), "location": location, "has_etag": conditional}
        return declare(view, **marks)

    return decorate


def _response(schema, status, location, result):
    if schema is None:
        return Response(status=status)
    wire = result if isinstance(result, dict) else schema.dump(result)
    body = current_app.json.encoded(wire)
    response = Response(body, status, mimetype="application/json")
    tag = hashlib.sha256(body).hexdigest()[:16]
    response.set_etag(f"{wire['version']}.{_shop_prefix()}-{tag}" if "version" in wire else tag)
    if location is not None:
        response.headers["Location"] = request.script_root + location.format(**wire)
    if "pagination" in wire and (beside := links(wire["pagination"])):
        response.headers["Link"] = beside
    return response


def refuses(*errors: type[ShopError]):
    """Return a decorator that declares the refusals of the view itself, without those of decorators."""

    def decorate(view):
        return declare(view, refuses=errors)

    return decorate
