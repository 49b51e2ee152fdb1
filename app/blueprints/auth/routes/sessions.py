"""Where somebody is signed in, over HTTP."""

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
    """List where you are signed in.

    One session for each device, until it ends or expires. `last_used_at` moves when its tokens are
    refreshed.
    """
    return queries.sessions(g.actor, **query)


@bp.delete("/auth/sessions/<session:session_id>")
@writes
@requires()
@checks_if_match
@returns(None, 204)
@refuses(NotFound)
def end_session(session_id, if_match):
    """End one of your sessions, on whichever device it is.

    Its tokens are worth nothing from then on. A session has no version: any If-Match but `*` is
    overtaken.
    """
    services.end_session(g.actor, session_id, if_match=if_match)


@bp.delete("/auth/sessions")
@writes
@requires()
@checks_if_match
@returns(None, 204)
def end_sessions(if_match):
    """End all of your sessions, this one too: the same as `POST /auth/logout-all`.

    Sessions have no version: any If-Match but `*` is overtaken.
    """
    if if_match is not None:
        raise PreconditionFailed()
    services.sign_out_everywhere(g.actor)
