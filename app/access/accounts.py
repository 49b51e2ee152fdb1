"""Opening, updating and closing accounts, and ending their sessions."""

from sqlalchemy import select

from app.database.account_lock import Alone
from app.database.session import db
from app.errors import Invalid
from app.models import Account, Session

NEEDS_AN_ADDRESS = "An account needs an e-mail address to sign in with."


def open_account(email: str | None, password: str) -> Account:
    """Add an account to the session and return it; raise Invalid if there is no e-mail address."""
    if not email:
        raise Invalid.at("/email", NEEDS_AN_ADDRESS)
    account = Account(email=email)
    account.set_password(password)
    db.session.add(account)
    db.session.flush()
    return account


def follow_person(person, facts: dict) -> None:
    """Set attributes of a person, a customer or mechanic, and update the person's account to match.

    `facts` is `{attribute: value}`. The account gets the person's e-mail address. A `password` in
    `facts` becomes the password of the account and ends all its sessions; a person without an account
    then gets one. Raise Invalid if the person would have an account without an e-mail address.
    """
    password = facts.pop("password", None)
    for name, value in facts.items():
        setattr(person, name, value)
    if person.account_id is None:
        if password is not None:
            person.account_id = open_account(person.email, password).id
        return
    if "email" in facts and person.email is None:
        raise Invalid.at("/email", NEEDS_AN_ADDRESS)
    account = db.session.get_one(Account, person.account_id)
    account.email = person.email
    if password is not None:
        account.set_password(password)
        end_sessions(account.id)


def close_account(account_id: int) -> None:
    """Delete an account and its sessions, after waiting for writes in progress in these sessions."""
    db.session.execute(select(Alone(account_id)))
    db.session.delete(db.session.get_one(Account, account_id))


def end_sessions(account_id: int | None, *which) -> None:
    """End the live sessions of an account; with SQL conditions `which`, only those that meet them all.

    Wait first for the writes in progress in the account's sessions. The tokens of an ended session
    become invalid when the transaction is committed.
    """
    db.session.execute(select(Alone(account_id)))
    of_account = Session.account_id == account_id, Session.ended_at.is_(None)
    live = select(Session).where(*of_account, *which).order_by(Session.id)
    for session in db.session.scalars(live.with_for_update()):
        session.end()
