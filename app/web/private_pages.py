"""Pages whose address is a secret, such as an approval link: their headers, and logs without the secret.

A view of such a page answers with HTML for a browser, and with JSON for a client that prefers it.
"""

import base64
import hashlib
import logging
import re
from collections.abc import Callable
from functools import wraps

from flask import Flask, Response, request

from app.errors import ShopError
from app.web.declared import declare
from app.web.responses import PROBLEM

HTML, JSON, FORM = "text/html", "application/json", "application/x-www-form-urlencoded"
SECRET_PATH = re.compile(r"(/approvals/+)[^/\s?\"']+")
HEADERS = {
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
    "Cache-Control": "no-store",
}
STRICT = "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"


def without_secrets(text: str) -> str:
    """Return a text, such as a line of a log, with `{token}` for the token in each `/approvals/...`."""
    return SECRET_PATH.sub(r"\1{token}", text) if "/approvals/" in text else text


class WithoutSecrets(logging.Filter):
    """A filter of log records that removes tokens from paths in their messages."""

    def filter(self, record: logging.LogRecord) -> bool:
        text = record.getMessage()
        if "/approvals/" in text:
            record.msg, record.args = without_secrets(text), ()
        return True


def init_app(app: Flask) -> None:
    """Keep tokens out of the log of the app, and of Flask's development server."""
    for logger in (app.logger, logging.getLogger("werkzeug")):
        if not any(isinstance(each, WithoutSecrets) for each in logger.filters):
            logger.addFilter(WithoutSecrets())


def policy(style: str) -> str:
    """Return the Content-Security-Policy of a page that has only this inline style, and no script."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; {STRICT}"


def private_page(
    page: Callable[..., Response], refused: Callable[[ShopError], Response]
) -> Callable:
    """Return a decorator for a view that returns JSON: a browser gets the HTML of `page` instead.

    `page` takes the arguments of the view. If `page` or the view raises a ShopError, a browser gets the
    result of `refused`, which takes the error. The blueprint must set the headers with `protect`.
    """

    def decorate(view):
        @wraps(view)
        def either(*args, **kwargs):
            try:
                response = page(*args, **kwargs) if _wants_page() else view(*args, **kwargs)
            except ShopError as error:
                if not _prefers_page():
                    raise
                response = refused(error)
            return response

        return declare(either, has_page=True)

    return decorate


def _wants_page():
    if request.method == "POST":
        return request.mimetype == FORM
    return request.accept_mimetypes.best_match([HTML, JSON], default=HTML) == HTML


def _prefers_page():
    """Return whether the client gets a refusal as a page.

    It does if it has sent a form, or prefers HTML to problem JSON. `*/*` in the Accept header is no
    preference.
    """
    accepts = request.accept_mimetypes
    return request.mimetype == FORM or accepts[HTML] > accepts[PROBLEM]


def protect(response: Response) -> Response:
    """Set the headers of a private page, also on refusals; use it as `after_request` of a blueprint."""
    response.headers.update(HEADERS)
    response.vary.add("Accept")
    if "Content-Security-Policy" not in response.headers:
        response.headers["Content-Security-Policy"] = f"default-src 'none'; {STRICT}"
    return response
