"""Routes for the sessions of the signed-in account."""

from flask import g

from app.blueprints.auth import bp, queries, services
from app.blueprints.auth.schemas import SessionListQuery, SessionOut
from app.errors import NotFound, PreconditionFailed
from app.web.auth import requires
from app.web.limits import reads, writes
from app.web.pages import page_shape
from app.web.shapes import accepts, checks_if_match, refuses, returns


@bp.get("/auth/sessions")
@reads
@requires()
@accepts(SessionListQuery(), "query")
@returns(page_shape(SessionOut))
def sessions(**query):
    """List your sessions.

    Each sign-in on a device begins a session, which lasts until it ends or expires. `last_used_at` is
    the time when its tokens were last refreshed.
    """
    return queries.sessions(g.actor, **query)


@bp.delete("/auth/sessions/<session:session_id>")
@writes
@requires()
@checks_if_match
@returns(None, 204)
@refuses(NotFound)
def end_session(session_id, if_match):
    """End one of your sessions, on any device.

    Its tokens become invalid at once. A session has no version: any `If-Match` other than `*` is
    answered with 412.
    """
    services.end_session(g.actor, session_id, if_match=if_match)


@bp.delete("/auth/sessions")
@writes
@requires()
@checks_if_match
@returns(None, 204)
def end_sessions(if_match):
    """End all of your sessions, including this one; the same as `POST /auth/logout-all`.

    A session has no version: any `If-Match` other than `*` is answered with 412.
    """
    if if_match is not None:
        raise PreconditionFailed()
    services.sign_out_everywhere(g.actor)
