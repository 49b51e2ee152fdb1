"""What is found out when a request arrives: who calls, whether too often, and the cached answer.

With Redis, all of it takes one round trip, which counts the request, and reads the cached answer and the
generations that tell whether what this process knows of the session is still true.
"""

from flask import Flask, g, request

from app.database.session import set_audit_actor
from app.errors import InvalidToken
from app.extensions import SAFE_METHODS
from app.web import auth, caching, limits
from app.web.declared import declared
from app.web.namespace import namespace
from app.web.session_memory import Known, LookUp, SessionMemory

ENDED = "The session of this token has ended; sign in again."
_NOBODY = Known()


def init_app(app: Flask, actor_of: LookUp, read_from: tuple[str, ...]) -> None:
    """Register the hook that identifies the caller, counts the request, and reads the cached answer.

    `actor_of` takes the id of a session and returns its Actor, or None. It reads the tables `read_from`.
    """
    sessions = SessionMemory(actor_of)

    @app.before_request
    def arrive():
        endpoint, method, shop = request.endpoint, request.method, namespace()
        view = declared(app.view_functions.get(endpoint or ""))
        known, problem = _presented(view)
        g.actor = actor = known.actor
        of_session = caching.generations(shop, read_from) if known.session_id else []
        of_answer = [] if method == "OPTIONS" else caching.keys(shop, actor, view.reads_tables)

        values = limits.count(endpoint, shop, caching.in_redis([*of_session, *of_answer])) or []
        if known.session_id:
            actor = sessions.confirm(known, of_session, values[: len(of_session)])
            problem = None if actor else InvalidToken(ENDED)
        if actor != known.actor:
            of_answer, values = caching.keys(shop, actor, view.reads_tables), []
        caching.take_fetched(of_answer, values[len(of_session) :])
        g.actor, g.token_problem = actor, problem
        if method not in SAFE_METHODS:
            _sign_the_record(endpoint)
        limits.refuse_too_many()

    def _presented(view):
        """Return what is known of the session that the request names, and the refusal of a bad token."""
        header = request.environ.get("HTTP_AUTHORIZATION")
        if header is None or not view.identifies:
            return _NOBODY, None
        try:
            return sessions.recall(auth.session_of(header)), None
        except InvalidToken as problem:
            return _NOBODY, problem


def _sign_the_record(endpoint):
    """Set the author of this request's audit entries: caller, operation and request id."""
    who = {"account_id": g.actor.account_id, "role": g.actor.role} if g.actor else {}
    set_audit_actor(request_id=g.request_id, operation=endpoint, **who)
