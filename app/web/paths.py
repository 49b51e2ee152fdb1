"""Rules for URLs: a final slash and the prefix `/api` are optional, ids are digits, `?_=` is ignored."""

import re

from flask import Flask, request
from werkzeug.routing import BaseConverter, IntegerConverter
from werkzeug.utils import redirect

from app.errors import Invalid
from app.extensions import SAFE_METHODS

PREFIX = "/api"
# jQuery and others add `_=<time>` to a GET to bypass caches. It has no meaning here and is removed.
CACHE_BUSTER = re.compile(r"(^|&)_=[^&]*")
DOCS = "/docs"


class RowId(IntegerConverter):
    """An id in a path: up to ten ASCII digits without a leading zero. Other texts lead to a 404."""

    regex = "0|[1-9][0-9]{0,9}"


class SessionId(BaseConverter):
    """A session's id in a path: 32 random hexadecimal digits."""

    regex = "[0-9a-f]{32}"


class UnderPrefix:
    """WSGI middleware that serves every path under `/api`, too.

    `/api/docs` redirects to `/docs`. In a GET, HEAD or OPTIONS request, the parameter `_` is removed
    from the query: browser scripts add it to bypass caches.
    """

    def __init__(self, wsgi_app):
        self.wsgi_app = wsgi_app

    def __call__(self, environ, start_response):
        if "_=" in environ.get("QUERY_STRING", "") and environ["REQUEST_METHOD"] in SAFE_METHODS:
            query = CACHE_BUSTER.sub("", environ["QUERY_STRING"])
            environ["QUERY_STRING"] = query.removeprefix("&")
        path = environ.get("PATH_INFO", "")
        if path.rstrip("/") == PREFIX + DOCS:
            return redirect(environ.get("SCRIPT_NAME", "") + DOCS)(environ, start_response)
        if path == PREFIX or path.startswith(PREFIX + "/"):
            environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + PREFIX
            environ["PATH_INFO"] = path.removeprefix(PREFIX) or "/"
        return self.wsgi_app(environ, start_response)


def init_app(app: Flask) -> None:
    app.url_map.strict_slashes = False
    app.url_map.converters |= {"int": RowId, "session": SessionId}
    app.wsgi_app = UnderPrefix(app.wsgi_app)  # type: ignore[method-assign]

    @app.before_request
    def read_query():
        """Raise Invalid if the query string is not UTF-8, because werkzeug would fail on it."""
        try:
            request.query_string.decode()
        except UnicodeDecodeError:
            raise Invalid.at("", "The query must be in UTF-8.") from None
