"""Functions that check the password of a caller who is signed in, and count failed attempts."""

from sqlalchemy import ColumnElement, exists, select

from app.access import attempts
from app.actors import Actor
from app.database.session import db
from app.errors import Forbidden, InvalidToken
from app.models import Account, Session, SignInAttempts
from app.passwords import hashing_slot, password_matches


def prove_password(actor: Actor, *, password: str, from_address: str) -> None:
    """Raise Forbidden unless `password` is the actor's; a wrong one counts as a failed sign-in.

    `from_address` is the caller's network address. Raise TooManyAttempts while the next attempt must
    wait, and InvalidToken if the account no longer exists. The transaction is committed.
    """
    demand_password(
        actor,
        password,
        from_address,
        refusal=Forbidden("Change your password with PUT /auth/password."),
    )
    db.session.commit()


def demand_password(actor, password, from_address, *, refusal, new_password=None) -> Account:
    """Return the actor's account, locked, if the password is right; else raise the error `refusal`.

    A wrong password counts as a failed sign-in; `from_address` is the caller's network address. Raise
    TooManyAttempts while the next attempt must wait, InvalidToken if the account no longer exists, and
    Invalid if `new_password` is the e-mail address or its part before the @.
    """
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
    """Lock an account, and return whether `password` is still its password.

    `looked_at` is the hash with which the password was compared before the lock. If the account has
    another hash by now, the password is compared with that one.
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
