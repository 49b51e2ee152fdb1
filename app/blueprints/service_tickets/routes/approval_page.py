"""The page of an approval link, for a browser: the estimate, a form for the decisions, and refusals."""

from collections.abc import Iterable
from typing import Any

from flask import Response, redirect, render_template, request
from marshmallow import ValidationError

from app.blueprints.service_tickets.queries import approvals as queries
from app.blueprints.service_tickets.schemas.approvals import ApprovalCreate
from app.blueprints.service_tickets.services.approvals import decide_by_link
from app.blueprints.shop.queries import shop
from app.database.session import db
from app.errors import Invalid, ShopError
from app.pdf.formats import money, number, time
from app.web.private_pages import policy
from app.web.transactions import in_one_transaction

FIELD = "decision-"  # then the id of the job: the name of a choice in the form
MISSING = {
    "authorized_by_name": "Please write your name.",
    "decisions": "Please decide on each job.",
}


def page(token: str) -> Response:
    """Return the page of an approval link: the estimate, with a form if it waits for decisions."""
    return _rendered(queries.approval(token))


def decide_on_page(token: str) -> Response:
    """Record the decisions of the page's form, and redirect to the page; see `decide_by_link`.

    If something is missing in the form, return the page again with what was entered (422).
    """
    sent = {
        "estimate_sha256": request.form.get("estimate_sha256", ""),
        "authorized_by_name": request.form.get("authorized_by_name", ""),
        "decisions": list(_decisions()),
    }
    try:
        loaded = ApprovalCreate().load(sent)
    except ValidationError as error:
        return _again(token, error.normalized_messages())

    def decided() -> Response:
        decide_by_link(token, **loaded)
        return Response(status=303)

    try:
        in_one_transaction(decided, shows=False, replayed=False)
    except Invalid:
        db.session.rollback()
        return _again(token, ["decisions"])
    return redirect(f"{request.script_root}/approvals/{token}", 303)  # type: ignore[return-value]


def _decisions():
    for name, value in request.form.items():
        job_id = name.removeprefix(FIELD)
        if name.startswith(FIELD) and job_id.isdecimal() and len(job_id) < 10:
            yield {"job_id": int(job_id), "decision": value}


def _again(token: str, wrong: Iterable[str]) -> Response:
    errors = [MISSING[name] for name in MISSING if name in wrong]
    return _rendered(queries.approval(token), errors or ["Please send the form again."], 422)


def refusal_page(error: ShopError) -> Response:
    """Return the page for a refusal: what it means, and whom to ask."""
    db.session.rollback()
    state = error.members.get("state", error.code)
    return _with_policy("approval_over.html", error.status, state=state, shop=shop(None))


def _rendered(approval: dict, errors: Iterable[str] = (), status: int = 200) -> Response:
    return _with_policy(
        "approval.html",
        status,
        **approval,
        pending=queries.pending(approval) if approval["state"] == "open" else [],
        errors=list(errors),
        entered=request.form,
    )


def _with_policy(template: str, status: int, **values: Any) -> Response:
    style = render_template("approval.css")
    html = render_template(
        template, style=style, money=money, number=number, time=time, field=FIELD, **values
    )
    response = Response(html, status, mimetype="text/html")
    response.headers["Content-Security-Policy"] = policy(style)
    if status == 200:
        response.add_etag()
    return response
