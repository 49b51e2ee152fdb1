"""The look-up of a session's actor in the database, and the role of an account.

An actor is the signed-in person who makes a request.
"""

from datetime import timedelta

from sqlalchemy import bindparam, exists, select

from app.actors import Actor, Role
from app.clock import utc_now
from app.database.account_lock import Shared
from app.database.prepared import PREPARED
from app.database.session import db
from app.database.statements import execute, fetch
from app.errors import SignInAgain
from app.models import Customer, Mechanic, Session

# The arguments of `role_of`, as columns of the person that an account belongs to.
PERSON = (Mechanic.id, Mechanic.role, Mechanic.is_active, Customer.id)
_sessions, _mechanics, _customers = (each.__table__.c for each in (Session, Mechanic, Customer))
# Built once, from tables and not from mapped classes.
WHO_STANDS_BEHIND = (
    select(
        _sessions.account_id,
        _sessions.expires_at.label("session_expires_at"),
        _mechanics.id.label("mechanic_id"),
        _mechanics.role.label("staff_role"),
        _mechanics.is_active,
        _customers.id.label("customer_id"),
    )
    .outerjoin(Mechanic.__table__, _mechanics.account_id == _sessions.account_id)
    .outerjoin(Customer.__table__, _customers.account_id == _sessions.account_id)
    .where(
        _sessions.id == bindparam("session_id"),
        _sessions.ended_at.is_(None),
        _sessions.expires_at > bindparam("now"),
    )
    .execution_options(**PREPARED)
)
READ_FROM = ("sessions", "mechanics", "customers")  # the tables of this query
# FOR KEY SHARE makes PostgreSQL read a session again that has changed while this waited for the lock.
IN_ACT = WHO_STANDS_BEHIND.where(Shared(_sessions.account_id)).with_for_update(
    read=True, key_share=True, of=Session.__table__
)


def actor_of(session_id: str) -> Actor | None:
    """Return the Actor of a session, with the role that the person has now.

    Return None if the session has ended or expired, or if its person was deactivated or erased.
    """
    return _actor(session_id, fetch(WHO_STANDS_BEHIND, session_id=session_id, now=utc_now()))


def actor_in_act(session_id: str) -> Actor | None:
    """Return the Actor as `actor_of` does, and lock the session until this transaction ends.

    So the session can't be ended before the changes of this transaction are committed.
    """
    return _actor(session_id, execute(IN_ACT, session_id=session_id, now=utc_now()))


def demand_recent_sign_in(actor: Actor, account_id: int | None) -> None:
    """Raise SignInAgain if this is the actor's own account and the sign-in was over 10 minutes ago.

    Call this before an account is closed or gets another e-mail address: a stolen token, or a device
    left unlocked, is not enough to take over the account.
    """
    if account_id != actor.account_id:
        return
    begun_since = utc_now() - timedelta(seconds=SignInAgain.max_age)
    recent = exists().where(Session.id == actor.session_id, Session.created_at >= begun_since)
    if not db.session.scalar(select(recent)):
        raise SignInAgain()


def _actor(session_id, found):
    if not found:
        return None
    [who] = found
    at_work = who.pop("staff_role"), who.pop("is_active")
    role = role_of(who["mechanic_id"], *at_work, who["customer_id"])
    return None if role is None else Actor(role, session_id=session_id, **who)


def role_of(mechanic_id, staff_role, is_active, customer_id) -> Role | None:
    """Return the Role of the person to whom an account belongs: a mechanic, a manager or a customer.

    `staff_role` and `is_active` are those of the mechanic with `mechanic_id`. Return None if that
    mechanic is inactive, or if both ids are None.
    """
    if mechanic_id is not None:
        return Role(staff_role) if is_active else None
    return Role.CUSTOMER if customer_id is not None else None
