"""Check a password that is sent, and count it where it is wrong."""

from sqlalchemy import ColumnElement, exists, select

from app.access import attempts
from app.actors import Actor
from app.database.session import db
from app.errors import Forbidden, InvalidToken
from app.models import Account, Session, SignInAttempts
from app.passwords import hashing_slot, password_matches


def prove_password(actor: Actor, *, password: str, from_address: str) -> None:
    """Refuse a password that is not the one of this account; a try is counted as at a sign-in."""
    demand_password(
        actor,
        password,
        from_address,
        refusal=Forbidden("Change your password with PUT /auth/password."),
    )
    db.session.commit()


def demand_password(actor, password, from_address, *, refusal, new_password=None) -> Account:
    """Check the password of an actor and return the account, locked."""
    with hashing_slot():
        account, is_known = db.session.execute(
            select(Account, has_signed_in_from(from_address)).where(Account.id == actor.account_id)
        ).first() or (None, False)
        if account is None:
            raise InvalidToken()
        if new_password is not None:
            account.demand_another_than_the_address(new_password, "/new_password")
        tried = SignInAttempts.key(account.email, from_address if is_known else None)
        attempts.demand_no_delay(tried)
        db.session.commit()
        looked_at = account.password_hash
        matches = password_matches(looked_at, password)
    if not matches or not still_matches(account.id, looked_at, password):
        attempts.failed(tried)
        db.session.commit()
        raise refusal
    attempts.succeeded(tried)
    return account


def has_signed_in_from(address: str) -> ColumnElement[bool]:
    from_there = exists().where(Session.account_id == Account.id, Session.address == address)
    return from_there.correlate(Account)


def still_matches(account_id: int, looked_at: str | None, password: str) -> bool:
    """Return whether this is the account's password even now, with the account locked from here on.

    Where another hash was kept meanwhile, of this password or another, that one is looked at.
    """
    account = db.session.scalar(
        select(Account)
        .where(Account.id == account_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    if account is None:
        return False
    return account.password_hash == looked_at or password_matches(account.password_hash, password)
