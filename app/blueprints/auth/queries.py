"""Queries for the signed-in account, the customer or mechanic it belongs to, and its sessions."""

from sqlalchemy import Select, func

from app.actors import Actor
from app.blueprints.customers.queries import customers
from app.blueprints.mechanics import queries as mechanics
from app.database.session import db
from app.database.statements import Row
from app.lists.pages import paginated
from app.models import Account, Session
from app.permissions import sessions_of


def me(actor: Actor) -> Row:
    """Return the actor's account, with the customer or mechanic that it belongs to as `profile`."""
    profile = _profile(actor)
    return _account(actor, profile) | {"profile": profile}


def account(actor: Actor) -> Row:
    return _account(actor, _profile(actor))


def _account(actor, profile):
    row = db.session.get_one(Account, actor.account_id)
    return {
        "id": row.id,
        "email": row.email,
        "role": actor.role,
        "name": profile["name"],
        "customer_id": actor.customer_id,
        "mechanic_id": actor.mechanic_id,
        "created_at": row.created_at,
    }


@paginated({"id": Session.id, "created_at": Session.created_at})
def sessions(actor: Actor) -> Select:
    """Select the actor's own sessions that have neither ended nor expired.

    Callers get a page of them (see `paginated`).
    """
    return sessions_of(actor).with_only_columns(
        Session.id,
        Session.created_at,
        func.coalesce(Session.rotated_at, Session.created_at).label("last_used_at"),
        Session.expires_at,
        Session.user_agent,
        Session.address,
        (Session.id == actor.session_id).label("is_current"),
    )


def _profile(actor: Actor) -> Row:
    if actor.customer_id is not None:
        return customers.customer(actor, actor.customer_id)
    return mechanics.mechanic(actor, actor.mechanic_id or 0)
