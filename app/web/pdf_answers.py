"""Answers with a PDF that is made from a document in JSON, with an ETag that needs no rendering."""

import hashlib
from collections.abc import Callable

from flask import Response, request

from app.web import strict_json

RENDERING = b"1"  # a part of the ETag of PDFs: increment it when they look different


def pdf_answer(document: bytes, render: Callable[[dict], bytes], name: str) -> Response:
    """Return a response with a document as PDF, to show in a browser or to store under `name`.

    `document` is JSON, and `render` returns the PDF of what it says: the same bytes each time. It is not
    called if the client has this PDF already.
    """
    tag = hashlib.sha256(RENDERING + document).hexdigest()[:16]
    known = request.if_none_match.contains(tag)
    body = b"" if known else render(strict_json.parsed(document))
    response = Response(body, mimetype="application/pdf")
    response.set_etag(tag)
    response.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response
