"""Limits on guessing passwords: after five failed attempts in a row, the next attempt must wait.

An attempt is counted after its password was checked and before the client gets the result. So right
passwords cause no delay, however many are sent at once, and it is no use to send many guesses at once. A
`key` (SignInAttempts.key) stands for an e-mail address, or for an e-mail address and one network
address.
"""

from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from app.clock import utc_now
from app.database.session import db
from app.models import Session, SignInAttempts

KEPT = timedelta(days=1)
INSERT: dict[str, Any] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


def demand_no_delay(key: str) -> None:
    """Raise TooManyAttempts if so many sign-ins failed under this key that the next one must wait.

    A key stands for an e-mail address, with or without a network address (SignInAttempts.key).
    """
    if attempts := db.session.get(SignInAttempts, key):
        attempts.demand_no_delay()


def failed(key: str) -> None:
    """Count a failed sign-in under this key, or raise TooManyAttempts if attempts must wait by now.

    A key stands for an e-mail address, with or without a network address (SignInAttempts.key). Attempts
    must wait if others failed too often while this password was being checked. The counts under all keys
    without a failure in the last day are deleted.
    """
    new = INSERT[db.engine.dialect.name](SignInAttempts).values(email_fingerprint=key)
    # If the row exists, an update that changes nothing locks it and returns it.
    there = new.on_conflict_do_update(
        index_elements=[SignInAttempts.email_fingerprint],
        set_={"failures": SignInAttempts.failures},
    )
    [attempts] = db.session.scalars(
        there.returning(SignInAttempts).execution_options(populate_existing=True)
    )
    attempts.demand_no_delay()
    attempts.count()
    over = select(SignInAttempts.email_fingerprint).where(SignInAttempts.last_at < utc_now() - KEPT)
    # Skip locked rows: two transactions that wait for each other's old rows would deadlock.
    unlocked = over.with_for_update(skip_locked=True).scalar_subquery()
    db.session.execute(delete(SignInAttempts).where(SignInAttempts.email_fingerprint.in_(unlocked)))


def succeeded(key: str) -> None:
    """Delete the failed sign-ins under this key, or raise TooManyAttempts if attempts must wait by now.

    A key stands for an e-mail address, with or without a network address (SignInAttempts.key). Attempts
    must wait if others failed too often while this password was being checked.
    """
    attempts = db.session.get(SignInAttempts, key, with_for_update=True, populate_existing=True)
    if attempts is not None:
        attempts.demand_no_delay()
        db.session.delete(attempts)


def forget(account_id: int, email: str) -> None:
    """Delete the failed sign-ins counted for an account with this e-mail address, under all its keys.

    One key is for the e-mail address alone. There is one more for each network address from which the
    account has signed in.
    """
    addresses = db.session.scalars(select(Session.address).where(Session.account_id == account_id))
    keys = {SignInAttempts.key(email, address) for address in (None, *addresses)}
    db.session.execute(delete(SignInAttempts).where(SignInAttempts.email_fingerprint.in_(keys)))
