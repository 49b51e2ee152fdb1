"""Decorators that parse a view's input, serialise its result, and declare its refusals."""

import hashlib
import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Response, current_app, g, request
from marshmallow import Schema

from app.database.session import db
from app.errors import IdempotencyKeyRequired, Invalid, ShopError
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
    """Return a decorator that validates the body or query, and passes its members to the view by name.

    `schema` is a RequestSchema. `location` is `json`, `query` or, for DELETE, `either`, because some
    clients can't send a body with DELETE. With `sent_back`, clients may send the whole resource back, as
    GET answers it. `sent_back` is a pair: the answer's schema class, and a function that returns the
    current answer for the actor and the ids in the path.
    """
    if sent_back is not None:
        schema.hold(sent_back[0])

    def decorate(view):
        @wraps(view)
        def parsed(*args, **kwargs):
            sent, problems = _sent(location)
            if sent_back is not None and sent.keys() & schema.held.keys():
                ids = [each for name, each in kwargs.items() if name != "if_match"]
                include = frozenset(sent.keys() & schema.on_request)
                more = {"include": include} if include else {}
                now = sent_back[1](g.actor, *ids, **more)
                now = strict_json.parsed(current_app.json.encoded(now))
                if "version" in sent and "if_match" in kwargs:
                    kwargs["if_match"] = _narrowed(kwargs["if_match"], now["version"])
                sent, differing = compared(
                    sent,
                    schema.held,
                    now,
                    schema.instead,
                    one_alone=schema.one_alone,
                    goes_with=schema.goes_with,
                )
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
    """Return `(members, problems)` of this request; `location` is that of `accepts`.

    `members` are those of the query and the body. `problems` is `{name: messages}`: for unknown
    parameters, and for members whose values in the query and in the body differ.
    """
    query = {} if location == "json" else _query()
    body = {} if location == "query" else strict_json.body()
    problems = {} if location != "json" else {key: ["Unknown parameter."] for key in request.args}
    for name in query.keys() & body.keys():
        if query[name] != str(body[name]):
            problems[name] = ["One thing in the query, another in the body."]
    return query | body, problems


def _narrowed(versions, version):
    """Return the set `{version}`, or an empty set if it is not among `versions`, those in If-Match.

    `version` is that of the answer that the body was compared with. `versions` is None without If-Match:
    then return `{version}`.
    """
    return frozenset({version}) if versions is None else versions & {version}


def _no_query():
    """Raise Invalid if there are query parameters, but the view accepts neither query nor body."""
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
    """Decorate a view to get the argument `if_match`: the set of versions in the If-Match header.

    It is None if the header is missing or `*`.
    """

    @wraps(view)
    def guarded(*args, **kwargs):
        return view(*args, **kwargs, if_match=_versions())

    return declare(guarded, checks_if_match=True)


def _versions():
    """Return the set of versions in the If-Match header; None if the header is missing or `*`.

    Weak tags are left out, and tags that belong to another shop's id, such as those from before a
    restore.
    """
    tags = request.headers.get("If-Match")
    if tags is None or tags.strip() == "*":
        return None
    found = re.findall(r'(?<!W/)"(\d{1,9})\.(\w*)-[^"]*"', tags)
    return frozenset(int(version) for version, shop in found if shop == _shop_prefix())


def _shop_prefix():
    """Return the first four characters of the shop's id, which are a part of ETags.

    Restoring a backup gives the shop a new id, so that older ETags do not match any more.
    """
    return (namespace() or "")[:4]


def returns(
    schema: Schema | None,
    status: int = 200,
    *,
    location: str | None = None,
    replayed: bool = True,
    needs_key: bool = False,
):
    """Return a decorator that turns a view's result into a JSON answer with an ETag.

    `schema` serialises the result, but a dict is sent unchanged; without a schema the answer has no
    body. `location` is the path template of a created resource, filled in from the answer and the ids in
    the path. If a write is sent again with the same Idempotency-Key, it is not executed again: the first
    answer is sent. `replayed=False` switches this off: for answers with secrets, and for requests that
    check a password, because each of them must count as an attempt. With `needs_key`, a request without
    an Idempotency-Key is refused: IdempotencyKeyRequired.
    """

    def decorate(view):
        shows = replayed and status == 201
        changes = schema is not None and status == 200

        @wraps(view)
        def answer(*args, **kwargs):
            _no_query()
            if needs_key and "Idempotency-Key" not in request.headers:
                raise IdempotencyKeyRequired()

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
            needs_key=needs_key,
            is_strict=True,
            has_etag=True,
        )

    return decorate


def serves(
    shape: str | Schema, status: int = 200, *, location: str | None = None, conditional=False
):
    """Return a decorator which declares that a view builds its own answer.

    `shape` is the media type of the answer or, for JSON, the schema that describes it. `location` is the
    path template of a created resource. `conditional` says that the answer has an ETag.
    """

    def decorate(view):
        marks = {"returns": (shape, status), "location": location, "has_etag": conditional}
        return declare(view, **marks)

    return decorate


def _response(schema, status, location, result):
    if isinstance(result, Response):  # in another form than JSON
        return result
    if schema is None:
        return Response(status=status)
    wire = result if isinstance(result, dict) else schema.dump(result)
    body = current_app.json.encoded(wire)
    response = Response(body, status, mimetype="application/json")
    tag = hashlib.sha256(body).hexdigest()[:16]
    response.set_etag(f"{wire['version']}.{_shop_prefix()}-{tag}" if "version" in wire else tag)
    if location is not None:
        ids = (request.view_args or {}) | wire
        response.headers["Location"] = request.script_root + location.format(**ids)
    if "pagination" in wire and (beside := links(wire["pagination"])):
        response.headers["Link"] = beside
    return response


def refuses(*errors: type[ShopError]):
    """Return a decorator which declares the refusal classes, `errors`, that a view itself may raise.

    Refusals that are raised by the view's decorators need no declaration.
    """

    def decorate(view):
        return declare(view, refuses=errors)

    return decorate
