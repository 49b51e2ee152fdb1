"""What a route takes, gives and refuses, said once: to parse, to serialise and to document."""

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
    """Hand the validated body, or the query, to the view as keyword arguments.

    `either` is for DELETE, with which some clients can't send a body. `sent_back` is the shape of what is
    changed and how it is read: the body may be the whole of it, as a GET answers it.
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
                db.session.rollback()  # the look-up of the session; nobody waits with a connection
                new_password.hash()
            response = view(*args, **kwargs, **loaded)
            if dropped := ignored(schema, sent):
                response.headers["Ignored-Members"] = ", ".join(dropped)
            return response

        return declare(parsed, accepts=(schema, location))

    return decorate


def _sent(location: str) -> tuple[dict, dict]:
    """Return what the query and the body say, and what is wrong with the two."""
    query = {} if location == "json" else _query()
    body = {} if location == "query" else strict_json.body()
    problems = {} if location != "json" else {key: ["Unknown parameter."] for key in request.args}
    for name in query.keys() & body.keys():
        if query[name] != str(body[name]):
            problems[name] = ["One thing in the query, another in the body."]
    return query | body, problems


def _narrowed(versions, version):
    """A version in the body is an If-Match."""
    return frozenset({version}) if versions is None else versions & {version}


def _no_query():
    """A route that asks for nothing in its query refuses what is said there, too."""
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
    """Hand the versions named by If-Match to the view as `if_match`; None where there is none."""

    @wraps(view)
    def guarded(*args, **kwargs):
        return view(*args, **kwargs, if_match=_versions())

    return declare(guarded, checks_if_match=True)


def _versions():
    """The versions in the tags of If-Match; a tag that names none matches none."""
    tags = request.headers.get("If-Match")
    if tags is None or tags.strip() == "*":
        return None
    found = re.findall(r'(?<!W/)"(\d{1,9})\.(\w*)-[^"]*"', tags)
    return frozenset(int(version) for version, shop in found if shop == _shop_prefix())


def _shop_prefix():
    """Return the beginning of the shop's id, which a restore changes: versions of before don't count."""
    return (namespace() or "")[:4]


def returns(
    schema: Schema | None, status: int = 200, *, location: str | None = None, replayed: bool = True
):
    """Serialise what the view returns, with its ETag; rows of queries are in wire shape already.

    `location` is the path of what was made, filled in from it. A write that comes again with its
    Idempotency-Key is not done again but answered again, unless its answer holds secrets, or it counts tries
    to prove a password: `replayed=False`.
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
    """Say what a view answers that is not JSON, and that it makes by itself."""

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
    """Name the refusals a caller should be ready for; those of the other layers are implied."""

    def decorate(view):
        return declare(view, refuses=errors)

    return decorate
