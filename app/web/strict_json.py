"""Parsing of JSON bodies: only objects that every JSON parser understands alike are accepted."""

import json
import math
from decimal import Decimal
from io import BytesIO
from typing import Any

from flask import Flask, request

from app.errors import Invalid, MalformedJson, UnsupportedMediaType

DEEPEST = 20


def init_app(app: Flask) -> None:
    """Register a hook that reads a chunked body before it is parsed, and sets its Content-Length.

    The hook reads at most one byte more than the size limit: a larger body is then refused, not cut off.
    """

    @app.before_request
    def measure():
        environ = request.environ
        if "chunked" in environ.get("HTTP_TRANSFER_ENCODING", "").lower():
            most = app.config["MAX_CONTENT_LENGTH"]
            try:
                sent = environ["wsgi.input"].read(most + 1)
            except Exception:  # each server has its own way of saying that a chunk is malformed
                raise MalformedJson("The body's chunks are malformed.") from None
            environ["wsgi.input"] = BytesIO(sent)
            environ["CONTENT_LENGTH"] = str(len(sent))
            del environ["HTTP_TRANSFER_ENCODING"]


def body() -> dict:
    """Return the request's JSON object (RFC 8259, restricted as in RFC 7493), or `{}` without a body.

    Raise UnsupportedMediaType, MalformedJson or, for JSON that is no object, Invalid.
    """
    raw = request.get_data()
    if not raw:
        return {}
    if not request.is_json:
        raise UnsupportedMediaType()
    try:
        said = parsed(raw)
        _look_through(said, 1)
    except (ValueError, RecursionError) as problem:
        why = "The body nests too deep." if isinstance(problem, RecursionError) else str(problem)
        raise MalformedJson(
            f"The body is not JSON: {why}".encode(errors="replace").decode()
        ) from None
    if not isinstance(said, dict):
        raise Invalid.at("", "The body must be a JSON object.")
    return said


def parsed(raw: bytes) -> Any:
    """Return the value of a JSON text, with Decimals in place of floats.

    Raise ValueError for malformed JSON, and for an object that has the same member twice.
    """
    return DECODER.decode(raw.decode("utf-8"))


def _without_duplicates(pairs):
    members = dict(pairs)
    if len(members) < len(pairs):
        raise ValueError("a member stands in it twice")
    return members


DECODER = json.JSONDecoder(object_pairs_hook=_without_duplicates, parse_float=Decimal)


def _look_through(value, depth):
    """Raise ValueError for a parsed value with lone surrogates, NaN, infinity or too deep nesting.

    json.loads accepts all of these. `depth` is the level of the value: 1 for the whole body, at most
    DEEPEST.
    """
    if isinstance(value, dict | list) and depth > DEEPEST:
        raise ValueError(f"it nests deeper than {DEEPEST}")
    if isinstance(value, str):
        value.encode("utf-8")
    elif isinstance(value, float | Decimal) and not math.isfinite(value):
        raise ValueError("a number is too large, or none")
    elif isinstance(value, dict):
        for name, member in value.items():
            name.encode("utf-8")
            _look_through(member, depth + 1)
    elif isinstance(value, list):
        for member in value:
            _look_through(member, depth + 1)
