"""Adding, changing and removing mechanics. At least one active manager must remain."""

from sqlalchemy import exists, or_, select

from app.access.accounts import close_account, end_sessions, follow_person, open_account
from app.access.actors import demand_recent_sign_in
from app.actors import Actor
from app.database.session import db
from app.errors import Forbidden, LastManager, NotFound
from app.lookup import Versions, find
from app.models import (
    Assignment,
    Authorization,
    CreditNote,
    Invoice,
    InvoiceLine,
    Mechanic,
    Payment,
    StaffRole,
    TicketLine,
)
from app.permissions import mechanics_visible_to

SIGNED = (Authorization, Invoice, CreditNote, Payment)
OWN_TO_CHANGE = {"name", "email", "phone", "address"}


def hire(*, password: str | None = None, **facts) -> int:
    """Create a mechanic or manager, with an account if a password is given, and return the row's id.

    Further keyword arguments are columns of the mechanic, such as `name` and `role`.
    """
    mechanic = Mechanic(**facts)
    if password is not None:
        mechanic.account_id = open_account(mechanic.email, password).id
    db.session.add(mechanic)
    db.session.commit()
    return mechanic.id


def change_mechanic(actor: Actor, mechanic_id: int, *, if_match: Versions = None, **facts) -> int:
    """Change the columns of a mechanic that are given as keyword arguments; return the mechanic's id.

    Managers may change anything except their own password. Others may change only their own name,
    e-mail, phone and address. Raise Forbidden otherwise. Raise LastManager if no active manager would
    remain, and SignInAgain if actors change their own e-mail address, but have not signed in recently.
    Raise PreconditionFailed unless the mechanic's version is in `if_match` (None: any version).
    """
    if not actor.is_manager:
        if actor.mechanic_id != mechanic_id:
            raise Forbidden("Only a manager may change somebody else.")
        if not facts.keys() <= OWN_TO_CHANGE:
            raise Forbidden(f"You may change your {', '.join(sorted(OWN_TO_CHANGE))}.")
    if "password" in facts and actor.mechanic_id == mechanic_id:
        raise Forbidden("Changing your own password asks for the present one, too.")
    _lock_managers()
    mechanic = find(mechanics_visible_to, actor, mechanic_id, lock=True, if_match=if_match)
    if facts.get("email", mechanic.email) != mechanic.email:
        demand_recent_sign_in(actor, mechanic.account_id)
    managed = mechanic.manages
    mechanic.touch()
    follow_person(mechanic, facts)
    db.session.flush()
    if managed and not mechanic.manages:
        _demand_a_manager()
    if not mechanic.is_active:
        end_sessions(mechanic.account_id)
    db.session.commit()
    return mechanic.id


def let_go(actor: Actor, mechanic_id: int, *, if_match: Versions = None) -> None:
    """Delete a mechanic; if the mechanic's name is on a ticket, only deactivate the mechanic.

    The name is on a ticket because of an assignment, a labor line, a part that the mechanic installed, or
    an authorization, invoice, credit note or payment that the mechanic recorded. Raise NotFound if such a
    mechanic is deactivated already, and LastManager if no active manager would remain. Raise
    PreconditionFailed unless the mechanic's version is in `if_match` (None: any version).
    """
    _lock_managers()
    mechanic = find(mechanics_visible_to, actor, mechanic_id, lock=True, if_match=if_match)
    account_id = mechanic.account_id
    worked = db.session.scalar(
        select(
            exists().where(Assignment.mechanic_id == mechanic.id)
            | exists().where(TicketLine.installed_by_mechanic_id == mechanic.id)
            | exists().where(TicketLine.mechanic_id == mechanic.id)
            | exists().where(InvoiceLine.mechanic_id == mechanic.id)
            | or_(*(exists().where(each.account_id == (account_id or 0)) for each in SIGNED))
        )
    )
    if worked and not mechanic.is_active:
        raise NotFound(f"Mechanic {mechanic.id} has left already.")
    managed = mechanic.manages
    demand_recent_sign_in(actor, account_id)
    if worked:
        mechanic.is_active = False
        end_sessions(account_id)
    else:
        db.session.delete(mechanic)
        db.session.flush()
        if account_id is not None:
            close_account(account_id)
    db.session.flush()
    if managed:
        _demand_a_manager()
    db.session.commit()


def _lock_managers():
    """Lock all active managers, so that two who demote each other at once can't both succeed.

    They are locked in order of id, so that two transactions can't deadlock.
    """
    return db.session.scalars(_managers().with_for_update()).all()


def _demand_a_manager():
    if db.session.scalar(select(_managers().exists())) is False:
        raise LastManager()


def _managers():
    return (
        select(Mechanic)
        .where(
            Mechanic.role == StaffRole.MANAGER,
            Mechanic.is_active,
            Mechanic.account_id.is_not(None),
        )
        .order_by(Mechanic.id)
    )
