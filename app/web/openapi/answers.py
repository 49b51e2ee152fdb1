"""The responses of an operation in the document: schema, headers, and every possible refusal."""

from marshmallow import INCLUDE, Schema, fields
from werkzeug.http import HTTP_STATUS_CODES

from app.errors import (
    BadRequest,
    Forbidden,
    IdempotencyKeyRequired,
    IdempotencyKeyReused,
    Invalid,
    InvalidToken,
    MalformedJson,
    PreconditionFailed,
    ShopError,
    TooLarge,
    TooManyRequests,
    Unauthenticated,
    Unavailable,
    UnsupportedMediaType,
)
from app.extensions import SAFE_METHODS
from app.web.csv_answers import CSV
from app.web.declared import declared
from app.web.fields import ResponseSchema
from app.web.responses import PROBLEM


def _header(description, *, required=True, **schema):
    schema = {"type": "string"} | schema
    return {"description": description, "required": required, "schema": schema}


HEADERS = {
    "X-Request-ID": _header(
        "The name of this request in the shop's log. A good one of up to 40 characters that you sent stands"
        " before a dot and the shop's own.",
        pattern=r"^[A-Za-z0-9._-]{1,64}$",
    ),
    "ETag": _header("The version of this answer (RFC 9110).", pattern=r'^(W/)?"[!#-~]+"$'),
    "Location": _header("Where it is found.", format="uri-reference"),
    "Link": _header("The pages beside this one (RFC 8288).", required=False),
    "Ignored-Members": _header(
        "Members of earlier systems that were read and not kept, because they have no home here.",
        required=False,
    ),
    "RateLimit": _header(
        "What is left of each limit and for how many seconds.",
        required=False,
        pattern=r'^"[\w-]+";r=\d+;t=\d+(, "[\w-]+";r=\d+;t=\d+)*$',
    ),
    "RateLimit-Policy": _header(
        "How many requests in how many seconds.",
        required=False,
        pattern=r'^"[\w-]+";q=\d+;w=\d+(, "[\w-]+";q=\d+;w=\d+)*$',
    ),
    "Retry-After": _header("Seconds to wait.", type="integer", minimum=1),
    "WWW-Authenticate": _header("How to sign in (RFC 6750).", pattern=r'^Bearer realm=".+"'),
    # Not required: a malformed id matches no route, so that its 404 can't know of a deprecated path.
    "Deprecation": _header(
        "Since when this path is an older one (RFC 9745).", required=False, pattern=r"^@\d+$"
    ),
    "Sunset": _header("Until when it answers at least (RFC 8594).", required=False),
    "Successor": _header(
        "Today's path (`rel=successor-version`), and the pages beside this one.", required=False
    ),
}
PAGE: dict[str, dict] = {".page": {"text/html": {"schema": {"type": "string"}}}}
PACE = ("RateLimit", "RateLimit-Policy")
WITH_STATUS = {
    308: ("Location",),
    401: ("WWW-Authenticate",),
    429: ("Retry-After",),
    503: ("Retry-After",),
}


class ProblemError(ResponseSchema):
    """One error of a body or query, in the answer with a refusal: where it is, and what is wrong."""

    pointer = fields.String(metadata={"description": "a JSON pointer (RFC 6901)"})
    detail = fields.String()


class Problem(Schema):
    """The body of an answer with a refusal (RFC 9457).

    Some refusals have more members, such as the next statuses that are allowed.
    """

    class Meta:
        unknown = INCLUDE

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    code = fields.String(required=True)
    request_id = fields.String(required=True)
    errors = fields.List(fields.Nested(ProblemError))


def answers(spec, view, method, name, examples, *, older: bool) -> dict:
    """Return the responses of an operation, `{status: response}`, including all its refusals.

    `spec` is the APISpec, to which shared responses are added. `name` is the operation's id, `examples`
    has the recorded calls, and `older` tells whether the path is deprecated.
    """
    _, status = declared(view).returns
    # An older path answers like its successor, which has the example.
    found = {str(status): _answer(view, {} if older else examples.answered(name), older)}
    if method == "GET" and declared(view).has_etag:
        found["304"] = _not_modified(spec, found["200"]["headers"], older)
    if method == "POST" and declared(view).has_page:
        found["303"] = {"description": "The page's form was sent: where to read it again."}
        found["303"] |= {"headers": _headers(older, "Location", *PACE), "content": PAGE[".page"]}
    for code, refusals in sorted(_refusals(view, method).items()):
        end = ".older" if older else ".page" if declared(view).has_page else ""
        found[str(code)] = _refusal(spec, code, refusals, examples, end)
    return found


