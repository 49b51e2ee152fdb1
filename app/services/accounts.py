"""Signing in, staying signed in, and signing out."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import bindparam, delete, insert, select
from sqlalchemy.exc import IntegrityError

from app.actors import Actor, Role
from app.errors import Forbidden, InvalidToken, NotFound, Overtaken, WrongCredentials, WrongPassword
from app.extensions import db
from app.models import Account, Customer, Mechanic, Session, SignInAttempts
from app.models.accounts import fingerprint
from app.moments import now
from app.passwords import a_turn, password_matches, renewed
from app.permissions import sessions_of
from app.prepared import PREPARED
from app.services.steps import Versions, end_sessions, open_account
from app.statements import rows

ATTEMPTS_KEPT = timedelta(days=1)
# Who stands behind an account.
PERSON = (Mechanic.id, Mechanic.role, Mechanic.is_active, Customer.id)
_sessions, _mechanics, _customers = (each.__table__.c for each in (Session, Mechanic, Customer))
# Of tables, not of classes, and made once: it is asked by every request of anybody signed in.
WHO_STANDS_BEHIND = (
    select(
        _sessions.account_id,
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


def sign_in(
    *, email: str, password: str, as_role: tuple[Role, ...] = (), user_agent: str | None = None
) -> tuple[Actor, str]:
    """A new session for whoever proves this address: the actor and the refresh token.

    Known and unknown addresses, and whoever may not enter here, are counted, hashed and answered alike.
    Three short transactions, because the hash takes 30 ms that nobody else's write should wait for.
    """
    with a_turn():
        _count_attempt(email)
        account, *found = db.session.execute(
            select(Account, *PERSON)
            .outerjoin(Mechanic, Mechanic.account_id == Account.id)
            .outerjoin(Customer, Customer.account_id == Account.id)
            .where(Account.email == email)
        ).first() or (None, None, None, None, None)
        db.session.commit()
        role = _role(*found)
        looked_at = account and account.password_hash
        matches = password_matches(looked_at, password)
        rehashed = renewed(looked_at, password) if matches else None
    may_enter = role is not None and (not as_role or role in as_role)
    if account is None or not matches or not may_enter or not _is_still(looked_at, account.id):
        raise WrongCredentials()
    db.session.execute(
        delete(SignInAttempts).where(SignInAttempts.email_fingerprint == fingerprint(email))
    )
    expired = select(Session).where(Session.account_id == account.id, Session.expires_at < now())
    for each in db.session.scalars(expired):
        db.session.delete(each)
    session, refresh_token = Session.begin(account, user_agent)
    db.session.add(session)
    db.session.flush()
    actor = actor_of(session.id)
    if actor is None or (as_role and actor.role not in as_role):
        raise WrongCredentials()
    account.password_hash = rehashed or account.password_hash
    db.session.commit()
    return actor, refresh_token


def register(
    *, email: str, password: str, user_agent: str | None = None, **facts
) -> tuple[Actor, str]:
    """A customer's own account, signed in at once: one transaction for the three."""
    account = open_account(email, password)
    customer = Customer(email=email, account_id=account.id, **facts)
    session, refresh_token = Session.begin(account, user_agent)
    db.session.add_all([customer, session])
    db.session.commit()
    return Actor(Role.CUSTOMER, account.id, session.id, customer_id=customer.id), refresh_token


def actor_of(session_id: str) -> Actor | None:
    """Who stands behind a session now, or None: ended, expired, deactivated and erased are all out."""
    found = rows(WHO_STANDS_BEHIND, session_id=session_id, now=now())
    if not found:
        return None
    who = found[0]
    at_work = who.pop("staff_role"), who.pop("is_active")
    role = _role(who["mechanic_id"], *at_work, who["customer_id"])
    return None if role is None else Actor(role, session_id=session_id, **who)


def _role(mechanic_id, staff_role, is_active, customer_id) -> Role | None:
    """As whom an account may act now, if as anybody."""
    if mechanic_id is not None:
        return Role(staff_role) if is_active else None
    return Role.CUSTOMER if customer_id is not None else None


