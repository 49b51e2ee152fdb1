"""Signing in and out, registering, refreshing tokens, and changing passwords."""

from collections.abc import Sequence

from sqlalchemy import select

from app.access import attempts
from app.access.accounts import end_sessions, open_account
from app.access.actors import PERSON, actor_of, role_of
from app.access.passwords import demand_password, has_signed_in_from, still_matches
from app.actors import Actor, Role
from app.clock import utc_now
from app.database.session import db
from app.errors import InvalidToken, NotFound, PreconditionFailed, WrongCredentials, WrongPassword
from app.lookup import Versions
from app.models import Account, Customer, Mechanic, Session, SignInAttempts
from app.models.accounts import MOST_SESSIONS, UNKNOWN_TOKEN
from app.passwords import hashing_slot, password_matches, renewed
from app.permissions import sessions_of


def sign_in(
    *,
    email: str,
    password: str,
    from_address: str,
    as_role: tuple[Role, ...] = (),
    user_agent: str | None = None,
) -> tuple[Actor, str]:
    """Begin a session for an e-mail address and its password; return the actor and the refresh token.

    `from_address` is the client's network address, and `user_agent` its User-Agent header. `as_role` has
    the roles that may sign in; if it is empty, every role may.

    Raise WrongCredentials for an unknown e-mail address, a wrong password or another role. In each case
    a hash is computed and the failure is counted, so that the response does not reveal the reason. Raise
    TooManyAttempts while the next attempt must wait.

    Hashing takes 30 ms. No transaction is open meanwhile, so that no other write waits for it.
    """
    with hashing_slot():
        account, is_known, *found = db.session.execute(
            select(Account, has_signed_in_from(from_address), *PERSON)
            .outerjoin(Mechanic, Mechanic.account_id == Account.id)
            .outerjoin(Customer, Customer.account_id == Account.id)
            .where(Account.email == email)
        ).first() or (None, False, None, None, None, None)
        tried = SignInAttempts.key(email, from_address if is_known else None)
        attempts.demand_no_delay(tried)
        db.session.commit()
        role = role_of(*found)
        looked_at = account and account.password_hash
        matches = password_matches(looked_at, password)
        rehashed = renewed(looked_at, password) if matches else None
    may_enter = matches and role is not None and (not as_role or role in as_role)
    if account is None or not (may_enter and still_matches(account.id, looked_at, password)):
        attempts.failed(tried)
        db.session.commit()
        raise WrongCredentials()
    attempts.succeeded(tried)
    _make_room_for_a_session(account.id)
    session, refresh_token = Session.begin(account, user_agent, from_address)
    db.session.add(session)
    db.session.flush()
    actor = actor_of(session.id)
    if actor is None or (as_role and actor.role not in as_role):
        raise WrongCredentials()
    account.password_hash = rehashed or account.password_hash
    db.session.commit()
    return actor, refresh_token


def _make_room_for_a_session(account_id):
    """Delete the account's expired sessions, and end the oldest ones, so that at most 99 remain."""
    expired = select(Session).where(
        Session.account_id == account_id, Session.expires_at < utc_now()
    )
    for each in db.session.scalars(expired):
        db.session.delete(each)
    live = select(Session.id).where(Session.account_id == account_id, Session.ended_at.is_(None))
    newest_first = live.order_by(Session.created_at.desc(), Session.id)
    if surplus := db.session.scalars(newest_first.offset(MOST_SESSIONS - 1)).all():
        end_sessions(account_id, Session.id.in_(surplus))


def register(
    *, email: str, password: str, from_address: str, user_agent: str | None = None, **facts
) -> tuple[Actor, str]:
    """Create a customer with an account, and begin a session; return the actor and the refresh token.

    `from_address` is the client's network address, and `user_agent` its User-Agent header. Further
    keyword arguments are columns of the customer, such as `name` and `phone`.
    """
    account = open_account(email, password)
    customer = Customer(email=email, account_id=account.id, **facts)
    session, refresh_token = Session.begin(account, user_agent, from_address)
    db.session.add_all([customer, session])
    db.session.commit()
    return Actor(Role.CUSTOMER, account.id, session.id, customer_id=customer.id), refresh_token


def refresh(*, refresh_token: str, keys: Sequence[str]) -> tuple[Actor, str]:
    """Return the actor of a session and its next refresh token, or raise InvalidToken.

    `refresh_token` is the token to be replaced, and `keys` are the app's secret keys. A token that was
    already replaced ends the session, because it may be stolen. Only within 10 s after its replacement
    is the same next token returned again.
    """
    session_id, _, secret = refresh_token.partition(".")
    unknown = InvalidToken(UNKNOWN_TOKEN)
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
    """End the session of this request at once."""
    end_sessions(actor.account_id, Session.id == actor.session_id)
    db.session.commit()


def sign_out_everywhere(actor: Actor) -> None:
    """End all sessions of the actor's account, including the session of this request."""
    end_sessions(actor.account_id)
    db.session.commit()


def end_session(actor: Actor, session_id: str, *, if_match: Versions = None) -> None:
    """End one session of the actor's account, or raise NotFound.

    `if_match` has the versions that the client accepts. A session has no version, so any value except
    None raises PreconditionFailed.
    """
    if db.session.scalar(sessions_of(actor).where(Session.id == session_id)) is None:
        raise NotFound()
    if if_match is not None:
        raise PreconditionFailed()
    end_sessions(actor.account_id, Session.id == session_id)
    db.session.commit()


def change_password(
    actor: Actor, *, current_password: str, new_password: str, from_address: str
) -> None:
    """Set a new password after checking the current one; end all other sessions of the account.

    `from_address` is the client's network address. Raise WrongPassword if the current password is wrong,
    or TooManyAttempts while the next attempt must wait.
    """
    account = demand_password(
        actor, current_password, from_address, refusal=WrongPassword(), new_password=new_password
    )
    account.set_password(new_password)
    end_sessions(actor.account_id, Session.id != actor.session_id)
    db.session.commit()


def replace_password(*, email: str, password: str) -> None:
    """Set a new password for an account, without the old one, and end all sessions of the account.

    Raise NotFound if no account has this e-mail address.
    """
    account = db.session.scalar(
        select(Account).where(Account.email == email).with_for_update(key_share=True)
    )
    if account is None:
        raise NotFound(f"Nobody signs in as {email}.")
    account.set_password(password)
    attempts.forget(account.id, email)
    end_sessions(account.id)
    db.session.commit()