def _not_modified(spec, headers, older) -> str:
    """Return the name of the response 304 with these headers; add it to `spec` if it is missing."""
    paced = "" if "RateLimit" in headers else ".unlimited"
    name = "not_modified" + paced + (".older" if older else ".page" if "Link" in headers else "")
    if name not in spec.components.responses:
        kept = {each: header for each, header in headers.items() if each != "Ignored-Members"}
        answer = {"description": "Not changed since the ETag you hold.", "headers": kept}
        spec.components.response(name, answer)
    return name


def _headers(older, *names):
    """Return `{name: reference}` for X-Request-ID and the headers `names`, which HEADERS describes.

    With `older`, the headers of a deprecated path are added.
    """
    described = {name: name for name in ("X-Request-ID", *names)}
    if older:
        described |= {"Deprecation": "Deprecation", "Sunset": "Sunset", "Link": "Successor"}
    return {name: {"$ref": f"#/components/headers/{each}"} for name, each in described.items()}


def _answer(view, examples, older):
    shape, status = declared(view).returns
    names = list(PACE) if declared(view).rate_limit else []
    answer: dict = {"description": HTTP_STATUS_CODES[status]}
    if isinstance(shape, str):
        kind = "object" if shape == "application/yaml" else "string"
        answer["content"] = {shape: {"schema": {"type": kind}}}
    elif shape is not None:
        content = {"schema": shape_of(shape)} | ({"examples": examples} if examples else {})
        answer["content"] = {"application/json": content}
        if declared(view).has_csv:
            answer["content"][CSV] = {"schema": {"type": "string"}}
        if declared(view).has_page:
            answer["content"] |= PAGE[".page"]
        names += ["Link"] if "pagination" in shape.fields else []
    if shape is not None and declared(view).has_etag:
        names.append("ETag")
    if getattr(declared(view).accepts[0], "without_home", None):
        names.append("Ignored-Members")
    if declared(view).location:
        names.append("Location")
    answer["headers"] = _headers(older, *names)
    return answer


def shape_of(schema):
    """Return `schema`, or `{"oneOf": [schemas]}` if it has `one_of`, a choice of schema classes."""
    kinds = getattr(schema, "one_of", None)
    return {"oneOf": [kind() for kind in kinds]} if kinds else schema


def _refusals(view, method) -> dict[int, list[type[ShopError]]]:
    """Return `{status: refusal classes}`: those that the view declares, and those of its decorators."""
    implied: list[type[ShopError]] = [Invalid] if declared(view).is_strict else []
    _, location = declared(view).accepts
    if declared(view).rate_limit:
        implied += [TooManyRequests, Unavailable]
    if declared(view).roles:
        implied += [Unauthenticated, InvalidToken]
    elif declared(view).identifies:
        implied.append(InvalidToken)
    if not declared(view).is_for_all_roles:
        implied.append(Forbidden)
    if location in ("json", "either"):
        implied += [BadRequest, MalformedJson, UnsupportedMediaType, TooLarge]
    if declared(view).checks_if_match or (method == "GET" and declared(view).has_etag):
        implied.append(PreconditionFailed)
    if method not in SAFE_METHODS and declared(view).is_replayed:
        implied.append(IdempotencyKeyReused)
        if declared(view).needs_key:
            implied.append(IdempotencyKeyRequired)
    by_status: dict[int, list[type[ShopError]]] = {}
    for refusal in dict.fromkeys([*declared(view).refuses, *implied]):
        by_status.setdefault(refusal.status, []).append(refusal)
    return by_status


def _refusal(spec, status, refusals, examples, end) -> str:
    """Return the name of the response for these refusal classes; add it to `spec` if it is missing.

    All refusals have the same `status`. Operations with the same refusals share the response. `examples`
    has the recorded calls. `end` is the end of the name: with `.older`, the response has the headers of a
    deprecated path; with `.page`, a browser gets a page instead of the problem.
    """
    name = "-".join(sorted({each.code for each in refusals})) + end
    if name not in spec.components.responses:
        shown = {each.code: _example_of(spec, each, examples) for each in refusals}
        answer = {
            "description": "\n".join(f"* `{each.code}`: {each.explained()}" for each in refusals),
            "content": {PROBLEM: {"schema": Problem, "examples": shown}} | PAGE.get(end, {}),
            "headers": _headers(end == ".older", *WITH_STATUS.get(status, ()), *PACE),
        }
        spec.components.response(name, answer)
    return name


def _example_of(spec, refusal, examples):
    """Return a reference to the example of a refusal class; add it to `spec` if it is missing."""
    if refusal.code not in spec.components.examples:
        spec.components.example(refusal.code, {"value": examples.refused(refusal)})
    return {"$ref": f"#/components/examples/{refusal.code}"}