def refresh(*, refresh_token: str, keys: Sequence[str]) -> tuple[Actor, str]:
    """The next refresh token of a live session; a stale one ends the session for good."""
    session_id, _, secret = refresh_token.partition(".")
    unknown = InvalidToken("This refresh token is unknown, expired or signed out.")
    if not (session_id.isascii() and session_id.isalnum()):
        raise unknown
    session = db.session.scalar(
        select(Session).where(Session.id == session_id).with_for_update(key_share=True)
    )
    actor = actor_of(session_id) if session is not None else None
    if session is None or actor is None:
        raise unknown
    try:
        follower = session.rotate(secret, keys)
    finally:
        db.session.commit()
    return actor, follower


def sign_out(actor: Actor) -> None:
    """End the session that this token stands on, at once."""
    end_sessions(Session.id == actor.session_id)
    db.session.commit()


def sign_out_everywhere(actor: Actor) -> None:
    """End every session of this account, this one too."""
    end_sessions(Session.account_id == actor.account_id)
    db.session.commit()


def end_session(actor: Actor, session_id: str, *, if_match: Versions = None) -> None:
    """End one session of this account, on whichever device it is."""
    found = db.session.scalar(
        sessions_of(actor).where(Session.id == session_id).with_for_update(key_share=True)
    )
    if found is None:
        raise NotFound()
    if if_match is not None:
        raise Overtaken()
    found.end()
    db.session.commit()


def change_password(actor: Actor, *, current_password: str, new_password: str) -> None:
    """A new password for whoever knows the old one; every other session ends."""
    with a_turn():
        account = db.session.get_one(Account, actor.account_id)
        account.demand_another_than_the_address(new_password, "/new_password")
        _count_attempt(account.email)
        looked_at = account.password_hash
        matches = password_matches(looked_at, current_password)
    if not matches or not _is_still(looked_at, account.id):
        raise WrongPassword()
    account.set_password(new_password)
    db.session.execute(
        delete(SignInAttempts).where(SignInAttempts.email_fingerprint == fingerprint(account.email))
    )
    end_sessions(Session.account_id == actor.account_id, Session.id != actor.session_id)
    db.session.commit()


def replace_password(*, email: str, password: str) -> None:
    """A new password for somebody who forgot the old one, told by the shop itself; every session ends."""
    account = db.session.scalar(
        select(Account).where(Account.email == email).with_for_update(key_share=True)
    )
    if account is None:
        raise NotFound(f"Nobody signs in as {email}.")
    account.set_password(password)
    db.session.execute(
        delete(SignInAttempts).where(SignInAttempts.email_fingerprint == fingerprint(email))
    )
    end_sessions(Session.account_id == account.id)
    db.session.commit()


def prove_password(actor: Actor, *, password: str) -> None:
    """Refuse a password that is not the one of this account; a try is counted as at a sign-in."""
    with a_turn():
        account = db.session.get_one(Account, actor.account_id)
        email, looked_at = account.email, account.password_hash
        _count_attempt(email)
        matches = password_matches(looked_at, password)
    if not matches:
        raise Forbidden("Change your password with PUT /auth/password.")
    db.session.execute(
        delete(SignInAttempts).where(SignInAttempts.email_fingerprint == fingerprint(email))
    )
    db.session.commit()


def _is_still(looked_at: str | None, account_id: int) -> bool:
    """Whether this is the account's password hash even now, with the account locked from here on."""
    account = db.session.scalar(
        select(Account)
        .where(Account.id == account_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return account is not None and account.password_hash == looked_at


def _count_attempt(email):
    """Count a try, exactly, across every worker: the row is locked from the look to the commit."""
    key = fingerprint(email)
    try:
        with db.session.begin_nested():
            db.session.execute(insert(SignInAttempts).values(email_fingerprint=key))
    except IntegrityError:
        pass  # it is there, which is what was wanted
    attempts = db.session.scalars(
        select(SignInAttempts)
        .where(SignInAttempts.email_fingerprint == key)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    attempts.count()
    db.session.execute(delete(SignInAttempts).where(SignInAttempts.last_at < now() - ATTEMPTS_KEPT))
    db.session.commit()
