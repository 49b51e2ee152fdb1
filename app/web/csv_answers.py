"""Answers as CSV (RFC 4180), for views that offer it beside JSON."""

import csv
import hashlib
import io
from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import Any

from flask import Response, request
from werkzeug.datastructures import MIMEAccept

from app.web.declared import declare

JSON, CSV = "application/json", "text/csv"
FORMULAS = ("=", "+", "-", "@", "\t", "\r")  # how a text begins that spreadsheets execute


def wants_csv() -> bool:
    """Return whether the client prefers CSV to JSON, by its Accept header."""
    accepted = ((kind.partition(";")[0], quality) for kind, quality in request.accept_mimetypes)
    return MIMEAccept(accepted).best_match([JSON, CSV], JSON) == CSV


def vary_by_accept(response: Response) -> Response:
    """Tell caches that the form of the answer depends on the Accept header."""
    response.vary.add("Accept")
    return response


def offers_csv(*columns: str) -> Callable[[Callable[..., dict]], Callable[..., dict | Response]]:
    """Return a decorator that answers with a view's `items` as CSV, if the client prefers that.

    Place it below `@returns`, in a view that is `@cached`. `columns` are the members of an item.
    """

    def decorate(view):
        @wraps(view)
        def answer(*args, **kwargs):
            result = view(*args, **kwargs)
            return csv_answer(columns, result["items"]) if wants_csv() else result

        return declare(answer, has_csv=True)

    return decorate


def csv_answer(columns: Iterable[str], rows: Iterable[Mapping[str, Any]]) -> Response:
    """Return a response with a line for each row, after a line with the names of the columns.

    A missing value is an empty cell. A text that a spreadsheet would execute gets an apostrophe before it.
    """
    text = io.StringIO(newline="")
    lines = csv.writer(text)
    lines.writerow(columns)
    lines.writerows([_cell(row[name]) for name in columns] for row in rows)
    body = text.getvalue().encode()
    response = Response(body, content_type=f"{CSV}; charset=utf-8")
    response.set_etag(hashlib.sha256(body).hexdigest()[:16])
    return response


def _cell(value: Any) -> Any:
    is_formula = isinstance(value, str) and value.startswith(FORMULAS)
    return f"'{value}" if is_formula else value
