"""Tries to prove a password: those that fail are counted, and after five in a row the next must wait.

A try is counted after its password was looked at and before anybody learns how it went. So right passwords
delay nobody, however many come at once, and of many guesses at once no more are answered than one by one.
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
    """Raise TooManyAttempts while tries under this key must wait."""
    if attempts := db.session.get(SignInAttempts, key):
        attempts.demand_no_delay()


def failed(key: str) -> None:
    """Count a try in vain; TooManyAttempts where others have used up the free ones meanwhile."""
    new = INSERT[db.engine.dialect.name](SignInAttempts).values(email_fingerprint=key)
    # An update that changes nothing locks a row that exists, and returns it.
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
    # Waits for nobody: two that wait for each other's old rows would be a deadlock.
    unlocked = over.with_for_update(skip_locked=True).scalar_subquery()
    db.session.execute(delete(SignInAttempts).where(SignInAttempts.email_fingerprint.in_(unlocked)))


def succeeded(key: str) -> None:
    """Forget the tries that failed; TooManyAttempts where the next must wait by now."""
    attempts = db.session.get(SignInAttempts, key, with_for_update=True, populate_existing=True)
    if attempts is not None:
        attempts.demand_no_delay()
        db.session.delete(attempts)


def forget(account_id: int, email: str) -> None:
    """Forget the tries that failed for an account, wherever they were made."""
    addresses = db.session.scalars(select(Session.address).where(Session.account_id == account_id))
    keys = {SignInAttempts.key(email, address) for address in (None, *addresses)}
    db.session.execute(delete(SignInAttempts).where(SignInAttempts.email_fingerprint.in_(keys)))
