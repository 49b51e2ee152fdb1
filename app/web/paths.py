"""How paths are read: a trailing slash is optional, ids are plain digits, /api a prefix, `?_=` nothing."""

import re

from flask import Flask, request
from werkzeug.routing import BaseConverter, IntegerConverter
from werkzeug.utils import redirect

from app.errors import Invalid
from app.extensions import SAFE_METHODS

PREFIX = "/api"
# What jQuery and others put behind a GET so that no cache on the way knows it; ours is never stale.
CACHE_BUSTER = re.compile(r"(^|&)_=[^&]*")
DOCS = "/docs"


class RowId(IntegerConverter):
    """Ten ASCII digits at most and no leading zero: any other text names nothing and is a 404."""

    regex = "0|[1-9][0-9]{0,9}"


class SessionId(BaseConverter):
    """32 hexadecimal digits, which say nothing."""

    regex = "[0-9a-f]{32}"


class UnderPrefix:
    """The whole surface also answers under /api; there is one documentation."""

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
        """Refuse a query string that is not UTF-8, on which werkzeug fails."""
        try:
            request.query_string.decode()
        except UnicodeDecodeError:
            raise Invalid.at("", "The query must be in UTF-8.") from None
