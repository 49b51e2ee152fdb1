"""Adding, changing and deleting vehicles."""

from sqlalchemy import exists, select

from app.actors import Actor
from app.blueprints.customers.services.verification import set_verified
from app.blueprints.vehicles.services.odometer import read_odometer
from app.database.session import db
from app.errors import Forbidden, VehicleInUse
from app.lookup import Versions, find
from app.models import ServiceTicket, Vehicle
from app.models.vin import vin_key
from app.permissions import customers_visible_to, vehicles_visible_to


def add_vehicle(actor: Actor, customer_id: int, *, odometer: int | None = None, **facts) -> int:
    """Add a vehicle to a customer, with a first odometer reading if there is one, and return its id."""
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
    """Change the given columns of a vehicle, and return its id.

    Only staff may change the owner. A lower odometer reading needs a reason, else OdometerLower is
    raised.
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
    """Delete a vehicle, or raise VehicleInUse if it has service tickets."""
    vehicle = find(vehicles_visible_to, actor, vehicle_id, lock=True, if_match=if_match)
    if db.session.scalar(select(exists().where(ServiceTicket.vehicle_id == vehicle.id))):
        raise VehicleInUse()
    db.session.delete(vehicle)
    db.session.commit()
