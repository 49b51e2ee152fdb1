"""Error handlers, which answer with application/problem+json (RFC 9457), and headers of all answers."""

import re
import secrets
from itertools import islice

import orjson
from flask import Flask, Response, g, request
from flask.json.provider import JSONProvider
from flask.sessions import NullSession, SessionInterface
from marshmallow import ValidationError
from sqlalchemy.exc import (
    DBAPIError,
    IntegrityError,
    InterfaceError,
    NoResultFound,
    OperationalError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, InternalServerError
from werkzeug.http import HTTP_STATUS_CODES

from app.database.session import db
from app.database.sqlstates import BROKEN, BUSY, sqlstate
from app.errors import (
    BadRequest,
    Conflict,
    InternalError,
    Invalid,
    MethodNotAllowed,
    NotFound,
    PreconditionFailed,
    RangeNotSatisfiable,
    ShopError,
    TooLarge,
    TooManyRequests,
    Unavailable,
)
from app.quantities import as_json

ENCODED = orjson.OPT_UTC_Z | orjson.OPT_APPEND_NEWLINE
TOLD = 100  # most errors listed for one body
PROBLEM = "application/problem+json"
GIVEN_ID = re.compile(r"[A-Za-z0-9._-]{1,40}")
SEEN = "HTTP_IF_NONE_MATCH"
CONDITIONS = {
    *(SEEN, "HTTP_IF_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_UNMODIFIED_SINCE", "HTTP_RANGE")
}
# Refusals for HTTP errors of Flask, werkzeug and the limiter; any other status becomes a BadRequest.
OF_HTTP: dict[int | None, type[ShopError]] = {
    refusal.status: refusal
    for refusal in (NotFound, MethodNotAllowed, TooLarge, RangeNotSatisfiable, TooManyRequests)
}


class Orjson(JSONProvider):
    """Flask's JSON provider, by orjson: times in UTC with a Z, members in the order of their schema."""

    def encoded(self, obj) -> bytes:
        return orjson.dumps(obj, default=as_json, option=ENCODED)

    def dumps(self, obj, **_kwargs):
        return self.encoded(obj).decode()

    def loads(self, s, **_kwargs):
        return orjson.loads(s)


class NoCookies(SessionInterface):
    """A session interface of Flask with empty sessions, without cookies: callers send a token instead."""

    nobodys = NullSession()

    def open_session(self, app, request):
        return self.nobodys

    def save_session(self, app, session, response):
        pass


def init_app(app: Flask, refused_by: dict[str, type[ShopError]]) -> None:
    """Register error handlers and hooks; `refused_by` is `{database constraint: refusal class}`."""
    app.json, app.session_interface = Orjson(app), NoCookies()

    @app.before_request
    def name_request():
        given = request.environ.get("HTTP_X_REQUEST_ID", "")
        own = secrets.token_hex(8)
        g.request_id = f"{given}.{own}" if GIVEN_ID.fullmatch(given) else own

    @app.errorhandler(ShopError)
    def refused(error):
        db.session.rollback()
        return problem(error)

    @app.errorhandler(ValidationError)
    def invalid(error):
        return refused(Invalid(errors=_by_pointer(_pointed(error.normalized_messages()))))

    @app.errorhandler(IntegrityError)
    def refused_by_database(error):
        name = _constraint(error)
        return refused(refused_by.get(name, Conflict)())

    @app.errorhandler(StaleDataError)
    @app.errorhandler(NoResultFound)
    def overtaken(_error):
        return refused(Conflict())

    @app.errorhandler(DBAPIError)
    @app.errorhandler(PoolTimeout)
    def away(error):
        if _is_away(error):
            app.logger.warning("database: %s", error)
            return refused(Unavailable())
        app.logger.exception("database")
        return broken(error)

    @app.errorhandler(HTTPException)
    def http(error):
        if error.response is not None or (error.code or 500) < 400:
            return error
        refusal = OF_HTTP.get(error.code, BadRequest)()
        refusal.status = error.code
        refusal.headers = {
            name: value for name, value in error.get_headers() if name.lower() != "content-type"
        }
        return refused(refusal)

    @app.errorhandler(InternalServerError)
    def broken(_error):
        return refused(InternalError())

    @app.after_request
    def finish(response):
        if db.session.registry.has():
            _let_go()
        headers, environ = response.headers, request.environ
        headers.add("X-Request-ID", g.get("request_id", ""))
        headers.add("X-Content-Type-Options", "nosniff")
        if environ["wsgi.url_scheme"] == "https":
            headers.add("Strict-Transport-Security", "max-age=31536000")
        if environ["REQUEST_METHOD"] == "POST":
            headers["Cache-Control"] = "no-store"
        elif "HTTP_AUTHORIZATION" in environ or response.status_code >= 400:
            headers.setdefault("Cache-Control", "private, no-cache")
        if "Vary" in headers:
            response.vary.add("Authorization")
        else:
            headers.add("Vary", "Authorization")
        return response


def _let_go():
    """End the session's open transaction, which has only reads; remove the session if that fails."""
    try:
        db.session.rollback()
    except DBAPIError:
        db.session.remove()


def compare_tags(app: Flask) -> None:
    """Register a hook that compares each answer's ETag with `If-None-Match` and `If-Match`.

    It is an `after_request` hook that can turn an answer into a 304 or a 412. Flask calls the hook that
    was registered last first: call this after all others are registered, so that they see the final
    answer.
    """

    @app.after_request
    def compare(response):
        environ = request.environ
        asked = [each for each in CONDITIONS if each in environ]
        if asked and request.method in ("GET", "HEAD") and response.status_code == 200:
            if asked == [SEEN] and environ[SEEN] == response.headers.get("ETag"):
                response.status_code = 304  # the usual case, without parsing a list of tags
                return response
            response.make_conditional(request)
            if response.status_code == PreconditionFailed.status:
                return problem(PreconditionFailed())
        return response


def problem(error: ShopError) -> Response:
    """Return the response for a refusal, as application/problem+json."""
    headers = dict(error.headers)
    if "Location" in headers:
        headers["Location"] = request.script_root + headers["Location"]
    body = orjson.dumps(said_no(error, g.get("request_id", "")), default=as_json, option=ENCODED)
    return Response(body, error.status, headers, content_type=PROBLEM)


def said_no(error: ShopError, request_id: str) -> dict:
    """Return a refusal's body: `{type, title, status, detail, code, request_id, **error.members}`."""
    return {
        "type": f"/problems#{error.code}",
        "title": HTTP_STATUS_CODES[error.status],
        "status": error.status,
        "detail": error.detail,
        "code": error.code,
        **error.members,
        "request_id": request_id,
    }


def _is_away(error):
    """Return whether a database error means that the database is down or busy, not a wrong statement."""
    if state := sqlstate(getattr(error, "orig", None)):
        return state.startswith((*BROKEN, *BUSY))
    # SQLite's errors and lost connections have no SQLSTATE.
    lost = getattr(error, "connection_invalidated", False)
    return lost or isinstance(error, OperationalError | InterfaceError | PoolTimeout)


def _pointed(messages, pointer=""):
    """Yield `{pointer, detail}`, with a JSON pointer (RFC 6901), for each of marshmallow's messages."""
    if isinstance(messages, dict):
        for name, inner in messages.items():
            step = "/" + str(name).replace("~", "~0").replace("/", "~1")
            yield from _pointed(inner, pointer + ("" if name == "_schema" else step))
    else:
        for message in messages if isinstance(messages, list) else [messages]:
            yield {"pointer": pointer, "detail": str(message)}


def _by_pointer(errors):
    """Join the `errors` that have the same pointer; return up to TOLD, and a note about the rest."""
    found: dict[str, list[str]] = {}
    for each in errors:
        found.setdefault(each["pointer"], []).append(each["detail"])
    told = [{"pointer": at, "detail": " ".join(why)} for at, why in islice(found.items(), TOLD)]
    if len(found) > TOLD:
        told.append({"pointer": "", "detail": f"{len(found) - TOLD} more places don't fit."})
    return told


def _constraint(error: IntegrityError) -> str:
    """Return the violated constraint's name; build it from the columns for a unique one on SQLite."""
    diagnosis = getattr(error.orig, "diag", None)
    if diagnosis is not None:
        return diagnosis.constraint_name or ""
    kind, _, rest = str(error.orig).partition(" constraint failed: ")
    if kind == "UNIQUE":
        columns = [column.split(".") for column in rest.split(", ")]
        return "_".join(["uq", columns[0][0], *(column[1] for column in columns)])
    return rest
