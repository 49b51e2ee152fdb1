"""Creating, changing and erasing customers."""

from collections.abc import Iterator, Mapping

from sqlalchemy import select, update

from app.access.accounts import NEEDS_AN_ADDRESS, close_account, follow_person, open_account
from app.access.actors import demand_recent_sign_in
from app.actors import Actor
from app.blueprints.customers.queries import trail
from app.blueprints.customers.services.verification import set_verified
from app.database.session import db
from app.errors import Forbidden, Invalid, TicketsOpen
from app.lookup import Versions, find
from app.models import Authorization, Customer, ServiceTicket, Vehicle, audit
from app.models.service_tickets import OVER
from app.permissions import customers_visible_to


def lacking(actor: Actor | None, facts: Mapping) -> Iterator[tuple[str, str]]:
    """Yield `(member, reason)` for each required member that is missing in the data of a new customer.

    `facts` is this data, `{member: value}`. `actor` is None if the caller is not signed in. Only staff
    may create a customer without a password (a walk-in). With a password, an e-mail address is required.
    """
    has_account = facts.get("password") is not None
    if not has_account and not (actor and actor.is_staff):
        has_account = True
        yield "password", "Choose a password for your account."
    if has_account and facts.get("email") is None:
        yield "email", NEEDS_AN_ADDRESS


def take_in(actor: Actor | None, *, password: str | None = None, **facts) -> int:
    """Create a customer, with an account if a password is given, and return the customer's id.

    `actor` is None if the caller is not signed in. Further keyword arguments are columns of the
    customer, such as `name` and `email`. Raise Invalid if the password or the e-mail address is
    required, but missing (see `lacking`).
    """
    for name, why in lacking(actor, facts | {"password": password}):
        raise Invalid.at(f"/{name}", why)
    set_verified(actor, facts, "email", is_new="email" in facts)
    customer = Customer(**facts)
    if password is not None:
        customer.account_id = open_account(customer.email, password).id
    db.session.add(customer)
    db.session.commit()
    return customer.id


def change_customer(actor: Actor, customer_id: int, *, if_match: Versions = None, **facts) -> int:
    """Change the columns of a customer that are given as keyword arguments; return the customer's id.

    A `password` opens an account for a customer without one. If the customer has an account, raise
    Forbidden if anybody but a manager sends a password, or if a mechanic changes the e-mail address.
    (Customers set a new password with PUT /auth/password.)

    Raise SignInAgain if customers change their own e-mail address, but have not signed in recently.
    Raise PreconditionFailed unless the customer's version is in `if_match` (None: any version).
    """
    customer = find(customers_visible_to, actor, customer_id, lock=True, if_match=if_match)
    may_set = actor.is_manager or (actor.is_staff and customer.account_id is None)
    if "password" in facts and not may_set:
        raise Forbidden("Changing a password asks for the present one, too.")
    if "email" in facts and actor.is_staff and not may_set and facts["email"] != customer.email:
        raise Forbidden("Only the customer or a manager may change the e-mail it signs in with.")
    is_new = "email" in facts and facts["email"] != customer.email
    if is_new:
        demand_recent_sign_in(actor, customer.account_id)
    set_verified(actor, facts, "email", is_new=is_new)
    customer.touch()
    follow_person(customer, facts)
    db.session.commit()
    return customer.id


def change_billing_terms(
    actor: Actor, customer_id: int, *, if_match: Versions = None, **terms
) -> int:
    """Change the billing terms that are given as keyword arguments, and return the customer's id.

    `terms` are `tax_exempt` and `tax_exempt_number`. Raise Invalid if the customer is exempt from taxes,
    but the number of the exemption is missing. Raise PreconditionFailed unless the customer's version is
    in `if_match` (None: any version).
    """
    customer = find(customers_visible_to, actor, customer_id, lock=True, if_match=if_match)
    for name, value in terms.items():
        setattr(customer, name, value)
    if customer.tax_exempt and customer.tax_exempt_number is None:
        raise Invalid.at("/tax_exempt_number", "Who is exempt has a number: send it, too.")
    db.session.commit()
    return customer.id


def erase_customer(actor: Actor, customer_id: int, *, if_match: Versions = None) -> None:
    """Erase a customer's personal data, account and license plates; keep the tickets and vehicles.

    Also empty the audit entries of the customer, of its vehicles, of the records merged into it, and of
    all accounts that it ever had.

    Raise TicketsOpen if a ticket is neither closed nor cancelled, because the shop must know the owner
    of a vehicle it works on. No ticket can be opened meanwhile, because that requires the lock on the
    customer. Raise SignInAgain if customers erase themselves, but have not signed in recently. Raise
    PreconditionFailed unless the customer's version is in `if_match` (None: any version).
    """
    customer = find(customers_visible_to, actor, customer_id, lock=True, if_match=if_match)
    _must_have_no_open_ticket(customer)
    demand_recent_sign_in(actor, customer.account_id)
    account_id, customer.account_id = customer.account_id, None
    customer.erase()
    records = [customer.id, *_merged_into(customer.id)]
    accounts = {account_id, *trail.once_said("customers", records, "account_id")} - {None}
    for record in records:
        audit.redact("customers", record)
    _empty_authorizations(customer)
    if account_id is not None:
        db.session.flush()
        close_account(account_id)
    for once in accounts:
        for table in ("accounts", "sessions"):
            audit.redact(table, once)
    vehicles = select(Vehicle).where(Vehicle.customer_id == customer.id).order_by(Vehicle.id)
    for vehicle in db.session.scalars(vehicles.with_for_update()):
        vehicle.license_plate = None
        vehicle.touch()
        audit.redact("vehicles", vehicle.id)
    for record in records:
        for vehicle_id in trail.deleted("vehicles", "customer_id", record):
            audit.redact("vehicles", vehicle_id)
    db.session.commit()


def _empty_authorizations(customer):
    """Remove names, contacts and notes from the authorizations of a customer; the decisions stay.

    An UPDATE of its own leaves the tickets alone: they would be locked after the customer.
    """
    tickets = select(ServiceTicket.id).where(ServiceTicket.customer_id == customer.id)
    of_customer = Authorization.ticket_id.in_(tickets)
    for each in db.session.scalars(select(Authorization.id).where(of_customer)).all():
        audit.redact("authorizations", each)
    emptied = {"authorized_by_name": customer.name, "contact": None, "note": None}
    db.session.execute(update(Authorization).where(of_customer).values(emptied))


def _merged_into(customer_id):
    merged = select(Customer.id).where(Customer.merged_into_id == customer_id)
    return db.session.scalars(merged).all()


def _must_have_no_open_ticket(customer):
    query = (
        select(ServiceTicket.id)
        .where(ServiceTicket.customer_id == customer.id, ServiceTicket.status.not_in(OVER))
        .order_by(ServiceTicket.id)
    )
    if ticket_ids := list(db.session.scalars(query)):
        raise TicketsOpen(
            f"These tickets are not closed or cancelled: {ticket_ids}.",
            ticket_ids=ticket_ids,
        )
