"""Adding, changing and deleting vehicles."""

from sqlalchemy import exists, select

from app.actors import Actor
from app.blueprints.customers.services.verification import set_verified
from app.blueprints.vehicles.services.odometer import read_odometer
from app.database.session import db
from app.errors import Forbidden, VehicleInUse
from app.lookup import Versions, find
from app.models import Invoice, ServiceTicket, Vehicle
from app.models.vin import vin_key
from app.permissions import customers_visible_to, vehicles_visible_to


def add_vehicle(actor: Actor, customer_id: int, *, odometer: int | None = None, **facts) -> int:
    """Add a vehicle to a customer, and return the vehicle's id.

    `odometer` is the first reading for the odometer log, if there is one. Further keyword arguments are
    columns of the vehicle.
    """
    customer = find(customers_visible_to, actor, customer_id, lock=True)
    set_verified(actor, facts, "vin", is_new="vin" in facts)
    vehicle = Vehicle(customer_id=customer.id)
    vehicle.describe(**facts)
    db.session.add(vehicle)
    db.session.flush()
    if odometer is not None:
        read_odometer(actor, vehicle, odometer)
    db.session.commit()
    return vehicle.id


def change_vehicle(
    actor: Actor,
    vehicle_id: int,
    *,
    if_match: Versions = None,
    odometer: int | None = None,
    override_reason: str | None = None,
    **facts,
) -> int:
    """Change the columns of a vehicle that are given as keyword arguments; return the vehicle's id.

    Raise Forbidden if a customer changes the owner. `odometer` is a new odometer reading; raise
    OdometerLower if it is lower than the last one, unless `override_reason` says why it is right. Raise
    PreconditionFailed unless the vehicle's version is in `if_match` (None: any version).
    """
    vehicle = find(vehicles_visible_to, actor, vehicle_id, lock=True, if_match=if_match)
    if "customer_id" in facts and facts["customer_id"] != vehicle.customer_id:
        if not actor.is_staff:
            raise Forbidden("Only the shop may give a vehicle to another owner.")
        find(customers_visible_to, actor, facts["customer_id"], lock=True)
    is_new = "vin" in facts and vin_key(facts["vin"]) != vehicle.vin_key
    set_verified(actor, facts, "vin", is_new=is_new)
    vehicle.describe(**facts)
    if odometer is not None and odometer != vehicle.odometer:
        read_odometer(actor, vehicle, odometer, override_reason)
    db.session.commit()
    return vehicle.id


def remove_vehicle(actor: Actor, vehicle_id: int, *, if_match: Versions = None) -> None:
    """Delete a vehicle, or raise VehicleInUse if it has service tickets.

    Raise PreconditionFailed unless the vehicle's version is in `if_match` (None: any version).
    """
    vehicle = find(vehicles_visible_to, actor, vehicle_id, lock=True, if_match=if_match)
    has_tickets = exists().where(ServiceTicket.vehicle_id == vehicle.id)
    if db.session.scalar(select(has_tickets | exists().where(Invoice.vehicle_id == vehicle.id))):
        raise VehicleInUse()
    db.session.delete(vehicle)
    db.session.commit()
