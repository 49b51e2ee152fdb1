"""A server on bare WSGI, psycopg2 and orjson, without any framework."""

import base64
import os
import re
import time
from http import HTTPStatus
from urllib.parse import parse_qsl

import jwt
import orjson

from benchmarks.peers import wsgi_queries as queries
from benchmarks.peers.wsgi_queries import Refused

SECRET_KEY = os.environ["SECRET_KEY"]
KEPT_SECONDS = 60
_kept: dict = {}


def app(environ, start_response):
    """Answer a request, after its token has been checked."""
    try:
        status, body, headers = _answer(environ)
    except Refused as refused:
        status, message = refused.args
        body, headers = orjson.dumps({"error": message}), []
    except (ValueError, KeyError):
        status, body, headers = 400, b'{"error":"This is no request of this server."}', []
    if status != HTTPStatus.NOT_MODIFIED:
        headers = [("Content-Type", "application/json"), *headers]
        headers.append(("Content-Length", str(len(body))))
    start_response(f"{status} {HTTPStatus(status).phrase}", headers)
    return [body]


def _answer(environ):
    method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
    if path == "/healthz":
        return 200, b"{}", []
    account_id = _account_id(environ)
    for of, pattern, view in ROUTES:
        if of == method and (found := pattern.fullmatch(path)):
            return view(environ, account_id, *map(int, found.groups()))
    raise Refused(404, "There is nothing here.")


def _account_id(environ):
    scheme, _, token = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    if scheme != "Bearer":
        raise Refused(401, "Send a bearer token.")
    try:
        claims = jwt.decode(
            token,
            SECRET_KEY,
            algorithms=["HS256"],
            issuer="mechanic-shop",
            audience="mechanic-shop-api",
            options={"require": ["exp", "iss", "aud", "sub"]},
        )
    except jwt.InvalidTokenError:
        raise Refused(401, "The token is not valid.") from None
    return int(claims["sub"])


def _tickets(environ, _account_id):
    query = dict(parse_qsl(environ["QUERY_STRING"]))
    cursor, per_page = query.get("cursor"), int(query.get("per_page", 20))
    after = _last_id(cursor) if cursor else 0
    found = queries.tickets(after, per_page + 1, query.get("opened_from"))
    items = found[:per_page]
    about = _pagination(items, per_page, len(found) > per_page, cursor is not None)
    return 200, _json({"items": items, "pagination": about}), []


def _ticket(environ, _account_id, ticket_id):
    known = environ.get("HTTP_IF_NONE_MATCH")
    if known and known == f'"{queries.version(ticket_id)}"':
        return 304, b"", [("ETag", known)]
    found = queries.ticket(ticket_id)
    return 200, _json(found), [("ETag", f'"{found["version"]}"')]


def _parts(environ, _account_id):
    """Answer with a page of parts; its bytes are kept for a minute."""
    asked = environ["QUERY_STRING"]
    until, body = _kept.get(asked, (0, b""))
    if until < time.monotonic():
        query = dict(parse_qsl(asked))
        page, per_page = int(query.get("page", 1)), int(query.get("per_page", 20))
        items, total = queries.parts(page, per_page)
        about = _pagination(items, per_page, page * per_page < total, page > 1)
        about |= {"page": page, "total": total, "total_pages": -(-total // per_page)}
        about["total_is_exact"] = True
        body = _json({"items": items, "pagination": about})
        _kept[asked] = time.monotonic() + KEPT_SECONDS, body
    return 200, body, []


def _use_part(environ, account_id, ticket_id, part_id):
    body = orjson.loads(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
    quantity = round(100 * body.get("quantity_used", 1))
    if quantity <= 0:
        raise Refused(422, "The quantity must be positive.")
    use = {"ticket_id": ticket_id, "part_id": part_id, "quantity": quantity}
    return 201, _json(queries.use_part(account_id=account_id, **use)), []


def _pagination(items, per_page, has_next, has_prev):
    return {
        **dict.fromkeys(("page", "total", "total_pages", "total_is_exact")),
        "per_page": per_page,
        "has_next": has_next,
        "has_prev": has_prev,
        "next_cursor": _cursor(items[-1]["id"]) if has_next else None,
    }


def _cursor(last_id):
    return base64.urlsafe_b64encode(orjson.dumps(["id", last_id, last_id])).decode().rstrip("=")


def _last_id(cursor):
    return int(orjson.loads(base64.urlsafe_b64decode(cursor + "=="))[2])


def _json(value):
    return orjson.dumps(value, option=orjson.OPT_UTC_Z)


ROUTES = (
    ("GET", re.compile(r"/service-tickets"), _tickets),
    ("GET", re.compile(r"/service-tickets/(\d+)"), _ticket),
    ("GET", re.compile(r"/inventory"), _parts),
    ("POST", re.compile(r"/service-tickets/(\d+)/parts/(\d+)"), _use_part),
)
