"""Functions that commit a realistic row. A test passes only the values that it is about."""

from itertools import count

from app.access.actors import actor_of
from app.actors import Actor
from app.clock import utc_now
from app.database.session import db, shop_session
from app.models import (
    Account,
    Assignment,
    Customer,
    Job,
    Mechanic,
    MovementReason,
    OdometerReading,
    Part,
    ServiceTicket,
    Session,
    StaffRole,
    StockMovement,
    TicketLine,
    Vehicle,
)
from app.models.vin import check_digit
from app.web.auth import access_token

PASSWORD = "a long enough password"
serial = count(1)


def saved(row):
    db.session.add(row)
    db.session.commit()
    return row


def an_account(email, password=None):
    """Return an account that is flushed but not committed; with a password only if a test signs in."""
    account = Account(email=email, password_hash="no password")
    if password:
        account.set_password(password)
    db.session.add(account)
    db.session.flush()
    return account


def a_walk_in(**given):
    return saved(Customer(**{"name": f"Walk-in {next(serial)}"} | given))


def a_customer(password=None, **given):
    n = next(serial)
    given = {"name": f"Customer {n}", "email": f"customer{n}@example.com"} | given
    return saved(Customer(account_id=an_account(given["email"], password).id, **given))


def a_mechanic(password=None, **given):
    n = next(serial)
    given = {"name": f"Mechanic {n}", "email": f"mechanic{n}@example.com"} | given
    if "account_id" not in given:
        given["account_id"] = an_account(given["email"], password).id
    return saved(Mechanic(**given))


def a_manager(password=None, **given):
    return a_mechanic(password, **{"role": StaffRole.MANAGER} | given)


def a_vin():
    """Return a valid VIN, another one in each call."""
    blank = f"2HGCM826?3A{next(serial):06d}"  # unlike the VINs that tests write out
    return blank.replace("?", check_digit(blank.replace("?", "0")))


def a_vehicle(owner=None, **given):
    """Return a saved vehicle, of a new customer by default, with a reading if it has an odometer."""
    with shop_session().commit_deferred():
        owner = owner or a_customer()
    row = {"customer_id": owner.id, "vin": a_vin(), "year": 2003} | given
    if row.get("odometer") is None:
        return saved(Vehicle(**row))
    with shop_session().commit_deferred():
        vehicle = saved(Vehicle(**row))
    saved(OdometerReading(vehicle_id=vehicle.id, reading=vehicle.odometer))
    return vehicle


def a_ticket(vehicle=None, **given):
    """Return a saved ticket, on a new vehicle by default; with a `customer_id`, on no vehicle."""
    if "customer_id" not in given:
        with shop_session().commit_deferred():
            vehicle = vehicle or a_vehicle()
        given |= {"customer_id": vehicle.customer_id, "vehicle_id": vehicle.id}
    return saved(ServiceTicket(**{"problem_description": "Grinding noise when braking"} | given))


def a_part(in_stock=0, **given):
    n = next(serial)
    part = Part(
        **{
            "part_number": f"PART-{n}",
            "name": f"Part {n}",
            "current_cost_cents": 1000,
            "price_cents": 1500,
            "quantity_in_stock": in_stock,
        }
        | given
    )
    db.session.add(part)
    db.session.flush()
    if in_stock:
        movement = StockMovement(part_id=part.id, quantity=in_stock, reason=MovementReason.RECEIVED)
        db.session.add(movement)
    db.session.commit()
    return part


def a_line(ticket_id, part_id, **given):
    """Return the line of a used part in the first job of a ticket, not committed yet."""
    job = db.select(Job.id).where(Job.ticket_id == ticket_id).order_by(Job.id).limit(1)
    terms = {"quantity": 1, "unit_cost_cents": 1, "unit_price_cents": 1, "used_at": utc_now()}
    line = {"job_id": db.session.scalar(job), "name": "Part", "part_number": "PART"} | terms
    return TicketLine(ticket_id=ticket_id, part_id=part_id, **line | given)


def an_assignment(ticket, mechanic, **given):
    return saved(Assignment(ticket_id=ticket.id, mechanic_id=mechanic.id, **given))


def the_actor(person) -> Actor:
    """Return the actor of this person, with a new session."""
    session, _ = Session.begin(db.session.get_one(Account, person.account_id))
    saved(session)
    actor = actor_of(session.id)
    db.session.rollback()
    return actor


def token_of(person):
    return access_token(the_actor(person))


def signed_in(app, person):
    client = app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token_of(person)}"
    return client


def on_shelf(part):
    """Return the quantity of a part in stock; fail if its stock movements have another sum."""
    db.session.rollback()
    shelf = db.session.scalar(db.select(Part.quantity_in_stock).where(Part.id == part.id))
    ledger = db.session.scalar(
        db.select(db.func.coalesce(db.func.sum(StockMovement.quantity), 0)).where(
            StockMovement.part_id == part.id
        )
    )
    db.session.rollback()
    assert shelf == ledger, f"{shelf} on the shelf, {ledger} in the ledger"
    return shelf
